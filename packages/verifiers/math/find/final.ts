import { afterThinking, lastForeignMark, type Mark, Marks } from "../../shared/marks.ts";
import { isBlank, isSpace, lineEnd, matchEnd } from "../../shared/text.ts";
import { type Answer, asPercent, readAnswer } from "../answer.ts";
import { labelled } from "../compare/labels.ts";
import { Unreadable } from "../parse/lex.ts";
import { call, type Node } from "../tree.ts";
import { type Boxes, lastBoxes } from "./boxes.ts";
import { isSignAfter, lastNumber } from "./last-number.ts";
import type { Token } from "./number.ts";
import { readBoxed, readPlain } from "./plain.ts";
import { firstJoined, lastJoined, type MathSpan, mathSpans } from "./spans.ts";
import { type Found as FoundNumber, readStatement, skipLead } from "./statement.ts";

/** The longest response that may be a bare answer and nothing else. */
const MAX_BARE_CHARS = 400;
/** The longest line after an answer mark that may be an answer as a whole. */
const MAX_LINE_CHARS = 1_000;

/** How far before a box what hides it is looked for. */
const MAX_HIDDEN = 200;
/** Mathematics in dollars, an answer mark, or a sentence. */
const IS_SOLUTION = /\$|\\[([]|\banswer\b|####|[a-z]\. +[A-Z]/;
const IS_VERDICT = /^(?:yes|no|true|false)$/;
/** How far from the end the last sentence's answer in words may begin. */
const MAX_TAIL = 100;
const LAST_WORDS =
  /(?:\b(?:is|are|was|be)|:)\s+(?:(?:an?|the|option|choice|answer|called|on|in)\s+)*([^.;:\n]{1,60})[.!]?\s*$/;

const PERCENT_AFTER = /[\s$]{0,3}(?:\\[)\]]\s?)?(?:\\?%|percent\b|pct\b)/iy;
const FINAL_ANSWER = /final answer\b/iy;
/** `5:00` is five o'clock, and no ratio. */
const FULL_HOUR = /\d:00(?!\d)/;
/** `x`, `x_1`, `ABC`: what is spoken of, and no answer while there is another. */
const NAME_ONLY = /^\s*(?:[A-Za-z](?:_\{?\w+\}?)?'*|[A-Z]{2,6})\s*$/;

/** The final answer: its text, and what it was read as or why it was not. */
export type Found =
  | { readonly text: string; readonly answer: Answer; readonly failed?: never }
  | { readonly text: string; readonly failed: "unparsable" | "over_limit" };

/**
 * The response's final answer, decided by its form alone: the last of its boxes and of its "final
 * answer is"; else the last answer mark; else the last mathematics or number. Undefined where there
 * is none of these. `spoken`: the task's answer is words, so words are an answer.
 */
export function readFinal(text: string, spoken: boolean): Found | undefined {
  const from = afterThinking(text);
  const boxes = lastBoxes(text, from);
  let firm = boxes === undefined ? lastLabel(text, from) : undefined;
  const marks = new Marks(text, from);
  const floor = boxes?.last.at ?? firm?.at ?? -1;
  for (let mark = marks.previous(); mark && mark.at > floor; mark = marks.previous()) {
    // After a box only the same words count that a box stands for.
    if (boxes !== undefined && !isFinalAnswer(text, mark)) continue;
    if (mark.firm && boxes === undefined) {
      firm = mark;
      break;
    }
    const direct = mark.firm ? readFirm(text, mark, spoken) : readDirect(text, mark, spoken);
    if (direct !== undefined && !(direct.failed && boxes)) return direct;
  }
  if (boxes !== undefined) return readBoxes(text, from, boxes);
  firm ??= lastForeignMark(text, from);
  return firm ? readFirm(text, firm, spoken) : readUnmarked(text, from, spoken);
}

/** Reads an answer of a task: itself, or the final answer of a solution. */
export function readTaskAnswer(text: string): readonly Found[] {
  const whole = understood(text);
  if (text.includes("\\boxed")) {
    const boxes = lastBoxes(text, 0);
    // A task's box that is never closed was cut by whoever copied it.
    if (boxes !== undefined)
      return [boxes.last.closed ? readBoxes(text, 0, boxes) : understood(boxes.text)];
  }
  // `1,22` may be one number or two.
  const comma = commaDecimal(text.trim());
  if (comma !== undefined) return [comma, whole];
  // Only a solution has its answer looked for: of a formula that cannot be read no part is taken.
  const isRead = whole.failed === undefined && whole.answer.node !== undefined;
  if (isRead || !IS_SOLUTION.test(text)) return [whole];
  const found = readFinal(text, true);
  return [found === undefined || found.failed ? whole : found];
}

function isFinalAnswer(text: string, mark: Mark): boolean {
  return matchEnd(FINAL_ANSWER, text, mark.at - 6) >= 0;
}

/** What a text says as mathematics; where it is none, the number in it. */
function understood(text: string): Found {
  let failed: "unparsable" | "over_limit";
  if (text.length < MAX_BARE_CHARS && FULL_HOUR.test(text)) {
    const token = readBoxed(text);
    if (!token.failed) return { text, answer: ofNumber(token) };
  }
  try {
    const answer = readAnswer(text);
    if (answer.node !== undefined) return { text, answer };
    const token = readBoxed(text);
    return token.failed ? { text, answer } : { text, answer: { ...answer, ...ofNumber(token) } };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    failed = error.kind;
  }
  const token = readBoxed(text);
  return token.failed ? { text, failed } : { text, answer: ofNumber(token) };
}

function ofNumber(token: Extract<Token, { failed?: never }>): Answer {
  const { num, den, decimal, percent } = token.value;
  const value: Node = { type: "num", num, den, decimal };
  return { node: percent ? call("percent", value) : value, unit: "" };
}

function found({ text, token }: FoundNumber): Found {
  return token.failed ? { text, failed: token.failed } : { text, answer: ofNumber(token) };
}

/** What the boxes hold, with a sign before them or a percent sign after. */
function readBoxes(text: string, from: number, { first, last, text: content }: Boxes): Found {
  if (!last.closed || isHidden(text.slice(Math.max(from, last.at - MAX_HIDDEN), last.at)))
    return { text: content, failed: "unparsable" };
  const read = understood(content);
  if (read.failed || first !== last) return read;
  const percent = matchEnd(PERCENT_AFTER, text, last.end + 1) >= 0;
  const negative = isNegated(text, from, last.at);
  let { answer } = read;
  if (percent) answer = asPercent(answer);
  if (negative && answer.node) answer = { ...answer, node: call("neg", answer.node) };
  return { text: `${negative ? "-" : ""}${content}${percent ? "%" : ""}`, answer };
}

/** Whether what begins here is written and not seen: in a phantom or a comment. */
function isHidden(before: string): boolean {
  return (
    /phantom\s*\{[^{}]*$/.test(before) || before.lastIndexOf("<!--") > before.lastIndexOf("-->")
  );
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

/** The answer right behind "the answer is": mathematics, a number or, where they may be, words. */
function readDirect(text: string, mark: Mark, spoken: boolean): Found | undefined {
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

/** The most items of a list in lines that make one answer. */
const MAX_BULLETS = 32;
const BULLET = /[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+(\S[^\n]*)\n?/y;

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

/** The answer after a mark that is a statement by itself; a mark without an answer has none. */
function readFirm(text: string, mark: Mark, spoken: boolean): Found {
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
  const number_ = isLast
    ? (lastNumber(text, start, sentenceEnd(text, start, end)) ?? lastNumber(text, start, end))
    : lastNumber(text, start, mark.end);
  return number_ ? found(number_) : { text: line, failed: "unparsable" };
}

/** Where the line that holds `at` begins, its bullet included, which may be a star. */
function bulletStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** A line that is one answer as a whole; undefined where it is prose or no answer at all. */
function wholeLine(line: string, spoken: boolean): Found | undefined {
  if (line.length > MAX_LINE_CHARS || line.trim() === "") return undefined;
  const read = understood(line);
  if (read.failed) return undefined;
  return read.answer.node !== undefined || spoken ? read : undefined;
}

/** `1000,99` as a whole text: a decimal comma. `1,2` is a list, and `1,234` a thousand. */
function commaDecimal(text: string): Found | undefined {
  const parts = /^([-+−]?\d{1,300}),(\d{2,300})$/.exec(text);
  if (parts === null) return undefined;
  const [, whole = "", places = ""] = parts;
  if (places.length === 3 && !/^[-+−]?0$/.test(whole)) return undefined;
  return understood(`${whole}.${places}`);
}

/** Whether words stand before the first mathematics of a line. */
function isMixed(text: string, start: number, end: number): boolean {
  const [first] = mathSpans(text, start, end);
  return first !== undefined && /[A-Za-z]{2}/.test(text.slice(start, first.outerStart));
}

/** The last mathematics of a text that says nowhere what its answer is. */
function readWorking(text: string, spans: readonly MathSpan[], last: MathSpan): Found {
  const joined = lastJoined(text, spans);
  const isCondition = joined.some(({ start, end }) => {
    const part = understood(text.slice(start, end));
    const node = part.failed ? undefined : part.answer.node;
    return node?.type === "relation" && labelled(node) === undefined;
  });
  const read = readSpans(text, isCondition ? [last] : joined);
  return read.failed ? read : { ...read, answer: { ...read.answer, working: true } };
}

function readSpans(text: string, spans: readonly MathSpan[]): Found {
  const contents = spans.map(({ start, end }) => text.slice(start, end).trim());
  const joined = contents.join(", ");
  const read = understood(joined);
  const after = spans.at(-1)?.end ?? 0;
  const percent = !read.failed && matchEnd(PERCENT_AFTER, text, after) >= 0;
  return percent ? { text: `${joined}%`, answer: asPercent(read.answer) } : read;
}

/** Whether only filler stands between a mark and the mathematics after it. */
function isLead(text: string, from: number, to: number): boolean {
  return (
    to <= from || skipLead(text, from, to) >= to || /^[\s*_:"'`~\\,]*$/.test(text.slice(from, to))
  );
}

function hasNumber(text: string, from: number, to: number): boolean {
  return /\d/.test(text.slice(from, to));
}

/** A response without box or mark: read whole where it is one formula or one short line, and else
 * its last mathematics or number, whichever ends later. */
function readUnmarked(text: string, from: number, spoken: boolean): Found | undefined {
  let start = from;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  if (start === end) return undefined;
  if (end - start <= MAX_BARE_CHARS) {
    const body = text.slice(start, end);
    const comma = commaDecimal(body);
    if (comma !== undefined) return comma;
    const isLine = lineEnd(text, start, end) === end;
    const whole = isLine && !isMixed(text, start, end) ? wholeLine(body, spoken) : undefined;
    if (whole !== undefined)
      return whole.failed || whole.answer.node || whole.answer.words?.match(IS_VERDICT)
        ? whole
        : (lastWords(body) ?? whole);
    const token = readBoxed(body);
    if (token.failed !== "unparsable") return found({ text: body, token });
  }
  const all = mathSpans(text, start, end);
  const telling = all.filter(({ start, end }) => !NAME_ONLY.test(text.slice(start, end)));
  const spans = spoken || telling.length === 0 ? all : telling;
  const last = spans.at(-1);
  if (last !== undefined && !hasNumber(text, last.outerEnd, end))
    return readWorking(text, spans, last);
  const said = spoken ? lastWords(text.slice(Math.max(start, end - MAX_TAIL), end)) : undefined;
  if (said !== undefined) return said;
  const number = lastNumber(text, from, text.length);
  return number && found(number);
}

/** What the last sentence says that something is: `So the winner is Evelyn.` */
function lastWords(tail: string): Found | undefined {
  const words = LAST_WORDS.exec(tail)?.[1];
  return words === undefined ? undefined : wholeLine(words, true);
}

/** The end of the sentence that begins at `start`. */
function sentenceEnd(text: string, start: number, end: number): number {
  for (let at = start; at < end - 1; at++) {
    const code = text.charCodeAt(at);
    if ((code === 46 || code === 33 || code === 63) && isSpace(text.charCodeAt(at + 1))) return at;
  }
  return end;
}
