import * as z from "zod";
import { defineVerifier, TaskFault } from "../define.ts";
import { clip } from "../shared/text.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { cases } from "./cases.ts";
import { reckon, sameAnswer } from "./compare/answers.ts";
import type { Policies } from "./compare/policies.ts";
import { readFinal, readTaskAnswer } from "./find/final.ts";
import { Budget, BudgetSpent } from "./kernel/budget.ts";
import { sameValue } from "./kernel/equal.ts";
import { Unreadable } from "./parse/lex.ts";
import { RULE_NAMES, type Rule, rules } from "./rules/index.ts";
import type { Node } from "./tree.ts";

/** The finest rounding: past twelve places a double's noise would pass for a difference. */
const MAX_DECIMALS = 12;
/** The steps that one comparison may take, each about a microsecond: no answer of any collection
 * needs a tenth. */
const MAX_STEPS = 12_000;

export default defineVerifier({
  name: "math",
  version: 2,
  spec: z.strictObject({
    /** LaTeX with or without delimiters, or plain; of several, any is right. */
    answer: z.union([z.string(), z.array(z.string()).min(1)]),
    /** Where one side is written as a decimal: equal after rounding to so many places. */
    decimals: z.int().min(0).max(MAX_DECIMALS).default(6),
    /** `either`: 28% is 28 as well as 0.28. `exact`: it is 0.28. */
    percent: z.enum(["either", "exact"]).default("either"),
    /** `ignore`: units are dropped. `match`: a unit on either side must stand on both. */
    units: z.enum(["ignore", "match"]).default("ignore"),
    /** `form`: order counts in tuples and not in sets and lists. */
    order: z.enum(["form", "always", "never"]).default("form"),
    /** `value`: `x = 5` answers 5. `whole`: it does not. */
    equations: z.enum(["value", "whole"]).default("value"),
    /** An old grader, kept as it was; the other fields then do not count. */
    rule: z.enum(RULE_NAMES).optional(),
  }),
  reasons: {
    equal: "the final answer equals an answer of the task",
    not_equal: "the final answer is another one",
    unparsable: "the final answer cannot be read",
    no_answer: "the response has no answer at all",
    over_limit: "the final answer is longer, deeper or has more digits than is read",
    budget: "to compare the final answer takes more steps than there are",
    answer_unsupported: "an answer of the task cannot be read",
    answer_over_budget: "an answer of the task takes more steps to reckon than there are",
  },
  doc: {
    summary: "Decides whether the response's final answer is the task's, by exact arithmetic.",
    details: `
Reads the last assistant message, past the last \`</think>\` if there is one, and **decides one
answer** by form alone; nothing is searched on until something equals:

1. the last \`\\boxed{…}\` or \`\\fbox{…}\` (the outer one of two nested; several with only commas,
   "and" or "or" between them are one list) or the last "final answer is", whichever comes later;
2. else the last answer mark: \`#### 18\`, \`A: 18\` at the start of a line, \`Answer: 18\` (also in
   markdown, as a heading, as JSON, as \`<answer>…</answer>\`, or the answer word and colon of another
   language), or "the answer is" with an answer right behind it;
3. else the last mathematics in \`$…$\`, \`\\(…\\)\` or \`\\[…\\]\`, or the last number, whichever comes
   later; a short response of one line is read whole.

The **task's answer** may be LaTeX with or without delimiters, plain text, a whole solution with a
box, or a list of alternatives.

**Read**: integers, decimals, digit groups (\`1,234\`, \`1{,}234\`, \`1\\,234\`, \`12,34,567\`), repeating
decimals, mixed numbers, scientific notation, percentages, currency, units; fractions, roots, powers,
factorials, binomials, logarithms, trigonometry (degrees inside it are angles), floor, absolute value,
gcd, sums and products, derivatives, integrals and limits; complex numbers; equations, inequalities,
intervals (\`]0,1[\` too), sets, lists, tuples, vectors, matrices, ratios, numbers with a base; words
and the letters of options. \`\\log\` without a base is to base 10.

**Equal** are two values that exact arithmetic proves so, over rational numbers, algebraic numbers and
functions of several variables. What it cannot prove is compared at fixed points in ball arithmetic
of rising precision: a difference is then a proof, and agreement to 600 bits at every point where
both sides are real counts as equal. There is no clock and no chance in it.

- Where one of two constants is written as a decimal, both are rounded to \`decimals\` places (6),
  unless that leaves nothing to compare.
- \`percent\`: 28% is 28 as well as 0.28 where one numeral stands before the sign (\`either\`), or 0.28
  alone (\`exact\`).
- \`units\`: dropped (\`ignore\`), or on both sides the same (\`match\`). Degrees are dropped outside
  trigonometry. A base is a unit: \`204_5\` is 204, and not \`204_6\`.
- \`order\`: counts in tuples and not in sets and lists (\`form\`); a list beside a tuple is read in its
  order. Sets have no repeats.
- \`equations\`: \`x = 5\` and 5 are the same (\`value\`), or not (\`whole\`). \`x + z = 1\` as the task's answer
  is a condition and never 1; as the response's, the sum was asked for and is 1: the one rule that
  is not symmetric. Two equations are equal if one is the other times a number.
- Inequalities and intervals describe sets of numbers and are compared as such.
- Upper and lower case are the same unless one answer uses a letter in both.

\`rule\` reproduces an old grader instead: \`prm800k\`, \`hendrycks\`, \`gsm8k\`, \`gsm8k-flexible\`, \`dapo\`,
\`dapo-box\`.

**1** if equal to any of the task's answers, else **0**: \`not_equal\`; \`unparsable\` (also for what is
hidden, such as \`\\phantom\`); \`no_answer\`; \`over_limit\`; \`budget\`.

**Abstains** where no answer of the task can be read (\`answer_unsupported\`), or one is too much to
reckon (\`answer_over_budget\`).

**Limits.** An answer of 20,000 characters, 200 levels, 1,000 digits in a numeral; integers of 65,536
bits and 12,000 steps in a comparison, about 20 ms. Time is linear in the response.

**Known leniency.** Units are not compared: 5 m is 5 cm. A percent sign lets one response match both
20 and 0.2. A response of prose alone is read for its last number, whatever that counts. An
expression that is equal but not worked out (\`3 + 1\` for 4) is right.
`.trim(),
    source:
      "assay's own rule. The order of extraction and the policies follow huggingface/Math-Verify (Apache-2.0) where it is right; GSM8K's '####' and 'A:' follow openai/grade-school-math (MIT).",
    label: "answer",
  },
  cases,
  prepare: (spec): Prepared => {
    const answers = [spec.answer].flat();
    const rule = spec.rule && rules[spec.rule];
    if (rule !== undefined) return { rule, golds: answers.map((answer) => rule.gold(answer)) };
    return { golds: answers.flatMap(readTask) };
  },
  verify({ spec, prepared, trajectory }) {
    const { response } = trajectory;
    if (prepared.rule !== undefined) return judgeByRule(prepared.rule, prepared.golds, response);
    const { golds } = prepared;
    const found = readFinal(
      response,
      golds.some(({ words }) => words !== undefined),
    );
    if (found === undefined) return { outcome: "scored", score: 0, reason: "no_answer" };
    const answer = clip(found.text);
    if (found.failed !== undefined)
      return { outcome: "scored", score: 0, reason: found.failed, answer };
    const reason = compare(golds, found.answer, spec);
    return { outcome: "scored", score: reason === "equal" ? 1 : 0, reason, answer };
  },
});

