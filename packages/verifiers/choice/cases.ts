import type { Case } from "../define.ts";

const planets = { answer: "B", options: ["Mercury", "Venus", "Earth", "Mars"] };
const bare = { answer: "B" };

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

const right = (name: string, spec: unknown, response: string) =>
  scored(name, spec, response, 1, "equal", "B");
const wrong = (name: string, spec: unknown, response: string, answer: string) =>
  scored(name, spec, response, 0, "not_equal", answer);
const refused = (name: string, spec: unknown, response: string, reason: string) =>
  scored(name, spec, response, 0, reason);

export const cases: readonly [Case, Case, ...Case[]] = [
  // Accepted
  right("a bare letter is an answer", bare, "B"),
  wrong("another letter is wrong", bare, "A", "A"),
  right("a box is an answer", planets, "It is the hottest, so $\\boxed{\\text{B}}$."),
  right("an answer line is an answer", planets, "Venus is the hottest.\n\n**Answer:** (B) Venus"),
  right("the answer is …", planets, "So the correct answer is B."),
  right("an option's text is that option", planets, "Venus"),
  right("the text in a box is that option", planets, "\\boxed{Venus}"),
  right("bold on its own line", bare, "Let me think.\n\n**B**"),
  right("a letter that heads the only such line", planets, "B) Venus"),
  right("a cue and a letter", bare, "Mars is cold and Earth is wet. So B."),
  right("the last statement counts", bare, "Answer: A. Wait, no. Answer: B"),
  right("a mark after a box counts", bare, "\\boxed{A}\n\nOn second thought, the answer is B."),
  right("JSON is read", bare, '{"reasoning": "Venus is hot", "answer": "B"}'),
  right("another language's answer word", bare, "答案：B"),
  right("a thought aloud is no answer", bare, "<think>Answer: A</think>\nB"),
  right("any of the answers is right", { answer: ["A", "B"] }, "Answer: B"),
  right("the task may give the text", { ...planets, answer: "Venus" }, "Answer: B"),
  // Refused
  refused("an empty response states nothing", bare, "", "no_answer"),
  refused("prose states nothing", planets, "I don't know. A great question!", "no_answer"),
  wrong("an article is no letter", planets, "A good guess is hard. The answer is C", "C"),
  refused("a negated answer is none", bare, "The answer is not B", "no_answer"),
  refused(
    "a mark without an option is none",
    bare,
    "(B) is tempting. Answer: unknown",
    "no_answer",
  ),
  refused("a letter past the options", planets, "Answer: E", "not_an_option"),
  refused("a broken box", bare, "Answer: B, that is \\boxed{B", "no_answer"),
  wrong("the letter counts and not the text after it", planets, "Answer: C. Venus", "C"),
  // Gaming
  refused("two letters at once", bare, "Answer: A or B", "ambiguous"),
  refused("two letters in a box", bare, "\\boxed{A, B}", "ambiguous"),
  refused("all letters at once", planets, "A. B. C. D", "ambiguous"),
  refused("all letters as a word", planets, "Answer: ABCD", "no_answer"),
  refused(
    "the options told again",
    planets,
    "A) Mercury\nB) Venus\nC) Earth\nD) Mars",
    "ambiguous",
  ),
  wrong("all letters, one statement each", bare, "Answer: A\nAnswer: B\nAnswer: C", "C"),
  // Hostile
  refused("a flood of boxes that never close", bare, "\\boxed{".repeat(5_000), "no_answer"),
  refused("a flood of marks", bare, "answer is ".repeat(5_000), "no_answer"),
  wrong(
    "an option named like a property",
    { ...planets, options: ["__proto__", "x"] },
    "__proto__",
    "A",
  ),
  // Abstained
  {
    name: "an answer past the options is the task's fault",
    spec: { ...planets, answer: "E" },
    response: "Answer: B",
    expect: { outcome: "abstained", reason: "answer_unsupported" },
  },
  {
    name: "an answer of several letters is not supported",
    spec: { answer: "AC" },
    response: "Answer: AC",
    expect: { outcome: "abstained", reason: "answer_unsupported" },
  },
];
