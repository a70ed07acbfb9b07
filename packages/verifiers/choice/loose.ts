import { isLetter, isSpace, matchEnd } from "../shared/text.ts";
import { isAlone, isWord } from "./option.ts";
import { AMBIGUOUS, fold, NOTHING, type Options } from "./options.ts";

/** The most capital letters looked at, from the last: each costs a few patterns, and a final answer
 * stands near the end. */
const MAX_CANDIDATES = 1_000;
/** How much longer than twice the longest option a line may be that states its text. */
const MAX_LINE_EXTRA = 128;
/** How much text before a letter is looked at for a cue. */
const CUE_WINDOW = 32;

/** Words before a letter that make it a statement, where the clause ends with the letter. */
const CUE =
  /(?:\b(?:options?|choices?|letter|alternative|pick|choose|chose|select|selected|with|so|therefore|thus|hence|is|be|it['’]s)|[:：=→])[\s:,*_"'$([{\\]*$/i;
const NEGATION =
  /(?:\b(?:not|neither|nor|except|than|exclude|eliminate|reject)|n['’]t(?: be)?|rule out|ruled out)[\s*_"'$([{\\]*(?:(?:option|choice|answer)\s*)?[*_"'$([{\\]*$/i;
const REFUSED =
  /(?:\\?[)\]}*_"'$.:]){0,4}\s*(?:(?:is|was|are|seems|looks|would be|can be|must be)\s+(?:\w{1,12}\s+)?(?:not\b|wrong|incorrect|false|eliminated|ruled|invalid|impossible|out\b)|isn['’]t|can['’]?not|can['’]t|doesn['’]t|does not|do not)/iy;
const AFFIRMED =
  /(?:\\?[)\]}*_"'$]){0,4}\s*(?:is|must be|would be|seems|looks)\s+(?:\w{1,12}\s+)?(?:the\s+)?(?:correct|right|best|answer|true)\b/iy;
const CLAUSE_END = /(?:\\?[)\]}*_"'$]){0,4}\s*(?:$|[.,;:!?\n]|\s(?:because|since|as)\b)/y;
const LISTED_BEFORE =
  /(?:^|[^A-Za-z])([A-Z])[)\]*_}]{0,4} ?(?:,? ?(?:or|and)|[,/&])\s?[([*_{]{0,4}$/;
const CHOOSING =
  /\b(?:pick|choose|chose|select|go with|going with|(?:option|choice|answer|one) (?:is|must be|would be)|it must be)[ *_"'“`(]{1,4}(?:the )?$/;
const MARKS = " \t\r*_#>\"'“”`()-.!";
const PAIRS = "()[]{}**__$$\"\"``''";

/**
 * The option that the text says without an answer mark, from the last letter to the first: one set
 * off as "(B)" or **B**, one after a cue ("option B", "so B."), or one alone in its line. Letters
 * that head lines ("B) text") count only where no line is headed by another: that is the list of
 * options told again.
 */
export function readLoosely(text: string, from: number, options: Options): number {
  let listed = NOTHING;
  let candidates = 0;
  for (let at = text.length - 1; at >= from; at--) {
    const code = text.charCodeAt(at);
    if (code < 65 || code > 90 || code - 65 >= options.count) continue;
    if (!isAlone(text, at)) continue;
    if (++candidates > MAX_CANDIDATES) break;
    const letter = code - 65;
    const before = text.slice(Math.max(from, at - CUE_WINDOW), at);
    if (NEGATION.test(before) || matchEnd(REFUSED, text, at + 1) >= 0) continue;
    const opensLine = isLineOpened(text, from, at);
    const setOff = isSetOff(text, from, at);
    if (opensLine && isLineClosed(text, at + 1)) return letter;
    if (opensLine && (setOff || ".):".includes(text.charAt(at + 1)))) {
      if (matchEnd(AFFIRMED, text, at + 1) >= 0) return letter;
      listed = listed === NOTHING || listed === letter ? letter : AMBIGUOUS;
      continue;
    }
    if (!setOff && isWord(text, at, text.length) && matchEnd(AFFIRMED, text, at + 1) < 0) continue;
    const cued =
      setOff ||
      matchEnd(AFFIRMED, text, at + 1) >= 0 ||
      (matchEnd(CLAUSE_END, text, at + 1) >= 0 && CUE.test(before));
    if (!cued) continue;
    const other = LISTED_BEFORE.exec(before)?.[1];
    return other !== undefined && other !== text.charAt(at) ? AMBIGUOUS : letter;
  }
  if (listed >= 0) return listed;
  const chosen = readText(text, from, options);
  return chosen !== NOTHING ? chosen : listed;
}

/** The option whose text is all that the last line or the first line says, or is what a choosing
 * word in the last line takes. */
function readText(text: string, from: number, options: Options): number {
  if (options.longest === 0) return NOTHING;
  const body = text.slice(from).trim();
  const last = body.slice(body.lastIndexOf("\n") + 1);
  const whole = textOption(last, options, isEmpty);
  if (whole !== NOTHING) return whole;
  const first = textOption(body.slice(0, Math.max(0, body.indexOf("\n"))), options, isEmpty);
  return first !== NOTHING ? first : textOption(last, options, (before) => CHOOSING.test(before));
}

/** The one option whose text ends `line`, where what stands before it is `accepted`. */
function textOption(line: string, options: Options, accepted: (before: string) => boolean): number {
  if (line.length > 2 * options.longest + MAX_LINE_EXTRA) return NOTHING;
  const folded = fold(trimMarks(line));
  let found = NOTHING;
  for (const [index, option] of options.texts.entries()) {
    if (option === "" || !folded.endsWith(option)) continue;
    if (!accepted(folded.slice(0, -option.length))) continue;
    found = found === NOTHING ? index : AMBIGUOUS;
  }
  return found;
}

function isEmpty(before: string): boolean {
  return before === "";
}

function trimMarks(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && MARKS.includes(line.charAt(start))) start++;
  while (end > start && MARKS.includes(line.charAt(end - 1))) end--;
  return line.slice(start, end);
}

/** Whether a pair of marks encloses the letter: "(B)", "**B**", "$B$". */
function isSetOff(text: string, from: number, at: number): boolean {
  if (at <= from) return false;
  const open = PAIRS.indexOf(text.charAt(at - 1));
  return open >= 0 && open % 2 === 0 && PAIRS.charAt(open + 1) === text.charAt(at + 1);
}

/** Whether only marks stand between the line's beginning and `at`. */
function isLineOpened(text: string, from: number, at: number): boolean {
  let before = at - 1;
  while (before >= from && !isSpaceless(text, before)) before--;
  return before < from || text.charCodeAt(before) === 10;
}

function isSpaceless(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || !(isSpace(code) || "*_\"'`([{#>$-".includes(text.charAt(at)));
}

/** Whether only marks stand between `at` and the line's end. */
function isLineClosed(text: string, at: number): boolean {
  let after = at;
  while (after < text.length && text.charCodeAt(after) !== 10) {
    const code = text.charCodeAt(after);
    if (isLetter(code) || !(isSpace(code) || "*_\"'`)]}$.!".includes(text.charAt(after))))
      return false;
    after++;
  }
  return true;
}
