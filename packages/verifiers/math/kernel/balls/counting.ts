import { BudgetSpent, MAX_BITS, TooLarge } from "../budget.ts";
import { bitLength, floorDiv, gcd as gcdOf } from "../integers.ts";
import type { Exact } from "./rationals.ts";
import * as exact from "./rationals.ts";
import {
  add,
  div,
  floor,
  isExact,
  mul,
  neg,
  sub,
  toExact,
  toInteger,
  type Value,
  type Work,
} from "./value.ts";

/** A function of several values. `null` where it has a value that no formula here gives. */
export type Operation = (args: readonly Value[], work: Work) => Value | null | undefined;

/** The most factors of a falling product: beyond any written binomial. */
const MAX_FACTORS = 10_000n;

function tooLarge(): never {
  throw new TooLarge("an integer too large to write out");
}

function fact([n]: readonly Value[], work: Work): Value | null | undefined {
  return n && factorial(n, 1n, work);
}

function dfact([n]: readonly Value[], work: Work): Value | null | undefined {
  return n && factorial(n, 2n, work);
}

/** n (n - step) (n - 2 step) …, down to the last positive factor. */
function factorial(of: Value, step: bigint, work: Work): Value | null | undefined {
  const n = toInteger(of, work);
  if (n === undefined || n === null) return n;
  if (n < 0n) return step === 2n && n === -1n ? exact.ONE : undefined;
  // The upper half of the factors alone has this many bits, or more.
  if ((n / step / 2n) * BigInt(bitLength(n) - 2) > BigInt(MAX_BITS)) tooLarge();
  return exact.integer(product(n, n / step, step, work));
}

/** `count` factors from n downwards. In halves, so that the factors of each product are of a size. */
function product(n: bigint, count: bigint, step: bigint, work: Work): bigint {
  if (count <= 0n) return 1n;
  if (count === 1n) {
    work.budget.spend();
    return n;
  }
  const upper = count >> 1n;
  const a = product(n, upper, step, work);
  const b = product(n - upper * step, count - upper, step, work);
  const size = bitLength(a) + bitLength(b);
  if (size > MAX_BITS + 1) tooLarge();
  work.budget.spend(exact.productSteps(a, b));
  return a * b;
}

function perm([n, k]: readonly Value[], work: Work): Value | null | undefined {
  if (n === undefined || k === undefined) return undefined;
  const count = toInteger(k, work);
  if (count === undefined) return undefined;
  return count === null || count < 0n ? null : falling(n, count, work);
}

function binom([n, k]: readonly Value[], work: Work): Value | null | undefined {
  if (n === undefined || k === undefined) return undefined;
  let count = toInteger(k, work);
  if (count === undefined || count === null) return count;
  const whole = toExact(n);
  if (whole !== undefined && exact.isInteger(whole)) {
    if (count < 0n || (whole.num >= 0n && count > whole.num)) return exact.ZERO;
    if (whole.num >= 0n && 2n * count > whole.num) count = whole.num - count;
  }
  if (count < 0n) return null;
  const top = falling(whole ?? n, count, work);
  return top && div(top, exact.integer(product(count, count, 1n, work)), work);
}

/** n (n - 1) …, `count` factors. */
function falling(n: Value, count: bigint, work: Work): Value {
  if (count > MAX_FACTORS) throw new BudgetSpent("a product of too many factors");
  if (isExact(n) && exact.isInteger(n)) {
    if (n.num >= 0n && count > n.num) return exact.ZERO;
    return exact.integer(product(n.num, count, 1n, work));
  }
  let result: Value = exact.ONE;
  let factor = n;
  for (let i = 0n; i < count; i += 1n) {
    work.budget.spend();
    result = mul(result, factor, work);
    factor = add(factor, exact.integer(-1n), work);
  }
  return result;
}

/** Has the sign of the divisor. */
function mod([x, y]: readonly Value[], work: Work): Value | undefined {
  if (x === undefined || y === undefined) return undefined;
  if (isExact(x) && isExact(y) && exact.isInteger(x) && exact.isInteger(y)) {
    return y.num === 0n ? undefined : exact.integer(x.num - y.num * floorDiv(x.num, y.num));
  }
  const quotient = div(x, y, work);
  const whole = quotient && floor(quotient, work);
  return whole === undefined ? undefined : sub(x, mul(exact.integer(whole), y, work), work);
}

/** Of rational numbers: the largest that goes into each a whole number of times. */
function gcd(args: readonly Value[], work: Work): Value | null | undefined {
  const values = exacts(args, work);
  if (!values) return values;
  return values.reduce<Value | undefined>(
    (a, b) => (a && isExact(a) ? common(a, b, work) : undefined),
    exact.ZERO,
  );
}

function lcm(args: readonly Value[], work: Work): Value | null | undefined {
  const values = exacts(args, work);
  if (!values) return values;
  let result: Exact | undefined = exact.ONE;
  for (const [i, value] of values.entries()) {
    if (value.num === 0n) return exact.ZERO;
    if (i === 0) {
      result = value;
      continue;
    }
    const shared: Exact | undefined = result && common(result, value, work);
    const product: Exact | undefined = result && exact.mul(result, value, work.budget);
    result = product && shared && exact.div(product, shared);
  }
  return result && (result.num < 0n ? neg(result) : result);
}

function common(x: Exact, y: Exact, work: Work): Exact | undefined {
  const size = Math.max(bitLength(x.num), bitLength(y.num));
  work.budget.spend(1 + Math.floor((size * size) / 65536));
  const below = (x.den / gcdOf(x.den, y.den)) * y.den;
  return exact.ratio(gcdOf(x.num, y.num), below);
}

/** null where one of them is not rational, as far as can be seen. */
function exacts(args: readonly Value[], work: Work): Exact[] | null | undefined {
  const values: Exact[] = [];
  for (const arg of args) {
    let value = toExact(arg);
    if (value === undefined) {
      const n = toInteger(arg, work);
      if (n === undefined || n === null) return n;
      value = exact.integer(n);
    }
    values.push(value);
  }
  return values;
}

export const COUNTING: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["fact", fact],
  ["dfact", dfact],
  ["perm", perm],
  ["binom", binom],
  ["mod", mod],
  ["gcd", gcd],
  ["lcm", lcm],
]);
