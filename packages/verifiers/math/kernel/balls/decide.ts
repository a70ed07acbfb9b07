import type { Complex } from "./complex.ts";
import type { Real } from "./real.ts";
import * as real from "./real.ts";

/**
 * How to decide what jumps: on which side of it a ball lies. One that lies on both sides is left
 * undecided, and `imprecise` set, unless `snap` says that more precision is not to be had: then a
 * ball within 2^-(bits - SNAP_BITS) of the jump is taken to lie on it.
 */
export interface Doubt {
  readonly snap: boolean;
  imprecise: boolean;
}

/** How many of the last bits may be wrong of a value that counts as equal to its neighbour. */
const SNAP_BITS = 64;

export function undecided(doubt: Doubt): undefined {
  doubt.imprecise = true;
  return undefined;
}

/** The sign of x; zero also where it is taken to be that. */
export function signOf(x: Real, bits: number, doubt: Doubt): -1 | 0 | 1 | undefined {
  const sign = real.sign(x);
  if (sign !== undefined) return sign;
  return doubt.snap && real.magnitude(x) <= SNAP_BITS - bits ? 0 : undecided(doubt);
}

/** Whether z is zero. */
export function isZero(z: Complex, bits: number, doubt: Doubt): boolean | undefined {
  if (!real.containsZero(z.re) || !real.containsZero(z.im)) return false;
  const re = signOf(z.re, bits, doubt);
  if (re === undefined) return undefined;
  return signOf(z.im, bits, doubt) === undefined ? undefined : true;
}

/** The real number that z is; null where it is none, undefined where that is not known. */
export function realPart(z: Complex, bits: number, doubt: Doubt): Real | null | undefined {
  if (real.isZero(z.im)) return z.re;
  const sign = signOf(z.im, bits, doubt);
  if (sign === undefined) return undefined;
  return sign === 0 ? z.re : null;
}

export function floorOf(x: Real, bits: number, doubt: Doubt): bigint | undefined {
  // Too wide, and perhaps too large, to ask which integers lie within.
  if (real.radiusMagnitude(x) > 0) return undecided(doubt);
  const [low, high] = real.floors(x);
  if (low === high) return low;
  return doubt.snap && isNarrow(x, bits) ? high : undecided(doubt);
}

/** The integer that x is; null where it is none, undefined where that is not known. */
export function integerOf(x: Real, bits: number, doubt: Doubt): bigint | null | undefined {
  if (real.radiusMagnitude(x) > 0) return undecided(doubt);
  const last = real.floors(x)[1];
  const first = -real.floors(real.neg(x))[1];
  if (first > last) return null;
  if (real.isExact(x)) return last;
  return doubt.snap && isNarrow(x, bits) ? last : undecided(doubt);
}

function isNarrow(x: Real, bits: number): boolean {
  return real.radiusMagnitude(x) <= SNAP_BITS - bits + Math.max(0, real.magnitude(x));
}
