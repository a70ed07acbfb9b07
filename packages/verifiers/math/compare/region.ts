import type { Budget } from "../kernel/budget.ts";
import { compareReals } from "../kernel/equal.ts";
import { freeVariables } from "../kernel/facts.ts";
import { call, type Interval, type Node, type Relation, sym } from "../tree.ts";

/** The most pieces of a set of reals: each new piece is compared with those before it. */
const MAX_PIECES = 64;

/** A set of real numbers as disjoint pieces in rising order. */
export type Region = readonly Interval[];

const MINUS_INFINITY = call("neg", sym("inf"));
const PLUS_INFINITY = sym("inf");
const WHOLE: Region = [interval(MINUS_INFINITY, PLUS_INFINITY, true, true)];

/** The subset of the reals that an answer describes (`x > 1`, `(0,1) ∪ {3}`, `x ≠ 2`); undefined
 * where it describes none, or one whose ends have no known order. */
export function regionOf(node: Node, budget: Budget): Region | undefined {
  budget.spend();
  switch (node.type) {
    case "interval":
      return normalised([node], budget);
    case "group":
      return groupRegion(node, budget);
    case "relation":
      return relationRegion(node, budget);
    case "sym":
      return node.name === "set:R" ? WHOLE : node.name === "set:empty" ? [] : undefined;
    case "call": {
      if (!/^(?:union|inter|diff)$/.test(node.name)) return undefined;
      const [left, right] = node.args.map((arg) => regionOf(arg, budget));
      if (left === undefined || right === undefined) return undefined;
      if (node.name === "union") return normalised([...left, ...right], budget);
      return intersection(left, node.name === "inter" ? right : complement(right), budget);
    }
    default:
      return undefined;
  }
}

function groupRegion(node: Extract<Node, { type: "group" }>, budget: Budget): Region | undefined {
  const [low, high] = node.items;
  if (node.kind === "set")
    return normalised(
      node.items.map((item) => interval(item, item, false, false)),
      budget,
    );
  if (node.kind === "list") {
    const items = spreadDifference(node.items);
    const parts = items.map((item) => regionOf(item, budget));
    // Intervals in one list are meant together, whatever word joins them.
    if (!items.every((item) => item.type === "relation"))
      return parts.includes(undefined) ? undefined : normalised((parts as Region[]).flat(), budget);
    let total: Region | undefined = node.joiner === "or" ? [] : WHOLE;
    for (const part of parts) {
      if (part === undefined || total === undefined) return undefined;
      total =
        node.joiner === "or"
          ? normalised([...total, ...part], budget)
          : intersection(total, part, budget);
    }
    return total;
  }
  if (node.items.length !== 2 || low === undefined || high === undefined) return undefined;
  const isOpen = node.kind === "tuple";
  return normalised([interval(low, high, isOpen, isOpen)], budget);
}

/** `x \ne 1, 2` as `x \ne 1` and `x \ne 2`. */
function spreadDifference(items: readonly Node[]): readonly Node[] {
  const [first, ...rest] = items;
  if (first?.type !== "relation" || first.signs.join() !== "!=") return items;
  return [first, ...rest.map((item) => besides(first, item))];
}

function besides(first: Relation, item: Node): Node {
  return item.type === "relation" ? item : { ...first, items: [first.items[0] as Node, item] };
}

/** The values of the one variable in a chain of comparisons with constants. */
function relationRegion(node: Relation, budget: Budget): Region | undefined {
  const subjects = node.items.filter((item) => freeVariables(item).size > 0);
  const [subject] = subjects;
  if (subject === undefined || subjects.length !== 1) return undefined;
  const isModulus = subject.type === "call" && subject.name === "abs";
  const inner = isModulus ? subject.args[0] : subject;
  if (inner?.type !== "sym") return undefined;
  const at = node.items.indexOf(subject);
  let region: Region | undefined = WHOLE;
  for (const [i, sign] of node.signs.entries()) {
    const left = node.items[i] as Node;
    const right = node.items[i + 1] as Node;
    if (i === at) region = meet(region, sideOf(sign, right, budget), budget);
    else if (i + 1 === at) region = meet(region, sideOf(flipped(sign), left, budget), budget);
    else return undefined;
  }
  return isModulus && region ? mirrored(region, budget) : region;
}

function meet(a: Region | undefined, b: Region | undefined, budget: Budget): Region | undefined {
  return a && b && intersection(a, b, budget);
}

/** Where `x sign bound` holds. */
function sideOf(sign: string, bound: Node, budget: Budget): Region | undefined {
  switch (sign) {
    case "<":
    case "<=":
      return [interval(MINUS_INFINITY, bound, true, sign === "<")];
    case ">":
    case ">=":
      return [interval(bound, PLUS_INFINITY, sign === ">", true)];
    case "!=":
      return [
        interval(MINUS_INFINITY, bound, true, true),
        interval(bound, PLUS_INFINITY, true, true),
      ];
    case "=":
      return bound.type === "num" ? [interval(bound, bound, false, false)] : undefined;
    case "in":
      return regionOf(bound, budget);
    case "notin": {
      const region = regionOf(bound, budget);
      return region && complement(region);
    }
    default:
      return undefined;
  }
}

