import { z } from "zod";
import { defineVerifier, TaskFault } from "../define.ts";
import { clip } from "../shared/text.ts";
import { cases } from "./cases.ts";
import { readFinal } from "./final.ts";
import { readBoxed } from "./plain.ts";
import { type Rational, sameAnswer } from "./rational.ts";

/** The finest rounding: past twelve places a double's noise would pass for a difference. */
const MAX_DECIMALS = 12;

export default defineVerifier({
  name: "math",
  version: 1,
  spec: z.strictObject({
    /** LaTeX with or without delimiters, or plain; of several, any is right. */
    answer: z.union([z.string(), z.array(z.string()).min(1)]),
    /** Where one side is written as a decimal: equal after rounding to so many places. */
    decimals: z.int().min(0).max(MAX_DECIMALS).default(6),
  }),
  reasons: {
    equal: "the final answer equals an answer of the task",
    not_equal: "the final answer is another number",
    unparsable: "the final answer is no plain number",
    no_answer: "the response has no number at all",
    number_over_limit: "the final answer has more digits or a larger exponent than is read",
    answer_unsupported: "an answer of the task is no plain number",
  },
  doc: {
    summary: "Compares the response's final number with the right one, exactly.",
    details: `
Reads the last assistant message, past a \`</think>\` if there is one, and **decides one answer** by
form alone:

1. the last \`\\boxed{…}\` or \`\\fbox{…}\`;
2. else the last answer mark: \`#### 18\`, \`A: 18\` at the start of a line, \`Answer: 18\` (also "Final
   answer:", in markdown, as a heading, as JSON, as \`<answer>…</answer>\`, or the answer word and
   colon of another language), or "the answer is" with a number right after it;
3. else the last number.

After a mark a formula is followed to its right side: "The answer is 80 + 48 + 4 = 132" is 132. Where
a mark with a colon is followed by working over several lines, the last number after it counts.

**Numbers**: integers, decimals, digit groups (\`1,234\`, \`1{,}234\`, \`1\\,234\`, \`1 234\`, \`12,34,567\`,
\`1_234\`), signs, fractions (\`a/b\`, \`\\frac\`, \`½\`), mixed numbers, \`1.5e3\`, \`1.5\\times10^{3}\`,
percentages, million and its like, a full hour (\`5:00\` is 5). Currency signs before and units after a
number are dropped and never compared. In prose \`2,5\` is two and a half.

Numbers are exact fractions of integers. Exact ones must be equal; where one side is written as a
decimal, both are rounded to \`decimals\` places (6), unless that leaves nothing of the right answer.
A percentage equals what stands before its sign as well as a hundredth of it.

**1** if equal to any answer, else **0**: \`not_equal\`; \`unparsable\` where the final answer is an
expression (\`2\\sqrt{3}\`, \`3 + 1\`), a list ("5 or 6", \`\\boxed{1, 2}\`), a time (\`5:30\`), words, or a box
that is never closed; \`no_answer\`; \`number_over_limit\`.

**Abstains** (\`answer_unsupported\`) where any of the task's answers is no plain number.

**Limits.** 1,000 digits in a numeral and exponents up to 1,000, above any known answer: a longer one
scores 0. The last 1,000 answer words are looked at. Time is linear in the response.

**Known leniency.** Units are not compared: 5 m is 5 cm. A percent sign lets one response match both
20 and 0.2. A response of prose alone is read for its last number, whatever that counts. The box
counts before the mark, even where a mark after it says otherwise.
`.trim(),
    source:
      "assay's own rule. GSM8K's '####' and 'A:' follow openai/grade-school-math (MIT); rounding and the choice of box follow huggingface/Math-Verify (Apache-2.0).",
    label: "answer",
  },
  cases,
  prepare: (spec): readonly Rational[] => [spec.answer].flat().map(readAnswer),
  verify({ spec, prepared, trajectory }) {
    const found = readFinal(trajectory.response);
    if (found === undefined) return { outcome: "scored", score: 0, reason: "no_answer" };
    const { token } = found;
    const answer = clip(found.text);
    if (token.failed !== undefined) {
      const reason = token.failed === "over_limit" ? "number_over_limit" : "unparsable";
      return { outcome: "scored", score: 0, reason, answer };
    }
    return prepared.some((gold) => sameAnswer(gold, token.value, spec.decimals))
      ? { outcome: "scored", score: 1, reason: "equal", answer }
      : { outcome: "scored", score: 0, reason: "not_equal", answer };
  },
});

function readAnswer(answer: string): Rational {
  const token = readBoxed(answer);
  if (token.failed === undefined) return token.value;
  throw new TaskFault("answer_unsupported", `${JSON.stringify(clip(answer))} is no plain number`);
}
