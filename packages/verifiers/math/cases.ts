import type { Case } from "../define.ts";
import { attacks } from "./attacks.ts";

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
const wrong = (name: string, answer: string, response: string, read?: string) =>
  scored(name, { answer }, response, 0, "not_equal", read);
const unparsable = (name: string, answer: string, response: string) =>
  scored(name, { answer }, response, 0, "unparsable");

export const cases: readonly [Case, Case, ...Case[]] = [
  // Where the answer stands
  scored("the last box is the answer", eighteen, "Each is 9, so \\boxed{18}.", 1, "equal", "18"),
  wrong("another number is wrong", "18", "Each is 9, so \\boxed{17}.", "17"),
  right("GSM8K's own mark", "1080", "4 * 270 = <<4*270=1080>>1080\n#### 1,080"),
  right("GSM8K's other mark", "18", "She makes 9 * 2 = $<<9*2=18>>18.\nA: 18"),
  right("the answer is …", "42", "The answer is 42."),
  right("the answer is an expression", "2\\sqrt{3}", "The answer is $\\sqrt{12}$, as shown."),
  right("a formula counts by its right side", "132", "The answer is 80 + 48 + 4 = 132."),
  right(
    "a reason after the answer is none of it",
    "18",
    "The answer is $18, since 25 - 7 = 18 > 9.",
  ),
  right("else the last number", "18", "Janet makes $18 every day at the market."),
  right("else the last mathematics", "x=3", "Divide by 2. Hence $x=3$ is the only solution."),
  right("boxes in one list are one answer", "\\{1,2\\}", "So \\boxed{1} and \\boxed{2}."),
  right("a final answer after the box counts", "4", "\\boxed{3}? No. Final answer: $4$"),
  right("a thought aloud is no answer", "18", "<think>\\boxed{3}</think>\nThe answer is 18."),
  // Numbers
  right("currency and unit are dropped", "18", "\\boxed{\\$18.00\\text{ per day}}"),
  right("grouped digits", "1234567", "\\boxed{1{,}234{,}567}"),
  right("a fraction equals its decimal", "3/4", "\\boxed{0.75}"),
  right("a mixed number", "\\frac{3}{2}", "Answer: 1 1/2 cups"),
  right("scientific notation", "1500", "\\boxed{1.5 \\times 10^{3}}"),
  right("a repeating decimal", "1/3", "\\boxed{0.\\overline{3}}"),
  right("a Unicode minus", "-3", "\\boxed{−3}"),
  right("a percentage is what stands before its sign", "20", "\\boxed{20\\%}"),
  right("a percentage is a hundredth, too", "0.2", "\\boxed{20\\%}"),
  scored(
    "unless the task wants it exact",
    { answer: "20", percent: "exact" },
    "20%",
    0,
    "not_equal",
  ),
  right("a decimal is compared to six places", "1/3", "0.333333"),
  scored("or to as many as the task says", { answer: "1/3", decimals: 2 }, "0.33", 1, "equal"),
  scored("any of the answers is right", { answer: ["17", "18"] }, "A: 18", 1, "equal"),
  scored(
    "a unit counts where the task says so",
    { answer: "5 cm", units: "match" },
    "\\boxed{5 m}",
    0,
    "not_equal",
  ),
  // Expressions
  right("a root in another form", "2\\sqrt{3}", "\\boxed{\\frac{6}{\\sqrt{3}}}"),
  right("a nested root", "1+\\sqrt2", "\\boxed{\\sqrt{3+2\\sqrt{2}}}"),
  right("a polynomial, multiplied out", "(x+1)^2", "\\boxed{x^2+2x+1}"),
  right("an identity of functions", "1+\\tan^2 x", "\\boxed{\\sec^2 x}"),
  right("an angle in degrees", "\\frac12", "\\boxed{\\sin 30^\\circ}"),
  right("a sum within bounds", "55", "\\boxed{\\sum_{k=1}^{10} k}"),
  right("a complex number", "-1", "\\boxed{e^{i\\pi}}"),
  wrong("tiny numbers differ", "\\frac{1}{2^{99}}", "\\boxed{\\frac{1}{2^{98}}}"),
  wrong("factorials differ", "\\frac{1}{2004!}", "\\boxed{\\frac{1}{2006!}}"),
  // Forms
  right("an equation gives its value", "5", "\\boxed{x = 5}"),
  scored(
    "unless the task wants the equation",
    { answer: "5", equations: "whole" },
    "\\boxed{x = 5}",
    0,
    "not_equal",
  ),
  right("the same line, multiplied", "y = 2x + 1", "\\boxed{4x - 2y + 2 = 0}"),
  wrong("a condition is no value", "x + z = 1", "\\boxed{1}"),
  right("an interval as inequalities", "(-1, 1)", "\\boxed{-1 < x < 1}"),
  right("a union of intervals", "x \\ne 3", "\\boxed{(-\\infty,3)\\cup(3,\\infty)}"),
  right("French brackets", "(0,1)", "\\boxed{]0,1[}"),
  wrong("an end that is closed", "(0,1)", "\\boxed{[0,1)}"),
  right("a set has no order", "1, 2, 3", "\\boxed{\\{3, 1, 2\\}}"),
  wrong("a point has", "(3,1)", "\\boxed{(1,3)}"),
  scored(
    "a list has where the task says so",
    { answer: "1, 2", order: "always" },
    "\\boxed{2, 1}",
    0,
    "not_equal",
  ),
  right("plus-minus is two values", "2, -2", "\\boxed{\\pm 2}"),
  right("a value for each name", "(1,2)", "\\boxed{x = 1, y = 2}"),
  right(
    "a matrix",
    "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
    "\\[\\begin{bmatrix}1&2\\\\3&4\\end{bmatrix}\\]",
  ),
  right("a ratio", "1:2", "\\boxed{2:4}"),
  right("words", "\\text{no solution}", "There is \\boxed{\\text{No solution}}."),
  right("an option", "(B)", "The answer is B."),
  wrong("the wrong words", "east", "\\boxed{\\text{West}}"),
  // Refused
  scored("an empty response has no answer", eighteen, "", 0, "no_answer"),
  scored("words have no answer", eighteen, "I cannot tell.", 0, "no_answer"),
  wrong("a product with a variable", "5", "\\boxed{5x}"),
  unparsable("a box that never closes", "18", "So it is \\boxed{18"),
  wrong("a decimal that is too short", "1/3", "0.3333", "0.3333"),
  wrong("tiny is not zero", "0.00000001", "\\boxed{0}", "0"),
  wrong("a hyphen between numbers is no minus", "-15", "It takes 10-15 days", "15"),
  wrong("a number in a name is passed over", "2", "They emit 18 kg of CO2", "18"),
  // Hostile
  scored("a number without end", eighteen, "1".repeat(100_000), 0, "over_limit"),
  scored("an exponent without bound", eighteen, "\\boxed{1e999999999}", 0, "over_limit"),
  wrong("a division by zero", "0", "\\boxed{\\frac{0}{0}}"),
  scored("a power tower", { answer: "1" }, "\\boxed{9^{9^{9^9}}}", 0, "budget"),
  // Old rules
  scored(
    "PRM800K wants the fraction reduced",
    { answer: "1/2", rule: "prm800k" },
    "\\boxed{2/4}",
    0,
    "not_equal",
  ),
  scored(
    "Hendrycks compares strings",
    { answer: "\\frac{1}{2}", rule: "hendrycks" },
    "\\boxed{1/2}",
    1,
    "equal",
  ),
  scored(
    "GSM8K wants its mark",
    { answer: "18", rule: "gsm8k" },
    "The answer is 18.",
    0,
    "no_answer",
  ),
  scored("DAPO reads the answer line", { answer: "18", rule: "dapo" }, "Answer: $18$", 1, "equal"),
  ...attacks,
  // Abstained
  {
    name: "an answer that cannot be read is the task's fault",
    spec: { answer: "\\frac{1}{" },
    response: "\\boxed{1}",
    expect: { outcome: "abstained", reason: "answer_unsupported" },
  },
  {
    name: "and so is one that cannot be reckoned",
    spec: { answer: "9^{9^{9^9}}" },
    response: "\\boxed{1}",
    expect: { outcome: "abstained", reason: "answer_over_budget" },
  },
];
