import type { Case } from "../define.ts";

const tower = { answers: ["Eiffel Tower", "the Tower of Eiffel"] };
const f1 = { ...tower, metric: "f1" };

function scored(
  name: string,
  spec: unknown,
  response: string,
  score: number,
  reason: string,
): Case {
  return { name, spec, response, expect: { outcome: "scored", score, reason } };
}

export const cases: readonly [Case, Case, ...Case[]] = [
  // Accepted
  scored("the reference itself is right", tower, "Eiffel Tower", 1, "equal"),
  scored("another word is wrong", tower, "Eiffel Bridge", 0, "not_equal"),
  scored("any of the answers is right", tower, "the Tower of Eiffel", 1, "equal"),
  scored("case, articles and punctuation do not count", tower, "The EIFFEL tower.", 1, "equal"),
  scored("white space is collapsed", tower, "\tEiffel \n Tower\u00a0", 1, "equal"),
  scored("f1 of the reference itself is 1", f1, "Eiffel Tower", 1, "equal"),
  scored("f1 gives part for part", f1, "the tall Eiffel Tower", 0.8, "overlap"),
  scored("a single string stands for a list", { answers: "Paris" }, "paris", 1, "equal"),
  // Refused
  scored("an empty response is wrong", tower, "", 0, "not_equal"),
  scored("a sentence around the answer is wrong", tower, "It is the Eiffel Tower.", 0, "not_equal"),
  scored("part of the answer is wrong", tower, "Tower", 0, "not_equal"),
  scored("word order counts under em", tower, "Tower Eiffel", 0, "not_equal"),
  scored("f1 is 0 where no word is shared", f1, "Big Ben", 0, "no_overlap"),
  scored("accents count", { answers: ["café"] }, "cafe", 0, "not_equal"),
  scored("curly quotes are no ASCII punctuation", { answers: ["king"] }, "“king”", 0, "not_equal"),
  scored("an article is a whole word only", { answers: ["theatre"] }, "atre", 0, "not_equal"),
  // Gaming
  scored("several guesses at once are wrong", tower, "Eiffel Tower or Big Ben", 0, "not_equal"),
  scored(
    "repeating a word of the answer lowers f1",
    { answers: ["Eiffel Tower"], metric: "f1" },
    "tower tower tower",
    0.4,
    "overlap",
  ),
  scored("punctuation alone is no answer", f1, "?!.,;:", 0, "no_overlap"),
  scored("articles alone are no answer", tower, "a the an The", 0, "not_equal"),
  scored(
    "two empty answers have f1 0, as in SQuAD",
    { answers: [""], metric: "f1" },
    "",
    0,
    "no_overlap",
  ),
  // Hostile
  scored("a lone surrogate is read as it stands", tower, "Eiffel Tower\ud800", 0, "not_equal"),
  scored(
    "a word named like a property of objects is a word",
    { answers: ["constructor __proto__"], metric: "f1" },
    "__proto__ constructor",
    1,
    "equal",
  ),
];
