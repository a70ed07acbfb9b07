import { type Budget, MAX_BITS, TooLarge } from "../budget.ts";
import { abs, bitLength, floorDiv, gcd, iroot, isqrt } from "../integers.ts";

/** A rational number in lowest terms, the denominator positive. */
export interface Exact {
  readonly num: bigint;
  readonly den: bigint;
}

/** Denominators beyond are not worth their greatest common divisors: a ball takes over. */
const MAX_DENOMINATOR_BITS = 256;
/** Radicands beyond are not searched for an exact root. */
const MAX_RADICAND_BITS = 4096;
/** Degrees beyond have no exact roots in such radicands that anyone writes. */
const MAX_EXACT_DEGREE = 64;
/** Bits of two factors whose product takes a step, roughly. */
const STEP_BITS = 2048;

export const ONE: Exact = { num: 1n, den: 1n };
export const ZERO: Exact = { num: 0n, den: 1n };

export function integer(num: bigint): Exact {
  return { num, den: 1n };
}

/** num/den, where `den` is not zero. Undefined where it is better held as a ball.
 * @throws BudgetSpent for an integer too large to write out */
export function ratio(num: bigint, den: bigint): Exact | undefined {
  if (den === 1n) {
    if (bitLength(num) > MAX_BITS) throw new TooLarge("an integer too large to write out");
    return { num, den };
  }
  if (bitLength(den) > 2 * MAX_DENOMINATOR_BITS || bitLength(num) > MAX_BITS) {
    return num % den === 0n ? ratio(num / den, 1n) : undefined;
  }
  const common = den < 0n ? -gcd(num, den) : gcd(num, den);
  const below = den / common;
  if (below === 1n) return ratio(num / common, below);
  return bitLength(below) > MAX_DENOMINATOR_BITS ? undefined : { num: num / common, den: below };
}

export function add(x: Exact, y: Exact): Exact | undefined {
  if (x.den === y.den) return ratio(x.num + y.num, x.den);
  return ratio(x.num * y.den + y.num * x.den, x.den * y.den);
}

export function mul(x: Exact, y: Exact, budget: Budget): Exact | undefined {
  budget.spend(productSteps(x.num, y.num));
  return ratio(x.num * y.num, x.den * y.den);
}

/** y is not zero. */
export function div(x: Exact, y: Exact): Exact | undefined {
  return ratio(x.num * y.den, x.den * y.num);
}

export function neg(x: Exact): Exact {
  return { num: -x.num, den: x.den };
}

export function floor(x: Exact): bigint {
  return x.den === 1n ? x.num : floorDiv(x.num, x.den);
}

export function isInteger(x: Exact): boolean {
  return x.den === 1n;
}

/** The steps of a product. */
export function productSteps(a: bigint, b: bigint): number {
  return Math.floor((bitLength(a) + bitLength(b)) / STEP_BITS);
}

/**
 * x^n, where x is not zero or n not negative. Undefined where it is better held as a ball.
 * @throws BudgetSpent for powers of integers too large to write out: a ball tells 10^100000 from
 * no neighbour of it.
 */
export function powInteger(x: Exact, n: bigint, budget: Budget): Exact | undefined {
  if (n === 0n) return ONE;
  if (abs(x.num) < 2n && x.den === 1n) return n & 1n || x.num === 0n ? x : ONE;
  const size = BigInt(Math.max(bitLength(x.num), bitLength(x.den)) - 1) * abs(n);
  if (size > BigInt(MAX_BITS)) {
    if (x.den !== 1n) return undefined;
    throw new TooLarge("a power too large to write out");
  }
  budget.spend(1 + Math.floor(Number(size) / STEP_BITS));
  const num = x.num ** abs(n);
  const den = x.den ** abs(n);
  if (n > 0n) return x.den === 1n ? ratio(num, den) : lowest(num, den);
  return num < 0n ? lowest(-den, -num) : lowest(den, num);
}

/** A power of a fraction in lowest terms is in lowest terms. */
function lowest(num: bigint, den: bigint): Exact | undefined {
  if (den === 1n) return ratio(num, den);
  return bitLength(den) > MAX_DENOMINATOR_BITS ? undefined : { num, den };
}

/** The exact `degree`th root of x, positive where x is; undefined where there is none. */
export function root(x: Exact, degree: bigint, budget: Budget): Exact | undefined {
  if (degree > BigInt(MAX_EXACT_DEGREE)) return x.num === 1n && x.den === 1n ? x : undefined;
  const num = integerRoot(x.num, Number(degree), budget);
  const den = num === undefined ? undefined : integerRoot(x.den, Number(degree), budget);
  return num === undefined || den === undefined ? undefined : { num, den };
}

function integerRoot(n: bigint, degree: number, budget: Budget): bigint | undefined {
  if (n < 0n) {
    const size = degree % 2 === 1 ? integerRoot(-n, degree, budget) : undefined;
    return size === undefined ? undefined : -size;
  }
  if (n < 2n) return n;
  const bits = bitLength(n);
  if (bits > MAX_RADICAND_BITS) return undefined;
  budget.spend(1 + Math.floor(bits / 256));
  const whole = degree === 2 ? isqrt(n) : iroot(n, degree);
  return whole ** BigInt(degree) === n ? whole : undefined;
}
