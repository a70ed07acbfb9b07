import { isDigit, isLetter, isSpace, matchEnd } from "../../shared/text.ts";
import { isUnitText, SHORT_UNITS, UNIT_LETTERS } from "../parse/words.ts";

/** The longest word that is read as a unit (`approximately` has 13 letters); longer runs are words
 * whose spaces are lost. */
const MAX_WORD_CHARS = 15;

const CLOSING = /[\s$*_"'`”’)}\].,;~€£¥₹₩]|\\(?:[ ,;:!)\]$}]|\\(?![A-Za-z]))|\\(?:right|q?quad)\b/y;
/** Raised marks that leave a number what it is: degrees and ordinals. */
const RAISED =
  /(?:\^ ?(?:\\circ(?![A-Za-z])|\{ ?(?:\\circ|°) ?\}|°)|°|\\degree(?![A-Za-z]))(?: ?[CF](?![A-Za-z]))?|\^ ?(?:\{ ?)?(?:\\text ?\{ ?)?(?:st|nd|rd|th)\b/y;
const UNIT_GROUP = /\\(?:text[a-z]*|mathrm|mbox) ?\{/y;
const UNIT_POWER = /\^ ?(?:-?[1-3]|\{ ?-?[1-3] ?\})|[²³]/y;
const FOREIGN_LETTER = /[\p{L}\p{M}\p{Sc}]/u;
const GREEK = /[\u0370-\u03ff]/;
/** Commands that may follow a number in prose and leave it what it is. */
const HARMLESS =
  /\\(?:[^A-Za-z]|(?:text[a-z]*|mathrm|mbox|q?quad|right|degree|circ|times|cdot|div|approx|implies|Rightarrow|rightarrow|to|checkmark|square|blacksquare)(?![A-Za-z]))/y;
/** Words that make a number more than a number. */
const NO_UNITS = new Set(
  "or and plus minus mod pi sqrt squared cubed factorial over choose to".split(" "),
);

/**
 * Whether what touches a number on its right makes it part of something larger: a power, an index,
 * a product with a variable, a time, a version.
 */
export function spoils(text: string, at: number, end: number, prose: boolean): boolean {
  if (at >= end) return false;
  const code = text.charCodeAt(at);
  const next = at + 1 < end ? text.charCodeAt(at + 1) : 32;
  if (isLetter(code)) {
    if (isLetter(next)) return false;
    return !UNIT_LETTERS.test(text.charAt(at)) || isDigit(next);
  }
  switch (code) {
    case 94: // ^
      return matchEnd(RAISED, text, at) < 0;
    case 95: // _
      return isDigit(next) || isLetter(next) || next === 123;
    case 46: // .
    case 47: // /
    case 58: // :
      return isDigit(next);
    case 33: // !
      return !prose || !(isSpace(next) || next === 42 || next === 34);
    case 40: // (
    case 123: // {
      return true;
    case 92:
      return matchEnd(HARMLESS, text, at) < 0;
    default:
      return isSuperscript(code);
  }
}

function isSuperscript(code: number): boolean {
  return code === 0xb2 || code === 0xb3 || code === 0xb9 || (code >= 0x2070 && code <= 0x207f);
}

/** Whether only a unit and closing marks stand from `start` on: no further number, no operator. */
export function isDressing(text: string, start: number, prose: boolean): boolean {
  let at = start;
  while (at < text.length) {
    const next = dressingEnd(text, at, prose);
    if (next < 0) return false;
    at = next;
  }
  return true;
}

/** Past one word, mark or group of text at `at`; -1 where something else stands there. */
function dressingEnd(text: string, at: number, prose: boolean): number {
  const code = text.charCodeAt(at);
  if (isLetter(code)) {
    const last = wordEnd(text, at);
    return isUnit(text.slice(at, last), prose) ? pastPower(text, last) : -1;
  }
  const closed = Math.max(matchEnd(CLOSING, text, at), matchEnd(RAISED, text, at));
  if (closed >= 0) return closed;
  switch (code) {
    case 92: {
      const group = matchEnd(UNIT_GROUP, text, at);
      const close = group < 0 ? -1 : unitGroupEnd(text, group);
      return close < 0 ? -1 : pastPower(text, close);
    }
    case 47: // / or - inside a unit
    case 45:
      return isLetter(text.charCodeAt(at + 1)) ? at + 1 : -1;
    case 40: // (
      return at + 1;
    case 33: // !
      return prose ? at + 1 : -1;
    default:
      return foreignLetterEnd(text, at);
  }
}

function pastPower(text: string, at: number): number {
  const power = matchEnd(UNIT_POWER, text, at);
  return power < 0 ? at : power;
}

/** Past a letter or currency sign of another script (`18元`), Greek aside: that is mathematics. */
function foreignLetterEnd(text: string, at: number): number {
  if (text.charCodeAt(at) < 128) return -1;
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return FOREIGN_LETTER.test(char) && !GREEK.test(char) ? at + char.length : -1;
}

/** The end of `\text{…}` whose content begins at `start`: words without a number; -1 otherwise. */
function unitGroupEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 125) return at + 1;
    if (isDigit(code) || code === 123 || code === 92 || code === 61) return -1;
    if (!isLetter(code)) continue;
    const last = wordEnd(text, at);
    if (!isUnit(text.slice(at, last), true)) return -1;
    at = last - 1;
  }
  return -1;
}

function isUnit(word: string, prose: boolean): boolean {
  if (word.length === 1) return prose && (UNIT_LETTERS.test(word) || word === "a");
  const lower = word.length > MAX_WORD_CHARS ? "" : word.toLowerCase();
  if (!prose && word.length <= 3) return SHORT_UNITS.has(lower);
  return lower !== "" && !NO_UNITS.has(lower) && isUnitText(lower);
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (isLetter(text.charCodeAt(at))) at++;
  return at;
}
