import fc from "fast-check";
import type { Node } from "../tree.ts";
import { Choices } from "./choices.ts";
import { differs, isDefined } from "./double.ts";
import { dressed, embellished, print, responding } from "./print.ts";
import { changed, reopened, rewritten } from "./rewrite.ts";
import { answers } from "./trees.ts";

// For tests: a task's answer and a response of which it is known whether they are the same.

/** Enough for any tree's spelling; what is beyond is spelled plainly. */
const MOST_CHOICES = 160;
/** Past so many characters an answer is one that nobody gives. */
const MOST_CHARS = 400;

/** How the response's answer came from the task's. */
export type Kind = "spelled" | "rewritten" | "changed";

export interface Pair {
  readonly kind: Kind;
  readonly isSame: boolean;
  /** The two answers, with nothing around them. */
  readonly left: string;
  readonly right: string;
  /** The task's answer in a dressing, and the response around the other. */
  readonly gold: string;
  readonly response: string;
}

const choices = fc
  .uint8Array({ maxLength: MOST_CHOICES, size: "max" })
  .map((source) => [...source]);

/** Everything that a pair is made of: plain data, so that fast-check can shrink and print it. */
const seeds = fc.record({ tree: answers, spelling: choices, other: choices, algebra: choices });

/** Pairs of one kind; undefined where none came of it. */
export function pairs(kind: Kind): fc.Arbitrary<Pair> {
  return seeds
    .map(({ tree, spelling, other, algebra }) => pairOf(kind, tree, spelling, other, algebra))
    .filter((pair) => pair !== undefined);
}

function pairOf(
  kind: Kind,
  tree: Node,
  spelling: readonly number[],
  other: readonly number[],
  algebra: readonly number[],
): Pair | undefined {
  const how = new Choices(algebra);
  const first = kind === "spelled" ? tree : rewritten(tree, how);
  let second = tree;
  if (kind === "changed") {
    const isReopened = (tree.type === "interval" || isUnion(tree)) && how.chance(2);
    second = isReopened ? reopened(tree, how) : changed(tree, how);
    if (!isDefined(second) || !differs(tree, second)) return undefined;
  }
  if (kind !== "spelled") second = rewritten(second, how);
  const [one, two] = [new Choices(spelling), new Choices(other)];
  const left = embellished(print(first, one), first, one);
  const right = embellished(print(second, two), second, two);
  if (left.length > MOST_CHARS || right.length > MOST_CHARS) return undefined;
  return {
    kind,
    isSame: kind !== "changed",
    left,
    right,
    gold: dressed(left, one),
    response: responding(right, two),
  };
}

function isUnion(node: Node): boolean {
  return node.type === "call" && node.name === "union";
}
