import type { Case } from "../define.ts";

const eighteen = { answer: "18" };

function scored(
  name: string,
  spec: unknown,
  response: string,
  score: number,
  reason: string,
  answer?: string,
): Case {
  const expect = { outcome: "scored" as const, score, reason };
  return { name, spec, response, expect: answer === undefined ? expect : { ...expect, answer } };
}

const right = (name: string, answer: string, response: string) =>
  scored(name, { answer }, response, 1, "equal");
const wrong = (name: string, answer: string, response: string, read: string) =>
  scored(name, { answer }, response, 0, "not_equal", read);
const unparsable = (name: string, answer: string, response: string) =>
  scored(name, { answer }, response, 0, "unparsable");

export const cases: readonly [Case, Case, ...Case[]] = [
  // Accepted
  scored("the last box is the answer", eighteen, "Each is 9, so \\boxed{18}.", 1, "equal", "18"),
  wrong("another number is wrong", "18", "Each is 9, so \\boxed{17}.", "17"),
  right("GSM8K's own mark", "1080", "4 * 270 = <<4*270=1080>>1080\n#### 1,080"),
  right("GSM8K's other mark", "18", "She makes 9 * 2 = $<<9*2=18>>18.\nA: 18"),
  right("the answer is …", "42", "The answer is 42."),
  right("a formula counts by its right side", "132", "The answer is 80 + 48 + 4 = 132."),
  right(
    "a reason after the answer is none of it",
    "18",
    "The answer is $18, since 25 - 7 = 18 > 9.",
  ),
  right("else the last number", "18", "Janet makes $18 every day at the market."),
  right("currency and unit are dropped", "18", "\\boxed{\\$18.00\\text{ per day}}"),
  right("grouped digits", "1234567", "\\boxed{1{,}234{,}567}"),
  right("a fraction equals its decimal", "3/4", "\\boxed{0.75}"),
  right("a mixed number", "\\frac{3}{2}", "Answer: 1 1/2 cups"),
  right("scientific notation", "1500", "\\boxed{1.5 \\times 10^{3}}"),
  right("a Unicode minus", "-3", "\\boxed{−3}"),
  right("a percentage is what stands before its sign", "20", "\\boxed{20\\%}"),
  right("a percentage is a hundredth, too", "0.2", "\\boxed{20\\%}"),
  right("a decimal is compared to six places", "1/3", "0.333333"),
  scored("or to as many as the task says", { answer: "1/3", decimals: 2 }, "0.33", 1, "equal"),
  scored("any of the answers is right", { answer: ["17", "18"] }, "A: 18", 1, "equal"),
  right("a thought aloud is no answer", "18", "<think>\\boxed{3}</think>\nThe answer is 18."),
  // Refused
  scored("an empty response has no answer", eighteen, "", 0, "no_answer"),
  scored("words have no answer", eighteen, "I cannot tell.", 0, "no_answer"),
  unparsable("an expression is no plain number", "18", "\\boxed{9 + 9}"),
  unparsable("a product with a variable is none", "5", "\\boxed{5x}"),
  unparsable("a condition is none", "5", "\\boxed{x + y = 5}"),
  unparsable("a time is none", "5", "They meet at 5:30"),
  unparsable("a box that never closes", "18", "So it is \\boxed{18"),
  wrong("a decimal that is too short", "1/3", "0.3333", "0.3333"),
  wrong("tiny is not zero", "0.00000001", "\\boxed{0}", "0"),
  wrong("a hyphen between numbers is no minus", "-15", "It takes 10-15 days", "15"),
  wrong("a number in a name is passed over", "2", "They emit 18 kg of CO2", "18"),
  unparsable("a formula without its right side", "3", "So she needs 2 + 1"),
  // Gaming
  unparsable("two answers at once", "5", "The answer is 5 or 6."),
  unparsable("two answers in a box", "5", "\\boxed{5, 6}"),
  unparsable("a range", "5", "The answer is 5-6."),
  wrong("many boxes: the last one counts", "5", "\\boxed{5} \\boxed{6} \\boxed{7}", "7"),
  unparsable("a mark without a number", "18", "There are 18 eggs. Answer: unknown"),
  // Hostile
  scored("a number without end", eighteen, "1".repeat(100_000), 0, "number_over_limit"),
  scored("an exponent without bound", eighteen, "\\boxed{1e999999999}", 0, "number_over_limit"),
  unparsable("a division by zero", "0", "\\boxed{\\frac{0}{0}}"),
  unparsable("a power tower", "1", "\\boxed{9^{9^{9^9}}}"),
  // Abstained
  {
    name: "an answer that is no plain number is the task's fault",
    spec: { answer: "2\\sqrt{3}" },
    response: "\\boxed{2\\sqrt{3}}",
    expect: { outcome: "abstained", reason: "answer_unsupported" },
  },
  {
    name: "one such answer among several is, too",
    spec: { answer: ["5", "x = 5 or x = 6"] },
    response: "\\boxed{5}",
    expect: { outcome: "abstained", reason: "answer_unsupported" },
  },
];
