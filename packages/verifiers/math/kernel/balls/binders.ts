import type { Call, Node } from "../../tree.ts";
import { BudgetSpent } from "../budget.ts";
import type { Frame } from "./evaluate.ts";
import * as exact from "./rationals.ts";
import { add, mul, toComplex, toInteger, type Value } from "./value.ts";

/** The value of a node within a frame. */
type Run = (node: Node, frame: Frame) => Value | undefined;
type Binder = (node: Call, frame: Frame, run: Run) => Value | undefined;

/** The most terms of a sum that are added one by one. */
const MAX_TERMS = 10_000n;
/** What a body is known by where it is not worked out: its values here. Integers for an index, for
 * which alone a body such as (-1)^k means what it says; both parities. */
const INDEX_SAMPLES: readonly Value[] = [exact.integer(17n), exact.integer(40n)];
/** For a variable, within the domain of roots and logarithms, and no value that anyone writes. */
const VARIABLE_SAMPLES: readonly Value[] = [
  { num: 40_503n, den: 65_536n },
  { num: 146_929n, den: 65_536n },
];
/** Stands for infinity as a limit: like no limit that is finite. */
const INFINITY: exact.Exact = { num: 0x9e37_79b9_7f4a_7c15n, den: 1n << 29n };

/** A sum or product: of its terms, one by one, or, where their number is not known, by name. */
function repeated(
  start: Value,
  join: (x: Value, y: Value, frame: Frame) => Value | undefined,
): Binder {
  return (node, frame, run) => {
    const [index, from, to, body] = node.args;
    if (index?.type !== "sym" || from === undefined || to === undefined || body === undefined)
      return undefined;
    const low = limit(from, frame, run);
    const high = limit(to, frame, run);
    if (low === undefined || high === undefined) return undefined;
    const first = isInfinite(from) ? null : toInteger(low, frame);
    const last = isInfinite(to) ? null : toInteger(high, frame);
    if (first === undefined || last === undefined) return undefined;
    if (first === null || last === null)
      return byName(
        node.name,
        samples(body, index.name, INDEX_SAMPLES, frame, run),
        [low, high],
        frame,
      );
    if (last - first >= MAX_TERMS) throw new BudgetSpent(`a ${node.name} of too many terms`);
    let total: Value | undefined = start;
    for (let k = first; k <= last && total !== undefined; k += 1n) {
      frame.budget.spend();
      const term = run(body, bind(frame, index.name, exact.integer(k)));
      total = term && join(total, term, frame);
    }
    return total;
  };
}

/** Known by its body's values and its limits alone; without limits it is a function of its
 * variable, so by the variable's value and the body's there as well. */
const integral: Binder = (node, frame, run) => {
  const [body, variable, from, to] = node.args;
  if (body === undefined || variable?.type !== "sym") return undefined;
  if (from === undefined || to === undefined)
    return atVariable(node, body, variable, [], frame, run);
  const limits = [limit(from, frame, run), limit(to, frame, run)];
  return byName(
    node.name,
    samples(body, variable.name, VARIABLE_SAMPLES, frame, run),
    limits,
    frame,
  );
};

const derivative: Binder = (node, frame, run) => {
  const [body, variable, order] = node.args;
  if (body === undefined || variable?.type !== "sym") return undefined;
  const times = order === undefined ? exact.ONE : run(order, frame);
  return atVariable(node, body, variable, [times], frame, run);
};

const limitOf: Binder = (node, frame, run) => {
  const [body, variable, to] = node.args;
  if (body === undefined || variable?.type !== "sym" || to === undefined) return undefined;
  const values = samples(body, variable.name, VARIABLE_SAMPLES, frame, run);
  return byName(node.name, values, [limit(to, frame, run)], frame);
};

function atVariable(
  node: Call,
  body: Node,
  variable: Node & { readonly name: string },
  rest: readonly (Value | undefined)[],
  frame: Frame,
  run: Run,
): Value | undefined {
  const values = samples(body, variable.name, VARIABLE_SAMPLES, frame, run);
  const here = [run(variable, frame), run(body, frame)];
  return byName(node.name, values, [...here, ...rest], frame);
}

function byName(
  name: string,
  values: readonly (Value | undefined)[],
  rest: readonly (Value | undefined)[],
  { at, bits }: Frame,
): Value | undefined {
  const args = [];
  for (const value of [...values, ...rest]) {
    if (value === undefined) return undefined;
    args.push(toComplex(value, bits));
  }
  return at.opaque(name, args, bits);
}

function samples(
  body: Node,
  name: string,
  points: readonly Value[],
  frame: Frame,
  run: Run,
): (Value | undefined)[] {
  return points.map((point) => run(body, bind(frame, name, point)));
}

function bind(frame: Frame, name: string, value: Value): Frame {
  return { ...frame, scope: { name, value, outer: frame.scope } };
}

function limit(node: Node, frame: Frame, run: Run): Value | undefined {
  if (!isInfinite(node)) return run(node, frame);
  return node.type === "sym" ? INFINITY : exact.neg(INFINITY);
}

/** Whether the node is `inf` or `-inf`. */
function isInfinite(node: Node): boolean {
  if (node.type === "sym") return node.name === "inf";
  const [of] = node.type === "call" && node.name === "neg" ? node.args : [];
  return of?.type === "sym" && of.name === "inf";
}

export const BINDERS: ReadonlyMap<string, Binder> = new Map<string, Binder>([
  ["sum", repeated(exact.ZERO, add)],
  ["prod", repeated(exact.ONE, mul)],
  ["int", integral],
  ["deriv", derivative],
  ["lim", limitOf],
]);
