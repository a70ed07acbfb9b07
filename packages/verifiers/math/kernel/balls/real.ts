import { MAX_BITS, TooLarge } from "../budget.ts";
import { abs as absolute, bitLength, floorDiv, iroot, isqrt } from "../integers.ts";

/**
 * A real number known to lie within `r * 2^e` of `m * 2^e`. With `r` zero it is that number.
 * Every operation takes the bits that its result's midpoint may have, and lets the radius grow by
 * whatever it rounds away: the ball of the result contains the result of any points of the operands.
 */
export interface Real {
  readonly m: bigint;
  readonly e: number;
  readonly r: bigint;
}

/** A radius needs few digits; digits of a midpoint below those of its radius mean nothing. */
const RADIUS_BITS = 24;
/** Beyond it even a logarithm tells nothing that an answer could mean, and exponents stay exact as
 * doubles by far. */
const MAX_EXPONENT = 2 ** 40;
/** Up to this degree `root` is cheaper than logarithms: it works with numbers that many times as
 * long. */
export const MAX_DIRECT_DEGREE = 16;

export const ZERO: Real = { m: 0n, e: 0, r: 0n };
export const ONE: Real = { m: 1n, e: 0, r: 0n };

/** The ball with its midpoint rounded to `bits`. Exact numbers that fit stay exact. */
export function round(m: bigint, e: number, r: bigint, bits: number): Real {
  const size = bitLength(m);
  let shift = size - bits;
  if (r !== 0n) shift = Math.max(shift, bitLength(r) - RADIUS_BITS);
  else if (size === 0) return ZERO;
  const top = e + (size === 0 ? bitLength(r) : size);
  if (top > MAX_EXPONENT || top < -MAX_EXPONENT)
    throw new TooLarge("a number too large or too small to have an exponent");
  if (shift <= 0) return { m, e, r };
  const by = BigInt(shift);
  const rounded = m >> by;
  if (r !== 0n) return { m: rounded, e: e + shift, r: (r >> by) + 2n };
  return { m: rounded, e: e + shift, r: rounded << by === m ? 0n : 1n };
}

export function fromInteger(n: bigint, bits: number): Real {
  return round(n, 0, 0n, bits);
}

/** `den` is positive. */
export function fromRational(num: bigint, den: bigint, bits: number): Real {
  if (den === 1n) return round(num, 0, 0n, bits);
  return quotient({ m: num, e: 0, r: 0n }, { m: den, e: 0, r: 0n }, bits);
}

export function isZero(x: Real): boolean {
  return x.m === 0n && x.r === 0n;
}

export function isExact(x: Real): boolean {
  return x.r === 0n;
}

export function containsZero(x: Real): boolean {
  return absolute(x.m) <= x.r;
}

/** The sign of every number in the ball; undefined where they differ. */
export function sign(x: Real): -1 | 0 | 1 | undefined {
  if (x.m > x.r) return 1;
  if (-x.m > x.r) return -1;
  return x.r === 0n ? 0 : undefined;
}

/** Every number in the ball is smaller in size than 2 to this power; -Infinity for zero. */
export function magnitude(x: Real): number {
  if (isZero(x)) return Number.NEGATIVE_INFINITY;
  return x.e + bitLength(x.r === 0n ? x.m : absolute(x.m) + x.r);
}

/** The same of the ball's radius. */
export function radiusMagnitude(x: Real): number {
  return x.r === 0n ? Number.NEGATIVE_INFINITY : x.e + bitLength(x.r);
}

/** The midpoint as a double. */
export function approximate(x: Real): number {
  const excess = Math.max(0, bitLength(x.m) - 64);
  const exponent = Math.max(-2200, Math.min(2200, x.e + excess));
  // In halves: 2^-1074 alone is a double, and so is 2^1023.
  const half = Math.trunc(exponent / 3);
  return Number(x.m >> BigInt(excess)) * 2 ** half * 2 ** half * 2 ** (exponent - 2 * half);
}

export function neg(x: Real): Real {
  return { m: -x.m, e: x.e, r: x.r };
}

export function abs(x: Real): Real {
  return x.m < 0n ? neg(x) : x;
}

/** x * 2^power, exactly. */
export function scale(x: Real, power: number): Real {
  return isZero(x) ? x : { m: x.m, e: x.e + power, r: x.r };
}

export function add(x: Real, y: Real, bits: number): Real {
  if (isZero(x)) return round(y.m, y.e, y.r, bits);
  if (isZero(y)) return round(x.m, x.e, x.r, bits);
  return x.e >= y.e ? addLower(x, y, bits) : addLower(y, x, bits);
}

