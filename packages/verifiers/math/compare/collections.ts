import type { Group, Node } from "../tree.ts";
import { flattened, plusMinus } from "./expand.ts";
import { isNamed, readNames } from "./labels.ts";

/** A list, set or tuple as it is compared. */
export interface Collection {
  readonly items: readonly Node[];
  /** `loose`: a list without brackets, whose order counts only beside a tuple. */
  readonly order: "fixed" | "free" | "loose";
  readonly labels?: readonly string[];
  readonly open: boolean;
  readonly kind: Group["kind"];
}

/** A list, set or tuple, or the two values of plus-minus; undefined of anything else. */
export function collectionOf(node: Node): Collection | undefined {
  const isTuple = node.type === "group" && node.kind === "tuple";
  if (node.type !== "group" || (isTuple && plusMinus(node).length > 1)) {
    const isExpression = isTuple || node.type === "call" || node.type === "apply";
    const values = isExpression ? plusMinus(node) : [node];
    if (values.length < 2) return undefined;
    return { items: values, order: "loose", open: false, kind: "list" };
  }
  const named = readNames(node);
  const open = node.open ?? false;
  if (named !== undefined && isNamed(named))
    return { items: named.values, labels: named.labels, order: "fixed", open, kind: "list" };
  const group = named ?? node;
  const order = group.kind === "set" ? "free" : group.kind === "list" ? "loose" : "fixed";
  return { items: flattened(group), order, open, kind: group.kind };
}

/** Numbers that stand twice, once; other items stay for the comparison. */
export function distinct(items: readonly Node[]): readonly Node[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    if (item.type !== "num") return true;
    const key = `${item.num}/${item.den}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
