import type { Call, Node } from "../../tree.ts";
import type { Budget } from "../budget.ts";

/** Operations that bind a variable, and where among the arguments it stands. */
const BOUND_AT: ReadonlyMap<string, number> = new Map([
  ["sum", 0],
  ["prod", 0],
  ["int", 1],
  ["deriv", 1],
  ["lim", 1],
]);

/** What has a real value of what has none. */
const OF_COMPLEX: ReadonlySet<string> = new Set(["abs", "re", "im", "conj", "arg"]);

/** The variables that are not negative wherever a node is real, since it has their square root or
 * logarithm. */
export function positiveIn(node: Node, budget: Budget): ReadonlySet<string> {
  const found = new Set<string>();
  const excluded = new Set<string>(["pi", "e", "i", "inf"]);
  visit(node, found, excluded, budget);
  for (const name of excluded) found.delete(name);
  return found;
}

function visit(node: Node, found: Set<string>, bound: Set<string>, budget: Budget): void {
  if (node.type !== "call" && node.type !== "apply") return;
  if (node.type === "call") {
    if (OF_COMPLEX.has(node.name)) return;
    const at = BOUND_AT.get(node.name);
    const variable = at === undefined ? undefined : node.args[at];
    if (variable?.type === "sym") bound.add(variable.name);
    for (const arg of rooted(node)) {
      const name = nameIn(arg);
      if (name !== undefined) found.add(name);
    }
  }
  // Cheaper than any step of arithmetic.
  budget.spend(1 / 8);
  for (const arg of node.args) visit(arg, found, bound, budget);
}

/** The arguments of which a call is real only if they are not negative. */
function rooted({ name, args }: Call): readonly Node[] {
  const [first, second] = args;
  if (first === undefined) return [];
  switch (name) {
    case "sqrt":
    case "ln":
      return [first];
    case "log":
      return args;
    case "root":
      return second?.type === "num" && second.den === 1n && second.num % 2n === 0n ? [first] : [];
    case "pow":
      return second !== undefined && hasEvenRoot(second) ? [first] : [];
    default:
      return [];
  }
}

function hasEvenRoot(node: Node): boolean {
  if (node.type === "num") return node.den % 2n === 0n && node.num % 2n !== 0n;
  if (node.type !== "call") return false;
  const [a, b] = node.args;
  if (node.name === "neg") return a !== undefined && hasEvenRoot(a);
  if (node.name !== "div" || a?.type !== "num" || b?.type !== "num") return false;
  return a.den === 1n && b.den === 1n && a.num % 2n !== 0n && b.num % 2n === 0n;
}

/** The variable whose sign a product of it and positive numbers has. */
function nameIn(node: Node): string | undefined {
  if (node.type === "sym") return node.name;
  if (node.type !== "call" || (node.name !== "mul" && node.name !== "div")) return undefined;
  const rest = node.args.filter((arg) => !(arg.type === "num" && arg.num > 0n));
  const [only] = rest;
  return rest.length === 1 && only?.type === "sym" ? only.name : undefined;
}
