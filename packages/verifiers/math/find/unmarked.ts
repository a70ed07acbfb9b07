import { isSpace, lineEnd } from "../../shared/text.ts";
import { labelled } from "../compare/labels.ts";
import type { Node } from "../tree.ts";
import { lastNumber } from "./last-number.ts";
import { hasNumber } from "./marked.ts";
import { readBoxed } from "./plain.ts";
import { type Found, found, readSpans, understood, wholeLine } from "./read.ts";
import { lastJoined, type MathSpan, mathSpans } from "./spans.ts";

/** The longest response that may be a bare answer and nothing else. */
const MAX_BARE_CHARS = 400;
/** How far from the end the last sentence's answer in words may begin. */
const MAX_TAIL = 100;
const LAST_WORDS =
  /(?:\b(?:is|are|was|be)|:)\s+(?:(?:an?|the|option|choice|answer|called|on|in)\s+)*([^.;:\n]{1,60})[.!]?\s*$/;
const IS_VERDICT = /^(?:yes|no|true|false)$/;
/** `x`, `x_1`, `ABC`: what is spoken of, and no answer while there is another. */
const NAME_ONLY =
  /^\s*(?:[A-Za-z](?:_\{?\w+\}?)?'*|[A-Z]{2,6}|\\(?:blacksquare|square|Box|checkmark|qed))\s*$/;

/** A response without box or mark: read whole where it is one formula or one short line, and else
 * its last mathematics or number, whichever ends later. */
export function readUnmarked(text: string, from: number, spoken: boolean): Found | undefined {
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
    if (whole !== undefined && !isDerivation(whole))
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

/** `1000,99` and `0,5` as a whole text: a decimal comma. `1,2` is a list, `1,234` a thousand. */
export function commaDecimal(text: string): Found | undefined {
  const parts = /^([-+−]?\d{1,300}),(\d{1,300})$/.exec(text);
  if (parts === null) return undefined;
  const [, whole = "", places = ""] = parts;
  const isDecimal = /^[-+−]?0$/.test(whole) || !(places.length === 1 || places.length === 3);
  if (!isDecimal) return undefined;
  return understood(`${whole}.${places}`);
}

/** Whether words stand before the first mathematics of a line. */
function isMixed(text: string, start: number, end: number): boolean {
  const [first] = mathSpans(text, start, end);
  return first !== undefined && /[A-Za-z]{2}/.test(text.slice(start, first.outerStart));
}

/** `$5x = 30$ and $x = 6$`: of several formulas one is a condition, and so a step. */
function isDerivation(found: Found): boolean {
  const node = found.failed ? undefined : found.answer.node;
  if (node?.type !== "group" || !found.text.includes("$")) return false;
  return node.items.some(isCondition);
}

function isCondition(node: Node): boolean {
  return node.type === "relation" && node.signs[0] === "=" && labelled(node) === undefined;
}

/** The last mathematics of a text that says nowhere what its answer is. */
function readWorking(text: string, spans: readonly MathSpan[], last: MathSpan): Found {
  const joined = lastJoined(text, spans);
  const hasCondition = joined.some(({ start, end }) => {
    const part = understood(text.slice(start, end));
    return !part.failed && part.answer.node !== undefined && isCondition(part.answer.node);
  });
  const read = readSpans(text, hasCondition ? [last] : joined);
  return read.failed ? read : { ...read, answer: { ...read.answer, working: true } };
}

/** What the last sentence says that something is: `So the winner is Evelyn.` */
function lastWords(tail: string): Found | undefined {
  const words = LAST_WORDS.exec(tail)?.[1];
  return words === undefined ? undefined : wholeLine(words, true);
}
