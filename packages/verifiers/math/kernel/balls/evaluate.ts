import type { Apply, Call, Node } from "../../tree.ts";
import type { Budget } from "../budget.ts";
import { BINDERS } from "./binders.ts";
import type { Complex } from "./complex.ts";
import * as complex from "./complex.ts";
import { TRIGONOMETRIC } from "./complex-functions.ts";
import type { Doubt } from "./decide.ts";
import { OPERATIONS } from "./operations.ts";
import { functionSteps } from "./power.ts";
import * as exact from "./rationals.ts";
import * as real from "./real.ts";
import * as functions from "./real-functions.ts";
import { div, mul, toComplex, type Value, type Work } from "./value.ts";

/** Where a tree is evaluated: the values of what is free in it. */
export interface Point extends Doubt {
  /** The value of a free variable. */
  variable(name: string, bits: number): Complex;
  /** The value of a function or operation known by name only: equal arguments, equal values. */
  opaque(name: string, args: readonly Complex[], bits: number): Complex;
  /** At the highest precision: an imprecise value this near a jump (an integer under floor, zero
   * under a divisor, the branch cut) is taken to lie on it. */
  readonly snap: boolean;
  /** Set when the answer is undefined only because the precision is too low. */
  imprecise: boolean;
}

/** Where in a tree its evaluation is. */
export interface Frame extends Work {
  readonly at: Point;
  readonly scope: Scope | undefined;
  /** Within the argument of a trigonometric function, where degrees are angles. */
  readonly angle: boolean;
}

/** A bound variable, within those bound outside. */
interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | undefined;
}

/** What leaves an angle an angle. */
const LINEAR: ReadonlySet<string> = new Set(["add", "neg", "mul", "div"]);
const HALF_TURN = exact.integer(180n);

/**
 * The value of a tree, as a ball of about `bits` bits that contains it. Undefined where it has none
 * (1/0, ln 0, a set), or where that cannot be decided with so few bits: then `at.imprecise` is set.
 * @throws BudgetSpent
 */
export function evaluate(node: Node, at: Point, bits: number, budget: Budget): Complex | undefined {
  const value = run(node, { at, bits, budget, scope: undefined, angle: false });
  return value && toComplex(value, bits);
}

function run(node: Node, frame: Frame): Value | undefined {
  frame.budget.spend();
  switch (node.type) {
    case "num":
      return exact.ratio(node.num, node.den) ?? complex.ofRational(node.num, node.den, frame.bits);
    case "sym":
      return symbol(node.name, frame);
    case "call":
      return call(node, frame);
    case "apply":
      return apply(node, frame);
    case "group": {
      const [item, ...more] = node.items;
      if (item === undefined || more.length > 0 || node.open === true) return undefined;
      return node.kind === "tuple" || node.kind === "bracket" ? run(item, frame) : undefined;
    }
    default:
      return undefined;
  }
}

function boundValue(name: string, frame: Frame): Value | undefined {
  for (let bound = frame.scope; bound !== undefined; bound = bound.outer) {
    if (bound.name === name) return bound.value;
  }
  return undefined;
}

function symbol(name: string, frame: Frame): Value | undefined {
  const { at, bits, budget } = frame;
  const bound = boundValue(name, frame);
  if (bound !== undefined) return bound;
  if (name === "pi") return complex.ofReal(functions.pi(bits));
  if (name === "i") return complex.I;
  if (name === "e") {
    budget.spend(functionSteps(bits));
    return complex.exp(complex.ONE, bits, at);
  }
  if (name === "inf" || name.startsWith("set:")) return undefined;
  const value = at.variable(name, bits);
  // Whole numbers count, and make exact exponents, as written ones do.
  const whole = complex.isReal(value) ? real.integer(value.re) : undefined;
  return whole === undefined ? value : exact.integer(whole);
}

function call(node: Call, frame: Frame): Value | undefined {
  const { name } = node;
  const binder = BINDERS.get(name);
  if (binder !== undefined) return binder(node, plain(frame), run);
  if (name === "degree") return degree(node, frame);
  const operation = OPERATIONS.get(name);
  if (operation === undefined) return undefined;
  const inner = TRIGONOMETRIC.has(name)
    ? { ...frame, angle: true }
    : LINEAR.has(name)
      ? frame
      : plain(frame);
  if (name === "pow" && isE(node.args[0], frame)) {
    return call({ ...node, name: "exp", args: node.args.slice(1) }, inner);
  }
  const args = values(node.args, inner);
  if (args === undefined) return undefined;
  const value = operation(args, frame);
  return value === null ? opaque(name, args, frame) : value;
}

function plain(frame: Frame): Frame {
  return frame.angle ? { ...frame, angle: false } : frame;
}

function values(nodes: readonly Node[], frame: Frame): Value[] | undefined {
  const all: Value[] = [];
  for (const node of nodes) {
    const value = run(node, frame);
    if (value === undefined) return undefined;
    all.push(value);
  }
  return all;
}

function apply(node: Apply, frame: Frame): Value | undefined {
  const args = values(node.args, plain(frame));
  return args && opaque(`apply:${node.name}`, args, frame);
}

function opaque(name: string, args: readonly Value[], { at, bits }: Frame): Complex {
  return at.opaque(
    name,
    args.map((arg) => toComplex(arg, bits)),
    bits,
  );
}

function degree(node: Call, frame: Frame): Value | undefined {
  const [of] = node.args;
  const value = of && run(of, frame);
  if (value === undefined || !frame.angle) return value;
  const turned = div(value, HALF_TURN, frame);
  return turned && mul(turned, complex.ofReal(functions.pi(frame.bits)), frame);
}

/** Whether it is Euler's number, whose powers need no logarithm. */
function isE(node: Node | undefined, frame: Frame): boolean {
  return node?.type === "sym" && node.name === "e" && boundValue("e", frame) === undefined;
}
