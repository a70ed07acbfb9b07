import {
  absolute,
  type Context,
  callOf,
  exponential,
  isNotNegative,
  logarithm,
  prime,
  someAtom,
} from "./atoms.ts";
import { primitive, squareRoot } from "./division.ts";
import {
  add,
  divideBy,
  integerValue,
  isZero,
  multiply,
  NoForm,
  ONE,
  ofFactor,
  ofPoly,
  ofRational,
  power,
  product,
  rationalOf,
  reduce,
  scale,
  ZERO,
} from "./fraction.ts";
import { factors, absolute as sizeOf } from "./integer.ts";
import {
  type Atom,
  type Factor,
  type Fraction,
  MAX_EXPONENT,
  MAX_ROOT,
  monomialOf,
} from "./monomial.ts";
import {
  integerOf,
  lead,
  monomialContent,
  multiply as multiplyPoly,
  negate as negatePoly,
  type Poly,
  single,
  without,
} from "./polynomial.ts";
import { absOf, rationalPower } from "./powers.ts";
import { signOf } from "./sign.ts";
import { imaginary, pi, rotation } from "./turns.ts";

/** How a logarithm treats signs that it does not know. `formal`: below an exponent of whole numbers
 * times variables, where (xy)^n is x^n y^n for all signs. For (x²)^n and x^(2n) that takes n to be
 * whole, or x to be positive, as whoever writes either does. */
type Signs = "formal" | "careful";

/** `num / den * unit`, whose own rational content is 1. */
export interface Part {
  readonly num: bigint;
  readonly den: bigint;
  readonly unit: Fraction;
}

/** A sum as rational multiples of units, which tell angles and exponents apart. */
export function decompose(of: Fraction, context: Context): Part[] {
  const { budget } = context;
  if (isZero(of)) return [];
  const below = primitive(of.den, budget);
  if (below.rest.size > 1) {
    const above = primitive(of.num, budget);
    return [{ num: above.content, den: below.content, unit: { num: above.rest, den: below.rest } }];
  }
  return [...of.num.values()].map(({ monomial, coefficient }) => {
    const value = ofRational(coefficient, below.content, budget);
    return {
      num: integerOf(value.num) ?? 0n,
      den: integerOf(value.den) ?? 1n,
      unit: reduce(single(monomial), below.rest, budget),
    };
  });
}

const isSmall = (num: bigint, den: bigint): boolean =>
  sizeOf(num) <= BigInt(MAX_EXPONENT) && den <= BigInt(MAX_ROOT);

/** `e ^ of`, a product over the terms of the sum. */
export const expOf = (of: Fraction, context: Context): Fraction =>
  product(
    decompose(of, context).map((part) => unitPower(part, context)),
    context.budget,
  );

function unitPower({ num, den, unit }: Part, context: Context): Fraction {
  const { budget } = context;
  if (!isSmall(num, den)) return callOf("exp", [scale(unit, num, den, budget)], context);
  const [n, d] = [Number(num), Number(den)];
  const [first, second, ...more] = factorsOf(unit);
  if (first?.atom.kind === "ln" && isPlain(first) && second === undefined) {
    const [base] = first.atom.args;
    // e^(ln x * n / d) is the power itself.
    if (base !== undefined) return rationalPower(base, { p: n, q: d }, context);
  }
  const isTurn = first?.atom.kind === "i" && second?.atom.kind === "pi" && isPlain(second);
  if (isTurn && more.length === 0) return rotation(n, d, context);
  return ofFactor(exponential(unit, context), n, d, budget);
}

const isPlain = ({ n, d }: Factor): boolean => n === 1 && d === 1;

/** Of a single product; none of a sum or a quotient. */
function factorsOf({ num, den }: Fraction): readonly Factor[] {
  return num.size === 1 && integerOf(den) === 1n ? lead(num).monomial.factors : [];
}

/** `ln of`: a sum over the factors, as far as their signs are known. */
export function lnOf(of: Fraction, signs: Signs, context: Context): Fraction {
  const { budget } = context;
  if (isZero(of)) throw new NoForm("the logarithm of zero");
  budget.spend();
  const top = lnOfPoly(of.num, signs, context);
  if (integerOf(of.den) === 1n) return top;
  // Where the quotient is positive, both logarithms have the same imaginary part.
  return add(top, scale(lnOfPoly(of.den, signs, context), -1n, 1n, budget), budget);
}

function lnOfInteger(of: bigint, context: Context): Fraction {
  const { budget } = context;
  let sum = ZERO;
  for (const { base, exponent, prime: proved } of of === 1n ? [] : factors(of, budget)) {
    const atom = ofFactor(prime(base, proved), 1, 1, budget);
    // As an atom of its own: a prime's first power is an integer.
    const term = ofFactor(logarithm(atom, context), 1, 1, budget);
    sum = add(sum, scale(term, BigInt(exponent), 1n, budget), budget);
  }
  return sum;
}

const halfTurn = (quarters: bigint, { budget }: Context): Fraction =>
  scale(multiply(imaginary(budget), pi(budget), budget), quarters, 2n, budget);