type Prepared =
  | { readonly rule: Rule; readonly golds: readonly string[] }
  | { readonly rule?: never; readonly golds: readonly Answer[] };

function judgeByRule(rule: Rule, golds: readonly string[], response: string) {
  const read = rule.extract(response);
  if (read === undefined) return { outcome: "scored", score: 0, reason: "no_answer" } as const;
  const isEqual = golds.some((gold) => rule.equals(gold, read, sameByAlgebra));
  const reason = isEqual ? "equal" : "not_equal";
  return { outcome: "scored", score: isEqual ? 1 : 0, reason, answer: clip(read) } as const;
}

/** What the old graders asked sympy: whether two expressions have one value. */
function sameByAlgebra(gold: string, read: string): boolean {
  try {
    const [a, b] = [readAnswer(gold).node, readAnswer(read).node];
    if (!(a && b && isScalar(a) && isScalar(b))) return false;
    return sameValue(a, b, 0, new Budget(MAX_STEPS));
  } catch (error) {
    if (error instanceof BudgetSpent || error instanceof Unreadable) return false;
    throw error;
  }
}

/** Tuples, equations and sets have no difference that could be zero. */
function isScalar(node: Node): boolean {
  return /^(?:num|sym|call|apply)$/.test(node.type);
}

function compare(golds: readonly Answer[], answer: Answer, policies: Policies) {
  let spent = false;
  for (const gold of golds)
    try {
      if (sameAnswer(gold, answer, policies, new Budget(MAX_STEPS))) return "equal";
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error;
      spent = true;
    }
  return spent ? "budget" : "not_equal";
}

function readTask(text: string): Answer[] {
  const answers = readTaskAnswer(text).flatMap((found) => (found.failed ? [] : [found.answer]));
  if (answers.length === 0)
    throw new TaskFault("answer_unsupported", `${JSON.stringify(clip(text))} cannot be read`);
  try {
    for (const { node } of answers) if (node) reckon(node, new Budget(MAX_STEPS));
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    throw new TaskFault("answer_over_budget", `${JSON.stringify(clip(text))}: ${error.message}`);
  }
  return answers;
}
