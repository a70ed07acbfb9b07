import type { Interval, Node } from "../tree.ts";

// For tests: an evaluation that shares nothing with the kernel, in complex doubles. What it cannot
// be sure of is NaN.

export interface Double {
  readonly re: number;
  readonly im: number;
}

export type Values = ReadonlyMap<string, number>;

const NAN: Double = { re: Number.NaN, im: Number.NaN };
const I: Double = { re: 0, im: 1 };
/** Beside the values that it came from a smaller number may be rounding's alone. */
const LOST = 1e-9;
/** Nothing larger is trusted. */
const MOST = 1e9;
/** Two values further apart than this, absolutely and by proportion, differ. */
const APART_BY = 1e-4;
const APART_PROPORTION = 1e-5;
const MOST_FACTORIAL = 20;
const MOST_POWER = 64;

const real = (re: number): Double => ({ re, im: 0 });
const size = (z: Double): number => Math.hypot(z.re, z.im);
const isReal = (z: Double): boolean => z.im === 0;

function plus(a: Double, b: Double): Double {
  const sum = { re: a.re + b.re, im: a.im + b.im };
  const scale = Math.max(size(a), size(b));
  // What cancels leaves zero: a zero that was not meant must not be divided by.
  return {
    re: Math.abs(sum.re) < LOST * scale ? 0 : sum.re,
    im: Math.abs(sum.im) < LOST * scale ? 0 : sum.im,
  };
}

const times = (a: Double, b: Double): Double => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});

function over(a: Double, b: Double): Double {
  const norm = b.re * b.re + b.im * b.im;
  if (norm < LOST) return NAN;
  return {
    re: (a.re * b.re + a.im * b.im) / norm,
    im: (a.im * b.re - a.re * b.im) / norm,
  };
}

function power(base: Double, exponent: Double): Double {
  if (!isReal(exponent)) return NAN;
  const n = exponent.re;
  if (Number.isInteger(n) && Math.abs(n) <= MOST_POWER) {
    let result = real(1);
    for (let i = 0; i < Math.abs(n); i++) result = times(result, base);
    return n < 0 ? over(real(1), result) : result;
  }
  if (!isReal(base) || base.re <= 0) return NAN;
  return real(base.re ** n);
}

function factorial(n: number): number {
  if (!Number.isInteger(n) || n < 0 || n > MOST_FACTORIAL) return Number.NaN;
  return n === 0 ? 1 : n * factorial(n - 1);
}

/** `\sin \pi` is no tiny number. */
const orZero = (x: number): number => (Math.abs(x) < LOST ? 0 : x);

/** Functions of one real number. */
const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  sqrt: (x) => (x < 0 ? Number.NaN : Math.sqrt(x)),
  abs: Math.abs,
  exp: Math.exp,
  ln: (x) => (x < LOST ? Number.NaN : Math.log(x)),
  sin: (x) => orZero(Math.sin(x)),
  cos: (x) => orZero(Math.cos(x)),
  tan: (x) => (Math.abs(Math.cos(x)) < LOST ? Number.NaN : Math.tan(x)),
  cot: (x) => (Math.abs(Math.sin(x)) < LOST ? Number.NaN : 1 / Math.tan(x)),
  sec: (x) => (Math.abs(Math.cos(x)) < LOST ? Number.NaN : 1 / Math.cos(x)),
  csc: (x) => (Math.abs(Math.sin(x)) < LOST ? Number.NaN : 1 / Math.sin(x)),
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  fact: factorial,
  floor: (x) => (Math.abs(x - Math.round(x)) < LOST && x % 1 !== 0 ? Number.NaN : Math.floor(x)),
  ceil: (x) => (Math.abs(x - Math.round(x)) < LOST && x % 1 !== 0 ? Number.NaN : Math.ceil(x)),
};

function binomial(n: number, k: number): number {
  return factorial(n) / (factorial(k) * factorial(n - k));
}

/** The value of a scalar where its variables have these. */
export function valueAt(node: Node, values: Values): Double {
  const value = compute(node, values);
  return Number.isFinite(value.re) && Number.isFinite(value.im) && size(value) < MOST ? value : NAN;
}

function compute(node: Node, values: Values): Double {
  if (node.type === "num") return real(Number(node.num) / Number(node.den));
  if (node.type === "sym") {
    if (node.name === "pi") return real(Math.PI);
    if (node.name === "e") return real(Math.E);
    if (node.name === "i") return I;
    return real(values.get(node.name) ?? Number.NaN);
  }
  if (node.type !== "call") return NAN;
  const args = node.args.map((arg) => valueAt(arg, values));
  const [a = NAN, b = NAN] = args;
  switch (node.name) {
    case "add":
      return args.reduce(plus);
    case "neg":
      return { re: -a.re, im: -a.im };
    case "mul":
      return args.reduce(times);
    case "div":
      return over(a, b);
    case "pow":
      return power(a, b);
    case "root":
      return power(a, over(real(1), b));
    case "log":
      return isReal(a) && isReal(b) && a.re > 0 && b.re > 0
        ? over(real(Math.log(a.re)), real(Math.log(b.re)))
        : NAN;
    case "binom":
      return isReal(a) && isReal(b) ? real(binomial(a.re, b.re)) : NAN;
    default: {
      const compute = FUNCTIONS[node.name];
      return compute !== undefined && isReal(a) ? real(compute(a.re)) : NAN;
    }
  }
}

