import { isLetter, matchEnd } from "../../shared/text.ts";
import { isDressing, spoils } from "./dressing.ts";
import { readNumber, startsNumber, type Token } from "./number.ts";
import type { Rational } from "./rational.ts";

/** How many words may stand before a boxed number ("about", "USD"): each costs a pattern. */
const MAX_PREFIX_WORDS = 4;

const OPENING = /[\s$*_"'`“‘({~≈€£¥₹₩]|\\[ ,;:!([$]|\\(?:left|displaystyle|approx|pounds)\b/y;
const OPENING_GROUP = /\\(?:text[a-z]*|math[a-z]+|mbox|boxed|fbox|bf) ?\{/y;
const PREFIX_WORD =
  /(?:about|approximately|approx\.?|around|exactly|only|USD|US|EUR|GBP|CAD|AUD|INR|Rs\.?)(?![A-Za-z])/iy;

/**
 * Reads what a box or a task's answer holds. Of an equation the right side is read, where the left
 * is a name or a sum (`x = 5`, `80 + 48 = 128`) and not a condition (`x + y = 5`); of `a \approx b`
 * the exact side `a`, where it is a number.
 */
export function readBoxed(text: string): Token {
  const approx = firstApprox(text);
  if (approx > 0) {
    const exact = readRightSide(text.slice(0, approx));
    return exact.failed ? readPlain(text.slice(approx), false) : exact;
  }
  return readRightSide(text);
}

function readRightSide(text: string): Token {
  const from = afterEquals(text);
  if (from < 0) return { failed: "unparsable", end: text.length };
  return readPlain(from > 0 ? text.slice(from) : text, false);
}

/** Reads a text that must hold one plain number and nothing but its dressing: delimiters, currency
 * before it, a unit after it. */
export function readPlain(text: string, prose: boolean): Token {
  const { length } = text;
  const signed = readSigned(text, skipOpening(text), length, prose);
  if (signed === undefined) return { failed: "unparsable", end: length };
  if (signed.failed) return signed;
  const touching = !isLetter(text.charCodeAt(signed.end)) || prose;
  const spoilt = touching && spoils(text, signed.end, length, prose);
  const whole = !spoilt && isDressing(text, signed.end, prose);
  return whole ? signed : { failed: "unparsable", end: length };
}

/** A number with its sign and currency at `at`; undefined where none begins there. */
export function readSigned(
  text: string,
  start: number,
  end: number,
  prose: boolean,
): Token | undefined {
  let at = start;
  let negative: boolean | undefined;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 45 || code === 0x2212 || code === 0x2013 || code === 43) {
      if (negative !== undefined) return undefined;
      negative = code !== 43;
    } else if (code === 92 && text.charCodeAt(at + 1) === 36) at++;
    else if (!(code === 36 || code === 32 || code === 0xa0 || isCurrency(code))) break;
  }
  if (at >= end || !startsNumber(text, at)) return undefined;
  const token = readNumber(text, at, end, prose);
  return negative && !token.failed ? { value: negate(token.value), end: token.end } : token;
}

export function negate(value: Rational): Rational {
  return { ...value, num: -value.num };
}

export function isCurrency(code: number): boolean {
  return code === 0x20ac || code === 0xa3 || code === 0xa5 || code === 0x20b9 || code === 0x20a9;
}

/** Past delimiters, currency, opening groups and a few words that may stand before a number. */
function skipOpening(text: string): number {
  let at = 0;
  for (let words = 0; at < text.length; ) {
    const next = Math.max(matchEnd(OPENING, text, at), matchEnd(OPENING_GROUP, text, at));
    if (next >= 0) at = next;
    else {
      const word = isLetter(text.charCodeAt(at)) ? matchEnd(PREFIX_WORD, text, at) : -1;
      if (word < 0 || ++words > MAX_PREFIX_WORDS) break;
      at = word;
    }
  }
  return at;
}

/** Where `a ≈ b` turns approximate; -1 where it does not. */
function firstApprox(text: string): number {
  const command = text.indexOf("\\approx");
  const sign = text.indexOf("≈");
  return command < 0 || sign < 0 ? Math.max(command, sign) : Math.min(command, sign);
}

/**
 * Past the last `=` of one chain of equations (`x = 1/2 = 0.5`); 0 where there is none, and -1 where
 * the text holds a comparison, several statements (`x = 5, y = 6`) or a condition (`x + y = 5`).
 */
function afterEquals(text: string): number {
  const last = text.lastIndexOf("=");
  if (last < 0) return 0;
  if ("<>!".includes(text.charAt(last - 1) || " ")) return -1;
  const first = text.indexOf("=");
  if (first < last && /[,;]|\\text|\b(?:and|or)\b/.test(text.slice(first, last))) return -1;
  // Names of commands, arguments and indices set aside, a condition has letters among operators.
  const left = text.slice(0, first).replace(/\\[A-Za-z]+|\([^()]*\)|_(?:\{[^{}]*\}|\w)/g, " ");
  return /[A-Za-z]/.test(left) && /[-+*/^\d]/.test(left) ? -1 : last + 1;
}
