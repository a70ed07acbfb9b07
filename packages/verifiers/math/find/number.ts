import { isDigit } from "../../shared/text.ts";
import { VULGAR } from "../parse/digits.ts";
import { divide, exact, type Failure, readNumeral, runEnd, toRational } from "./numeral.ts";
import type { Rational } from "./rational.ts";

/** The largest exponent of ten, in keeping with `MAX_DIGITS`: `1e999999999` must not be written out. */
const MAX_EXPONENT = 1_000;

/** One number read from a text, or why there is none. `end` is past what was read. */
export type Token =
  | { readonly value: Rational; readonly end: number; readonly failed?: never }
  | Failure;

// The backslash may be doubled: models trained on escaped text write `\\frac`.
const FRACTION = /\\{1,2}[dtc]?frac *(?=[\d{])/y;
const DIVIDED_BY = / {0,2}[/\u2044] {0,2}(?=\d)/y;
const SPACING = /(?:[ ~\u00a0]|\\[ ,;!]){0,3}/y;
const SIMPLE_FRACTION = /(\d{1,9})[/\u2044](\d{1,9})(?!\d|[/.,]\d)/y;
const E_NOTATION = /[eE]([+-]?\d{1,9})(?!\w|\.\d)/y;
const TIMES_TEN =
  /(?: {0,2}(?:\\times|\\cdot|×|·|\*|x)) {0,2}10 ?(?:\^|\*\*) ?(?:\{ ?([+−-]?\d{1,9}) ?\}|([+−-]?\d{1,9}))/y;
const TEN_TO_THE = /\^ ?(?:\{ ?([+−-]?\d{1,9}) ?\}|([+−-]?\d{1,9}))/y;
const PERCENT =
  /[ ~\u00a0]{0,2}\$?(?:\\[ ,])? ?(?:\\?%|\\(?:text|mathrm)\{ {0,2}(?:\\?%|percent|pct)[a-z ]{0,10}\}|(?:percent|pct|per cent)(?:age)?\b)/iy;
const SCALE =
  /(?:[ ~\u00a0-]{0,2}|\\[ ,])(?:\\(?:text|mathrm)\{ ?)?(hundred|thousand|million|billion|trillion)\b/iy;
const SCALES: Readonly<Record<string, number>> = {
  hundred: 2,
  thousand: 3,
  million: 6,
  billion: 9,
  trillion: 12,
};
/** What a fraction, a power, a percent sign or a scale word begins with. */
const JOINING = "/\\:eExX*%$^~-{pPhHtTmMbB";
const ON_THE_HOUR = /:00(?![\d:])/y;

/** Whether a number begins at `at`, its sign and currency left aside. */
export function startsNumber(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (isDigit(code)) return true;
  if (code === 46) return isDigit(text.charCodeAt(at + 1));
  if (code === 92) return match(FRACTION, text, at) !== null;
  return isVulgar(code) && VULGAR[text.charAt(at)] !== undefined;
}

export function isVulgar(code: number): boolean {
  return (code >= 0xbc && code <= 0xbe) || (code >= 0x2150 && code <= 0x215e);
}

/**
 * Reads the unsigned number that begins at `start`: its numeral with any fraction, exponent, scale
 * word or percent sign. In `prose` `2,5` is two and a half; elsewhere it is a list, and so no number.
 */
export function readNumber(text: string, start: number, end: number, prose: boolean): Token {
  const code = text.charCodeAt(start);
  if (!isDigit(code) && code !== 46) {
    const fraction = readFraction(text, start, end);
    return fraction.failed ? fraction : finish(text, fraction.value, fraction.end, end);
  }
  const numeral = readNumeral(text, start, end, prose);
  if ("failed" in numeral) return numeral;
  const value = toRational(numeral);
  const whole = numeral.places === 0;
  const at = numeral.end;
  if (at >= end || !mayJoin(text, at)) return { value, end: at };

  const slash = match(DIVIDED_BY, text, at);
  if (slash) {
    const below = readNumeral(text, at + slash[0].length, end, prose);
    if ("failed" in below) return below;
    return finish(text, divide(value, toRational(below)), below.end, end);
  }
  if (whole) {
    const part = readProperPart(text, at, end);
    if (part !== undefined) {
      if (part.failed) return part;
      const { num, den } = part.value;
      return finish(text, { ...part.value, num: value.num * den + num }, part.end, end);
    }
    if (match(ON_THE_HOUR, text, at)) return { value, end: at + 3 };
    if (text[at] === ":" && isDigit(text.charCodeAt(at + 1)))
      return { failed: "unparsable", end: runEnd(text, at, end) };
  }
  const tenth = numeral.digits === "10" && whole ? match(TEN_TO_THE, text, at) : null;
  if (tenth) return raise({ ...value, num: 1n }, exponentOf(tenth), at + tenth[0].length);
  const power = match(E_NOTATION, text, at) ?? match(TIMES_TEN, text, at);
  if (power) return raise(value, exponentOf(power), at + power[0].length);
  return finish(text, value, at, end);
}

/** Whether what follows a numeral can belong to the number. Most often it cannot, and then none of
 * the patterns need be tried. */
function mayJoin(text: string, at: number): boolean {
  let next = text.charCodeAt(at);
  for (let skip = 1; (next === 32 || next === 0xa0) && skip < 4; skip++)
    next = text.charCodeAt(at + skip);
  return next > 127 || isDigit(next) || JOINING.includes(String.fromCharCode(next));
}

/** Percent sign or scale word after `value`, then what may not stand beside a number. */
function finish(text: string, value: Rational | undefined, at: number, end: number): Token {
  if (value === undefined) return { failed: "unparsable", end: at };
  if (at >= end) return { value, end: at };
  const scale = match(SCALE, text, at);
  if (scale) {
    const power = SCALES[(scale[1] ?? "").toLowerCase()] ?? 0;
    return { value: shift(value, power), end: at + scale[0].length };
  }
  const percent = match(PERCENT, text, at);
  if (percent) return { value: { ...value, percent: true }, end: at + percent[0].length };
  return { value, end: at };
}

function raise(value: Rational, exponent: number, end: number): Token {
  if (Math.abs(exponent) > MAX_EXPONENT) return { failed: "over_limit", end };
  return { value: shift(value, exponent), end };
}

function shift(value: Rational, exponent: number): Rational {
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? { ...value, den: value.den * power } : { ...value, num: value.num * power };
}

function exponentOf(found: RegExpExecArray): number {
  return Number((found[1] ?? found[2] ?? "0").replace("−", "-"));
}

/** `\frac{1}{2}`, `\frac12` or `½`. */
function readFraction(text: string, start: number, end: number): Token {
  const vulgar = VULGAR[text.charAt(start)];
  if (vulgar !== undefined) {
    const [num, den] = vulgar;
    return { value: exact(num, den), end: start + 1 };
  }
  const command = match(FRACTION, text, start);
  if (!command) return { failed: "unparsable", end: start + 1 };
  const above = readArgument(text, start + command[0].length, end);
  if (above.failed) return above;
  const below = readArgument(text, above.end, end);
  if (below.failed) return below;
  const value = divide(above.value, below.value);
  return value ? { value, end: below.end } : { failed: "unparsable", end: below.end };
}

/** One argument of `\frac`: a numeral in braces, with its sign, or a single digit. */
function readArgument(text: string, start: number, end: number): Token {
  let at = start;
  while (text[at] === " ") at++;
  if (isDigit(text.charCodeAt(at)) && at < end)
    return { value: exact(BigInt(text.charAt(at)), 1n), end: at + 1 };
  if (text[at] !== "{") return { failed: "unparsable", end: at };
  at++;
  while (text[at] === " ") at++;
  const negative = text[at] === "-" || text[at] === "−";
  if (negative) at++;
  if (!startsNumber(text, at) || text[at] === "\\") return { failed: "unparsable", end: at };
  const numeral = readNumeral(text, at, end, false);
  if ("failed" in numeral) return numeral;
  at = numeral.end;
  while (text[at] === " ") at++;
  if (text[at] !== "}" || at >= end) return { failed: "unparsable", end: at };
  const value = toRational(numeral);
  return { value: negative ? { ...value, num: -value.num } : value, end: at + 1 };
}

/**
 * The fraction of a mixed number such as `1 1/2` or `1\frac12`; undefined where none stands here.
 * It must be proper: `11 6/6` is neither 12 nor 11.
 */
function readProperPart(text: string, at: number, end: number): Token | undefined {
  const next = at + (match(SPACING, text, at)?.[0].length ?? 0);
  let part: Token;
  const simple = next > at ? match(SIMPLE_FRACTION, text, next) : null;
  if (simple) {
    const value = divide(exact(BigInt(simple[1] ?? 0), 1n), exact(BigInt(simple[2] ?? 0), 1n));
    if (value === undefined) return { failed: "unparsable", end: next };
    part = { value, end: next + simple[0].length };
  } else if (
    (text[next] === "\\" && match(FRACTION, text, next)) ||
    isVulgar(text.charCodeAt(next))
  ) {
    part = readFraction(text, next, end);
  } else return undefined;
  if (part.failed) return part;
  const { num, den } = part.value;
  return num > 0n && num < den ? part : { failed: "unparsable", end: part.end };
}

function match(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}
