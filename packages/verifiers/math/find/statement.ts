import { isLetter, matchEnd } from "../../shared/text.ts";
import { spoils } from "./dressing.ts";
import type { Token } from "./number.ts";
import { readSigned } from "./plain.ts";

/** How many words of unit may stand between a number and the operator of its formula. */
const MAX_UNIT_WORDS = 3;
/** How many terms of a formula after an answer mark are followed to its `=`. */
const MAX_TERMS = 200;
/** How many filler words may stand between a mark and its number. */
const MAX_FILLERS = 4;

/** The final answer: the text as it was read, and the number in it. */
export interface Found {
  readonly text: string;
  readonly token: Token;
}

const FILLER =
  /(?:about|approximately|approx\.?|around|roughly|exactly|simply|just|only|therefore|thus|then|indeed|now|equal to|equals?|a total of|USD|Rs\.?|[A-Za-z] ?=|=)(?![A-Za-z])/iy;
const LEAD =
  /[\s$*_"'`“‘([{:~≈>]|\\[ ,;:!([$]|\\(?:text[a-z]*|mathrm|mathbf|approx|displaystyle)(?![A-Za-z])/y;
const OPERATOR = /[-+*/×÷·−–=]|\\times|\\cdot|\\div|x(?= ?[\d$(])/iy;
const JOINER = /,? ?(?:and|or)\b|,|\bto\b|&/iy;
const AND_A_PART = /,? ?and (?:a|one)[- ](?:half|third|quarter)\b/iy;
const ANNOTATION = /<<[^<>]{0,200}>>/y;

/**
 * The number that begins at `start`, or the right side of the formula that begins there
 * (`80 + 48 + 4 = 132`). A formula without a right side and a list of numbers are no plain number.
 */
export function readStatement(
  text: string,
  start: number,
  end: number,
): { readonly found: Found; readonly formula: boolean } | undefined {
  let token = readSigned(text, start, end, true);
  if (token === undefined) return undefined;
  let from = start;
  let formula = false;
  let resolved = true;
  for (let terms = 0; terms < MAX_TERMS; terms++) {
    const after = skipUnit(text, token.end, end);
    const operator = matchEnd(OPERATOR, text, after);
    if (operator < 0 || operator > end) break;
    const next = skipLead(text, operator, end);
    const term = readSigned(text, next, end, true);
    if (term === undefined) {
      // `18 = x` has no number on its right; in `18 dollars - so …` the dash is none of a formula.
      if (text[after] === "=") resolved = false;
      break;
    }
    formula = true;
    resolved = text[after] === "=";
    from = next;
    token = term;
  }
  const broken =
    !resolved ||
    (!token.failed && (spoils(text, token.end, end, true) || isListed(text, token.end, end)));
  const found: Found = {
    text: text.slice(resolved ? from : start, token.end).trim(),
    token: broken ? { failed: "unparsable", end: token.end } : token,
  };
  return { found, formula };
}

/** Whether another number follows as in a list: `5 or 6`, `3, 4`, `5 and a half`. */
function isListed(text: string, at: number, end: number): boolean {
  const after = skipUnit(text, at, end);
  if (matchEnd(AND_A_PART, text, after) >= 0) return true;
  const joiner = matchEnd(JOINER, text, after);
  if (joiner < 0) return false;
  return readSigned(text, skipLead(text, joiner, end), end, true) !== undefined;
}

/** Whether a number that ends at `at` goes on in words: `5 and a half`. */
export function goesOn(text: string, at: number, end: number): boolean {
  return matchEnd(AND_A_PART, text, skipUnit(text, at, end)) >= 0;
}

/** Past a unit of a few words and closing marks, short of any operator or joiner. */
function skipUnit(text: string, start: number, end: number): number {
  let at = start;
  for (let words = 0; at < end; ) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 36 || code === 41 || code === 125 || code === 37) at++;
    else if (code === 92 && "()$% ,;".includes(text.charAt(at + 1))) at += 2;
    else if (isLetter(code) && words < MAX_UNIT_WORDS) {
      if (matchEnd(OPERATOR, text, at) >= 0 || matchEnd(JOINER, text, at) >= 0) return at;
      while (at < end && (isLetter(text.charCodeAt(at)) || text[at] === "/")) at++;
      words++;
    } else return at;
  }
  return at;
}

/** Past what may stand between a mark or an operator and its number. */
export function skipLead(text: string, start: number, end: number): number {
  let at = start;
  for (let fillers = 0; at < end; ) {
    const next = Math.max(matchEnd(LEAD, text, at), matchEnd(ANNOTATION, text, at));
    if (next >= 0) at = next;
    else {
      const filler = matchEnd(FILLER, text, at);
      if (filler < 0 || ++fillers > MAX_FILLERS) break;
      at = filler;
    }
  }
  return at;
}