/** The logarithm of a factor whose sign does not matter. */
const lnOfFactor = ({ atom, n, d }: Factor, context: Context): Fraction =>
  scale(lnOfAtom(atom, context), BigInt(n), BigInt(d), context.budget);

function lnOfAtom(atom: Atom, context: Context): Fraction {
  const { budget } = context;
  const [argument] = atom.args;
  const base = atom.fold === undefined ? undefined : integerOf(atom.fold.into);
  if (atom.kind === "prime" && base !== undefined) return lnOfInteger(base, context);
  if (atom.kind === "exp" && argument !== undefined) return argument;
  if (atom.kind === "root" && argument !== undefined) {
    return atom.nature === "positive"
      ? lnOf(argument, "careful", context)
      : ofFactor(logarithm(argument, context), 1, 1, budget);
  }
  const alone = single(monomialOf([{ atom, n: 1, d: 1 }], budget));
  return ofFactor(logarithm(ofPoly(alone), context), 1, 1, budget);
}

function lnOfAbsolute(factor: Factor, context: Context): Fraction {
  const one = single(monomialOf([{ ...factor, n: 1, d: 1 }], context.budget));
  return lnOfFactor({ ...factor, atom: absolute(one, context) }, context);
}

function lnOfPoly(of: Poly, signs: Signs, context: Context): Fraction {
  const { budget } = context;
  const { content, rest: whole } = primitive(of, budget);
  const monomial = monomialContent(whole, budget);
  const rest = without(whole, 1n, monomial, budget);
  let sum = lnOfInteger(sizeOf(content), context);
  let quarters = content < 0n ? 2n : 0n;
  const loose: Factor[] = [];
  for (const factor of monomial.factors) {
    const { atom, n } = factor;
    if (atom.kind === "i") quarters += quarters === 0n ? 1n : -3n;
    else if (isNotNegative(factor) || signs === "formal") {
      sum = add(sum, lnOfFactor(factor, context), budget);
    } else if (n % 2 === 0 && atom.nature === "real") {
      sum = add(sum, lnOfAbsolute(factor, context), budget);
    } else loose.push(factor);
  }
  return add(sum, lnOfRest(rest, loose, quarters, signs, context), budget);
}

/** Of what stays together: a sum, or a product of unknown signs; times a power of `i`. */
function lnOfRest(
  rest: Poly,
  loose: readonly Factor[],
  quarters: bigint,
  signs: Signs,
  context: Context,
): Fraction {
  const { budget } = context;
  const [first] = loose;
  const turned = halfTurn(quarters, context);
  if (integerOf(rest) === 1n) {
    if (first === undefined) return turned;
    if (loose.length === 1 && quarters === 0n) return lnOfFactor(first, context);
  }
  const product = multiplyPoly(rest, single(monomialOf(loose, budget)), budget);
  const sign = signOf(ofPoly(product), budget);
  if (sign === undefined && signs === "careful" && quarters === 2n) {
    return ofFactor(logarithm(ofPoly(negatePoly(product)), context), 1, 1, budget);
  }
  if (sign === -1) {
    const opposite = quarters > 0n ? quarters - 2n : quarters + 2n;
    return lnOfRest(negatePoly(product), [], opposite, signs, context);
  }
  const half = first === undefined && quarters === 0n ? squareRoot(rest, budget) : undefined;
  if (half !== undefined)
    return scale(lnOf(absOf(ofPoly(half), context), signs, context), 2n, 1n, budget);
  return add(ofFactor(logarithm(ofPoly(product), context), 1, 1, budget), turned, budget);
}

/** Whether an exponent is a sum of whole multiples of products with variables, such as `2n + 1`. */
const isWholeMultiple = (of: Fraction, { budget }: Context): boolean =>
  integerOf(of.den) === 1n && someAtom(of, ({ kind }) => kind === "variable", budget);

/** `base ^ exponent`, whatever they are. */
export function powerOf(base: Fraction, exponent: Fraction, context: Context): Fraction {
  const { budget } = context;
  const rational = rationalOf(exponent);
  const value = integerValue(base);
  if (value === 1n) return ONE;
  if (rational !== undefined) {
    const { num, den } = rational;
    if (isSmall(num, den)) {
      return den === 1n
        ? power(base, Number(num), budget)
        : rationalPower(base, { p: Number(num), q: Number(den) }, context);
    }
    if (value === -1n && den === 1n) return num % 2n === 0n ? ONE : base;
    if (rationalOf(base) === undefined || den !== 1n)
      return callOf("pow", [base, exponent], context);
    return power(base, Number(num), budget);
  }
  if (isZero(base)) return callOf("pow", [base, exponent], context);
  const signs = isWholeMultiple(exponent, context) ? "formal" : "careful";
  return expOf(multiply(exponent, lnOf(base, signs, context), budget), context);
}

/** `ln of / ln base`. */
export const logOf = (of: Fraction, base: Fraction, context: Context): Fraction =>
  divideBy(lnOf(of, "careful", context), lnOf(base, "careful", context), context.budget);
