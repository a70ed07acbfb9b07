import { call, type Interval, type Node, num, type Relation, sym } from "../tree.ts";
import type { Choices } from "./choices.ts";
import { PLACES, valueAt } from "./double.ts";

// For tests: algebra at random that leaves the value what it is, and changes that do not.

/** The most rewritings of one tree: they make each other's results larger. */
const MOST_STEPS = 4;
const ONE = num(1);
const MINUS_ONE = call("neg", ONE);

/** Gives something out of a few, with or without variables. */
type Rule = (node: Node, choices: Choices, letters: boolean) => Node | undefined;

/** The same value, after a few rewritings somewhere in the tree. */
export function rewritten(node: Node, choices: Choices): Node {
  let tree = node.type === "relation" ? balanced(node, choices) : node;
  // An end of an interval is a number.
  const letters = node.type !== "interval" && !(node.type === "call" && node.name === "union");
  for (let steps = choices.below(MOST_STEPS + 1); steps > 0; steps--)
    tree = somewhere(tree, choices, (inner) => {
      const rule = RULES[choices.below(RULES.length)];
      return rule?.(inner, choices, letters);
    });
  return tree;
}

/** The same equation with something done to both sides, or with its sides exchanged. */
function balanced(node: Relation, choices: Choices): Relation {
  const [left, right] = node.items as readonly [Node, Node];
  const added = term(choices, true);
  const factor = nonZero(choices, false);
  const items = choices.pick<readonly [Node, Node]>([
    [left, right],
    [right, left],
    [call("add", left, added), call("add", right, added)],
    [call("mul", factor, left), call("mul", factor, right)],
    [call("add", left, call("neg", right)), num(0)],
    [num(0), call("add", right, call("neg", left))],
  ]);
  return { ...node, items };
}

/** Another value, in all likelihood: one leaf or one operation is another. */
export function changed(node: Node, choices: Choices): Node {
  return somewhere(node, choices, (inner) => {
    const rule = CHANGES[choices.below(CHANGES.length)];
    return rule?.(inner, choices, true);
  });
}

/** Applies a rule to one scalar in a tree, or leaves it where the rule does not fit. */
function somewhere(node: Node, choices: Choices, rule: (node: Node) => Node | undefined): Node {
  const count = countOf(node);
  let at = count === 0 ? -1 : choices.below(count);
  const visit = (inner: Node): Node => {
    if (isScalar(inner) && at-- === 0) return rule(inner) ?? inner;
    switch (inner.type) {
      case "call":
        return { ...inner, args: inner.args.map(visit) };
      case "group":
      case "relation":
        return { ...inner, items: inner.items.map(visit) };
      case "matrix":
        return { ...inner, rows: inner.rows.map((row) => row.map(visit)) };
      case "interval":
        return { ...inner, low: visit(inner.low), high: visit(inner.high) };
      default:
        return inner;
    }
  };
  return visit(node);
}

/** Not infinity, and no set. */
function isScalar(node: Node): boolean {
  if (node.type === "num") return true;
  if (node.type === "sym") return node.name !== "inf";
  return (
    node.type === "call" &&
    node.name !== "union" &&
    node.name !== "pm" &&
    !(node.name === "neg" && !isScalar(node.args[0] as Node))
  );
}

function countOf(node: Node): number {
  const own = isScalar(node) ? 1 : 0;
  switch (node.type) {
    case "call":
      return node.args.reduce((sum, arg) => sum + countOf(arg), own);
    case "group":
    case "relation":
      return node.items.reduce((sum, item) => sum + countOf(item), own);
    case "matrix":
      return node.rows.flat().reduce((sum, cell) => sum + countOf(cell), own);
    case "interval":
      return own + countOf(node.low) + countOf(node.high);
    default:
      return own;
  }
}

/** Something that is never zero: a number, or a sum of a square. */
function nonZero(choices: Choices, letters: boolean): Node {
  if (letters && choices.chance(4)) return call("add", call("pow", sym("x"), num(2)), num(1));
  return choices.pick<Node>([
    num(2),
    num(3),
    num(7),
    num(5, 2n),
    call("sqrt", num(2)),
    sym("pi"),
    call("neg", num(2)),
    call("add", num(1), call("sqrt", num(5))),
  ]);
}

