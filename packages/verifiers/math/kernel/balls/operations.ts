import { abs as absolute, bitLength } from "../integers.ts";
import * as complex from "./complex.ts";
import { FUNCTIONS } from "./complex-functions.ts";
import { COUNTING, type Operation } from "./counting.ts";
import { functionSteps, pow, root, sqrt } from "./power.ts";
import * as exact from "./rationals.ts";
import * as real from "./real.ts";
import {
  add,
  div,
  floor,
  isExact,
  mul,
  neg,
  productSteps,
  sign,
  toComplex,
  toReal,
  type Value,
  type Work,
} from "./value.ts";

/** The largest logarithm that is tried as an exact one. */
const MAX_EXACT_LOG = 2 ** 16;

type Unary = (x: Value, work: Work) => Value | undefined;
type Binary = (x: Value, y: Value, work: Work) => Value | undefined;

function unary(f: Unary): Operation {
  return ([x], work) => x && f(x, work);
}

function binary(f: Binary): Operation {
  return ([x, y], work) => x && y && f(x, y, work);
}

/** Of one argument or more, from the left. */
function fold(f: Binary): Operation {
  return ([first, ...rest], work) =>
    rest.reduce<Value | undefined>((x, y) => x && f(x, y, work), first);
}

function abs(x: Value, { at, bits, budget }: Work): Value | undefined {
  if (isExact(x)) return { num: absolute(x.num), den: x.den };
  budget.spend(functionSteps(bits));
  const size = complex.abs(x, bits, at);
  return size && complex.ofReal(size);
}

function ceil(x: Value, work: Work): Value | undefined {
  const below = floor(neg(x), work);
  return below === undefined ? undefined : exact.integer(-below);
}

function arg(x: Value, { at, bits, budget }: Work): Value | undefined {
  budget.spend(functionSteps(bits));
  const angle = complex.arg(toComplex(x, bits), bits, at);
  return angle && complex.ofReal(angle);
}

/** Its greater, or smaller, one. Where that is not decided, the difference need not be: the greater
 * is (x + y + |x - y|) / 2. */
function extreme(direction: 1 | -1): Binary {
  return (x, y, work) => {
    if (isExact(x) && isExact(y)) {
      return (x.num * y.den - y.num * x.den) * BigInt(direction) >= 0n ? x : y;
    }
    const { bits } = work;
    const [a, b] = [toReal(x, work), toReal(y, work)];
    if (!a || !b) return undefined;
    const difference = real.sub(a, b, bits);
    const side = real.sign(difference);
    if (side !== undefined) return side === -direction ? y : x;
    const distance = real.abs(difference);
    const sum = real.add(a, b, bits);
    const twice = direction === 1 ? real.add(sum, distance, bits) : real.sub(sum, distance, bits);
    return complex.ofReal(real.scale(twice, -1));
  };
}

function log([x, base = exact.integer(10n)]: readonly Value[], work: Work): Value | undefined {
  if (x === undefined) return undefined;
  const { at, bits, budget } = work;
  budget.spend(2 * functionSteps(bits));
  const top = complex.ln(toComplex(x, bits), bits, at);
  const bottom = top && complex.ln(toComplex(base, bits), bits, at);
  const quotient = bottom && complex.div(top, bottom, bits, at);
  return quotient && (exactLog(x, base, quotient, work) ?? quotient);
}

/** The logarithm where it is an integer: nearby, and right. */
function exactLog(x: Value, base: Value, near: complex.Complex, work: Work): Value | undefined {
  if (!isExact(x) || !isExact(base) || !complex.isReal(near)) return undefined;
  const n = Math.round(real.approximate(near.re));
  if (!(Math.abs(n) < MAX_EXACT_LOG)) return undefined;
  const size = Math.max(bitLength(base.num), bitLength(base.den)) - 1;
  // The power may be longer than what it is compared with only when it is not equal.
  if (size * Math.abs(n) > Math.max(bitLength(x.num), bitLength(x.den))) return undefined;
  const power = exact.powInteger(base, BigInt(n), work.budget);
  return power?.num === x.num && power.den === x.den ? exact.integer(BigInt(n)) : undefined;
}

/** What is done to values alone, wherever they come from. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ...COUNTING,
  ...[...FUNCTIONS].map(([name, f]): [string, Operation] => [
    name,
    unary((x, { at, bits, budget }) => {
      // Large numbers with all of their digits: sines and the like turn on the last.
      const digits = bits + (isExact(x) ? bitLength(x.num) : 0);
      budget.spend(functionSteps(bits) + productSteps(digits));
      return f(toComplex(x, digits), bits, at);
    }),
  ]),
  ["add", fold(add)],
  ["mul", fold(mul)],
  ["neg", unary(neg)],
  ["div", binary(div)],
  ["pow", binary(pow)],
  ["sqrt", unary(sqrt)],
  ["root", binary(root)],
  ["log", log],
  ["percent", unary((x, work) => div(x, exact.integer(100n), work))],
  ["max", fold(extreme(1))],
  ["min", fold(extreme(-1))],
  ["abs", unary(abs)],
  [
    "floor",
    unary((x, work) => {
      const below = floor(x, work);
      return below === undefined ? undefined : exact.integer(below);
    }),
  ],
  ["ceil", unary(ceil)],
  [
    "sign",
    unary((x, work) => {
      const side = sign(x, work);
      return side === undefined ? undefined : exact.integer(BigInt(side));
    }),
  ],
  ["re", unary((x) => (isExact(x) ? x : complex.ofReal(x.re)))],
  ["im", unary((x) => (isExact(x) ? exact.ZERO : complex.ofReal(x.im)))],
  ["conj", unary((x) => (isExact(x) ? x : complex.conj(x)))],
  ["arg", unary(arg)],
]);
