import { describe, expect, it } from "vitest";
import { growth, MOST_GROWTH } from "../../testing/hostile.ts";
import { rules } from "./index.ts";
import type { SameValue } from "./rule.ts";

// Every score here is what the original itself says, run under Python 3.11 with pylatexenc 2.10.

type Score = 0 | 1;

const PRM800K: readonly [
  claim: string,
  gold: string,
  response: string,
  without: Score,
  withAlgebra: Score,
][] = [
  ["spellings of a fraction are one", String.raw`\frac{1}{2}`, String.raw`\boxed{\dfrac12}`, 1, 1],
  [
    "a fraction that is not reduced is wrong",
    String.raw`\frac{1}{2}`,
    String.raw`\boxed{\frac{2}{4}}`,
    0,
    0,
  ],
  ["a whole number is answered by itself alone", "4", String.raw`\boxed{2+2}`, 0, 0],
  [
    "other expressions are left to algebra",
    String.raw`2\sqrt{3}`,
    String.raw`\boxed{\sqrt{12}}`,
    0,
    1,
  ],
  ["units go with their powers", "18", String.raw`\boxed{18\text{ cm}^2}`, 1, 1],
  [
    "a tuple is compared by its elements",
    String.raw`(\frac{\pi}{2},x)`,
    String.raw`\boxed{(0.5\pi, x)}`,
    0,
    1,
  ],
  ["half open is not open", String.raw`(1,\pi)`, String.raw`\boxed{[1,\pi)}`, 0, 0],
  [
    "a tuple of another length is wrong",
    String.raw`(1,\pi)`,
    String.raw`\boxed{(1,\pi,\pi)}`,
    0,
    0,
  ],
  ["words are never given to algebra", String.raw`\text{even}`, String.raw`\boxed{odd}`, 0, 0],
  ["words are compared without case", String.raw`\text{Even}`, String.raw`\boxed{even}`, 1, 1],
  ["powers of two digits are not given to algebra", "x^{10}", String.raw`\boxed{x^5x^5}`, 0, 0],
  ["a comma between thousands goes", "1000000", String.raw`\boxed{1,000,000}`, 1, 1],
  [
    "three commas between thousands do not all go",
    "1000000000",
    String.raw`\boxed{1,000,000,000}`,
    0,
    0,
  ],
  ["a mixed number is a sum", String.raw`7\frac{3}{4}`, String.raw`\boxed{7 3/4}`, 1, 1],
  [
    "the kind of brackets around a matrix does not count",
    String.raw`\begin{pmatrix} 1 \\ 2 \end{pmatrix}`,
    String.raw`\boxed{\begin{bmatrix}1\\2\end{bmatrix}}`,
    1,
    1,
  ],
  ["an unknown command disappears", String.raw`\pi`, String.raw`\boxed{\pi\foo}`, 1, 1],
  ["nearly whole is rounded", "3", String.raw`\boxed{2.99999999}`, 1, 1],
  ["nearly whole with a comma is cut off", "1002", String.raw`\boxed{1,002.99999999}`, 1, 1],
  [
    "a known command without its argument does not disappear",
    "5",
    String.raw`\boxed{5\sqrt}`,
    0,
    0,
  ],
  ["letters of an alphabet are other letters", String.raw`\mathbb{R}`, String.raw`\boxed{R}`, 0, 1],
  ["what computer algebra sees is the normal form", String.raw`\{1\}`, String.raw`\boxed{1}`, 1, 1],
  ["an answer without a box is wrong", "5", "The answer is 5.", 0, 0],
];

