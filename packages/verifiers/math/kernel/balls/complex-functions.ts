import * as complex from "./complex.ts";
import { type Complex, isReal, ONE, ofReal } from "./complex.ts";
import { type Doubt, signOf, undecided } from "./decide.ts";
import type { Real } from "./real.ts";
import * as real from "./real.ts";
import * as functions from "./real-functions.ts";

/** A function of one complex number: undefined where it has no value, or none is decided. */
export type Function = (z: Complex, bits: number, doubt: Doubt) => Complex | undefined;

/** The sine and cosine of an argument, circular or hyperbolic. */
interface Pair {
  readonly sin: Complex;
  readonly cos: Complex;
}
type PairFunction = (z: Complex, bits: number, doubt: Doubt) => Pair | undefined;

/** Room for the operations by which a function is put together. */
const GUARD_BITS = 8;

function circular(z: Complex, bits: number, doubt: Doubt): Pair | undefined {
  const { sin, cos } = functions.sinCos(z.re, bits);
  if (isReal(z)) return { sin: ofReal(sin), cos: ofReal(cos) };
  const across = hyperbolicReal(z.im, bits);
  if (across === undefined) return undecided(doubt);
  return {
    sin: { re: real.mul(sin, across.cos, bits), im: real.mul(cos, across.sin, bits) },
    cos: { re: real.mul(cos, across.cos, bits), im: real.neg(real.mul(sin, across.sin, bits)) },
  };
}

function hyperbolic(z: Complex, bits: number, doubt: Doubt): Pair | undefined {
  const along = hyperbolicReal(z.re, bits);
  if (along === undefined) return undecided(doubt);
  if (isReal(z)) return { sin: ofReal(along.sin), cos: ofReal(along.cos) };
  const { sin, cos } = functions.sinCos(z.im, bits);
  return {
    sin: { re: real.mul(along.sin, cos, bits), im: real.mul(along.cos, sin, bits) },
    cos: { re: real.mul(along.cos, cos, bits), im: real.mul(along.sin, sin, bits) },
  };
}

function hyperbolicReal(x: Real, bits: number): { sin: Real; cos: Real } | undefined {
  if (real.isZero(x)) return { sin: real.ZERO, cos: real.ONE };
  // Near zero the digits of e^x and of e^-x cancel.
  const lost = Math.max(0, Math.min(bits, -real.magnitude(x)));
  const fine = bits + lost + GUARD_BITS;
  const up = functions.exp(x, fine);
  const down = up && real.div(real.ONE, up, fine);
  if (up === undefined || down === undefined) return undefined;
  return {
    sin: real.scale(real.sub(up, down, bits), -1),
    cos: real.scale(real.add(up, down, bits), -1),
  };
}

/** The six functions made of a sine and a cosine, their names ending in `suffix`. */
function family(suffix: string, pair: PairFunction): [string, Function][] {
  const ratio =
    (top: (p: Pair) => Complex, bottom: (p: Pair) => Complex): Function =>
    (z, bits, doubt) => {
      const both = pair(z, bits + GUARD_BITS, doubt);
      return both && complex.div(top(both), bottom(both), bits, doubt);
    };
  const one = () => ONE;
  const sin = (p: Pair) => p.sin;
  const cos = (p: Pair) => p.cos;
  return [
    [`sin${suffix}`, (z, bits, doubt) => pair(z, bits, doubt)?.sin],
    [`cos${suffix}`, (z, bits, doubt) => pair(z, bits, doubt)?.cos],
    [`tan${suffix}`, ratio(sin, cos)],
    [`cot${suffix}`, ratio(cos, sin)],
    [`sec${suffix}`, ratio(one, cos)],
    [`csc${suffix}`, ratio(one, sin)],
  ];
}

function asin(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  if (isReal(z)) {
    const across = across1(z.re, bits, doubt);
    if (across === undefined) return undefined;
    if (across !== null) return angle({ re: across, im: z.re }, bits, doubt);
  }
  // -i ln(iz + sqrt(1 - z^2))
  const fine = bits + GUARD_BITS;
  const root = complex.sqrt(complex.sub(ONE, complex.mul(z, z, fine), fine), fine, doubt);
  const sum = root && complex.add(complex.timesI(z), root, fine);
  const log = sum && complex.ln(sum, bits, doubt);
  return log && complex.neg(complex.timesI(log));
}

