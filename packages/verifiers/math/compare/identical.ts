import { childrenOf, type Node } from "../tree.ts";

/** Whether two trees are the same, node by node. */
export function identical(a: Node, b: Node): boolean {
  if (a === b) return true;
  if (a.type !== b.type) return false;
  switch (a.type) {
    case "num":
      return b.type === "num" && a.num === b.num && a.den === b.den;
    case "sym":
      return b.type === "sym" && a.name === b.name;
    case "words":
      return b.type === "words" && a.text === b.text;
    case "call":
    case "apply":
      if ((b.type !== "call" && b.type !== "apply") || a.name !== b.name) return false;
      break;
    case "group":
      if (b.type !== "group" || a.kind !== b.kind || a.open !== b.open) return false;
      if ((a.joiner === "or") !== (b.joiner === "or")) return false;
      break;
    case "relation":
      if (b.type !== "relation" || a.signs.join() !== b.signs.join()) return false;
      break;
    case "interval":
      if (b.type !== "interval" || a.lowOpen !== b.lowOpen || a.highOpen !== b.highOpen)
        return false;
      break;
    default:
      if (b.type !== "matrix" || a.rows.length !== b.rows.length) return false;
  }
  const [children, others] = [childrenOf(a), childrenOf(b)];
  return (
    children.length === others.length &&
    children.every((child, i) => identical(child, others[i] as Node))
  );
}
