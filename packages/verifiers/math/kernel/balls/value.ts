import type { Budget } from "../budget.ts";
import type { Complex } from "./complex.ts";
import * as complex from "./complex.ts";
import { type Doubt, floorOf, integerOf, realPart, signOf } from "./decide.ts";
import type { Exact } from "./rationals.ts";
import * as exact from "./rationals.ts";
import type { Real } from "./real.ts";
import * as real from "./real.ts";

/** What a subtree is worth: rational numbers are kept as they are for as long as they are small
 * enough, all else is a ball. */
export type Value = Exact | Complex;

/** How values are worked with. */
export interface Work {
  readonly at: Doubt;
  readonly bits: number;
  readonly budget: Budget;
}

/** Exact balls larger or finer than this are not taken for the rational numbers they are. */
const MAX_EXACT_EXPONENT = 512;

export function isExact(value: Value): value is Exact {
  return "den" in value;
}

export function toComplex(value: Value, bits: number): Complex {
  return isExact(value) ? complex.ofRational(value.num, value.den, bits) : value;
}

/** The rational number that the value is known to be. */
export function toExact(value: Value): Exact | undefined {
  if (isExact(value)) return value;
  const { m, e, r } = value.re;
  if (r !== 0n || !complex.isReal(value) || Math.abs(e) > MAX_EXACT_EXPONENT) return undefined;
  return e >= 0 ? exact.integer(m << BigInt(e)) : exact.ratio(m, 1n << BigInt(-e));
}

/** The real number that the value is; null where it is none, undefined where that is not known. */
export function toReal(value: Value, work: Work): Real | null | undefined {
  if (isExact(value)) return real.fromRational(value.num, value.den, work.bits);
  return realPart(value, work.bits, work.at);
}

/** The integer that the value is; null where it is none, undefined where that is not known. */
export function toInteger(value: Value, work: Work): bigint | null | undefined {
  if (isExact(value)) return exact.isInteger(value) ? value.num : null;
  const x = realPart(value, work.bits, work.at);
  return x === undefined || x === null ? x : integerOf(x, work.bits, work.at);
}

/** Undefined, too, for what is not real. */
export function floor(value: Value, work: Work): bigint | undefined {
  if (isExact(value)) return exact.floor(value);
  const x = realPart(value, work.bits, work.at);
  return x === undefined || x === null ? undefined : floorOf(x, work.bits, work.at);
}

/** Undefined, too, for what is not real. */
export function sign(value: Value, work: Work): -1 | 0 | 1 | undefined {
  if (isExact(value)) return value.num > 0n ? 1 : value.num < 0n ? -1 : 0;
  const x = realPart(value, work.bits, work.at);
  return x === undefined || x === null ? undefined : signOf(x, work.bits, work.at);
}

/** The steps of a product of two balls. */
export function productSteps(bits: number): number {
  const words = bits >> 6;
  return 1 + ((words * words) >> 8);
}

export function neg(x: Value): Value {
  return isExact(x) ? exact.neg(x) : complex.neg(x);
}

export function add(x: Value, y: Value, { bits, budget }: Work): Value {
  const sum = isExact(x) && isExact(y) ? exact.add(x, y) : undefined;
  if (sum !== undefined) return sum;
  budget.spend();
  return complex.add(toComplex(x, bits), toComplex(y, bits), bits);
}

export function sub(x: Value, y: Value, work: Work): Value {
  return add(x, neg(y), work);
}

export function mul(x: Value, y: Value, { bits, budget }: Work): Value {
  const product = isExact(x) && isExact(y) ? exact.mul(x, y, budget) : undefined;
  if (product !== undefined) return product;
  budget.spend(productSteps(bits));
  // An exact zero stays one, whatever it is multiplied by.
  if ((isExact(x) && x.num === 0n) || (isExact(y) && y.num === 0n)) return exact.ZERO;
  return complex.mul(toComplex(x, bits), toComplex(y, bits), bits);
}

export function div(x: Value, y: Value, { at, bits, budget }: Work): Value | undefined {
  if (isExact(y) && y.num === 0n) return undefined;
  const quotient = isExact(x) && isExact(y) ? exact.div(x, y) : undefined;
  if (quotient !== undefined) return quotient;
  budget.spend(1 + productSteps(bits));
  return complex.div(toComplex(x, bits), toComplex(y, bits), bits, at);
}