function acos(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  if (isReal(z)) {
    const across = across1(z.re, bits, doubt);
    if (across === undefined) return undefined;
    if (across !== null) return angle({ re: z.re, im: across }, bits, doubt);
  }
  return fromQuarter(asin(z, bits + GUARD_BITS, doubt), bits);
}

/** sqrt(1 - x^2); null beyond 1. */
function across1(x: Real, bits: number, doubt: Doubt): Real | null | undefined {
  const fine = bits + GUARD_BITS;
  // In two factors: no digits of x are lost near 1.
  const square = real.mul(real.sub(real.ONE, x, fine), real.add(real.ONE, x, fine), fine);
  const sign = signOf(square, bits, doubt);
  if (sign === undefined) return undefined;
  if (sign === -1) return null;
  return complex.rootOfReal(square, fine, doubt);
}

function angle(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  const value = complex.arg(z, bits, doubt);
  return value && ofReal(value);
}

/** pi/2 - z */
function fromQuarter(z: Complex | undefined, bits: number): Complex | undefined {
  const quarter = real.scale(functions.pi(bits + GUARD_BITS), -1);
  return z && complex.sub(ofReal(quarter), z, bits);
}

function atan(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  if (isReal(z)) return ofReal(functions.atan(z.re, bits));
  const turned = atanh(complex.timesI(z), bits, doubt);
  return turned && complex.neg(complex.timesI(turned));
}

/** Its range is from 0 to pi, as textbooks have it. */
function acot(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  return fromQuarter(atan(z, bits + GUARD_BITS, doubt), bits);
}

function asinh(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  if (isReal(z) && z.re.m < 0n) {
    const mirrored = asinh(complex.neg(z), bits, doubt);
    return mirrored && complex.neg(mirrored);
  }
  const fine = bits + GUARD_BITS;
  const root = complex.sqrt(complex.add(complex.mul(z, z, fine), ONE, fine), fine, doubt);
  return root && complex.ln(complex.add(z, root, fine), bits, doubt);
}

function acosh(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  const fine = bits + GUARD_BITS;
  const low = complex.sqrt(complex.sub(z, ONE, fine), fine, doubt);
  const high = low && complex.sqrt(complex.add(z, ONE, fine), fine, doubt);
  if (low === undefined || high === undefined) return undefined;
  return complex.ln(complex.add(z, complex.mul(low, high, fine), fine), bits, doubt);
}

function atanh(z: Complex, bits: number, doubt: Doubt): Complex | undefined {
  const fine = bits + GUARD_BITS;
  const up = complex.ln(complex.add(ONE, z, fine), fine, doubt);
  const down = up && complex.ln(complex.sub(ONE, z, fine), fine, doubt);
  return up && down && complex.scale(complex.sub(up, down, bits), -1);
}

function ofInverse(f: Function): Function {
  return (z, bits, doubt) => {
    const inverse = complex.div(ONE, z, bits + GUARD_BITS, doubt);
    return inverse && f(inverse, bits, doubt);
  };
}

/** Those whose argument is an angle. */
export const TRIGONOMETRIC: ReadonlyMap<string, Function> = new Map(family("", circular));

export const FUNCTIONS: ReadonlyMap<string, Function> = new Map<string, Function>([
  ...TRIGONOMETRIC,
  ...family("h", hyperbolic),
  ["exp", complex.exp],
  ["ln", complex.ln],
  ["asin", asin],
  ["acos", acos],
  ["atan", atan],
  ["acot", acot],
  ["asec", ofInverse(acos)],
  ["acsc", ofInverse(asin)],
  ["asinh", asinh],
  ["acosh", acosh],
  ["atanh", atanh],
  ["asech", ofInverse(acosh)],
  ["acsch", ofInverse(asinh)],
  ["acoth", ofInverse(atanh)],
]);
