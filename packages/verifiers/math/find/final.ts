import { afterThinking, lastForeignMark, type Mark, Marks } from "../../shared/marks.ts";
import { matchEnd } from "../../shared/text.ts";
import { readBoxes } from "./boxed.ts";
import { lastBoxes } from "./boxes.ts";
import { lastLabel, readDirect, readFirm } from "./marked.ts";
import { type Found, understood } from "./read.ts";
import { commaDecimal, readUnmarked } from "./unmarked.ts";

/** Mathematics in dollars, an answer mark, or a sentence. */
const IS_SOLUTION = /\$|\\[([]|\banswer\b|####|[a-z]\. +[A-Z]/;
const FINAL_ANSWER = /final answer\b/iy;

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
