import { type Box, lastBox } from "../../shared/boxed.ts";

/** The most boxes that make one answer: `\boxed{2}, \boxed{3} and \boxed{5}`. */
const MAX_BOXES = 32;
/** The longest text between two boxes of one answer. */
const MAX_BETWEEN = 48;

const DELIMITERS = /\$|\\[()[\]]|\\q?quad(?![A-Za-z])|\\[,;:! ]|\\text *\{([^{}]*)\}|[.*]/g;
/** Nothing, a comma, "and" or "or", a noun before them, or a name and an equals sign behind. */
const BETWEEN =
  /^\s*(?:[A-Za-z]+\s+)?(?:[,;&]|and|or|,\s*and|,\s*or)?\s*(?:[A-Za-z](?:_\{?\w\}?)?\s*=)?\s*$/;
const OR = /\bor\b/;
const NAME = /([A-Za-z](?:_\{?\w\}?)?)\s*=\s*(?:\\q?quad\s*)?$/;

export interface Boxes {
  /** Where the first of them begins and the last ends. */
  readonly first: Box;
  readonly last: Box;
  /** What they hold, as one answer. */
  readonly text: string;
}

/** The last box, with those before it that belong to the same answer; undefined where there is none. */
export function lastBoxes(text: string, from: number): Boxes | undefined {
  const last = outermost(text, from, lastBox(text, from));
  if (last === undefined) return undefined;
  const boxes = [last];
  let joiner = ", ";
  for (let first = last; boxes.length < MAX_BOXES; ) {
    const before = outermost(text, from, lastBox(text, from, first.at));
    if (before === undefined || !before.closed) break;
    const raw = text.slice(before.end + 1, first.at);
    if (raw.length > MAX_BETWEEN || raw.includes("\n\n")) break;
    const between = raw.replace(DELIMITERS, " $1 ");
    if (!BETWEEN.test(between)) break;
    if (OR.test(between)) joiner = " \\text{ or } ";
    boxes.unshift(before);
    first = before;
  }
  const contents = boxes.map((box) => ({ box, content: text.slice(box.start, box.end).trim() }));
  const distinct = contents.filter(
    ({ content }, i) => content !== contents[i - 1]?.content || !last.closed,
  );
  const first = boxes[0] ?? last;
  if (distinct.length === 1) return { first, last, text: distinct[0]?.content ?? "" };
  const named = distinct.map(({ box, content }) => {
    const name = NAME.exec(text.slice(Math.max(from, box.at - 16), box.at))?.[1];
    return name === undefined || content.includes("=") ? content : `${name} = ${content}`;
  });
  return { first, last, text: named.join(joiner) };
}

/** The box around a box, at the most `MAX_BOXES` of them. */
function outermost(text: string, from: number, inner: Box | undefined): Box | undefined {
  let box = inner;
  for (let i = 0; box !== undefined && i < MAX_BOXES; i++) {
    const outer = lastBox(text, from, box.at);
    if (outer === undefined || outer.end <= box.at) break;
    box = outer;
  }
  return box;
}
