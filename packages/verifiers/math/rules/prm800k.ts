import { lastMathBox } from "./last-box.ts";
import { latexToText } from "./latex-text/write.ts";
import { nearestWhole, strip, truncatedWhole } from "./python.ts";
import type { Rule, SameValue } from "./rule.ts";
import { stripString } from "./strip-string.ts";

/** Dropped wherever they stand, inside words too, each with its plural and a power; in this order,
 * which tells what is left of "centimeter". */
const UNITS =
  "degree cm centimeter meter mile second minute hour day week month year foot feet inch yard".split(
    " ",
  );
const UNIT_PATTERNS = UNITS.map((unit) => new RegExp(`${unit}(?:es)?s? *(?:\\^[0-9]+)?`, "g"));
const DEGREE_SIGN = /\^ *\\circ/g;
const MARKED_COMMA = /,\\! */g;
const MIXED_NUMBER = /([0-9]) +([0-9])/g;
const THOUSANDS_COMMA = /(\p{Nd}),(\p{Nd}{3})($|\P{Nd})/gu;
/** Fractions as they are written, reduced or not. Python's `$` also stands before a last newline. */
const FRACTION = /^-?[0-9]+[^\n]?\/0*[1-9][0-9]*[^\n]?\n?$/u;

/** Powers that computer algebra might hang on. */
const HARD_POWER = /\^(?:[{(]|[0-9][0-9^])/;
/** Expressions with more letters are words to the original, not formulas. */
const MAX_LETTERS = 2;
const LETTER = /\p{L}/u;
const BRACKETS = "()[]";

/**
 * `grade_answer` of openai/prm800k, prm800k/grading/grader.py and math_normalize.py (MIT): equal
 * after MATH's normalisation, or equal after its own, or element by element of the same value. It
 * has no extraction; the last box is MATH's. sympy's part, `simplify(gold - read) == 0` on
 * expressions with `^` and implicit multiplication, is `sameValue`, called only past the guards.
 */
export const rule: Rule = {
  name: "prm800k",
  extract: lastMathBox,
  gold: (answer) => answer,
  equals(gold, read, sameValue) {
    return normaliseAsMath(gold) === normaliseAsMath(read) || equalParts(gold, read, sameValue);
  },
};

/** `math_normalize.normalize_answer`. */
function normaliseAsMath(text: string): string {
  const stripped = strip(text);
  const inner = insideText(stripped);
  const answer = inner === undefined ? stripped : strip(inner);
  return stripString(answer) ?? answer;
}

function equalParts(gold: string, read: string, sameValue: SameValue): boolean {
  const a = normalise(gold);
  const b = normalise(read);
  if (a === b) return true;
  if (b === "") return false;
  const golds = splitTuple(a);
  const reads = splitTuple(b);
  // Half open is not open: the brackets of a tuple or interval count.
  if (golds.length > 1 && (a[0] !== b[0] || a.at(-1) !== b.at(-1))) return false;
  if (golds.length !== reads.length) return false;
  return golds.every((one, index) => equalElements(one, reads[index] ?? "", sameValue));
}

function equalElements(gold: string, read: string, sameValue: SameValue): boolean {
  // Fractions must be written alike, so reduced alike.
  if (FRACTION.test(gold) && FRACTION.test(read)) return gold === read;
  // A whole number is answered by itself alone, not by what comes to it.
  if (isWhole(gold) !== isWhole(read)) return false;
  return isEvaluated(`(${gold})-(${read})`) && sameValue(gold, read);
}

/** `_normalize`. */
function normalise(text: string): string {
  let expr = (insideText(text) ?? text)
    .replaceAll("\\%", "%")
    .replaceAll("\\$", "$")
    .replaceAll("$", "")
    .replaceAll("%", "")
    .replaceAll(" or ", " , ")
    .replaceAll(" and ", " , ")
    .replaceAll("million", "*10^6")
    .replaceAll("billion", "*10^9")
    .replaceAll("trillion", "*10^12");
  for (const unit of UNIT_PATTERNS) expr = expr.replace(unit, "");
  expr = expr.replace(DEGREE_SIGN, "");
  if (expr.startsWith("{") && expr.endsWith("}")) expr = expr.slice(1, -1);
  expr = expr.replace(MARKED_COMMA, "");
  expr = nearestWhole(expr) ?? expr;
  if (expr.includes("\\")) expr = plainText(expr) ?? expr;
  expr = expr
    .replace(/- */g, "-")
    .replace(MIXED_NUMBER, "$1+$2")
    .replaceAll(" ", "")
    .replaceAll("{", "")
    .replaceAll("}", "")
    .toLowerCase();
  return truncatedWhole(withoutThousandsCommas(expr)) ?? expr;
}

/** `_parse_latex`; undefined where pylatexenc raises. */
function plainText(latex: string): string | undefined {
  const text = latexToText(
    latex
      .replaceAll("\\tfrac", "\\frac")
      .replaceAll("\\dfrac", "\\frac")
      .replaceAll("\\frac", " \\frac"),
  );
  if (text === undefined) return undefined;
  return strip(
    text
      .replaceAll("√", "sqrt")
      .replaceAll("π", "pi")
      .replaceAll("∞", "inf")
      .replaceAll("∪", "U")
      .replaceAll("·", "*")
      .replaceAll("×", "*"),
  );
}

/** The content of a `\text{…}` that is all there is, as `^\\text\{(.+?)\}$` finds it: Python's `.`
 * is no newline, its `$` also stands before a last one. */
function insideText(text: string): string | undefined {
  if (!text.startsWith("\\text{")) return undefined;
  const end = text.endsWith("}\n") ? text.length - 2 : text.length - 1;
  const inner = text.slice("\\text{".length, end);
  return text[end] !== "}" || inner === "" || inner.includes("\n") ? undefined : inner;
}

function isWhole(text: string): boolean {
  return truncatedWhole(withoutThousandsCommas(text)) !== undefined;
}

/** `_strip_properly_formatted_commas`. A match takes the next comma with it, so of 1,000,000,000
 * the first and third comma go, and the second is no thousands comma any more: a few rounds do. */
function withoutThousandsCommas(text: string): string {
  for (let expr = text; ; ) {
    const next = expr.replace(THOUSANDS_COMMA, "$1$2$3");
    if (next === expr) return expr;
    expr = next;
  }
}

function splitTuple(text: string): string[] {
  const expr = withoutThousandsCommas(text);
  if (expr === "") return [];
  const inner = expr.slice(1, -1);
  const isTuple =
    inner !== "" &&
    BRACKETS.includes(expr.charAt(0)) &&
    BRACKETS.includes(expr.charAt(expr.length - 1)) &&
    !/[()[\]]/.test(inner);
  return isTuple ? inner.split(",").map(strip) : [expr];
}

/** `should_allow_eval`. */
function isEvaluated(expr: string): boolean {
  if (HARD_POWER.test(expr)) return false;
  const letters = new Set<string>();
  for (const char of expr.replaceAll("sqrt", "").replaceAll("frac", ""))
    if (LETTER.test(char) && letters.add(char).size > MAX_LETTERS) return false;
  return true;
}
