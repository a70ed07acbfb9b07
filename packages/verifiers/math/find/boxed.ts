import { asPercent } from "../answer.ts";
import { call } from "../tree.ts";
import type { Boxes } from "./boxes.ts";
import { isSignAfter } from "./last-number.ts";
import { type Found, isPercentAt, understood } from "./read.ts";

/** How far before a box what hides it is looked for. */
const MAX_HIDDEN = 200;

/** What the boxes hold, with a sign before them or a percent sign after. */
export function readBoxes(
  text: string,
  from: number,
  { first, last, text: content }: Boxes,
): Found {
  if (!last.closed || isHidden(text.slice(Math.max(from, last.at - MAX_HIDDEN), last.at)))
    return { text: content, failed: "unparsable" };
  const read = understood(content);
  if (read.failed || first !== last) return read;
  const percent = isPercentAt(text, last.end + 1);
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
