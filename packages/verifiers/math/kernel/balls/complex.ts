import { bitLength } from "../integers.ts";
import { type Doubt, isZero, realPart, signOf, undecided } from "./decide.ts";
import type { Real } from "./real.ts";
import * as real from "./real.ts";
import * as functions from "./real-functions.ts";

/** A rectangle of complex numbers. A real number has an exact zero for its imaginary part, and
 * every operation here keeps it so where the result is real. */
export interface Complex {
  readonly re: Real;
  readonly im: Real;
}

/** Powers beyond are taken by logarithms, which cost the same whatever the exponent. */
const MAX_SQUARINGS = 64;

export const ZERO: Complex = { re: real.ZERO, im: real.ZERO };
export const ONE: Complex = { re: real.ONE, im: real.ZERO };
export const I: Complex = { re: real.ZERO, im: real.ONE };

export function ofReal(re: Real): Complex {
  return { re, im: real.ZERO };
}

export function ofRational(num: bigint, den: bigint, bits: number): Complex {
  return ofReal(real.fromRational(num, den, bits));
}

/** Whether z is certainly real. */
export function isReal(z: Complex): boolean {
  return real.isZero(z.im);
}

export function neg(z: Complex): Complex {
  return { re: real.neg(z.re), im: real.neg(z.im) };
}

export function conj(z: Complex): Complex {
  return { re: z.re, im: real.neg(z.im) };
}

/** i * z */
export function timesI(z: Complex): Complex {
  return { re: real.neg(z.im), im: z.re };
}

/** z * 2^power */
export function scale(z: Complex, power: number): Complex {
  return { re: real.scale(z.re, power), im: real.scale(z.im, power) };
}

export function add(z: Complex, w: Complex, bits: number): Complex {
  return { re: real.add(z.re, w.re, bits), im: real.add(z.im, w.im, bits) };
}

export function sub(z: Complex, w: Complex, bits: number): Complex {
  return add(z, neg(w), bits);
}

export function mul(z: Complex, w: Complex, bits: number): Complex {
  if (isReal(w)) return mulReal(z, w.re, bits);
  if (isReal(z)) return mulReal(w, z.re, bits);
  return {
    re: real.sub(real.mul(z.re, w.re, bits), real.mul(z.im, w.im, bits), bits),
    im: real.add(real.mul(z.re, w.im, bits), real.mul(z.im, w.re, bits), bits),
  };
}

export function mulReal(z: Complex, x: Real, bits: number): Complex {
  return { re: real.mul(z.re, x, bits), im: real.mul(z.im, x, bits) };
}

/** Undefined where the divisor is, or may be, zero. */
export function div(z: Complex, w: Complex, bits: number, doubt: Doubt): Complex | undefined {
  const zero = isZero(w, bits, doubt);
  if (zero !== false) return undefined;
  if (isReal(w)) return quotient(z, w.re, bits, doubt);
  const square = norm(w, bits);
  return quotient(mul(z, conj(w), bits), square, bits, doubt);
}

function quotient(z: Complex, x: Real, bits: number, doubt: Doubt): Complex | undefined {
  const re = real.div(z.re, x, bits);
  const im = real.div(z.im, x, bits);
  // Squares of what is not zero may still reach it, when they are wide.
  return re === undefined || im === undefined ? undecided(doubt) : { re, im };
}

/** |z|^2 */
export function norm(z: Complex, bits: number): Real {
  const re = real.mul(z.re, z.re, bits);
  return isReal(z) ? re : real.add(re, real.mul(z.im, z.im, bits), bits);
}

export function abs(z: Complex, bits: number, doubt: Doubt): Real | undefined {
  if (isReal(z)) return real.abs(z.re);
  if (real.isZero(z.re)) return real.abs(z.im);
  return rootOfReal(norm(z, bits + 4), bits, doubt);
}

/** The root of what is zero or more, and may be known too badly to be seen as that. */
export function rootOfReal(x: Real, bits: number, doubt: Doubt): Real | undefined {
  const sign = signOf(x, bits, doubt);
  if (sign === undefined) return undefined;
  if (sign === 0) return real.ZERO;
  return real.sqrt(x, bits) ?? undecided(doubt);
}

/** The angle of z, above -pi and up to pi; undefined at zero. */
export function arg(z: Complex, bits: number, doubt: Doubt): Real | undefined {
  const { re: x, im: y } = z;
  const up = real.sign(y);
  const right = real.sign(x);
  if (up === 0 && right === 1) return real.ZERO;
  // The slope of what is nearer to the axis that is surely not touched.
  const steep = up !== undefined && up !== 0 && real.magnitude(y) > real.magnitude(x);
  if (right === 1 && !steep) return atanOfQuotient(y, x, bits, doubt);
  if (up !== undefined && up !== 0 && (steep || right !== -1)) {
    const slope = atanOfQuotient(x, y, bits + 4, doubt);
    const quarter = real.scale(functions.pi(bits + 4), -1);
    return slope && real.sub(up === 1 ? quarter : real.neg(quarter), slope, bits);
  }
  const above = signOf(y, bits, doubt);
  if (above === undefined) return undefined;
  if (above === 0) {
    const side = signOf(x, bits, doubt);
    if (side === undefined || side === 0) return undefined;
    return side === 1 ? real.ZERO : functions.pi(bits);
  }
  const half = functions.pi(bits + 4);
  const slope = atanOfQuotient(y, x, bits + 4, doubt);
  return slope && real.add(above === 1 ? half : real.neg(half), slope, bits);
}

