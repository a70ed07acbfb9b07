// What Python's strings do and JavaScript's do not. Letters and digits follow the engine's version
// of Unicode, which differs from a given Python's only in characters added since.

/** A double that differs from a whole number by no more than this counts as whole in PRM800K. */
const WHOLE = 1e-7;
/** `str.isdigit` beyond the decimal digits: superscripts, subscripts and numbers in circles. */
const DIGIT_TEXT =
  /^[\p{Nd}²³¹\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]+$/u;
const FLOAT =
  /^[+-]?(?:(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:e[+-]?[0-9](?:_?[0-9])*)?)$/i;
const DECIMAL_DIGIT = /\p{Nd}/gu;
const NOT_ASCII = /\P{ASCII}/u;

/** `str.isspace` of one character: unlike JavaScript's `\s` it holds U+001C to U+001F and U+0085,
 * and not U+FEFF. */
export function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31);
  switch (code) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
      return true;
    default:
      return code >= 0x2000 && code <= 0x200a;
  }
}

/** `str.strip()`. */
export function strip(text: string): string {
  return trim(text, isSpace);
}

function trim(text: string, isTrimmed: (code: number) => boolean): string {
  let start = 0;
  let end = text.length;
  while (start < end && isTrimmed(text.charCodeAt(start))) start++;
  while (end > start && isTrimmed(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** `text[-count:]`: Python counts code points. */
export function lastChars(text: string, count: number): string {
  let start = text.length;
  for (let left = count; left > 0 && start > 0; left--) start -= isPair(text, start - 2) ? 2 : 1;
  return text.slice(start);
}

/** `text[0]`: one code point, "" where there is none. */
export function firstChar(text: string): string {
  return text.slice(0, isPair(text, 0) ? 2 : 1);
}

function isPair(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  const low = text.charCodeAt(at + 1);
  return high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
}

/** `str.isdigit()`. */
export function isDigits(text: string): boolean {
  return DIGIT_TEXT.test(text);
}

/** `str(int(round(float(text))))` where that is within 1e-7 of the value, as PRM800K asks. */
export function nearestWhole(text: string): string | undefined {
  const value = float(text);
  return value !== undefined && isWhole(value) ? String(BigInt(Math.round(value))) : undefined;
}

/** The same, but cut off towards zero as `int(float(text))` is: 2.99999999 counts as whole, and
 * becomes 2. */
export function truncatedWhole(text: string): string | undefined {
  const value = float(text);
  return value !== undefined && isWhole(value) ? String(BigInt(Math.trunc(value))) : undefined;
}

/** `float(text)` where it is finite: digits of any script, `_` between digits, white space around. */
function float(text: string): number | undefined {
  // White space outside ASCII is only turned to spaces where the text is not ASCII anyway, and
  // what strips the rest is C's isspace, so U+001C to U+001F stay and fail.
  const ascii = NOT_ASCII.test(text) ? toAscii(text) : text;
  const number = trim(ascii, (code) => code === 32 || (code >= 9 && code <= 13));
  if (!FLOAT.test(number)) return undefined;
  const value = Number(number.replaceAll("_", ""));
  return Number.isFinite(value) ? value : undefined;
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) <= WHOLE;
}

function toAscii(text: string): string {
  const values = new Map<string, string>();
  const digits = text.replace(DECIMAL_DIGIT, (digit) => {
    const value = values.get(digit) ?? String(digitValue(digit));
    values.set(digit, value);
    return value;
  });
  let ascii = "";
  for (const char of digits) {
    const code = char.charCodeAt(0);
    ascii += code < 128 ? char : isSpace(code) ? " " : "?";
  }
  return ascii;
}

/** Unicode keeps each script's ten digits side by side, and begins them where ten before none is. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (isDecimal(zero - 1)) zero--;
  return (code - zero) % 10;
}

function isDecimal(code: number): boolean {
  return code >= 0 && /\p{Nd}/u.test(String.fromCodePoint(code));
}
