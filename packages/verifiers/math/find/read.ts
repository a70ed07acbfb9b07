import { matchEnd } from "../../shared/text.ts";
import { type Answer, asPercent, readAnswer } from "../answer.ts";
import { Unreadable } from "../parse/lex.ts";
import { call, type Node } from "../tree.ts";
import type { Token } from "./number.ts";
import { readBoxed } from "./plain.ts";
import type { MathSpan } from "./spans.ts";
import type { Found as FoundNumber } from "./statement.ts";

/** The longest text that may be a time of day. */
const MAX_TIME_CHARS = 400;
/** The longest line that may be an answer as a whole. */
const MAX_LINE_CHARS = 1_000;

const PERCENT_AFTER = /[\s$]{0,3}(?:\\[)\]]\s?)?(?:\\?%|percent\b|pct\b)/iy;
/** `5:00` is five o'clock, and no ratio. */
const FULL_HOUR = /\d:00(?!\d)/;

/** The final answer: its text, and what it was read as or why it was not. */
export type Found =
  | { readonly text: string; readonly answer: Answer; readonly failed?: never }
  | { readonly text: string; readonly failed: "unparsable" | "over_limit" };

/** What a text says as mathematics; where it is none, the number in it. */
export function understood(text: string): Found {
  let failed: "unparsable" | "over_limit";
  if (text.length < MAX_TIME_CHARS && FULL_HOUR.test(text)) {
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

/** A number that was found in prose. */
export function found({ text, token }: FoundNumber): Found {
  return token.failed ? { text, failed: token.failed } : { text, answer: ofNumber(token) };
}

/** A line that is one answer as a whole; undefined where it is prose or no answer at all. */
export function wholeLine(line: string, spoken: boolean): Found | undefined {
  if (line.length > MAX_LINE_CHARS || line.trim() === "") return undefined;
  const read = understood(line);
  if (read.failed) return undefined;
  return read.answer.node !== undefined || spoken ? read : undefined;
}

/** What spans of mathematics hold, as one answer, with a percent sign behind them. */
export function readSpans(text: string, spans: readonly MathSpan[]): Found {
  const contents = spans.map(({ start, end }) => text.slice(start, end).trim());
  const joined = contents.join(", ");
  const read = understood(joined);
  const after = spans.at(-1)?.end ?? 0;
  const percent = !read.failed && isPercentAt(text, after);
  return percent ? { text: `${joined}%`, answer: asPercent(read.answer) } : read;
}

/** Whether a percent sign stands at `at`, delimiters aside. */
export function isPercentAt(text: string, at: number): boolean {
  return matchEnd(PERCENT_AFTER, text, at) >= 0;
}