/** The places at which two trees are told apart: some near zero, some below, some large. */
export const PLACES: readonly Values[] = [
  [1.37, 2.23, 0.71, 1.93, 2.71, 1.17, 1.59],
  [0.31, 0.83, 0.57, 0.19, 0.67, 0.43, 0.29],
  [-0.73, 1.57, -2.11, 0.89, 1.61, -1.33, -0.97],
  [-1.91, -1.13, -3.17, -2.57, -1.49, -0.61, -2.81],
  [7.31, 11.9, 5.23, 17.3, 9.41, 13.7, 6.67],
].map(
  (row) => new Map(["x", "a", "b", "w", "z", "theta", "y"].map((name, i) => [name, row[i] ?? 0])),
);

/** Whether the value is known somewhere: what is nowhere defined cannot be compared. */
export function isDefined(node: Node): boolean {
  switch (node.type) {
    case "group":
    case "relation":
      return node.items.every(isDefined);
    case "matrix":
      return node.rows.flat().every(isDefined);
    case "interval":
      return [node.low, node.high].every((end) => Number.isFinite(endOf(end)) || isEnd(end));
    case "call":
      if (node.name === "union" || node.name === "pm") return node.args.every(isDefined);
  }
  return PLACES.some((values) => !Number.isNaN(valueAt(node, values).re));
}

/** Whether two trees of one kind are certainly not the same. */
export function differs(a: Node, b: Node): boolean {
  if (a.type === "group" && b.type === "group") {
    if (a.kind === "set") return itemsDiffer(a.items, b.items);
    return (
      a.items.length !== b.items.length ||
      a.items.some((item, i) => differs(item, b.items[i] as Node))
    );
  }
  if (a.type === "matrix" && b.type === "matrix") {
    const [left, right] = [a.rows.flat(), b.rows.flat()];
    return left.some((cell, i) => differs(cell, right[i] as Node));
  }
  if (a.type === "relation" && b.type === "relation") return equationsDiffer(a.items, b.items);
  const [pieces, others] = [piecesOf(a), piecesOf(b)];
  if (pieces !== undefined && others !== undefined) {
    const changed = pieces.filter((piece, i) => intervalsDiffer(piece, others[i] as Interval));
    return changed.length > 0 && areApart(pieces) && areApart(others);
  }
  if (a.type === "call" && b.type === "call" && a.name === "pm" && b.name === "pm")
    return itemsDiffer(bothOf(a), bothOf(b));
  return PLACES.some((values) => apart(valueAt(a, values), valueAt(b, values)));
}

/** Whether neither equation is a multiple of the other. */
function equationsDiffer(a: readonly Node[], b: readonly Node[]): boolean {
  const difference = ([left, right]: readonly Node[], values: Values) =>
    valueAt(left as Node, values).re - valueAt(right as Node, values).re;
  const ratios = PLACES.map((values) => difference(a, values) / difference(b, values)).filter(
    Number.isFinite,
  );
  const [first = Number.NaN] = ratios;
  return ratios.some((ratio) => Math.abs(ratio - first) > APART_BY * Math.abs(first));
}

function apart(a: Double, b: Double): boolean {
  if (Number.isNaN(a.re) || Number.isNaN(b.re)) return false;
  // Where only one is real the verifier asks for no agreement.
  if (isReal(a) !== isReal(b)) return false;
  const distance = size({ re: a.re - b.re, im: a.im - b.im });
  return distance > APART_BY && distance > APART_PROPORTION * Math.max(size(a), size(b));
}

function itemsDiffer(a: readonly Node[], b: readonly Node[]): boolean {
  const isOutside = (item: Node, of: readonly Node[]) => of.every((other) => differs(item, other));
  return a.some((item) => isOutside(item, b)) || b.some((item) => isOutside(item, a));
}

function bothOf(node: Node): readonly Node[] {
  const args = node.type === "call" ? node.args : [];
  const [left, right] = args as readonly [Node, Node];
  return [
    { type: "call", name: "add", args: [left, right] },
    { type: "call", name: "add", args: [left, { type: "call", name: "neg", args: [right] }] },
  ];
}

function piecesOf(node: Node): readonly Interval[] | undefined {
  if (node.type === "interval") return [node];
  if (node.type !== "call" || node.name !== "union") return undefined;
  return node.args.flatMap((arg) => piecesOf(arg) ?? []);
}

function isEnd(node: Node): boolean {
  return Math.abs(endOf(node)) === Number.POSITIVE_INFINITY;
}

/** The end of an interval as a number. */
export function endOf(node: Node): number {
  if (node.type === "sym" && node.name === "inf") return Number.POSITIVE_INFINITY;
  if (node.type === "call" && node.name === "neg") return -endOf(node.args[0] as Node);
  const value = valueAt(node, new Map());
  return isReal(value) ? value.re : Number.NaN;
}

function intervalsDiffer(a: Interval, b: Interval): boolean {
  const isMoved = (left: Node, right: Node) => {
    const [x, y] = [endOf(left), endOf(right)];
    return (
      x !== y && (!Number.isFinite(x - y) || Math.abs(x - y) > APART_BY * Math.max(1, Math.abs(x)))
    );
  };
  return (
    a.lowOpen !== b.lowOpen ||
    a.highOpen !== b.highOpen ||
    isMoved(a.low, b.low) ||
    isMoved(a.high, b.high)
  );
}

/** Whether each piece is one and lies wholly below the next. */
export function areApart(pieces: readonly Interval[]): boolean {
  return pieces.every((piece, i) => {
    const next = pieces[i + 1];
    const [low, high] = [endOf(piece.low), endOf(piece.high)];
    return high - low > APART_BY && (next === undefined || endOf(next.low) - high > APART_BY);
  });
}
