import {
  absolute,
  type Context,
  callOf,
  isComplex,
  isConstant,
  isNotNegative,
  isPositive,
  prime,
  root,
} from "./atoms.ts";
import { primitive, squareRoot } from "./division.ts";
import {
  add,
  divideBy,
  inverse,
  isZero,
  multiply,
  negate,
  ONE,
  ofFactor,
  ofInteger,
  ofPoly,
  ofRational,
  power,
  product,
  ZERO,
} from "./fraction.ts";
import { factors, floorRoot, absolute as sizeOf } from "./integer.ts";
import { exponent, type Factor, type Fraction, monomialOf } from "./monomial.ts";
import { partsOf } from "./parts.ts";
import {
  integerOf,
  monomialContent,
  multiply as multiplyPoly,
  negate as negatePoly,
  type Poly,
  single,
  without,
} from "./polynomial.ts";
import { signOf } from "./sign.ts";
import { imaginary, rotation } from "./turns.ts";

/** A rational exponent `p / q` in lowest terms, q > 0. */
interface Root {
  readonly p: number;
  readonly q: number;
}

const SQUARE_ROOT: Root = { p: 1, q: 2 };

const MINUS_ONE = ofInteger(-1);

/** `base ^ (p / q)`: the principal value, but real for odd roots of negative numbers. */
export function rationalPower(base: Fraction, of: Root, context: Context): Fraction {
  const { budget } = context;
  const { p, q } = of;
  budget.spend();
  if (q === 1) return power(base, p, budget);
  if (p < 0) return rationalPower(inverse(base, budget), { ...of, p: -p }, context);
  if (isZero(base)) return ZERO;
  if (isComplex(base)) return complexPower(base, of, context);
  // Where the quotient is positive, both have the same phase.
  return divideBy(polyPower(base.num, of, context), polyPower(base.den, of, context), budget);
}

function complexPower(base: Fraction, of: Root, context: Context): Fraction {
  const { budget } = context;
  const rest = divideBy(base, imaginary(budget), budget);
  for (const sign of [1, -1]) {
    const size = sign > 0 ? rest : negate(rest);
    if (!isPositive(size)) continue;
    const { n, d } = exponent(of.p * sign, 2 * of.q);
    return multiply(rationalPower(size, of, context), rotation(n, d, context), budget);
  }
  const den = integerOf(base.den);
  if (den === undefined) {
    return callOf("pow", [base, ofRational(BigInt(of.p), BigInt(of.q), budget)], context);
  }
  const { content, rest: whole } = primitive(base.num, budget);
  const size = rationalPower(ofRational(sizeOf(content), den, budget), of, context);
  const left = content < 0n ? negatePoly(whole) : whole;
  return multiply(size, ofFactor(root(left, "complex", context), of.p, of.q, budget), budget);
}

function integerPower(base: bigint, { p, q }: Root, { budget }: Context): Fraction {
  if (base === 1n) return ONE;
  return product(
    factors(base, budget).map((found) =>
      ofFactor(prime(found.base, found.prime), found.exponent * p, q, budget),
    ),
    budget,
  );
}

const ofAbsolute = (factor: Factor, n: number, d: number, context: Context): Fraction => {
  const one = single(monomialOf([{ atom: factor.atom, n: 1, d: 1 }], context.budget));
  return ofFactor(absolute(one, context), n, d, context.budget);
};

/** A factor's power where it may be taken alone: a product of two unknown signs may not, since
 * √(xy) is no √x√y where both are negative. */
function factorPower(factor: Factor, { p, q }: Root, context: Context): Fraction | undefined {
  const { atom, n, d } = factor;
  const power = exponent(n * p, d * q);
  const alone = (): Fraction => ofFactor(atom, power.n, power.d, context.budget);
  if (isNotNegative(factor)) return alone();
  if (n % 2 === 0) {
    // (x²)^(1/2) is |x|, (x²)^(1/3) and (x⁴)^(1/2) are powers of x.
    return power.n % 2 === 0 ? alone() : ofAbsolute(factor, power.n, power.d, context);
  }
  return q % 2 === 1 && atom.kind !== "exp" ? alone() : undefined;
}

function polyPower(base: Poly, of: Root, context: Context): Fraction {
  const { budget } = context;
  const { p, q } = of;
  const { content, rest: whole } = primitive(base, budget);
  const monomial = monomialContent(whole, budget);
  const rest = without(whole, 1n, monomial, budget);
  const parts = [integerPower(sizeOf(content), of, context)];
  const signOut = content < 0n && q % 2 === 1;
  const negative = content < 0n && !signOut;
  if (signOut && p % 2 !== 0) parts.push(MINUS_ONE);
  const loose: Factor[] = [];
  for (const factor of monomial.factors) {
    const alone = factorPower(factor, of, context);
    if (alone === undefined) loose.push(factor);
    else parts.push(alone);
  }
  parts.push(restPower(rest, loose, negative, of, context));
  return product(parts, budget);
}

