import { TooLarge } from "../budget.ts";
import { bitLength } from "../integers.ts";
import { at, atanOf32nds, ln2, lnOf64ths, pi as piConstant } from "./constants.ts";
import * as real from "./real.ts";
import { ONE, type Real, ZERO } from "./real.ts";

/** The largest angle whose place on the circle is worth pi's digits. */
const MAX_ANGLE_BITS = 1 << 13;
/** Beyond it an exponential has no exponent that `round` would let pass. */
const MAX_POWER_BITS = 42;
/** Room for the errors of some dozens of steps below the last bit asked for. */
const GUARD_BITS = 12;

/** The midpoint in units of 2^-scale, rounded down. */
function fixed(x: Real, scale: number): bigint {
  const shift = x.e + scale;
  return shift >= 0 ? x.m << BigInt(shift) : x.m >> BigInt(-shift);
}

/** The quotient rounded to the nearest, or next to it; `b` is positive. */
function nearest(a: bigint, b: bigint): bigint {
  return (a + (a < 0n ? -(b >> 1n) : b >> 1n)) / b;
}

/** How often an argument is halved: as many squarings then cost what they spare in terms. */
function halvings(bits: number): number {
  return 4 + Math.floor(Math.sqrt(bits) / 2);
}

export function pi(bits: number): Real {
  const constant = piConstant(bits);
  return real.round(constant.value, -constant.scale, 1n, bits);
}

/** Undefined where x is known so badly that its exponential is not known at all. */
export function exp(x: Real, bits: number): Real | undefined {
  if (real.isZero(x)) return ONE;
  const size = real.magnitude(x);
  // Whatever more precision would tell of it.
  const isHuge = size > MAX_POWER_BITS && real.radiusMagnitude(x) < size - 2;
  if (isHuge) throw new TooLarge("an exponential too large or too small");
  if (real.radiusMagnitude(x) > 0) return undefined;
  // e^x is 1 within 2|x|, for |x| < 1.
  if (size < -bits) return real.widen(ONE, 1n, size + 1, bits);
  const power = expOfMidpoint(x, bits, Math.max(size, 0));
  // e^(x+d) - e^x is at most 2|d| of e^x, for |d| < 1.
  return real.widen(power, x.r, x.e + 1 + real.magnitude(power), bits);
}

function expOfMidpoint(x: Real, bits: number, size: number): Real {
  const halved = halvings(bits);
  const scale = bits + halved + GUARD_BITS;
  const fine = scale + size + 2;
  const log2 = at(ln2(fine), fine);
  const argument = fixed(x, fine);
  const turns = nearest(argument, log2);
  // Off by 1 of the argument's, 2 of the logarithm for each of its multiples: less than an ulp.
  const rest = (argument - turns * log2) >> BigInt(fine - scale + halved);
  const one = 1n << BigInt(scale);
  const by = BigInt(scale);
  let sum = one + rest;
  let term = rest;
  let terms = 2n;
  for (; ; terms += 1n) {
    term = ((term * rest) >> by) / terms;
    if (term === 0n) break;
    sum += term;
  }
  for (let i = 0; i < halved; i++) sum = (sum * sum) >> by;
  // Two ulps or less of each term, of the argument and of the terms left out; each squaring doubles
  // what is wrong, in proportion, and adds one; at the end the sum is less than 1.5.
  const error = (2n * terms + 8n) << BigInt(halved + 1);
  return real.round(sum, Number(turns) - scale, error, bits);
}

/** Undefined where x may be zero or less. */
export function ln(x: Real, bits: number): Real | undefined {
  if (x.m <= x.r) return undefined;
  const log = lnOfMidpoint(x, bits);
  if (x.r === 0n) return log;
  // ln(x+d) - ln(x) is at most |d| / (|x| - |d|).
  const slope = real.div({ m: x.r, e: 0, r: 0n }, { m: x.m - x.r, e: 0, r: 0n }, 30);
  return slope && real.widen(log, slope.m + slope.r, slope.e, bits);
}

function lnOfMidpoint(x: Real, bits: number): Real {
  const size = bitLength(x.m);
  // x is part * 2^power, and part from 3/4 to 3/2.
  const low = size < 2 ? x.m === 1n : x.m >> BigInt(size - 2) === 2n;
  const power = x.e + size - (low ? 1 : 0);
  const part: Real = { m: x.m, e: x.e - power, r: 0n };
  let scale = bits + GUARD_BITS;
  if (power === 0) {
    // Near one the logarithm is small, and has its digits further down.
    const off = real.sub(part, ONE, bits);
    if (real.isZero(off)) return ZERO;
    scale += Math.max(0, -real.magnitude(off));
  }
  const by = BigInt(scale);
  const argument = fixed(part, scale);
  const nearby = (argument + (1n << BigInt(scale - 7))) >> BigInt(scale - 6);
  const base = nearby << BigInt(scale - 6);
  const z = ((argument - base) << by) / (argument + base);
  const square = (z * z) >> by;
  let sum = z;
  let term = z;
  let k = 3n;
  for (; ; k += 2n) {
    term = (term * square) >> by;
    if (term === 0n || term === -1n) break;
    sum += term / k;
  }
  const table = lnOf64ths[Number(nearby)];
  if (table === undefined) throw new Error("an argument out of its range");
  const powerBits = bitLength(BigInt(power));
  const log2 = at(ln2(scale + powerBits), scale + powerBits);
  const value = 2n * sum + at(table(scale), scale) + ((BigInt(power) * log2) >> BigInt(powerBits));
  // Two or so of each term, twice; four of each table; two of the argument.
  return real.round(value, -scale, 3n * k + 20n, bits);
}