const OTHERS: readonly [
  rule: string,
  claim: string,
  gold: string,
  response: string,
  score: Score,
][] = [
  ["hendrycks", "braces may be left out", String.raw`\frac{1}{2}`, String.raw`\boxed{\frac12}`, 1],
  ["hendrycks", "a half has three spellings", "0.5", String.raw`\boxed{1/2}`, 1],
  ["hendrycks", "other decimals have one", "0.25", String.raw`\boxed{1/4}`, 0],
  ["hendrycks", "a short left side goes", "5", String.raw`\boxed{x=5}`, 1],
  ["hendrycks", "units at the end go", "5", String.raw`\boxed{5\text{ cm}}`, 1],
  [
    "hendrycks",
    "units twice make the rule give up",
    "5",
    String.raw`\boxed{5\text{ cm}\text{ or so}}`,
    0,
  ],
  ["hendrycks", "commas stay", "1000", String.raw`\boxed{1,000}`, 0],
  ["hendrycks", "percent signs go", "10", String.raw`\boxed{10\%}`, 1],
  [
    "hendrycks",
    "a root with nothing in it is compared as it stands",
    String.raw`2\sqrt`,
    String.raw`\boxed{2\sqrt}`,
    1,
  ],
  [
    "hendrycks",
    "a box after a space beats a later one in braces",
    "5",
    String.raw`\boxed 5$ and \boxed{6}`,
    1,
  ],
  [
    "hendrycks",
    "the last box counts even where it is never closed",
    "5",
    String.raw`\boxed{5} \boxed{6`,
    0,
  ],
  ["hendrycks", "an fbox is no box", "5", String.raw`\fbox{5}`, 0],
  ["gsm8k", "the number after the mark counts", "18", "so 9 + 9\n#### 18", 1],
  ["gsm8k", "commas go", "1800", "#### 1,800", 1],
  ["gsm8k", "18.0 is not 18", "18", "#### 18.0", 0],
  ["gsm8k", "a period stays", "18", "#### 18.", 0],
  ["gsm8k", "a currency sign hides the number", "18", "#### $18", 0],
  ["gsm8k", "the last mark counts", "18", "#### 17\n#### 18", 1],
  ["gsm8k", "the mark needs its space", "18", "####18", 0],
  ["gsm8k", "only the last 300 characters are read", "18", `#### 18${" ".repeat(294)}`, 0],
  ["gsm8k", "characters are code points", "18", `#### 18${"😀".repeat(293)}`, 1],
  ["gsm8k-flexible", "the last number counts", "18", "9 + 9 = 18 eggs", 1],
  ["gsm8k-flexible", "a comma after it stays", "18", "it is 18, which is it", 0],
  ["gsm8k-flexible", "a period alone is no number", "18", "it is 18 . . .", 1],
  ["gsm8k-flexible", "commas stay", "1000", "1,000", 0],
  ["gsm8k-flexible", "no number is wrong", "18", "eighteen", 0],
  ["dapo", "the last answer line counts", "18", "Answer: 17\nAnswer: 18", 1],
  ["dapo", "a box is not read", "18", String.raw`\boxed{18}`, 0],
  ["dapo", "case and white space do not count", "18", "ANSWER :\n\n 18", 1],
  ["dapo", "the line is read to its end", "18", "Answer: 18, I hope", 0],
  ["dapo", "units go", "18", "Answer: 18 dollars", 1],
  [
    "dapo",
    "mathematics goes before words",
    String.raw`\frac{1}{2}`,
    String.raw`Answer: it is $\frac12$ of it`,
    1,
  ],
  ["dapo", "the last side of an equation counts", "5", "Answer: x + 1 = 6 = 5", 1],
  ["dapo", "commas in a number go", "1000", "Answer: 1,000", 1],
  ["dapo", "a box in the line goes", "7", String.raw`Answer: \boxed{7}`, 1],
  ["dapo", "spaces within go", "x+1", "Answer: x + 1", 1],
  ["dapo", "only the last 300 characters are read", "18", `Answer: 18${" ".repeat(291)}`, 0],
  ["dapo", "white space alone is an answer", "", "Answer:  ", 1],
  ["dapo-box", "the last box counts", "18", String.raw`\boxed{17} \boxed{18}`, 1],
  ["dapo-box", "a box is compared as it stands", "18", String.raw`\boxed{18 }`, 0],
  ["dapo-box", "only the last 100 characters are read", "18", `\\boxed{18}${".".repeat(91)}`, 0],
  ["dapo-box", "the box needs no other place", "18", `\\boxed{18}${".".repeat(90)}`, 1],
];