/** A term that may be added and taken away. */
function term(choices: Choices, letters: boolean): Node {
  if (letters && choices.chance(2))
    return choices.pick<Node>([
      sym("x"),
      call("mul", sym("a"), sym("x")),
      call("pow", sym("x"), num(2)),
      call("sin", sym("x")),
    ]);
  return choices.pick<Node>([num(1), num(4), call("sqrt", num(3)), sym("pi"), num(1, 3n)]);
}

function isCall(node: Node, name: string): node is Extract<Node, { type: "call" }> {
  return node.type === "call" && node.name === name;
}

function isNowhereZero(node: Node): boolean {
  return PLACES.every((values) => {
    const { re, im } = valueAt(node, values);
    return re !== 0 || im !== 0;
  });
}

function isWhole(node: Node): node is Extract<Node, { type: "num" }> {
  return node.type === "num" && node.den === 1n;
}

const RULES: readonly Rule[] = [
  // Commuted.
  (node, choices) =>
    isCall(node, "add") || isCall(node, "mul")
      ? { ...node, args: choices.shuffled(node.args).reverse() }
      : undefined,
  // Multiplied out.
  (node) => {
    if (!isCall(node, "mul")) return undefined;
    const at = node.args.findIndex((arg) => isCall(arg, "add"));
    const sum = node.args[at];
    if (sum === undefined || !isCall(sum, "add")) return undefined;
    const rest = node.args.filter((_, i) => i !== at);
    return call("add", ...sum.args.map((part) => call("mul", ...rest, part)));
  },
  // A square of a sum.
  (node) => {
    const [base, by] = node.type === "call" ? node.args : [];
    if (!isCall(node, "pow") || base === undefined || !isCall(base, "add")) return undefined;
    if (by?.type !== "num" || by.num !== 2n || by.den !== 1n || base.args.length !== 2)
      return undefined;
    const [a, b] = base.args as readonly [Node, Node];
    return call("add", call("pow", a, by), call("mul", num(2), a, b), call("pow", b, by));
  },
  // A factor taken out.
  (node, choices, letters) => {
    if (!isCall(node, "add")) return undefined;
    const factor = nonZero(choices, letters);
    return call("mul", factor, call("add", ...node.args.map((arg) => call("div", arg, factor))));
  },
  // Added and taken away.
  (node, choices, letters) => {
    const added = term(choices, letters);
    return choices.chance(2)
      ? call("add", node, added, call("neg", added))
      : call("add", call("neg", added), node, added);
  },
  // Multiplied by c/c.
  (node, choices, letters) => {
    const by = nonZero(choices, letters);
    return call("div", call("mul", node, by), by);
  },
  // Multiplied by sin² + cos².
  (node, choices, letters) => {
    const angle = letters
      ? choices.pick<Node>([sym("x"), sym("theta"), num(3), call("mul", num(2), sym("x"))])
      : num(3);
    const one = call(
      "add",
      call("pow", call("sin", angle), num(2)),
      call("pow", call("cos", angle), num(2)),
    );
    return call("mul", node, one);
  },
  // A quotient as a product.
  (node) =>
    isCall(node, "div")
      ? call("mul", node.args[0] as Node, call("pow", node.args[1] as Node, MINUS_ONE))
      : undefined,
  (node) => (isCall(node, "neg") ? call("mul", MINUS_ONE, node.args[0] as Node) : undefined),
  (node) => call("neg", call("neg", node)),
  (node) => (isCall(node, "sqrt") ? call("pow", node.args[0] as Node, num(1, 2n)) : undefined),
  // A power as a product.
  (node) => {
    if (!isCall(node, "pow")) return undefined;
    const [base, by] = node.args as readonly [Node, Node];
    if (!isWhole(by) || by.num < 2n) return undefined;
    return call("mul", base, by.num === 2n ? base : call("pow", base, num(by.num - 1n)));
  },
  // A number as a sum, a quotient, a difference.
  (node, choices) => {
    if (node.type !== "num" || node.num <= 0n) return undefined;
    const by = BigInt(choices.below(4) + 2);
    return choices.pick<Node>([
      call("add", num(node.num + by * node.den, node.den), call("neg", num(by))),
      call("div", num(node.num * by), num(node.den * by)),
      call("add", num(node.num, 2n * node.den), num(node.num, 2n * node.den)),
    ]);
  },
  // A root with a square under it.
  (node) => {
    const [of] = node.type === "call" ? node.args : [];
    if (!isCall(node, "sqrt") || of === undefined || !isWhole(of)) return undefined;
    return call("div", call("sqrt", num(of.num * 9n)), num(3));
  },
  // Without a root below.
  (node) => {
    const [above, below] = node.type === "call" ? node.args : [];
    if (!isCall(node, "div") || above === undefined || below === undefined) return undefined;
    return isCall(below, "sqrt")
      ? call("div", call("mul", above, below), below.args[0] as Node)
      : undefined;
  },
  // Functions.
  (node) => {
    const [of] = node.type === "call" ? node.args : [];
    if (node.type !== "call" || of === undefined) return undefined;
    switch (node.name) {
      case "tan":
        return call("div", call("sin", of), call("cos", of));
      case "cot":
        return call("div", call("cos", of), call("sin", of));
      case "sec":
        return call("div", ONE, call("cos", of));
      case "csc":
        return call("div", ONE, call("sin", of));
      case "exp":
        return isCall(of, "add")
          ? call("mul", ...of.args.map((part) => call("exp", part)))
          : undefined;
      case "log":
        return call("div", call("ln", of), call("ln", node.args[1] as Node));
      case "sin":
        return call(
          "mul",
          num(2),
          call("sin", call("div", of, num(2))),
          call("cos", call("div", of, num(2))),
        );
      case "cos":
        return call(
          "add",
          ONE,
          call(
            "neg",
            call("mul", num(2), call("pow", call("sin", call("div", of, num(2))), num(2))),
          ),
        );
      case "ln":
        // Of a positive constant alone.
        return valueAt(of, new Map()).re > 0
          ? call("div", call("ln", call("pow", of, num(2))), num(2))
          : undefined;
      case "sinh":
        return call(
          "div",
          call("add", call("exp", of), call("neg", call("exp", call("neg", of)))),
          num(2),
        );
      case "abs":
        return call("abs", call("neg", of));
      default:
        return undefined;
    }
  },
  // A difference under a minus, turned round.
  (node) =>
    isCall(node, "add") && node.args.length === 2
      ? call(
          "neg",
          call("add", call("neg", node.args[1] as Node), call("neg", node.args[0] as Node)),
        )
      : undefined,
  // Numerator and denominator turned round.
  (node) =>
    isCall(node, "div") && isNowhereZero(node.args[0] as Node)
      ? call("div", ONE, call("div", node.args[1] as Node, node.args[0] as Node))
      : undefined,
];

