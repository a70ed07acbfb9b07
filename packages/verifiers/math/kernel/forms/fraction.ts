import { type Budget, BudgetSpent } from "../budget.ts";
import { complement, conjugate, divide, primitive } from "./division.ts";
import { absolute, gcd } from "./integer.ts";
import {
  type Atom,
  type Factor,
  type Fraction,
  greatestCommon,
  leastCommon,
  MAX_EXPONENT,
  only,
  quotient,
  UNIT,
} from "./monomial.ts";
import {
  add as addPoly,
  addAll as addPolys,
  constant,
  content,
  equal as equalPoly,
  integerOf,
  lead,
  monomialContent,
  multiply as multiplyPoly,
  NONE,
  negate as negatePoly,
  ONE as ONE_POLY,
  ofAtom,
  type Poly,
  power as powerPoly,
  single,
  textOf,
  without,
} from "./polynomial.ts";

/** Thrown where an expression has no canonical form: a set, a matrix, a division by zero. */
export class NoForm extends Error {
  override name = "NoForm";
}

export interface Rational {
  readonly num: bigint;
  /** Above zero, without a common divisor. */
  readonly den: bigint;
}

export const ZERO: Fraction = { num: NONE, den: ONE_POLY };
export const ONE: Fraction = { num: ONE_POLY, den: ONE_POLY };

export function ofRational(num: bigint, den: bigint, budget: Budget): Fraction {
  if (den === 0n) throw new NoForm("a division by zero");
  if (num === 0n) return ZERO;
  const common = gcd(absolute(num), absolute(den), budget) * (den < 0n ? -1n : 1n);
  return { num: constant(num / common), den: constant(den / common) };
}

export const ofInteger = (value: bigint | number): Fraction => ({
  num: constant(BigInt(value)),
  den: ONE_POLY,
});

/** `atom ^ (n / d)`. */
export function ofFactor(atom: Atom, n: number, d: number, budget: Budget): Fraction {
  if (n === 0) return ONE;
  const whole = { num: ofAtom(atom, Math.abs(n), d, budget), den: ONE_POLY };
  return n < 0 ? inverse(whole, budget) : whole;
}

export const ofPoly = (num: Poly): Fraction => ({ num, den: ONE_POLY });

/** `num / den`, with whatever is cheaply found in common cancelled, and no root of a constant in
 * the denominator. */
export function reduce(num: Poly, den: Poly, budget: Budget): Fraction {
  if (den.size === 0) throw new NoForm("a division by zero");
  if (num.size === 0) return ZERO;
  if (integerOf(den) === 1n) return { num, den: ONE_POLY };
  const [top, bottom] = rational(num, den, budget);
  const integer =
    gcd(content(bottom, budget), content(top, budget), budget) *
    (lead(bottom).coefficient < 0n ? -1n : 1n);
  const below = monomialContent(bottom, budget);
  const monomial =
    below === UNIT ? UNIT : greatestCommon(below, monomialContent(top, budget), budget);
  return cancelled(
    without(top, integer, monomial, budget),
    without(bottom, integer, monomial, budget),
    budget,
  );
}

/** Roots of constants moved from the denominator to the numerator. */
function rational(num: Poly, den: Poly, budget: Budget): [Poly, Poly] {
  if (integerOf(den) !== undefined) return [num, den];
  const roots = complement(monomialContent(den, budget), budget);
  const by = single(roots);
  const [top, bottom] =
    roots.factors.length === 0
      ? [num, den]
      : [multiplyPoly(num, by, budget), multiplyPoly(den, by, budget)];
  const other = bottom.size > 1 ? conjugate(bottom, budget) : undefined;
  return other === undefined
    ? [top, bottom]
    : [multiplyPoly(top, other, budget), multiplyPoly(bottom, other, budget)];
}

/** Cancels a denominator that divides the numerator, or the other way round. */
function cancelled(num: Poly, den: Poly, budget: Budget): Fraction {
  if (integerOf(den) === 1n) return { num, den: ONE_POLY };
  if (den.size === 1 || num.size === 1) return { num, den };
  const above = primitive(num, budget);
  const below = primitive(den, budget);
  const whole = divide(above.rest, below.rest, budget);
  if (whole !== undefined) {
    return {
      num: multiplyPoly(whole, constant(above.content), budget),
      den: constant(below.content),
    };
  }
  const part = divide(below.rest, above.rest, budget);
  if (part === undefined) return { num, den };
  return { num: constant(above.content), den: multiplyPoly(part, constant(below.content), budget) };
}

/** The sum of many: what has no denominator at once, the rest by halves. */
export function addAll(parts: readonly Fraction[], budget: Budget): Fraction {
  const whole = parts.filter(({ den }) => den === ONE_POLY);
  const others = parts.filter(({ den }) => den !== ONE_POLY);
  return add(
    ofPoly(
      addPolys(
        whole.map(({ num }) => num),
        budget,
      ),
    ),
    addHalves(others, budget),
    budget,
  );
}

function addHalves(parts: readonly Fraction[], budget: Budget): Fraction {
  if (parts.length < 2) return parts[0] ?? ZERO;
  const middle = parts.length >> 1;
  const [left, right] = [parts.slice(0, middle), parts.slice(middle)];
  return add(addHalves(left, budget), addHalves(right, budget), budget);
}

