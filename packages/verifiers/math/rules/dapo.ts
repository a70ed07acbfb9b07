import { lastBracedBox } from "./last-box.ts";
import { isDigits, isSpace, lastChars, strip } from "./python.ts";
import type { Rule } from "./rule.ts";

/** math_dapo.py reads no more of a response than this, in code points. */
const READ_CHARS = 300;
/** The box is looked for in these alone. */
const BOX_CHARS = 100;
/** With `u`, `i` folds as Python does: a long s is an s. */
const ANSWER = /answer/giu;

/** In this order; from lm-eval's minerva_math (MIT). */
const SUBSTITUTIONS: readonly (readonly [from: string, to: string])[] = [
  ["an ", ""],
  ["a ", ""],
  [".$", "$"],
  ["\\$", ""],
  ["\\ ", ""],
  [" ", ""],
  ["mbox", "text"],
  [",\\text{and}", ","],
  ["\\text{and}", ","],
  ["\\text{m}", "\\text{}"],
];
/** In this order: a shorter one that comes first spoils a longer one. */
const REMOVED: readonly string[] = [
  ...(
    "square ways integers dollars mph inches hours km units \\ldots sue points feet minutes digits " +
    "cents degrees cm gm pounds meters meals edges students childrentickets multiples"
  ).split(" "),
  ..."\\text{s} \\text{.} \\text{\ns} \\text{}^2 \\text{}^3 \\text{\n} \\text{}".split(" "),
  ...'\\mathrm{th} ^\\circ ^{\\circ} \\; ,\\! {,} " \\dots'.split(" "),
];

/**
 * verl's utils/reward_score/math_dapo.py (Apache-2.0) as DAPO trained with it: the last `Answer:`
 * line within the last 300 characters, both sides through minerva's `normalize_final_answer`, then
 * equal strings. The original gives a wrong answer -1, this rule 0. Later versions of verl fall
 * back to a box where there is no `Answer:`; this one does not.
 */
export const rule: Rule = {
  name: "dapo",
  gold: (answer) => answer,
  extract: (response) => lastAnswerLine(lastChars(response, READ_CHARS)),
  equals: (gold, read) => normalise(gold) === normalise(read),
};

/** The same file with `strict_box_verify`: the last box within the last 100 characters, equal as it
 * stands. */
export const box: Rule = {
  name: "dapo-box",
  gold: (answer) => answer,
  extract: (response) => lastBracedBox(lastChars(response, BOX_CHARS)),
  equals: (gold, read) => gold === read,
};

/** The last match of `(?i)Answer\s*:\s*([^\n]+)`, matches taken from the left and apart. */
function lastAnswerLine(text: string): string | undefined {
  let answer: string | undefined;
  let from = 0;
  for (const { index, 0: word } of text.matchAll(ANSWER)) {
    if (index < from) continue;
    const colon = pastSpace(text, index + word.length);
    if (text[colon] !== ":") continue;
    let start = pastSpace(text, colon + 1);
    // Where nothing follows the white space, the pattern gives some back: all but a newline.
    if (start === text.length)
      do start--;
      while (start > colon && text[start] === "\n");
    if (start === colon) continue;
    const newline = text.indexOf("\n", start);
    from = newline < 0 ? text.length : newline;
    answer = text.slice(start, from);
  }
  return answer;
}

function pastSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function normalise(answer: string): string {
  let text = answer.slice(answer.lastIndexOf("=") + 1);
  for (const [from, to] of SUBSTITUTIONS) text = text.replaceAll(from, () => to);
  for (const removed of REMOVED) text = text.replaceAll(removed, "");
  text = text.split("\n").map(firstMath).join("\n");
  for (const opening of ["\\text{", "\\textbf{", "\\overline{"]) text = unwrap(text, opening);
  text = text
    .split("\n")
    .map(unwrapBox)
    .join("\n")
    .replace(/frac([^{])([^\n])/gu, "frac{$1}{$2}")
    .replace(/sqrt([^{])/gu, "sqrt{$1}")
    .replaceAll("$", "");
  const digits = text.replaceAll(",", "");
  return strip(isDigits(digits) ? digits : text);
}

/** A line with mathematics in it is its first mathematics alone. */
function firstMath(line: string): string {
  const open = line.indexOf("$");
  const close = open < 0 ? -1 : line.indexOf("$", open + 1);
  return close < 0 ? line : line.slice(open, close + 1);
}

/** `opening…}` to what it holds, up to the first brace on its line. */
function unwrap(text: string, opening: string): string {
  let unwrapped = "";
  let copied = 0;
  // Both are looked for anew only once passed, so that the walk reads the text once.
  let newline = -1;
  let close = -1;
  for (let at = text.indexOf(opening); at >= 0; ) {
    const start = at + opening.length;
    if (close < start) close = text.indexOf("}", start);
    if (close < 0) break;
    if (newline < start) newline = endOf(text, text.indexOf("\n", start));
    if (newline < close) {
      at = text.indexOf(opening, newline);
      continue;
    }
    unwrapped += text.slice(copied, at) + text.slice(start, close);
    copied = close + 1;
    at = text.indexOf(opening, copied);
  }
  return unwrapped + text.slice(copied);
}

function endOf(text: string, at: number): number {
  return at < 0 ? text.length : at;
}

/** A line's first `\boxed{` and its last brace go. */
function unwrapBox(line: string): string {
  const open = line.indexOf("\\boxed{");
  const start = open + "\\boxed{".length;
  const close = line.lastIndexOf("}");
  if (open < 0 || close < start) return line;
  return line.slice(0, open) + line.slice(start, close) + line.slice(close + 1);
}
