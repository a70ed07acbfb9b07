import type { Answer } from "../answer.ts";
import type { Budget } from "../kernel/budget.ts";
import { sameValue } from "../kernel/equal.ts";
import { freeVariables, some } from "../kernel/facts.ts";
import { type Call, childrenOf, mapped, type Node, num, sym } from "../tree.ts";
import { Comparison } from "./compare.ts";
import { withoutApproximation } from "./labels.ts";
import type { Policies } from "./policies.ts";

/**
 * Whether a response's answer `b` is the task's `a`, by form and by value. Swapping them changes
 * nothing, save where `resultOf` says so. @throws BudgetSpent
 */
export function sameAnswer(a: Answer, b: Answer, policies: Policies, budget: Budget): boolean {
  if (a.option !== undefined && b.option !== undefined) {
    if (a.option !== b.option) return false;
    if (isBare(a, b)) return true;
  }
  if (a.words !== undefined && a.words === b.words) return true;
  const result = a.node && policies.equations === "value" ? resultOf(b, a.node) : b.node;
  if (a.node === undefined || result === undefined) return false;
  if (policies.units === "match" && unitOf(a) !== unitOf(b)) return false;
  const gold = withoutDomains(a.node);
  const own = withoutDomains(result);
  const isFamily = gold !== a.node || own !== result;
  const [left, right] = folded(gold, withConstantOf(gold, own, isFamily ? PARAMETER : CONSTANT));
  const comparison = new Comparison(policies, budget);
  if (comparison.same(left, right)) return true;
  if (!(some(left, isAmbiguous) || some(right, isAmbiguous))) return false;
  // Who writes both means two things by them.
  if ([left, right].some((node) => some(node, isBareLog) && some(node, isNaturalLog))) return false;
  return comparison.same(mapped(left, otherReading), mapped(right, otherReading));
}

/** The names of a constant of integration, and of a whole number that counts solutions. */
const CONSTANT = /^[CcKk]$/;
const PARAMETER = /^[kmnltj]$/i;

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
  const isAsked = first !== undefined && (freeVariables(first).size > 1 || isOperation(first));
  return working || isAsked ? relation.items.at(-1) : node;
}

/** Whether it asks for work to be done: a derivative, a sum, a value of a function. */
function isOperation(node: Node): boolean {
  if (node.type === "apply") return true;
  return node.type === "call" && /^(?:deriv|int|lim|sum|prod|binom|fact|gcd|lcm)$/.test(node.name);
}

/** Whether one of the two is the letter of an option and nothing else. */
function isBare(a: Answer, b: Answer): boolean {
  return a.words?.length === 1 || b.words?.length === 1;
}

function unitOf({ unit }: Answer): string {
  return unit.replace(/[^a-z0-9/^-]/g, "");
}

/** Without what says where a name lives: `x = 2k\pi, k \in \mathbb{Z}`. */
function withoutDomains(node: Node): Node {
  if (node.type !== "group" || node.kind !== "list") return node;
  const items = node.items.filter((item) => !isDomain(item));
  const [only] = items;
  if (items.length === node.items.length || only === undefined) return node;
  return items.length === 1 ? only : { ...node, items };
}

function isDomain(node: Node): boolean {
  if (node.type !== "relation" || node.signs.join() !== "in") return false;
  const [name, set] = node.items;
  return name?.type === "sym" && set?.type === "sym" && /^(?:set:)?[ZNQRC]$/.test(set.name);
}

/** The response with its constant of integration named as the task's: `x^2 + K` beside `x^2 + C`. */
function withConstantOf(gold: Node, node: Node, names: RegExp): Node {
  const [golds, own] = [freeVariables(gold), freeVariables(node)];
  const missing = [...golds].filter((name) => !own.has(name));
  const extra = [...own].filter((name) => !golds.has(name));
  const [wanted = "", ...others] = missing;
  const [named = "", ...more] = extra;
  if (others.length + more.length > 0 || !(names.test(wanted) && names.test(named))) return node;
  return mapped(node, (inner) =>
    inner.type === "sym" && inner.name === named ? { ...inner, name: wanted } : inner,
  );
}

/** A logarithm without a base is to base 10 at school and natural beyond it, and some write the
 * imaginary unit as I. */
function isAmbiguous(node: Node): boolean {
  return isBareLog(node) || (node.type === "sym" && node.name === "I");
}

function otherReading(node: Node): Node {
  if (isBareLog(node)) return { ...node, name: "ln" };
  return isAmbiguous(node) ? sym("i") : node;
}

function isNaturalLog(node: Node): boolean {
  return node.type === "call" && node.name === "ln";
}

function isBareLog(node: Node): node is Call {
  return node.type === "call" && node.name === "log" && node.args.length === 1;
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
  return mapped(node, (inner) => {
    if (inner.type !== "sym" && inner.type !== "apply") return inner;
    const stays = inner.type === "sym" && (inner.name.includes(":") || /^[EI]$/.test(inner.name));
    return stays ? inner : { ...inner, name: inner.name.toLowerCase() };
  });
}
