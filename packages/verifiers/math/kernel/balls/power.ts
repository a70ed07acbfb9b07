import { abs, bitLength } from "../integers.ts";
import type { Complex } from "./complex.ts";
import * as complex from "./complex.ts";
import type { Exact } from "./rationals.ts";
import * as exact from "./rationals.ts";
import type { Real } from "./real.ts";
import * as real from "./real.ts";
import {
  isExact,
  productSteps,
  sign,
  toComplex,
  toExact,
  toReal,
  type Value,
  type Work,
} from "./value.ts";

/** The largest numerator of an exponent that is multiplied out below a root. */
const MAX_FACTORS = 64n;
/** Room for the steps of a power below its last bit. */
const GUARD_BITS = 16;

/** The steps of a function by its series. */
export function functionSteps(bits: number): number {
  return 4 + (bits >> 4);
}

/** base^exponent. Odd roots of negative numbers are real; all else is the principal power. */
export function pow(base: Value, exponent: Value, work: Work): Value | undefined {
  const n = toExact(exponent);
  if (n === undefined) {
    const { at, bits, budget } = work;
    budget.spend(3 * functionSteps(bits));
    return complex.pow(toComplex(base, bits), toComplex(exponent, bits), bits, at);
  }
  return exact.isInteger(n) ? powInteger(base, n.num, work) : powFraction(base, n, work);
}

function powInteger(base: Value, n: bigint, work: Work): Value | undefined {
  const { at, bits, budget } = work;
  if (isExact(base)) {
    if (base.num === 0n && n < 0n) return undefined;
    const power = exact.powInteger(base, n, budget);
    if (power !== undefined) return power;
  }
  budget.spend(1 + bitLength(n) * productSteps(bits));
  // The digits that powers lose must not be missing from a fraction's already.
  const fine = bits + bitLength(n);
  return complex.powInteger(toComplex(base, fine), n, bits, at);
}

export function sqrt(x: Value, work: Work): Value | undefined {
  return powFraction(x, { num: 1n, den: 2n }, work);
}

/** The root of this degree, an exponent upside down. */
export function root(x: Value, degree: Value, work: Work): Value | undefined {
  const n = toExact(degree);
  if (n !== undefined) {
    return n.num === 0n
      ? undefined
      : pow(x, n.num < 0n ? { num: -n.den, den: -n.num } : { num: n.den, den: n.num }, work);
  }
  const inverse = complex.div(complex.ONE, toComplex(degree, work.bits), work.bits, work.at);
  return inverse && pow(x, inverse, work);
}

/** The power of an exponent in lowest terms that is no integer. */
function powFraction(base: Value, exponent: Exact, work: Work): Value | undefined {
  const { num, den } = exponent;
  if (isExact(base)) {
    if (base.num === 0n) return num > 0n ? exact.ZERO : undefined;
    const whole = exact.root(base, den, work.budget);
    if (whole !== undefined) return powInteger(whole, num, work);
  }
  const { bits, budget } = work;
  budget.spend(functionSteps(bits));
  const x = toReal(base, work);
  if (x === undefined) return undefined;
  if (x === null) return powOfComplex(toComplex(base, bits), exponent, work);
  const side = sign(complex.ofReal(x), work);
  if (side === undefined) return undefined;
  if (side === 0) return num > 0n ? exact.ZERO : undefined;
  if (side === -1 && den % 2n === 0n) return powOfComplex(complex.ofReal(x), exponent, work);
  const size = powOfPositive(real.abs(x), exponent, work);
  if (size === undefined) return undefined;
  return complex.ofReal(side === -1 && num & 1n ? real.neg(size) : size);
}

function powOfPositive(x: Real, { num, den }: Exact, work: Work): Real | undefined {
  const { at, bits, budget } = work;
  if (abs(num) <= MAX_FACTORS && den <= BigInt(real.MAX_DIRECT_DEGREE)) {
    const root = real.root(x, Number(den), bits + GUARD_BITS);
    const power = root && complex.powInteger(complex.ofReal(root), num, bits, at);
    return power?.re;
  }
  budget.spend(2 * functionSteps(bits));
  const power = complex.ofRational(num, den, bits + GUARD_BITS);
  return complex.pow(complex.ofReal(x), power, bits, at)?.re;
}

/** Where square roots are enough, by them: those of real numbers have no real part, exactly. */
function powOfComplex(z: Complex, { num, den }: Exact, work: Work): Complex | undefined {
  const { at, bits, budget } = work;
  budget.spend(3 * functionSteps(bits));
  if (den !== 2n) {
    return complex.pow(z, complex.ofRational(num, den, bits + GUARD_BITS), bits, at);
  }
  const root = complex.sqrt(z, bits + GUARD_BITS, at);
  return root && complex.powInteger(root, num, bits, at);
}