export function add(a: Fraction, b: Fraction, budget: Budget): Fraction {
  if (a.num.size === 0) return b;
  if (b.num.size === 0) return a;
  if (a.den === b.den || equalPoly(a.den, b.den)) {
    return reduce(addPoly(a.num, b.num, budget), a.den, budget);
  }
  const [left, right] = cofactors(a.den, b.den, budget);
  const num = addPoly(
    multiplyPoly(a.num, left, budget),
    multiplyPoly(b.num, right, budget),
    budget,
  );
  return reduce(num, multiplyPoly(a.den, left, budget), budget);
}

/** What makes two denominators the same. */
function cofactors(a: Poly, b: Poly, budget: Budget): [Poly, Poly] {
  if (a.size > 1 && b.size > 1) {
    const up = divide(b, a, budget);
    if (up !== undefined) return [up, ONE_POLY];
    const down = divide(a, b, budget);
    return down === undefined ? [b, a] : [ONE_POLY, down];
  }
  if (a.size > 1 || b.size > 1) return [b, a];
  const left = lead(a);
  const right = lead(b);
  const common = gcd(absolute(left.coefficient), absolute(right.coefficient), budget);
  const least = leastCommon(left.monomial, right.monomial, budget);
  return [
    single(quotient(least, left.monomial, budget) ?? UNIT, right.coefficient / common),
    single(quotient(least, right.monomial, budget) ?? UNIT, left.coefficient / common),
  ];
}

export const negate = (a: Fraction): Fraction => ({ num: negatePoly(a.num), den: a.den });

export const minus = (a: Fraction, b: Fraction, budget: Budget): Fraction =>
  add(a, negate(b), budget);

export function multiply(a: Fraction, b: Fraction, budget: Budget): Fraction {
  if (a === ONE) return b;
  if (b === ONE) return a;
  return reduce(multiplyPoly(a.num, b.num, budget), multiplyPoly(a.den, b.den, budget), budget);
}

export const inverse = (a: Fraction, budget: Budget): Fraction => reduce(a.den, a.num, budget);

export const divideBy = (a: Fraction, b: Fraction, budget: Budget): Fraction =>
  multiply(a, inverse(b, budget), budget);

/** `a ^ n`. @throws BudgetSpent where n is too large for any exponent. */
export function power(a: Fraction, n: number, budget: Budget): Fraction {
  if (n < 0) return power(inverse(a, budget), -n, budget);
  if (n > MAX_EXPONENT) throw new BudgetSpent("an exponent is too large");
  const num = powerPoly(a.num, n, budget);
  return a.den === ONE_POLY
    ? { num, den: a.den }
    : reduce(num, powerPoly(a.den, n, budget), budget);
}

export const scale = (a: Fraction, num: bigint, den: bigint, budget: Budget): Fraction =>
  multiply(a, ofRational(num, den, budget), budget);

export function product(items: Iterable<Fraction>, budget: Budget): Fraction {
  let whole = ONE;
  for (const item of items) whole = multiply(whole, item, budget);
  return whole;
}

export const isZero = (a: Fraction): boolean => a.num.size === 0;

/** Cross products are equal, as far as the reductions of atoms tell. */
export function equal(a: Fraction, b: Fraction, budget: Budget): boolean {
  if (equalPoly(a.den, b.den)) return equalPoly(a.num, b.num);
  return equalPoly(multiplyPoly(a.num, b.den, budget), multiplyPoly(b.num, a.den, budget));
}

export function rationalOf(a: Fraction): Rational | undefined {
  const num = integerOf(a.num);
  const den = integerOf(a.den);
  return num === undefined || den === undefined ? undefined : { num, den };
}

export function integerValue(a: Fraction): bigint | undefined {
  const value = rationalOf(a);
  return value?.den === 1n ? value.num : undefined;
}

export function keyOf(a: Fraction, budget: Budget): string {
  const num = textOf(a.num, budget);
  return a.den === ONE_POLY || integerOf(a.den) === 1n
    ? num
    : `(${num})/(${textOf(a.den, budget)})`;
}

/** What an atom's power becomes; undefined leaves it. */
type Visit = (factor: Factor) => Fraction | undefined;

export function substitutePoly(a: Poly, visit: Visit, budget: Budget): Fraction {
  let kept: Poly = NONE;
  let changed = ZERO;
  for (const { monomial, coefficient } of a.values()) {
    budget.spend();
    const values: Fraction[] = [];
    const rest = only(
      monomial,
      (factor) => {
        const value = visit(factor);
        if (value !== undefined) values.push(value);
        return value === undefined;
      },
      budget,
    );
    const term = single(rest, coefficient);
    if (values.length === 0) kept = addPoly(kept, term, budget);
    else changed = add(changed, multiply(product(values, budget), ofPoly(term), budget), budget);
  }
  return add(changed, ofPoly(kept), budget);
}

export const substitute = (a: Fraction, visit: Visit, budget: Budget): Fraction =>
  divideBy(substitutePoly(a.num, visit, budget), substitutePoly(a.den, visit, budget), budget);