const SWAPPED: Readonly<Record<string, string>> = {
  sin: "cos",
  cos: "sin",
  tan: "cot",
  cot: "tan",
  sec: "csc",
  ln: "sqrt",
  sqrt: "ln",
  sinh: "cosh",
  cosh: "sinh",
  atan: "sin",
  floor: "ceil",
  ceil: "floor",
  add: "mul",
  mul: "add",
};

const CHANGES: readonly Rule[] = [
  (node) => (node.type === "num" ? num(node.num + node.den, node.den) : call("add", node, ONE)),
  (node) => (node.type === "num" ? num(node.num * 2n, node.den) : undefined),
  (node) => (node.type === "num" ? num(node.num * 1000n + 1n, node.den * 1000n) : undefined),
  (node) => call("neg", node),
  (node, choices) =>
    node.type === "sym"
      ? sym(choices.pick(["x", "a", "b", "w", "z", "theta", "pi", "e"]))
      : undefined,
  (node) => {
    const name = node.type === "call" ? SWAPPED[node.name] : undefined;
    return node.type === "call" && name !== undefined ? { ...node, name } : undefined;
  },
  (node) => {
    if (node.type !== "call" || node.args.length < 2) return undefined;
    return node.name === "div" || node.name === "pow" || node.name === "log"
      ? { ...node, args: [...node.args].reverse() }
      : { ...node, args: node.args.slice(1), name: node.args.length === 2 ? "neg" : node.name };
  },
  (node) => (node.type === "call" ? node.args[0] : undefined),
];

/** The same set with one end of it open instead of closed, or the other way round. */
export function reopened(node: Node, choices: Choices): Node {
  if (node.type === "call")
    return { ...node, args: [reopened(node.args[0] as Node, choices), ...node.args.slice(1)] };
  if (node.type !== "interval") return node;
  const low = isInfinite(node.low) ? node : { ...node, lowOpen: !node.lowOpen };
  const high: Interval = isInfinite(node.high) ? node : { ...node, highOpen: !node.highOpen };
  return choices.pick([low, high]);
}

function isInfinite(node: Node): boolean {
  if (node.type === "sym") return node.name === "inf";
  return node.type === "call" && node.name === "neg" && isInfinite(node.args[0] as Node);
}