/** What had to stay together: `± loose * rest`. */
function restPower(
  rest: Poly,
  loose: readonly Factor[],
  negative: boolean,
  of: Root,
  context: Context,
): Fraction {
  const { budget } = context;
  const { p, q } = of;
  const [first] = loose;
  if (integerOf(rest) === 1n && !negative) {
    if (first === undefined) return ONE;
    if (loose.length === 1 && first.atom.kind !== "exp") {
      return ofFactor(first.atom, first.n * p, first.d * q, budget);
    }
  }
  if (first === undefined && !negative && q % 2 === 0) {
    const half = squareRoot(rest, budget);
    if (half !== undefined) {
      const size = absOf(ofPoly(half), context);
      return rationalPower(size, { p, q: q / 2 }, context);
    }
  }
  const parts: Fraction[] = [];
  const odd = loose.map((factor) => {
    if (q !== 2 || factor.d !== 1 || factor.n < 3) return factor;
    parts.push(ofAbsolute(factor, ((factor.n - 1) / 2) * p, 1, context));
    return { ...factor, n: 1 };
  });
  const size = multiplyPoly(rest, single(monomialOf(odd, budget)), budget);
  parts.push(basePower(negative ? negatePoly(size) : size, of, context));
  return product(parts, budget);
}

function basePower(base: Poly, of: Root, context: Context): Fraction {
  const { budget } = context;
  const { p, q } = of;
  const sign = signOf(ofPoly(base), budget);
  if (sign === -1 && q % 2 === 0) {
    const size = basePower(negatePoly(base), of, context);
    return multiply(rotation(p, q, context), size, budget);
  }
  if (integerOf(base) === 1n) return ONE;
  const plain = q === 2 && sign === 1 ? denested(base, context) : undefined;
  if (plain !== undefined) return power(plain, p, budget);
  const nature = sign === 1 ? "positive" : "real";
  return ofFactor(root(base, nature, context), p, q, budget);
}

/** `√(a + b)`, with `a` an integer and `b` the root of one, as a sum of two roots. */
function denested(base: Poly, context: Context): Fraction | undefined {
  const { budget } = context;
  const a = base.get("")?.coefficient;
  const other = [...base.values()].find(({ monomial }) => monomial.key !== "");
  if (base.size !== 2 || a === undefined || a < 0n || other === undefined) return undefined;
  const b = single(other.monomial, other.coefficient);
  const square = integerOf(multiplyPoly(b, b, budget));
  if (square === undefined || square >= a * a) return undefined;
  const difference = a * a - square;
  const d = floorRoot(difference, 2, budget);
  if (d * d !== difference) return undefined;
  const half = (of: bigint): Fraction =>
    rationalPower(ofRational(of, 2n, budget), SQUARE_ROOT, context);
  const second = half(a - d);
  return add(half(a + d), other.coefficient < 0n ? negate(second) : second, budget);
}

/** The absolute value. */
export function absOf(of: Fraction, context: Context): Fraction {
  const { budget } = context;
  if (!isComplex(of)) {
    const sign = signOf(of, budget);
    if (sign !== undefined) return sign < 0 ? negate(of) : of;
    return divideBy(absOfPoly(of.num, context), absOfPoly(of.den, context), budget);
  }
  const parts = isConstant(of, budget) ? partsOf(of, budget) : undefined;
  if (parts === undefined) return callOf("abs", [of], context);
  const square = add(power(parts.re, 2, budget), power(parts.im, 2, budget), budget);
  return rationalPower(square, SQUARE_ROOT, context);
}

function absOfPoly(of: Poly, context: Context): Fraction {
  const { budget } = context;
  if (of.size === 0) return ZERO;
  const { content, rest: whole } = primitive(of, budget);
  const monomial = monomialContent(whole, budget);
  const rest = without(whole, 1n, monomial, budget);
  const parts = monomial.factors.map((factor) => {
    const { atom, n, d } = factor;
    const known = isNotNegative(factor) || n % 2 === 0;
    return known ? ofFactor(atom, n, d, budget) : ofAbsolute(factor, n, d, context);
  });
  parts.push(ofInteger(sizeOf(content)), absOfRest(rest, context));
  return product(parts, budget);
}

function absOfRest(rest: Poly, context: Context): Fraction {
  if (integerOf(rest) === 1n) return ONE;
  const sign = signOf(ofPoly(rest), context.budget);
  if (sign !== undefined) return ofPoly(sign < 0 ? negatePoly(rest) : rest);
  return ofFactor(absolute(rest, context), 1, 1, context.budget);
}
