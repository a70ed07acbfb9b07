import * as z from "zod";
import { defineVerifier } from "../define.ts";
import { clip } from "../shared/text.ts";
import { cases } from "./cases.ts";
import { f1, type Normal, normalise } from "./squad.ts";

export default defineVerifier({
  name: "qa",
  version: 1,
  spec: z.strictObject({
    /** Any of them is right. A single string stands for a list of one. */
    answers: z.union([z.string(), z.array(z.string()).min(1)]),
    metric: z.enum(["em", "f1"]).default("em"),
    rule: z.enum(["squad_v1"]).default("squad_v1"),
  }),
  reasons: {
    equal: "the response is one of the answers in normal form (f1: it has the same words)",
    not_equal: "em: the response is none of the answers in normal form",
    overlap: "f1: the response shares some words with the nearest answer",
    no_overlap: "f1: the response shares no word with any answer",
  },
  doc: {
    summary: "Compares a short textual answer with reference answers by SQuAD's exact match or F1.",
    details: `
Reads the **whole response** and nothing else: what the policy writes around its answer counts
against it. Both sides are brought into SQuAD's normal form: lower case, the 32 ASCII punctuation
marks deleted, the words \`a\`, \`an\` and \`the\` taken out, white space collapsed.

- \`metric: "em"\` (default): 1 where the normal form is that of any answer, else 0.
- \`metric: "f1"\`: the best F1 over the answers, counted over words with their multiplicity. 0 where
  no word is shared, so an empty response against an empty answer scores em 1 and f1 0, as the
  official script has it.

Never abstains: every list of strings can be compared with.

**Limits.** None of its own; the work is linear in the response plus the answers.

**Known leniency.** Deleting punctuation joins what it parted: \`1.5\` is \`15\`, \`-5\` is \`5\` and
\`re-cover\` is \`recover\`. Under f1 word order does not count, and a response that repeats likely
words earns partial credit: train on em, or set a gate on length. An answer whose normal form is
empty (\`""\`, \`"The"\`) makes an empty response right.
`.trim(),
    source:
      "evaluate-v1.1.py of SQuAD (rajpurkar/SQuAD-explorer, MIT), followed to the last bit; Python 3's str semantics.",
    label: "answers",
  },
  cases,
  prepare: (spec): readonly Normal[] => [spec.answers].flat().map(normalise),
  verify({ spec, prepared, trajectory }) {
    const answer = clip(trajectory.response);
    const read = normalise(trajectory.response);
    if (spec.metric === "em") {
      const equal = prepared.some((gold) => gold.text === read.text);
      const reason = equal ? "equal" : "not_equal";
      return { outcome: "scored", score: equal ? 1 : 0, reason, answer };
    }
    let score = 0;
    for (const gold of prepared) score = Math.max(score, f1(read, gold));
    const reason = score === 0 ? "no_overlap" : score === 1 ? "equal" : "overlap";
    return { outcome: "scored", score, reason, answer };
  },
});
