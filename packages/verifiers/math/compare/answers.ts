import type { Answer } from "../answer.ts";
import type { Budget } from "../kernel/budget.ts";
import { sameValue } from "../kernel/equal.ts";
import { childrenOf, freeVariables } from "../kernel/facts.ts";
import { type Node, num } from "../tree.ts";
import { Comparison } from "./compare.ts";
import { withoutApproximation } from "./labels.ts";
import type { Policies } from "./policies.ts";

/**
 * Whether a response's answer `b` is the task's `a`, by form and by value. Swapping them changes
 * nothing, save where `resultOf` says so. @throws BudgetSpent
 */
export function sameAnswer(a: Answer, b: Answer, policies: Policies, budget: Budget): boolean {
  if (a.option !== undefined && b.option !== undefined && isBare(a, b))
    if (a.option === b.option) return true;
  if (a.words !== undefined && a.words === b.words) return true;
  const result = a.node && policies.equations === "value" ? resultOf(b, a.node) : b.node;
  if (a.node === undefined || result === undefined) return false;
  if (policies.units === "match" && unitOf(a) !== unitOf(b)) return false;
  const [left, right] = folded(a.node, result);
  return new Comparison(policies, budget).same(left, right);
}

/** Works every value in an answer out once, so that a task whose own answer is too much is known.
 * @throws BudgetSpent */
export function reckon(node: Node, budget: Budget): void {
  if (node.type === "call" || node.type === "apply") sameValue(node, num(1), 0, budget);
  else for (const child of childrenOf(node)) reckon(child, budget);
}

/**
 * The right side of a response's equation where the task's answer is none: of working that ends
 * (`… = 2x + 3x = 5x`), and of a sum of several letters (`a + d = 2k`), which is what was asked for.
 */
function resultOf({ node, working }: Answer, other: Node): Node | undefined {
  if (node?.type !== "relation" || other.type === "relation") return node;
  const relation = withoutApproximation(node);
  if (relation.type !== "relation" || !relation.signs.every((sign) => sign === "=")) return node;
  const [first] = relation.items;
  const isAsked = first !== undefined && freeVariables(first).size > 1;
  return working || isAsked ? relation.items.at(-1) : node;
}

/** Whether one of the two is the letter of an option and nothing else. */
function isBare(a: Answer, b: Answer): boolean {
  return a.words?.length === 1 || b.words?.length === 1;
}

function unitOf({ unit }: Answer): string {
  return unit.replace(/[^a-z0-9/^-]/g, "");
}

/** Both in lower case, unless one of them uses a letter in both cases. */
function folded(a: Node, b: Node): readonly [Node, Node] {
  const names = new Set<string>();
  collectNames(a, names);
  collectNames(b, names);
  const upper = [...names].filter((name) => /[A-Z]/.test(name));
  if (upper.length === 0) return [a, b];
  for (const side of [a, b]) {
    const own = new Set<string>();
    collectNames(side, own);
    if ([...own].some((name) => /[A-Z]/.test(name) && own.has(name.toLowerCase()))) return [a, b];
  }
  return [lowered(a), lowered(b)];
}

function collectNames(node: Node, names: Set<string>): void {
  if (node.type === "sym" || node.type === "apply") names.add(node.name);
  for (const child of childrenOf(node)) collectNames(child, names);
}

/** `E` and `I` stay: in lower case they would be constants. */
function lowered(node: Node): Node {
  switch (node.type) {
    case "sym":
      return node.name.includes(":") || /^[EI]$/.test(node.name)
        ? node
        : { ...node, name: node.name.toLowerCase() };
    case "apply":
      return { ...node, name: node.name.toLowerCase(), args: node.args.map(lowered) };
    case "call":
      return { ...node, args: node.args.map(lowered) };
    case "group":
      return { ...node, items: node.items.map(lowered) };
    case "relation":
      return { ...node, items: node.items.map(lowered) };
    case "interval":
      return { ...node, low: lowered(node.low), high: lowered(node.high) };
    case "matrix":
      return { ...node, rows: node.rows.map((row) => row.map(lowered)) };
    default:
      return node;
  }
}