const never: SameValue = () => false;
const always: SameValue = () => true;

function score(name: string, gold: string, response: string, sameValue: SameValue): number {
  const rule = rules[name as keyof typeof rules];
  if (rule === undefined) throw new Error(`no rule ${name}`);
  const read = rule.extract(response);
  return read !== undefined && rule.equals(rule.gold(gold), read, sameValue) ? 1 : 0;
}

describe("prm800k", () => {
  it.each(PRM800K)("says: %s", (_, gold, response, without, withAlgebra) => {
    expect(score("prm800k", gold, response, never)).toBe(without);
    expect(score("prm800k", gold, response, always)).toBe(withAlgebra);
  });

  it("hands its normal forms to algebra, one element after the other", () => {
    expect(asked("(\\frac{\\pi}{2}, 2x)", "\\boxed{(0.5\\pi, x\\cdot2)}")).toEqual([
      ["pi/2", "0.5pi"],
      ["2x", "x*2"],
    ]);
  });

  it("takes a tuple with brackets in it for one element", () => {
    expect(asked("(1, 2\\sqrt{3})", "\\boxed{(1, \\sqrt{12})}")).toEqual([
      ["(1,2sqrt(3))", "(1,sqrt(12))"],
    ]);
  });
});

/** What prm800k asks of algebra that says yes to everything. */
function asked(gold: string, response: string): [string, string][] {
  const pairs: [string, string][] = [];
  score("prm800k", gold, response, (...pair) => {
    pairs.push(pair);
    return true;
  });
  return pairs;
}

describe.each(Object.keys(rules).filter((name) => name !== "prm800k"))("%s", (name) => {
  it.each(OTHERS.filter(([rule]) => rule === name))(
    "%s says: %s",
    (_, __, gold, response, want) => {
      expect(score(name, gold, response, always)).toBe(want);
    },
  );
});

it("gsm8k takes the answer out of a whole solution", () => {
  expect(score("gsm8k", "9 * 200 = 1,800\n#### 1,800", "#### 1800", never)).toBe(1);
});

/** Each is repeated without end: openings never closed, and what the rules look for. */
const FLOODS = [
  ..."{ } ( \\( $ \\\\ \\frac \\sqrt[ \\hat{ \\verb1 \\begin{ \\begin{align} \\begin{pmatrix}1&".split(
    " ",
  ),
  ..."\\text{ \\text{} \\overline{ \\boxed{ \\item[ ^9^9 1,000, 1, (1, 0. 1_ ٣ #### Answer: =".split(
    " ",
  ),
  ..."\\text{\n|\\[\n|\\begin{align}\n|\n\n|$\n|\\boxed |^ |degree |- |1 |a b |\ud800".split("|"),
];
const FRAMES: readonly ((flood: string) => string)[] = [
  (flood) => flood,
  (flood) => `\\boxed{\\pi ${flood}}`,
  (flood) => `\\boxed ${flood}`,
  (flood) => `Answer: ${flood}`,
];
/** Quadratic work takes seconds at this size, linear work less than the time that is not suspected. */
const SIZE = 20_000;
const UNSUSPECTED_MS = 40;

it("every rule reads hostile responses and answers in linear time", {
  timeout: 120_000,
}, async () => {
  for (const rule of Object.values(rules))
    for (const flood of FLOODS)
      for (const frame of FRAMES) {
        const work = (size: number) => {
          const response = frame(flood.repeat(Math.ceil(size / flood.length)));
          rule.equals(rule.gold("(1,2)"), rule.extract(response) ?? "", always);
          rule.equals(rule.gold(response), response.slice(1), always);
        };
        const name = `${rule.name}: ${JSON.stringify(frame(`${flood} …`))}`;
        expect(await growth(work, SIZE, UNSUSPECTED_MS), name).toBeLessThan(MOST_GROWTH);
      }
});
