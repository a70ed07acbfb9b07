import { type Box, lastBox } from "../shared/boxed.ts";
import { afterThinking, lastForeignMark, type Mark, Marks } from "../shared/marks.ts";
import { isBlank, isSpace, lineEnd, matchEnd } from "../shared/text.ts";
import { isSignAfter, lastNumber } from "./last-number.ts";
import { negate, readBoxed, readPlain } from "./plain.ts";
import { type Found, readStatement, skipLead } from "./statement.ts";

/** The longest response that may be a bare answer and nothing else. */
const MAX_BARE_CHARS = 400;

const PERCENT_AFTER = /[\s$]{0,3}(?:\\?%|percent\b|pct\b)/iy;
/** One span of math and nothing else. */
const FORMULA = /^(?:\$\$?[^$]+\$\$?|\\\([^$]+\\\)|\\\[[^$]+\\\])\.?$/;

/**
 * The response's final answer, decided by its form alone: the last box; or else the last answer
 * mark; or else the last number. Undefined where there is none of the three.
 */
export function readFinal(text: string): Found | undefined {
  const from = afterThinking(text);
  const box = lastBox(text, from);
  if (box) return readBox(text, from, box);
  let firm = lastLabel(text, from);
  const marks = new Marks(text, from);
  for (let mark = marks.previous(); mark && mark.at > (firm?.at ?? -1); mark = marks.previous()) {
    if (mark.firm) {
      firm = mark;
      break;
    }
    const direct = readStatement(text, skipLead(text, mark.start, mark.end), mark.end);
    if (direct) return direct.found;
  }
  firm ??= lastForeignMark(text, from);
  return firm ? readFirm(text, firm) : readUnmarked(text, from);
}

/** The number in a box, with a sign before it or a percent sign after it. */
function readBox(text: string, from: number, box: Box): Found {
  const content = text.slice(box.start, box.end).trim();
  if (!box.closed) return { text: content, token: { failed: "unparsable", end: 0 } };
  const token = readBoxed(content);
  if (token.failed) return { text: content, token };
  const percent = matchEnd(PERCENT_AFTER, text, box.end + 1) >= 0;
  const negative = isNegated(text, from, box.at);
  let { value } = token;
  if (percent) value = { ...value, percent: true };
  if (negative) value = negate(value);
  return {
    text: `${negative ? "-" : ""}${content}${percent ? "%" : ""}`,
    token: { value, end: token.end },
  };
}

/** Whether a sign stands before the box at `at`: `-\boxed{5}`, but not `7 - \boxed{5}`. */
function isNegated(text: string, from: number, at: number): boolean {
  let dash = at - 1;
  while (dash >= from && (text[dash] === " " || text[dash] === "\\")) dash--;
  if (dash < from || !(text[dash] === "-" || text[dash] === "−")) return false;
  let before = dash - 1;
  if (text[dash + 1] === " ") while (before >= from && text[before] === " ") before--;
  const left = before >= from ? text.charCodeAt(before) : 32;
  return isSignAfter(left, text.charCodeAt(dash));
}

/** GSM8K's own marks: `#### 18`, and `A: 18` at the start of a line. */
function lastLabel(text: string, from: number): Mark | undefined {
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

/** The answer after a mark that is a statement by itself; a mark without a number has no answer. */
function readFirm(text: string, mark: Mark): Found {
  let start = mark.start;
  while (start < mark.end && isSpace(text.charCodeAt(start))) start++;
  const end = lineEnd(text, start, mark.end);
  const line = text.slice(start, end).trim();
  const strict = readPlain(line, false);
  const whole = strict.failed === "unparsable" ? readPlain(line, true) : strict;
  if (whole.failed !== "unparsable") return { text: line, token: whole };
  const isLast = isBlank(text, end, mark.end);
  const statement = readStatement(text, skipLead(text, start, end), end);
  // A formula that further lines follow is working and no answer yet.
  if (statement && (isLast || !statement.formula)) return statement.found;
  const found = isLast
    ? (lastNumber(text, start, sentenceEnd(text, start, end)) ?? lastNumber(text, start, end))
    : lastNumber(text, start, mark.end);
  return found ?? { text: line, token: { failed: "unparsable", end: 0 } };
}

/** A response without box or mark: read whole where it is one formula or one short line, and else
 * its last number. */
function readUnmarked(text: string, from: number): Found | undefined {
  let start = from;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  if (end - start <= MAX_BARE_CHARS) {
    const bare = text.slice(start, end);
    if (bare === "") return undefined;
    const isBullet = bare.startsWith("- ");
    const token = readBoxed(isBullet ? bare.slice(2) : bare);
    if (token.failed !== "unparsable" || FORMULA.test(bare)) return { text: bare, token };
  }
  return lastNumber(text, from, text.length);
}

/** The end of the sentence that begins at `start`. */
function sentenceEnd(text: string, start: number, end: number): number {
  for (let at = start; at < end - 1; at++) {
    const code = text.charCodeAt(at);
    if ((code === 46 || code === 33 || code === 63) && isSpace(text.charCodeAt(at + 1))) return at;
  }
  return end;
}