/** The sum where x.e >= y.e. */
function addLower(x: Real, y: Real, bits: number): Real {
  const gap = x.e - y.e;
  if (gap === 0) return round(x.m + y.m, x.e, x.r + y.r, bits);
  // Where y is far below what is kept of x it only widens it, and nothing is shifted by the gap.
  const kept = Math.max(0, bits - Math.max(bitLength(x.m), bitLength(x.r))) + 2;
  if (magnitude(y) <= x.e - kept) {
    const by = BigInt(kept);
    return round(x.m << by, x.e - kept, (x.r << by) + 1n, bits);
  }
  const by = BigInt(gap);
  return round((x.m << by) + y.m, y.e, (x.r << by) + y.r, bits);
}

export function sub(x: Real, y: Real, bits: number): Real {
  return add(x, neg(y), bits);
}

/** The ball made wider by r * 2^e. */
export function widen(x: Real, r: bigint, e: number, bits: number): Real {
  return r === 0n ? x : add(x, { m: 0n, e, r }, bits);
}

export function mul(x: Real, y: Real, bits: number): Real {
  const m = x.m * y.m;
  if (x.r === 0n && y.r === 0n) return round(m, x.e + y.e, 0n, bits);
  if (isZero(x) || isZero(y)) return ZERO;
  const r = absolute(x.m) * y.r + absolute(y.m) * x.r + x.r * y.r;
  return round(m, x.e + y.e, r, bits);
}

/** Undefined where the divisor may be zero. */
export function div(x: Real, y: Real, bits: number): Real | undefined {
  if (containsZero(y)) return undefined;
  return isZero(x) ? ZERO : quotient(x, y, bits);
}

function quotient(x: Real, y: Real, bits: number): Real {
  const shift = Math.max(0, bits + 2 + bitLength(y.m) - bitLength(x.m));
  const by = BigInt(shift);
  const top = x.m << by;
  const m = top / y.m;
  const e = x.e - y.e - shift;
  if (x.r === 0n && y.r === 0n) return round(m, e, m * y.m === top ? 0n : 1n, bits);
  // |x'/y' - x/y| <= (|dx| + |x/y| |dy|) / |y'|, rounded up, and one for the quotient's own end.
  const error = (x.r << by) + (absolute(m) + 1n) * y.r;
  return round(m, e, error / (absolute(y.m) - y.r) + 2n, bits);
}

/** Undefined where x may be negative; the root of an exact zero is zero. */
export function sqrt(x: Real, bits: number): Real | undefined {
  return root(x, 2, bits);
}

/** The positive `degree`th root. Undefined where x may be negative. */
export function root(x: Real, degree: number, bits: number): Real | undefined {
  if (isZero(x)) return ZERO;
  if (x.m <= x.r) return undefined;
  let shift = Math.max(0, degree * (bits + 2) - bitLength(x.m));
  shift += (((x.e - shift) % degree) + degree) % degree;
  const radicand = x.m << BigInt(shift);
  const m = degree === 2 ? isqrt(radicand) : iroot(radicand, degree);
  const e = (x.e - shift) / degree;
  const exact = m ** BigInt(degree) === radicand;
  if (x.r === 0n) return round(m, e, exact ? 0n : 1n, bits);
  // A root is steepest at the low end: its slope is (root / x) / degree there, at most.
  const low = x.m - x.r;
  return round(m, e, ((m + 1n) * x.r) / low + 2n, bits);
}

/** The floors of the least and of the greatest number in the ball. */
export function floors(x: Real): readonly [low: bigint, high: bigint] {
  if (magnitude(x) > MAX_BITS) throw new TooLarge("an integer too large to write out");
  return [floorOf(x.m - x.r, x.e), floorOf(x.m + x.r, x.e)];
}

/** The integer that x is, exactly; undefined where it is none, or not known to be. */
export function integer(x: Real): bigint | undefined {
  if (x.r !== 0n || x.e > MAX_BITS) return undefined;
  if (x.e >= 0) return x.m << BigInt(x.e);
  if (bitLength(x.m) <= -x.e) return x.m === 0n ? 0n : undefined;
  const whole = x.m >> BigInt(-x.e);
  return whole << BigInt(-x.e) === x.m ? whole : undefined;
}

/** Undefined where the ball reaches across an integer. */
export function floor(x: Real): bigint | undefined {
  const [low, high] = floors(x);
  return low === high ? low : undefined;
}

function floorOf(m: bigint, e: number): bigint {
  if (e >= 0) return m << BigInt(e);
  // All below the point: 0 or -1, whatever the exponent.
  if (bitLength(m) <= -e) return m < 0n ? -1n : 0n;
  return floorDiv(m, 1n << BigInt(-e));
}
