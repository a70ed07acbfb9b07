import { isDigit, isLetter, isSpace } from "../../shared/text.ts";
import { MAX_DIGITS } from "../parse/digits.ts";
import { spoils } from "./dressing.ts";
import { isVulgar, startsNumber, type Token } from "./number.ts";
import { isCurrency, negate, readSigned } from "./plain.ts";
import { type Found, goesOn } from "./statement.ts";

/** How far back from the last digit its number may begin: room for the longest numeral with its
 * separators, and far more than the last line of any answer needs. */
const WINDOW = 4 * MAX_DIGITS;

const HARMLESS_BEFORE = /^(?:approx|q?quad|to|implies|Rightarrow|rightarrow|boxed|displaystyle)$/;
const GROUP_BEFORE = /\\(?:text[a-z]*|math[a-z]+|mbox|boxed)\{$|(?:^|[^}\w^])\{$/;
/** A tight or a spaced operator after an operand. A star with a space on one side only is emphasis,
 * and a dash between two numbers a range. */
const OPERAND_BEFORE =
  /(?:[\w)}]|\\%)(?: {0,2}[+×÷·/] {0,2}| {1,2}[*x−-] {1,2}|\*)$|(?:^|[^A-Za-z])[A-Za-z][-−]$/;
const NEGATIVE_BEFORE = /\bnegative $/i;

/** The last number in [from, end), with its sign; undefined where there is none. What is part of a
 * name (`CO2`) is passed over; what is part of an expression (`3 * 4`, `\sqrt{2}`) has no value. */
export function lastNumber(text: string, from: number, end: number): Found | undefined {
  for (let to = end; ; ) {
    let last = to - 1;
    while (last >= from && !isDigit(text.charCodeAt(last)) && !isVulgar(text.charCodeAt(last)))
      last--;
    if (last < from) return undefined;
    const least = Math.max(from, last - WINDOW);
    let start = last;
    while (start > least && text.charCodeAt(start - 1) !== 10) start--;
    if (start === least && start > from) {
      // Never begin in the middle of a number.
      while (start <= last && /[\d.,]/.test(text.charAt(start))) start++;
      if (start > last)
        return { text: text.slice(least, end), token: { failed: "over_limit", end } };
    }
    const found = lastOfLine(text, from, start, last, to);
    if (found) return found;
    to = start;
  }
}

function lastOfLine(
  text: string,
  from: number,
  start: number,
  last: number,
  end: number,
): Found | undefined {
  let at = -1;
  let token: Token | undefined;
  for (let next = start; next <= last; next++) {
    if (!startsNumber(text, next) || isInName(text, from, next)) continue;
    const read = readSigned(text, next, end, true);
    if (read === undefined) continue;
    at = next;
    token = read;
    next = Math.max(next, read.end - 1);
  }
  return token && readBack(text, from, at, token, end);
}

/** Whether the number at `at` is part of a name such as `CO2`; a command before it is none. */
function isInName(text: string, from: number, at: number): boolean {
  let start = at;
  while (start > from && at - start < 16 && isLetter(text.charCodeAt(start - 1))) start--;
  return start < at && !(start > from && text.charCodeAt(start - 1) === 92);
}

/** The number at `at` with the sign and currency before it. */
function readBack(text: string, from: number, at: number, token: Token, end: number): Found {
  const code = (index: number) => (index >= from ? text.charCodeAt(index) : 32);
  let start = at;
  while (code(start - 1) === 36 || isCurrency(code(start - 1)))
    start -= code(start - 2) === 92 ? 2 : 1;
  const unread = (): Found => ({
    text: text.slice(at, token.end),
    token: { failed: token.failed ?? "unparsable", end: token.end },
  });
  if (token.failed || spoils(text, token.end, end, true) || goesOn(text, token.end, end))
    return unread();
  const dash = code(start - 1);
  const isDash = dash === 45 || dash === 0x2212 || dash === 0x2013;
  const signed = isDash && isSignAfter(code(start - 2), dash);
  if (!signed && isOperand(text, from, start)) return unread();
  const negative = signed || NEGATIVE_BEFORE.test(text.slice(Math.max(from, start - 12), start));
  return {
    text: text.slice(signed ? start - 1 : start, token.end),
    token: negative ? { value: negate(token.value), end: token.end } : token,
  };
}

/** Whether what stands before `start` makes the number there an operand, an index or an argument. */
function isOperand(text: string, from: number, start: number): boolean {
  if (start === from) return false;
  const touching = text.charCodeAt(start - 1);
  if (touching === 94 || touching === 95 || touching === 124) return true; // ^ _ |
  const before = text.slice(Math.max(from, start - 16), start);
  if (touching === 123) return !GROUP_BEFORE.test(before);
  if (isLetter(touching)) return !HARMLESS_BEFORE.test(before.slice(before.lastIndexOf("\\") + 1));
  return OPERAND_BEFORE.test(before);
}

/** Whether a dash after `before` is a sign: between two numbers or words it is none (`10-15`). */
export function isSignAfter(before: number, dash: number): boolean {
  if (isSpace(before) || before === 40 || before === 36 || before === 61) return true;
  const joins = isDigit(before) || isLetter(before) || ")}%-".includes(String.fromCharCode(before));
  return dash !== 0x2013 && !joins;
}