function flipped(sign: string): string {
  return { "<": ">", ">": "<", "<=": ">=", ">=": "<=" }[sign] ?? (sign === "in" ? "" : sign);
}

/** What `|x|` in the region makes of x. */
function mirrored(region: Region, budget: Budget): Region | undefined {
  const zero = interval(
    { type: "num", num: 0n, den: 1n, decimal: false },
    PLUS_INFINITY,
    false,
    true,
  );
  const positive = intersection(region, [zero], budget);
  if (positive === undefined) return undefined;
  const negative = positive.map(({ low, high, lowOpen, highOpen }) =>
    interval(negated(high), negated(low), highOpen, lowOpen),
  );
  return normalised([...negative, ...positive], budget);
}

function negated(node: Node): Node {
  if (node.type === "call" && node.name === "neg") return node.args[0] as Node;
  return call("neg", node);
}

function interval(low: Node, high: Node, lowOpen: boolean, highOpen: boolean): Interval {
  return { type: "interval", low, high, lowOpen, highOpen };
}

/** The pieces in order, those that touch joined; undefined where their ends have no known order. */
function normalised(pieces: readonly Interval[], budget: Budget): Region | undefined {
  if (pieces.length > MAX_PIECES) return undefined;
  const sorted: Interval[] = [];
  for (const piece of pieces) {
    const order = compareEnds(piece.low, piece.high, budget);
    if (order === undefined) return undefined;
    if (order > 0) return undefined;
    if (order === 0 && (piece.lowOpen || piece.highOpen)) continue;
    let at = 0;
    for (; at < sorted.length; at++) {
      const order = compareEnds(piece.low, (sorted[at] as Interval).low, budget);
      if (order === undefined) return undefined;
      if (order < 0 || (order === 0 && !piece.lowOpen)) break;
    }
    sorted.splice(at, 0, piece);
  }
  const joined: Interval[] = [];
  for (const piece of sorted) {
    const last = joined.at(-1);
    const order = last && compareEnds(piece.low, last.high, budget);
    const touches =
      last !== undefined &&
      order !== undefined &&
      (order < 0 || (order === 0 && !(piece.lowOpen && last.highOpen)));
    if (!touches) {
      joined.push(piece);
      continue;
    }
    const higher = compareEnds(piece.high, last.high, budget);
    if (higher === undefined) return undefined;
    const high = higher > 0 ? piece.high : last.high;
    const highOpen =
      higher === 0 ? last.highOpen && piece.highOpen : higher > 0 ? piece.highOpen : last.highOpen;
    joined[joined.length - 1] = interval(last.low, high, last.lowOpen, highOpen);
  }
  return joined;
}

function intersection(a: Region, b: Region, budget: Budget): Region | undefined {
  const pieces: Interval[] = [];
  if (a.length * b.length > MAX_PIECES) return undefined;
  for (const left of a)
    for (const right of b) {
      const low = compareEnds(left.low, right.low, budget);
      const high = compareEnds(left.high, right.high, budget);
      if (low === undefined || high === undefined) return undefined;
      const piece = interval(
        low >= 0 ? left.low : right.low,
        high <= 0 ? left.high : right.high,
        low === 0 ? left.lowOpen || right.lowOpen : low > 0 ? left.lowOpen : right.lowOpen,
        high === 0 ? left.highOpen || right.highOpen : high < 0 ? left.highOpen : right.highOpen,
      );
      const order = compareEnds(piece.low, piece.high, budget);
      if (order === undefined) return undefined;
      if (order <= 0) pieces.push(piece);
    }
  return normalised(pieces, budget);
}

function complement(region: Region): Region {
  const pieces: Interval[] = [];
  let low: Node = MINUS_INFINITY;
  let lowOpen = true;
  for (const piece of region) {
    if (infinityOf(piece.low) !== -1)
      pieces.push(interval(low, piece.low, lowOpen, !piece.lowOpen));
    low = piece.high;
    lowOpen = !piece.highOpen;
  }
  if (infinityOf(low) !== 1) pieces.push(interval(low, PLUS_INFINITY, lowOpen, true));
  return pieces;
}

function compareEnds(a: Node, b: Node, budget: Budget): number | undefined {
  const [left, right] = [infinityOf(a), infinityOf(b)];
  if (left !== 0 || right !== 0) return Math.sign(left - right);
  return compareReals(a, b, budget);
}

/** 1 or -1 for infinity, 0 for anything else. */
function infinityOf(node: Node): -1 | 0 | 1 {
  if (node.type === "sym") return node.name === "inf" ? 1 : 0;
  if (node.type !== "call" || node.name !== "neg") return 0;
  return node.args[0]?.type === "sym" && node.args[0].name === "inf" ? -1 : 0;
}
