import { isDigit } from "../../shared/text.ts";
import { MAX_DIGITS } from "../parse/digits.ts";
import type { Rational } from "./rational.ts";

/** Why there is no number. `end` is past what was read. */
export interface Failure {
  readonly failed: "unparsable" | "over_limit";
  readonly end: number;
}

/** The digits of one numeral, separators taken out. */
export interface Numeral {
  readonly digits: string;
  /** How many of the digits stand after the decimal point. */
  readonly places: number;
  readonly end: number;
}

/** Reads digits with their separators and decimal point. In `prose` `2,5` is two and a half;
 * elsewhere it is a list, and so no number. */
export function readNumeral(
  text: string,
  start: number,
  end: number,
  prose: boolean,
): Numeral | Failure {
  let at = digitsEnd(text, start, end);
  let digits = text.slice(start, Math.min(at, start + MAX_DIGITS + 1));
  let places = 0;
  const separator = at < end && at > start ? separatorAt(text, at) : "";
  if (separator !== "") {
    const groups: string[] = [];
    let next = at;
    while (text.startsWith(separator, next) && groups.length <= MAX_DIGITS) {
      const first = next + separator.length;
      const last = digitsEnd(text, first, end);
      if (last === first) break;
      // After a space another number may follow: `1 000 4/9`, `1 234/567`.
      if (isSpacing(separator) && (last - first !== 3 || text[last] === "/")) break;
      groups.push(text.slice(first, Math.min(last, first + MAX_DIGITS + 1)));
      next = last;
    }
    if (groups.length > 0 && isGrouped(digits, groups)) {
      digits += groups.join("");
      at = next;
    } else if (groups.length > 0 && !isSpacing(separator)) {
      if (!(prose && groups.length === 1 && separator === ","))
        return { failed: "unparsable", end: runEnd(text, next, end) };
      places = groups[0]?.length ?? 0;
      digits += groups[0];
      at = next;
    }
  }
  if (places === 0 && text[at] === "." && at + 1 < end && isDigit(text.charCodeAt(at + 1))) {
    const point = at;
    at = digitsEnd(text, point + 1, end);
    places = at - point - 1;
    digits += text.slice(point + 1, Math.min(at, point + MAX_DIGITS + 2));
  }
  if (digits.length > MAX_DIGITS) return { failed: "over_limit", end: at };
  // Versions, dates and foreign groupings: `1.2.3`, `1.234,56`.
  if ((text[at] === "." || text[at] === ",") && at + 1 < end && isDigit(text.charCodeAt(at + 1)))
    return { failed: "unparsable", end: runEnd(text, at, end) };
  return { digits, places, end: at };
}

/** Past digits with points, commas and colons between them: no part of such a run is a number. */
export function runEnd(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    if (!isDigit(text.charCodeAt(at))) {
      const joins = ".,:".includes(text.charAt(at)) && isDigit(text.charCodeAt(at + 1));
      if (!joins) break;
    }
    at++;
  }
  return at;
}

/** What separates digit groups at `at`; "" where nothing does. */
function separatorAt(text: string, at: number): string {
  switch (text.charCodeAt(at)) {
    case 44: // ,
      return text.startsWith("\\!", at + 1) ? ",\\!" : ",";
    case 123: // {
      return text.startsWith("{,}", at) ? "{,}" : "";
    case 92: // backslash
      return text.startsWith("\\,", at) ? "\\," : "";
    case 95: // _
      return "_";
    case 0xa0:
    case 0x2009:
    case 0x202f:
    case 32:
      return text.charAt(at);
    default:
      return "";
  }
}

/** Whether a separator may also stand between two numbers. */
function isSpacing(separator: string): boolean {
  return separator !== "," && separator !== "{,}" && separator !== ",\\!";
}

/** Whether the groups are thousands (`1,234,567`) or lakhs (`12,34,567`). */
function isGrouped(first: string, groups: readonly string[]): boolean {
  if (first.length > 3 || first === "0") return false;
  const last = groups.length - 1;
  if (groups.every((group) => group.length === 3)) return true;
  return (
    first.length < 3 && groups.every((group, index) => group.length === (index === last ? 3 : 2))
  );
}

function digitsEnd(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(text.charCodeAt(at))) at++;
  return at;
}

export function toRational({ digits, places }: Numeral): Rational {
  const num = digits.length < 16 ? BigInt(+digits) : BigInt(digits);
  if (places === 0) return exact(num, 1n);
  return { num, den: 10n ** BigInt(places), decimal: true, percent: false };
}

export function exact(num: bigint, den: bigint): Rational {
  return { num, den, decimal: false, percent: false };
}

/** A quotient; undefined where the divisor is 0. */
export function divide(above: Rational, below: Rational): Rational | undefined {
  if (below.num === 0n) return undefined;
  const sign = below.num < 0n ? -1n : 1n;
  return {
    num: sign * above.num * below.den,
    den: sign * above.den * below.num,
    decimal: above.decimal || below.decimal,
    percent: false,
  };
}
