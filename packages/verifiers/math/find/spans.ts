import type { Span } from "../../shared/boxed.ts";
import { isDigit, lineEnd } from "../../shared/text.ts";

/** How much of the end of a response is searched for mathematics in delimiters: the last of a page. */
const WINDOW = 8_000;
/** The longest text that may join two spans into one list, delimiters aside. */
const MAX_JOIN = 24;

/** Mathematics in delimiters: `start` and `end` hold what is between them. */
export interface MathSpan extends Span {
  /** Where the delimiters begin and end. */
  readonly outerStart: number;
  readonly outerEnd: number;
}

const ENVIRONMENT = /\\begin\{((?:align|aligned|equation|gather|gathered|split|eqnarray)\*?)\}/y;
const CURRENCY = /\$ ?\d[\d,]*(?:\.\d+)?(?=[\s;:?)*]|[.,](?!\d)|$)(?!\s*[-+*/=^<>\\$])/y;
const PROSE_AFTER_AMOUNT = /^ ?[\d.,]+ +(?:[A-Za-z]{2,}|[ai]\b)/;
const JOIN = /^\s*(?:,|;|and|or|,\s*and|,\s*or|&)\s*$/;

/** The spans of mathematics in [from, to), at most those of its last page. */
export function mathSpans(text: string, from: number, to: number): MathSpan[] {
  let at = from;
  if (to - at > WINDOW) {
    const line = text.indexOf("\n", to - WINDOW);
    at = line < 0 || line >= to ? to - WINDOW : line;
  }
  const spans: MathSpan[] = [];
  while (at < to) {
    const span = spanAt(text, at, to);
    if (span !== undefined) {
      spans.push(span);
      at = span.outerEnd;
    } else if (text[at] === "\\") at += 2;
    else at++;
  }
  return spans;
}

function spanAt(text: string, at: number, to: number): MathSpan | undefined {
  if (text[at] === "$") return dollarSpan(text, at, to);
  if (text[at] !== "\\") return undefined;
  const open = text[at + 1];
  if (open === "b") return environmentSpan(text, at, to);
  if (open !== "(" && open !== "[") return undefined;
  const close = text.indexOf(open === "(" ? "\\)" : "\\]", at + 2);
  if (close < 0 || close + 2 > to) return undefined;
  if (open === "(" && hasBreak(text, at, close)) return undefined;
  return { start: at + 2, end: close, outerStart: at, outerEnd: close + 2 };
}

/** `\begin{align*} … \end{align*}` without delimiters around it. */
function environmentSpan(text: string, at: number, to: number): MathSpan | undefined {
  ENVIRONMENT.lastIndex = at;
  const [opening = "", name = ""] = ENVIRONMENT.exec(text) ?? [];
  if (opening === "") return undefined;
  const closing = `\\end{${name}}`;
  const close = text.indexOf(closing, at);
  if (close < 0 || close + closing.length > to) return undefined;
  const end = close + closing.length;
  const isPlain = /^(?:equation|gather)/.test(name);
  return {
    start: isPlain ? at + opening.length : at,
    end: isPlain ? close : end,
    outerStart: at,
    outerEnd: end,
  };
}

function dollarSpan(text: string, at: number, to: number): MathSpan | undefined {
  const wide = text[at + 1] === "$" ? 2 : 1;
  if (wide === 1) {
    CURRENCY.lastIndex = at;
    if (CURRENCY.test(text)) return undefined;
  }
  const limit = wide === 2 ? to : lineEnd(text, at, to);
  let close = at + wide;
  for (; close < limit; close++) {
    if (text[close] === "\\") close++;
    else if (text[close] === "$") break;
  }
  if (close >= limit || close === at + wide) return undefined;
  const content = text.slice(at + wide, close);
  if (wide === 1 && (PROSE_AFTER_AMOUNT.test(content) || isDigit(text.charCodeAt(close + 1))))
    return undefined;
  const outerEnd = close + (text.startsWith("$$", close) ? wide : 1);
  return { start: at + wide, end: close, outerStart: at, outerEnd };
}

function hasBreak(text: string, from: number, to: number): boolean {
  return lineEnd(text, from, to) < to;
}

/** The last spans that stand in one list: `$1$, $2$ and $3$`. */
export function lastJoined(text: string, spans: readonly MathSpan[]): readonly MathSpan[] {
  let first = spans.length - 1;
  while (first > 0 && isJoined(text, spans[first - 1], spans[first])) first--;
  return spans.slice(Math.max(first, 0));
}

/** The first spans that do. */
export function firstJoined(text: string, spans: readonly MathSpan[]): readonly MathSpan[] {
  let last = 0;
  while (last + 1 < spans.length && isJoined(text, spans[last], spans[last + 1])) last++;
  return spans.slice(0, last + 1);
}

function isJoined(text: string, a: MathSpan | undefined, b: MathSpan | undefined): boolean {
  if (a === undefined || b === undefined || b.outerStart - a.outerEnd > MAX_JOIN) return false;
  return JOIN.test(text.slice(a.outerEnd, b.outerStart));
}
