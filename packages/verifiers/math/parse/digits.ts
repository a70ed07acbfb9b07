import { isDigit } from "../../shared/text.ts";

/** The most digits in one numeral: above any known answer, below where BigInt work shows. */
export const MAX_DIGITS = 1_000;
/** The largest power of ten in scientific notation, in keeping with the digits. */
const MAX_EXPONENT = 1_000;

export interface NumberToken {
  readonly kind: "number";
  /** As it was written, separators taken out. */
  readonly text: string;
  readonly num: bigint;
  readonly den: bigint;
  /** Written with a decimal point. */
  readonly decimal: boolean;
  /** Digits only: each may be a TeX argument of its own, as in `\frac12`. */
  readonly plain: boolean;
  /** A fraction in one character: `½`. */
  readonly vulgar?: boolean;
}

/** Fractions in one character. */
export const VULGAR: Readonly<Record<string, readonly [bigint, bigint]>> = {
  "½": [1n, 2n],
  "⅓": [1n, 3n],
  "⅔": [2n, 3n],
  "¼": [1n, 4n],
  "¾": [3n, 4n],
  "⅕": [1n, 5n],
  "⅖": [2n, 5n],
  "⅗": [3n, 5n],
  "⅘": [4n, 5n],
  "⅙": [1n, 6n],
  "⅚": [5n, 6n],
  "⅛": [1n, 8n],
  "⅜": [3n, 8n],
  "⅝": [5n, 8n],
  "⅞": [7n, 8n],
};

/** A fraction that is one character. */
export function exactNumeral(char: string): NumberToken | undefined {
  const parts = VULGAR[char];
  if (parts === undefined) return undefined;
  const [num, den] = parts;
  return { kind: "number", text: char, num, den, decimal: false, plain: false, vulgar: true };
}

// A separator of thousands. A comma alone groups only where no bracket is open; `(12,102)` is two
// numbers.
const GROUP_FIRM = /(?: ?\{ ?, ?\} ?|,\\! ?|\\[, ] ?|\\!|_)(\d{3})(?!\d)/y;
const GROUP_COMMA = /,(\d{3})(?!\d)/y;
/** Within brackets only a group that can be no number of its own: `(1,000)`. */
const GROUP_ZERO = /,(0\d{2})(?!\d)/y;
const GROUP_SPACE = /[ \u00a0\u2009\u202f](\d{3})(?![\d/]|\.\d)/y;
const LAKHS = /(\d{1,2})((?:,\d{2})+),(\d{3})(?!\d)/y;
const COMMA_POINT = / ?\{ ?, ?\} ?(\d+)/y;
const DOTS = /\.{3}|…|\\[lc]?dots(?![A-Za-z])/y;
const EXPONENT = /[eE]([+-]?\d{1,9})(?![\w.])/y;
const REPEATED =
  /\\overline ?\{ ?(\d{1,200}) ?\}|\\bar ?\{ ?(\d{1,200}) ?\}|\((\d{1,200})\)(?!\d)/y;
const DOTTED = /\\dot ?(?:\{ ?(\d) ?\}|(\d))(?:(\d{0,200})\\dot ?(?:\{ ?(\d) ?\}|(\d)))?/y;

/** The number at `at`, where a digit or a point stands; undefined where it has too many digits. */
export function readDigits(
  source: string,
  start: number,
  bracketed: boolean,
): { readonly token: NumberToken; readonly end: number } | undefined {
  let at = start;
  while (isDigit(source.charCodeAt(at))) at++;
  let digits = source.slice(start, at);
  if (digits.length > MAX_DIGITS) return undefined;
  let grouped = false;
  const lakhs = digits.length <= 2 && !bracketed ? match(LAKHS, source, start) : null;
  if (lakhs) {
    digits = lakhs[0].replaceAll(",", "");
    at = start + lakhs[0].length;
    grouped = true;
  } else if (digits.length <= 3 && digits !== "0" && at > start)
    for (;;) {
      const group =
        match(GROUP_FIRM, source, at) ??
        match(bracketed ? GROUP_ZERO : GROUP_COMMA, source, at) ??
        match(GROUP_SPACE, source, at);
      if (!group) break;
      digits += group[1] ?? "";
      at += group[0].length;
      grouped = true;
      if (digits.length > MAX_DIGITS) return undefined;
    }
  const fraction = readFraction(source, at, grouped);
  if (fraction === undefined) return undefined;
  at = fraction.end;
  if (digits.length + fraction.digits.length > MAX_DIGITS) return undefined;
  const scale = 10n ** BigInt(fraction.digits.length);
  let num = toBigInt(digits + fraction.digits);
  let den = scale;
  if (fraction.repeated !== "") {
    // x = a.b(r): a.b + r / (10^|b| (10^|r| - 1)).
    const cycle = 10n ** BigInt(fraction.repeated.length) - 1n;
    num = num * cycle + BigInt(fraction.repeated);
    den = scale * cycle;
  }
  const exponent = match(EXPONENT, source, at);
  if (exponent) {
    const power = Number(exponent[1]);
    if (Math.abs(power) > MAX_EXPONENT) return undefined;
    if (power < 0) den *= 10n ** BigInt(-power);
    else num *= 10n ** BigInt(power);
    at += exponent[0].length;
  }
  const decimal = fraction.digits !== "" && fraction.repeated === "";
  const plain = !(decimal || grouped || exponent || fraction.repeated !== "");
  const text = decimal ? `${digits}.${fraction.digits}` : digits;
  return { token: { kind: "number", text, num, den, decimal, plain }, end: at };
}

interface Part {
  readonly digits: string;
  readonly repeated: string;
  readonly end: number;
}

/** What stands after the decimal point, with the digits that repeat. */
function readFraction(source: string, start: number, grouped: boolean): Part | undefined {
  const comma = grouped ? null : match(COMMA_POINT, source, start);
  if (comma) {
    const digits = comma[1] ?? "";
    if (digits.length > MAX_DIGITS) return undefined;
    return { digits, repeated: "", end: start + comma[0].length };
  }
  if (source[start] !== ".") return { digits: "", repeated: "", end: start };
  let at = start + 1;
  while (isDigit(source.charCodeAt(at))) at++;
  const digits = source.slice(start + 1, at);
  if (digits.length > MAX_DIGITS) return undefined;
  const repeated = match(REPEATED, source, at);
  if (repeated)
    return {
      digits,
      repeated: repeated[1] ?? repeated[2] ?? repeated[3] ?? "",
      end: at + repeated[0].length,
    };
  // `0.333…`: the digits that were written thrice go on.
  const cycle = match(DOTS, source, at) ? /^(\d{0,40}?)(\d{1,6}?)\2{2,}$/.exec(digits) : null;
  if (cycle) {
    const [, head = "", repeating = ""] = cycle;
    return {
      digits: head,
      repeated: repeating,
      end: at + (match(DOTS, source, at)?.[0].length ?? 0),
    };
  }
  const dotted = match(DOTTED, source, at);
  if (dotted) {
    const [whole, a, b, middle = "", c, d] = dotted;
    return { digits, repeated: (a ?? b ?? "") + middle + (c ?? d ?? ""), end: at + whole.length };
  }
  // A point at the end is a full stop.
  return { digits, repeated: "", end: digits === "" ? start : at };
}

function toBigInt(digits: string): bigint {
  return digits.length < 16 ? BigInt(+digits) : BigInt(digits);
}

function match(sticky: RegExp, source: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(source);
}