export interface SinCos {
  readonly sin: Real;
  readonly cos: Real;
}

export function sinCos(x: Real, bits: number): SinCos {
  if (real.isZero(x)) return { sin: ZERO, cos: ONE };
  if (real.radiusMagnitude(x) > 1) {
    const any: Real = { m: 0n, e: 0, r: 1n };
    return { sin: any, cos: any };
  }
  const size = real.magnitude(x);
  if (size > MAX_ANGLE_BITS) throw new TooLarge("an angle too large");
  if (2 * size < -bits - 2) {
    // sin x = x within |x|^3, cos x = 1 - x^2/2 within x^4.
    const square = real.mul(x, x, bits);
    const cos = real.sub(ONE, real.scale(square, -1), bits);
    return {
      sin: real.widen(real.round(x.m, x.e, x.r, bits), 1n, 3 * size, bits),
      cos: real.widen(cos, 1n, 4 * size, bits),
    };
  }
  const { sin, cos } = sinCosOfMidpoint(x, bits, size);
  return { sin: real.widen(sin, x.r, x.e, bits), cos: real.widen(cos, x.r, x.e, bits) };
}

function sinCosOfMidpoint(x: Real, bits: number, size: number): SinCos {
  const halved = halvings(bits);
  const scale = bits + Math.max(0, -size) + 2 * halved + GUARD_BITS;
  const fine = scale + Math.max(0, size) + 2;
  // pi/2, off by less than 2.
  const quarter = at(piConstant(fine), fine - 1);
  const argument = fixed(x, fine);
  const turns = nearest(argument, quarter);
  const rest = (argument - turns * quarter) >> BigInt(fine - scale + halved);
  const by = BigInt(scale);
  // The sine, and what the cosine is less than one: small both, as the argument is.
  let sin = rest;
  let less = 0n;
  let term = rest;
  let k = 2n;
  for (; ; k += 1n) {
    term = ((term * rest) >> by) / k;
    if (term === 0n) break;
    const place = k & 3n;
    if (place === 0n) less -= term;
    else if (place === 1n) sin += term;
    else if (place === 2n) less += term;
    else sin -= term;
  }
  for (let i = 0; i < halved; i++) {
    const twice = (2n * (sin * less)) >> by;
    less = (2n * (sin * sin)) >> by;
    sin = 2n * sin - twice;
  }
  // As for exp; each doubling makes an error at most fourfold, and three more are added.
  const error = (k + 8n) << BigInt(2 * halved);
  const a = real.round(sin, -scale, error, bits);
  const b = real.round((1n << by) - less, -scale, error, bits);
  switch (((turns % 4n) + 4n) % 4n) {
    case 0n:
      return { sin: a, cos: b };
    case 1n:
      return { sin: b, cos: real.neg(a) };
    case 2n:
      return { sin: real.neg(a), cos: real.neg(b) };
    default:
      return { sin: real.neg(b), cos: a };
  }
}

export function atan(x: Real, bits: number): Real {
  if (real.isZero(x)) return ZERO;
  if (x.e + bitLength(x.m) > 1 && !real.containsZero(x)) {
    const inverse = real.div(ONE, x, bits + 4);
    if (inverse === undefined) throw new Error("no inverse of what is not zero");
    const quarter = real.scale(pi(bits + 4), -1);
    const complement = atan(inverse, bits + 4);
    return real.sub(x.m < 0n ? real.neg(quarter) : quarter, complement, bits);
  }
  if (real.radiusMagnitude(x) > 1) return { m: 0n, e: 0, r: 2n };
  const size = real.magnitude(x);
  if (2 * size < -bits - 2) return real.widen(real.round(x.m, x.e, x.r, bits), 1n, 3 * size, bits);
  return real.widen(atanOfMidpoint(x, bits, size), x.r, x.e, bits);
}

/** Of a midpoint smaller than 2. */
function atanOfMidpoint(x: Real, bits: number, size: number): Real {
  const scale = bits + Math.max(0, -size) + GUARD_BITS;
  const by = BigInt(scale);
  const negative = x.m < 0n;
  const argument = fixed(negative ? real.neg(x) : x, scale);
  const nearby = (argument + (1n << BigInt(scale - 6))) >> BigInt(scale - 5);
  const base = nearby << BigInt(scale - 5);
  const z = ((argument - base) << by) / ((1n << by) + ((argument * nearby) >> 5n));
  const square = (z * z) >> by;
  let sum = z;
  let term = z;
  let k = 3n;
  for (; ; k += 2n) {
    term = (term * square) >> by;
    if (term === 0n || term === -1n) break;
    sum += (k & 2n) === 0n ? term / k : -term / k;
  }
  const table = atanOf32nds[Number(nearby)];
  if (table === undefined) throw new Error("an argument out of its range");
  const value = sum + at(table(scale), scale);
  return real.round(negative ? -value : value, -scale, 2n * k + 20n, bits);
}