function atanOfQuotient(y: Real, x: Real, bits: number, doubt: Doubt): Real | undefined {
  const slope = real.div(y, x, bits + 4);
  return slope === undefined ? undecided(doubt) : functions.atan(slope, bits);
}

export function exp(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  const size = functions.exp(z.re, bits);
  if (size === undefined) return undecided(doubt);
  if (isReal(z)) return ofReal(size);
  const { sin, cos } = functions.sinCos(z.im, bits);
  return mulReal({ re: cos, im: sin }, size, bits);
}

/** The principal logarithm; undefined at zero. */
export function ln(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  const angle = arg(z, bits, doubt);
  if (angle === undefined) return undefined;
  const size = isReal(z)
    ? functions.ln(real.abs(z.re), bits)
    : functions.ln(norm(z, bits + 4), bits);
  if (size === undefined) return undecided(doubt);
  return { re: isReal(z) ? size : real.scale(size, -1), im: angle };
}

/** The principal square root. */
export function sqrt(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  const left = real.sign(z.re) === -1 || (real.sign(z.re) === undefined && z.re.m < 0n);
  if (isReal(z) || (left && real.containsZero(z.im))) return sqrtAtAxis(z, bits, doubt);
  const size = abs(z, bits + 4, doubt);
  if (size === undefined) return undefined;
  // Of the two parts the larger by a root, the other by division: no digits cancel.
  const sum = real.add(size, real.abs(z.re), bits + 4);
  const larger = rootOfReal(real.scale(sum, -1), bits + 4, doubt);
  if (larger === undefined) return undefined;
  if (real.isZero(larger)) return ZERO;
  const smaller = real.div(real.scale(z.im, -1), larger, bits);
  if (smaller === undefined) return undecided(doubt);
  if (!left) return { re: larger, im: smaller };
  const below = z.im.m < 0n;
  return { re: real.abs(smaller), im: below ? real.neg(larger) : larger };
}

/** Of what is real, or may be, along the cut. */
function sqrtAtAxis(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  const x = realPart(z, bits, doubt);
  if (x === undefined || x === null) return undefined;
  const sign = signOf(x, bits, doubt);
  if (sign === undefined) return undefined;
  const root = sign === 0 ? real.ZERO : real.sqrt(real.abs(x), bits);
  if (root === undefined) return undecided(doubt);
  return sign === -1 ? { re: real.ZERO, im: root } : ofReal(root);
}

/** z^n; undefined for zero to a negative power. */
export function powInteger(z: Complex, n: bigint, bits: number, doubt: Doubt): Complex | undefined {
  if (n === 0n) return ONE;
  if (n < 0n) {
    const power = powInteger(z, -n, bits + 4, doubt);
    return power && div(ONE, power, bits, doubt);
  }
  const size = bitLength(n);
  if (size > MAX_SQUARINGS) return powLarge(z, n, bits, doubt);
  // Each squaring doubles an error, in proportion.
  const fine = bits + size + 4;
  let power = z;
  for (let i = size - 2; i >= 0; i--) {
    power = mul(power, power, fine);
    if ((n >> BigInt(i)) & 1n) power = mul(power, z, fine);
  }
  return add(power, ZERO, bits);
}

function powLarge(z: Complex, n: bigint, bits: number, doubt: Doubt): Complex | undefined {
  const fine = bits + bitLength(n);
  if (!isReal(z)) return pow(z, ofReal(real.fromInteger(n, fine)), fine, doubt);
  const size = pow(ofReal(real.abs(z.re)), ofReal(real.fromInteger(n, fine)), fine, doubt);
  return size && z.re.m < 0n && n & 1n ? neg(size) : size;
}

/** The principal power e^(w ln z); zero to a power is zero where the power's real part is positive,
 * and undefined elsewhere. */
export function pow(z: Complex, w: Complex, bits: number, doubt: Doubt): Complex | undefined {
  const zero = isZero(z, bits, doubt);
  if (zero === undefined) return undefined;
  if (zero) {
    const sign = signOf(w.re, bits, doubt);
    return sign === 1 ? ZERO : undefined;
  }
  // The error of the exponent is that of the result, in proportion.
  const size = Math.max(real.magnitude(w.re), real.magnitude(w.im));
  const fine = bits + 8 + Math.max(0, Math.min(bits, size));
  const log = ln(z, fine, doubt);
  return log && exp(mul(w, log, fine), bits, doubt);
}
