import { isDigit, isLetter, isSpace, lineEnd, matchEnd } from "../shared/text.ts";
import { AMBIGUOUS, BEYOND, NOTHING, type Options, optionTextAt } from "./options.ts";

/** How many openings (`**`, `\boxed{`, "option") may stand before a letter: each costs a pattern. */
const MAX_OPENINGS = 32;

const OPENING =
  /[_~"'`“‘([{<$:：>→-]|\\[ ,;:!([$]|\\(?:boxed|fbox|text[a-z]*|math[a-z]+|bf|left|displaystyle)(?![A-Za-z]) ?\{?|&nbsp;|(?:option|choice|letter|answer|alternative)s?(?![A-Za-z])|(?:probably|likely|therefore|clearly|simply|indeed|is)(?![A-Za-z])/iy;
const CLOSING = /(?:[\s*_~"'`”’)\]}$]|\\[)\]]){0,8}/y;
const CONJUNCTION = /,? ?(?:(?:or|and)(?![A-Za-z])|[/&])/iy;
/** In a list without a conjunction the next letter ends its clause; else it begins another one. */
const COMMA = /[,;.]\s{0,2}(?=[*_"'`([{$]{0,4}[A-Z](?:[*_"'`)\]}$]{0,4}(?:[.,;:!?\n]|$)))/y;
/** Small words after a letter that leave it a letter; before any other, "A" is an article. */
const GOES_ON =
  /\s+(?:because|since|as|is|was|and|or|for|due|which|with|but|it|this|that|given|if|so|by|from|when|would|states|says)(?![A-Za-z])/iy;
/** The same for "I", which is more often a person. */
const I_GOES_ON = /\s+(?:because|since|as|is|and|or)(?![A-Za-z])/iy;
const PLAIN_WORD = /\s+["'“]?[a-z]/y;

/**
 * The option that stands at `start`, past what may open it: `B`, `(B)`, `**B**`, `\text{B}`,
 * `B. text`, `b` alone, or an option's text.
 */
export function readOption(text: string, start: number, end: number, options: Options): number {
  const at = skipOpening(text, start, end);
  if (at >= end) return NOTHING;
  const letter = letterAt(text, at);
  const alone = letter >= 0 && isAlone(text, at);
  if (options.longest > 0 && (!alone || (options.lettered >> letter) & 1)) {
    const option = readText(text, start, end, options);
    if (option !== NOTHING) return option;
  }
  if (!alone) return NOTHING;
  const stands = isSmall(text.charCodeAt(at)) ? isBare(text, at, end) : !isWord(text, at, end);
  if (!stands) return NOTHING;
  const second = listedAfter(text, at + 1, end, options);
  if (second >= 0 && second !== letter) return AMBIGUOUS;
  return letter < options.count ? letter : BEYOND;
}

/** Past white space, marks and words that may open an option. */
function skipOpening(text: string, start: number, end: number): number {
  let at = skipBlank(text, start, end);
  for (let openings = 0; openings < MAX_OPENINGS && at < end; openings++) {
    const next = matchEnd(OPENING, text, at);
    if (next < 0) break;
    at = skipBlank(text, next, end);
  }
  return at;
}

function skipBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (isSpace(text.charCodeAt(at)) || text.charCodeAt(at) === 42)) at++;
  return at;
}

/** An option's text at `start` or past any of what may open it: the first that fits, so that `-5`
 * is never read as 5. */
function readText(text: string, start: number, end: number, options: Options): number {
  let at = skipBlank(text, start, end);
  for (let openings = 0; openings <= MAX_OPENINGS && at < end; openings++) {
    const option = optionTextAt(text, at, end, options);
    if (option !== NOTHING) return option;
    const next = matchEnd(OPENING, text, at);
    if (next < 0) break;
    at = skipBlank(text, next, end);
  }
  return NOTHING;
}

/** The letter at `at` as an index, whatever its case, width or script; -1 where there is none. */
function letterAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (isLetter(code)) return (code | 32) - 97;
  if (code < 128) return -1;
  if (code >= 0xff21 && code <= 0xff3a) return code - 0xff21;
  // Arabic and Bengali letters as simple-evals maps them.
  return Math.max("أبجد".indexOf(text.charAt(at)), "অবডঢ".indexOf(text.charAt(at)));
}

function isSmall(code: number): boolean {
  return code >= 97 && code <= 122;
}

/** Whether no other letter or digit touches the one at `at`. */
export function isAlone(text: string, at: number): boolean {
  return !isWordChar(text.charCodeAt(at - 1)) && !isWordChar(text.charCodeAt(at + 1));
}

function isWordChar(code: number): boolean {
  return isLetter(code) || isDigit(code) || (code >= 0xc0 && code <= 0x24f);
}

/** Whether the capital at `at` is a word of its sentence: "A great result", "I think", "B cells". */
export function isWord(text: string, at: number, end: number): boolean {
  if (at + 1 >= end) return false;
  const next = text.charCodeAt(at + 1);
  if (next === 39 || next === 0x2019 || next === 45) return isLetter(text.charCodeAt(at + 2));
  if (!isSpace(next) || matchEnd(PLAIN_WORD, text, at + 1) < 0) return false;
  return matchEnd(text.charCodeAt(at) === 73 ? I_GOES_ON : GOES_ON, text, at + 1) < 0;
}

/** Whether the small letter at `at` is all that its line says, or is marked off as a letter is. */
function isBare(text: string, at: number, end: number): boolean {
  if (at + 1 >= end || ")}]".includes(text.charAt(at + 1))) return true;
  const stop = lineEnd(text, at, end);
  let after = at + 1;
  while (after < stop && /[\s.*_"'`$\\)]/.test(text.charAt(after))) after++;
  return after >= stop || text[after] === "<";
}

/** Another letter that a list joins to the one before `at`: "A or B", "A, B", "A/B"; else -1. */
function listedAfter(text: string, at: number, end: number, options: Options): number {
  const closed = Math.max(at, matchEnd(CLOSING, text, at));
  const conjoined = matchEnd(CONJUNCTION, text, closed);
  const joined = conjoined >= 0 ? conjoined : matchEnd(COMMA, text, closed);
  if (joined < 0 || joined >= end) return -1;
  const next = skipOpening(text, joined, end);
  const letter = next < end ? letterAt(text, next) : -1;
  if (letter < 0 || !isAlone(text, next) || isSmall(text.charCodeAt(next))) return -1;
  if ((options.lettered >> letter) & 1 && optionTextAt(text, next, end, options) !== NOTHING)
    return -1;
  return isWord(text, next, end) ? -1 : letter;
}
