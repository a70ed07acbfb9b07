import type { Mark } from "../../shared/marks.ts";
import { isBlank, isSpace, lineEnd } from "../../shared/text.ts";
import { lastNumber } from "./last-number.ts";
import { readPlain } from "./plain.ts";
import { type Found, found, readSpans, wholeLine } from "./read.ts";
import { firstJoined, lastJoined, mathSpans } from "./spans.ts";
import { readStatement, skipLead } from "./statement.ts";

/** The most items of a list in lines that make one answer. */
const MAX_BULLETS = 32;
const BULLET = /[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+(\S[^\n]*)\n?/y;

/** GSM8K's own marks: `#### 18`, and `A: 18` at the start of a line. */
export function lastLabel(text: string, from: number): Mark | undefined {
  const hashes = text.lastIndexOf("####");
  const line = text.lastIndexOf("\nA:");
  const label = line >= from ? line + 1 : from === 0 && text.startsWith("A:") ? 0 : -1;
  if (hashes >= from && hashes > label) {
    const start = hashes + 4;
    const end = lineEnd(text, start, text.length);
    // Another line below, and no number here: a heading of the fourth rank.
    if (isBlank(text, end, text.length) || !readPlain(text.slice(start, end), true).failed)
      return { at: hashes, start, end: text.length, firm: true };
  }
  return label < 0 ? undefined : { at: label, start: label + 2, end: text.length, firm: true };
}

/** The answer right behind "the answer is": mathematics, a number or, where they may be, words. */
export function readDirect(text: string, mark: Mark, spoken: boolean): Found | undefined {
  const spans = mathSpans(text, mark.start, lineEnd(text, mark.start, text.length));
  const [first] = spans;
  if (first !== undefined && isLead(text, mark.start, first.outerStart))
    return readSpans(text, firstJoined(text, spans));
  const start = skipLead(text, mark.start, mark.end);
  const number = readStatement(text, start, mark.end);
  const end = sentenceEnd(text, mark.start, lineEnd(text, mark.start, text.length));
  const whole = wholeLine(text.slice(mark.start, end), spoken);
  if (number !== undefined && whole === undefined) return found(number.found);
  if (whole !== undefined) return whole;
  return undefined;
}

/** The answer after a mark that is a statement by itself; a mark without an answer has none. */
export function readFirm(text: string, mark: Mark, spoken: boolean): Found {
  let start = mark.start;
  while (start < mark.end && (isSpace(text.charCodeAt(start)) || text[start] === "*")) start++;
  const bullets = readBullets(text, bulletStart(text, start), spoken);
  if (bullets !== undefined) return bullets;
  const end = lineEnd(text, start, mark.end);
  const line = text.slice(start, end).trim();
  const spans = mathSpans(text, start, end);
  const [first] = spans;
  if (first?.outerStart === start && !hasNumber(text, spans.at(-1)?.outerEnd ?? end, end))
    return readSpans(text, firstJoined(text, spans));
  const strict = readPlain(line, false);
  const number = strict.failed === "unparsable" ? readPlain(line, true) : strict;
  if (number.failed !== "unparsable") return found({ text: line, token: number });
  if (first !== undefined) {
    const joined = isLead(text, start, first.outerStart)
      ? firstJoined(text, spans)
      : lastJoined(text, spans);
    const last = joined.at(-1);
    const isLast = last !== undefined && !hasNumber(text, last.outerEnd, end);
    if (isLast) return readSpans(text, joined);
  }
  const whole = wholeLine(line, spoken);
  if (whole !== undefined) return whole;
  const isLast = isBlank(text, end, mark.end);
  const statement = readStatement(text, skipLead(text, start, end), end);
  // A formula that further lines follow is working and no answer yet.
  if (statement && (isLast || !statement.formula)) return found(statement.found);
  const last = isLast
    ? (lastNumber(text, start, sentenceEnd(text, start, end)) ?? lastNumber(text, start, end))
    : lastNumber(text, start, mark.end);
  return last ? found(last) : { text: line, failed: "unparsable" };
}

/** A list of one item a line, as one answer; undefined where there are not two. */
function readBullets(text: string, start: number, spoken: boolean): Found | undefined {
  const items: string[] = [];
  BULLET.lastIndex = start;
  for (let item = BULLET.exec(text); item && items.length < MAX_BULLETS; item = BULLET.exec(text))
    items.push((item[1] ?? "").trim());
  if (items.length < 2) return undefined;
  const whole = wholeLine(items.join(", "), spoken);
  return whole?.failed === undefined ? whole : undefined;
}

/** Where the line that holds `at` begins, its bullet included, which may be a star. */
function bulletStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Whether only filler stands between a mark and the mathematics after it. */
function isLead(text: string, from: number, to: number): boolean {
  return (
    to <= from || skipLead(text, from, to) >= to || /^[\s*_:"'`~\\,]*$/.test(text.slice(from, to))
  );
}

/** Whether a digit stands between two places. */
export function hasNumber(text: string, from: number, to: number): boolean {
  return /\d/.test(text.slice(from, to));
}

/** The end of the sentence that begins at `start`. */
function sentenceEnd(text: string, start: number, end: number): number {
  for (let at = start; at < end - 1; at++) {
    const code = text.charCodeAt(at);
    if ((code === 46 || code === 33 || code === 63) && isSpace(text.charCodeAt(at + 1))) return at;
  }
  return end;
}
