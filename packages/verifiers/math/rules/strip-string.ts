import { firstChar } from "./python.ts";

/** Python refuses to read longer integers (since 3.11; `sys.set_int_max_str_digits`). */
const MAX_INT_DIGITS = 4_300;
const INTEGER = /^(?:0|-?[1-9][0-9]*)$/;

/**
 * `_strip_string` of hendrycks/math (MIT): a LaTeX answer without the freedoms of its writing.
 * Undefined where the original raises, which its callers take for "leave it as it is". lm-eval and
 * PRM800K have the same function; verl's copy differs for a percent sign after three backslashes.
 */
export function stripString(text: string): string | undefined {
  let string = text
    .replaceAll("\n", "")
    .replaceAll("\\!", "")
    .replaceAll("\\\\", "\\")
    .replaceAll("tfrac", "frac")
    .replaceAll("dfrac", "frac")
    .replaceAll("\\left", "")
    .replaceAll("\\right", "")
    .replaceAll("^{\\circ}", "")
    .replaceAll("^\\circ", "")
    .replaceAll("\\$", "");
  const [beforeUnits = "", ...units] = string.split("\\text{ ");
  if (units.length > 1) return undefined;
  string = beforeUnits.replaceAll("\\%", "").replaceAll(" .", " 0.").replaceAll("{.", "{0.");
  if (string === "") return string;
  if (string.startsWith(".")) string = `0${string}`;

  const sides = string.split("=");
  const [left = "", right = ""] = sides;
  if (sides.length === 2 && left.length <= 4 && [...left].length <= 2) string = right;

  const roots = braceRoots(string)?.replaceAll(" ", "");
  const fractions = roots === undefined ? undefined : braceFractions(roots);
  if (fractions === undefined) return undefined;
  return slashToFraction(fractions === "0.5" ? "\\frac{1}{2}" : fractions);
}

/** `\sqrt3` to `\sqrt{3}`; undefined where nothing follows. */
function braceRoots(string: string): string | undefined {
  const [head = "", ...rest] = string.split("\\sqrt");
  let fixed = head;
  for (const part of rest) {
    const a = firstChar(part);
    if (a === "") return undefined;
    fixed += a === "{" ? `\\sqrt${part}` : `\\sqrt{${a}}${part.slice(a.length)}`;
  }
  return fixed;
}

/** `\frac12` to `\frac{1}{2}`, `\frac1{72}` to `\frac{1}{72}`; undefined where nothing follows. */
function braceFractions(string: string): string | undefined {
  const [head = "", ...rest] = string.split("\\frac");
  let fixed = head;
  for (const part of rest) {
    const a = firstChar(part);
    if (a === "") return undefined;
    if (a === "{") {
      fixed += `\\frac${part}`;
      continue;
    }
    const tail = part.slice(a.length);
    const b = firstChar(tail);
    // A lone numerator: the original gives up here, without a look at what follows.
    if (b === "") return string;
    fixed += `\\frac{${a}}${b === "{" ? tail : `{${b}}${tail.slice(b.length)}`}`;
  }
  return fixed;
}

/** `a/b` of two plain integers, nothing else about them, to `\frac{a}{b}`. */
function slashToFraction(string: string): string {
  const parts = string.split("/");
  if (parts.length !== 2 || !parts.every(isPlainInteger)) return string;
  return `\\frac{${parts[0]}}{${parts[1]}}`;
}

function isPlainInteger(text: string): boolean {
  return INTEGER.test(text) && text.length - (text.startsWith("-") ? 1 : 0) <= MAX_INT_DIGITS;
}
