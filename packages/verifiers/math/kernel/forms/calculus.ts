import { type Context, dependsOn, isComplex, someAtom, variable } from "./atoms.ts";
import {
  add,
  divideBy,
  integerValue,
  isZero,
  minus,
  multiply,
  NoForm,
  negate,
  ONE,
  ofFactor,
  ofPoly,
  power,
  rationalOf,
  scale,
  substitutePoly,
  ZERO,
} from "./fraction.ts";
import { expOf, lnOf } from "./logarithms.ts";
import type { Atom, Factor, Fraction } from "./monomial.ts";
import { lead, type Poly, single } from "./polynomial.ts";
import { absOf, rationalPower } from "./powers.ts";
import { signOf } from "./sign.ts";
import { arc, cosOf, isCircular, sinOf } from "./trigonometry.ts";

/** How often numerator and denominator are differentiated where both vanish: enough for the
 * difference of sines and their series that a task asks for. */
const MAX_ROUNDS = 8;

/** Nobody writes a higher derivative of what is not a polynomial. */
const MAX_ORDER = 10n;

const SQUARE_ROOT = { p: 1, q: 2 };

/** Thrown where no rule here tells; then the operation stays as it is written. */
class Unresolved extends Error {
  override name = "Unresolved";
}

/** What a rule gives, or undefined. */
function attempt(rule: () => Fraction): Fraction | undefined {
  try {
    return rule();
  } catch (error) {
    if (error instanceof Unresolved) return undefined;
    throw error;
  }
}

/** The derivative, undefined where a function in it has none that is known. */
export function derivative(
  of: Fraction,
  name: string,
  order: Fraction,
  context: Context,
): Fraction | undefined {
  const times = integerValue(order);
  if (times === undefined || times < 0n || times > MAX_ORDER) return undefined;
  return attempt(() => {
    let result = of;
    for (let n = 0n; n < times; n++) result = derive(result, name, context);
    return result;
  });
}

/** Of a quotient. */
function derive({ num, den }: Fraction, name: string, context: Context): Fraction {
  const { budget } = context;
  const top = derivePoly(num, name, context);
  const bottom = derivePoly(den, name, context);
  if (isZero(bottom)) return divideBy(top, ofPoly(den), budget);
  const cross = minus(
    multiply(top, ofPoly(den), budget),
    multiply(bottom, ofPoly(num), budget),
    budget,
  );
  return divideBy(cross, power(ofPoly(den), 2, budget), budget);
}

function derivePoly(of: Poly, name: string, context: Context): Fraction {
  const { budget } = context;
  let sum = ZERO;
  for (const { monomial, coefficient } of of.values()) {
    for (const { atom, n, d } of monomial.factors) {
      budget.spend();
      const inner = deriveAtom(atom, name, context);
      if (isZero(inner)) continue;
      const slope = divideBy(inner, ofFactor(atom, 1, 1, budget), budget);
      const term = scale(ofPoly(single(monomial, coefficient)), BigInt(n), BigInt(d), budget);
      sum = add(sum, multiply(term, slope, budget), budget);
    }
  }
  return sum;
}

function deriveAtom(atom: Atom, name: string, context: Context): Fraction {
  const { budget } = context;
  if (atom.kind === "variable") return atom.name === name ? ONE : ZERO;
  const [of] = atom.args;
  if (of === undefined || !atom.args.some((arg) => dependsOn(arg, name, budget))) return ZERO;
  if (atom.kind === "opaque" || atom.args.length > 1) throw new Unresolved();
  return multiply(derive(of, name, context), slopeOf(atom, of, context), budget);
}

/** The derivative of an atom by its argument. */
function slopeOf(atom: Atom, of: Fraction, context: Context): Fraction {
  const { budget } = context;
  const itself = (): Fraction => ofFactor(atom, 1, 1, budget);
  const inverse = (value: Fraction): Fraction => divideBy(ONE, value, budget);
  const square = (): Fraction => power(of, 2, budget);
  switch (atom.kind) {
    case "exp":
      return itself();
    case "ln":
      return inverse(of);
    case "sin":
      return cosOf(of, context);
    case "cos":
      return negate(sinOf(of, context));
    case "abs":
      return divideBy(of, itself(), budget);
    case "root":
      return ONE;
    default:
  }
  switch (atom.name) {
    case "asin":
      return inverse(rationalPower(minus(ONE, square(), budget), SQUARE_ROOT, context));
    case "atan":
      return inverse(add(ONE, square(), budget));
    case "acot":
      return negate(inverse(add(ONE, square(), budget)));
    default:
      throw new Unresolved();
  }
}

/** The limit as a variable tends to a value, undefined where no rule here tells.
 * @throws NoForm where it is infinite */
export const limit = (
  of: Fraction,
  name: string,
  to: Fraction,
  context: Context,
): Fraction | undefined => attempt(() => limitOf(of, name, to, context));

function limitOf(of: Fraction, name: string, to: Fraction, context: Context): Fraction {
  const { budget } = context;
  let current = of;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const top = valueAt(current.num, name, to, context);
    const bottom = valueAt(current.den, name, to, context);
    if (!isZero(bottom)) {
      // A form that is not zero may still have the value zero.
      if (!isNotZero(bottom, context)) throw new Unresolved();
      return divideBy(top, bottom, budget);
    }
    if (!isZero(top)) {
      if (isNotZero(top, context)) throw new NoForm("an infinite limit");
      throw new Unresolved();
    }
    current = divideBy(
      derivePoly(current.num, name, context),
      derivePoly(current.den, name, context),
      budget,
    );
  }
  throw new Unresolved();
}

const isNotZero = (of: Fraction, { budget }: Context): boolean =>
  signOf(of, budget) !== undefined ||
  !someAtom(of, ({ kind }) => kind !== "variable" && kind !== "prime" && kind !== "i", budget);

/** The value of a polynomial whose atoms are continuous there. */
const valueAt = (of: Poly, name: string, at: Fraction, context: Context): Fraction =>
  substitutePoly(of, (factor) => factorAt(factor, name, at, context), context.budget);

function factorAt(
  factor: Factor,
  name: string,
  at: Fraction,
  context: Context,
): Fraction | undefined {
  const { atom, n, d } = factor;
  if (atom.kind === "variable") {
    return atom.name === name ? rationalPower(at, { p: n, q: d }, context) : undefined;
  }
  if (!atom.args.some((arg) => dependsOn(arg, name, context.budget))) return undefined;
  const [of] = atom.args;
  if (of === undefined || atom.args.length > 1 || atom.kind === "opaque") throw new Unresolved();
  const inner = innerLimit(of, name, at, context);
  if (atom.kind === "exp") {
    return expOf(scale(inner, BigInt(n), BigInt(d), context.budget), context);
  }
  return rationalPower(continued(atom, inner, context), { p: n, q: d }, context);
}

/** Within a function an infinite limit says nothing here. */
function innerLimit(of: Fraction, name: string, at: Fraction, context: Context): Fraction {
  try {
    return limitOf(of, name, at, context);
  } catch (error) {
    if (error instanceof NoForm) throw new Unresolved();
    throw error;
  }
}

function continued(atom: Atom, inner: Fraction, context: Context): Fraction {
  switch (atom.kind) {
    case "sin":
      return sinOf(inner, context);
    case "cos":
      return cosOf(inner, context);
    case "abs":
      return absOf(inner, context);
    case "root":
      return inner;
    case "ln":
      if (isZero(inner) || signOf(inner, context.budget) === -1) throw new Unresolved();
      return lnOf(inner, "careful", context);
    default: {
      const value =
        atom.name === "atan" || atom.name === "asin" ? arc(atom.name, inner, context) : undefined;
      if (value === undefined) throw new Unresolved();
      return value;
    }
  }
}

/** The integral between two values, of a sum of powers, exponentials, sines and cosines. */
export const integral = (
  of: Fraction,
  name: string,
  from: Fraction,
  to: Fraction,
  context: Context,
): Fraction | undefined =>
  attempt(() => {
    const { budget } = context;
    if (isComplex(of)) throw new Unresolved();
    const signs = [signOf(from, budget), signOf(to, budget)];
    const passesZero = signs[0] === undefined || signs[0] === 0 || signs[0] !== signs[1];
    let sum = ZERO;
    for (const { monomial, coefficient } of of.num.values()) {
      const term = divideBy(ofPoly(single(monomial, coefficient)), ofPoly(of.den), budget);
      if (
        passesZero &&
        dependsOn(ofPoly(term.den), name, budget) &&
        !isExponential(term, name, context)
      ) {
        throw new Unresolved();
      }
      const primitive = antiderivative(term, name, context);
      const above = limitOf(primitive, name, to, context);
      const below = limitOf(primitive, name, from, context);
      sum = add(sum, minus(above, below, budget), budget);
    }
    return sum;
  });

/** The derivative in proportion. */
const growth = (of: Fraction, name: string, context: Context): Fraction =>
  divideBy(derive(of, name, context), of, context.budget);

const isExponential = (of: Fraction, name: string, context: Context): boolean =>
  !dependsOn(growth(of, name, context), name, context.budget);

/** Of a single term. */
function antiderivative(of: Fraction, name: string, context: Context): Fraction {
  const { budget } = context;
  const by = ofFactor(variable(name, context), 1, 1, budget);
  const rate = growth(of, name, context);
  if (isZero(rate)) return multiply(of, by, budget);
  if (!dependsOn(rate, name, budget)) return divideBy(of, rate, budget);
  const degree = rationalOf(multiply(rate, by, budget));
  if (degree === undefined) return ofCircular(of, name, context);
  const next = multiply(of, by, budget);
  const { num, den } = degree;
  if (num + den !== 0n) return scale(next, den, num + den, budget);
  return multiply(next, lnOf(absOf(by, context), "careful", context), budget);
}

/** Of a sine or a cosine of a linear argument. */
function ofCircular(of: Fraction, name: string, context: Context): Fraction {
  const { budget } = context;
  const factors = lead(of.num).monomial.factors;
  for (const { atom } of factors) {
    const [angle] = atom.args;
    if (!isCircular(atom) || angle === undefined) continue;
    const slope = derive(angle, name, context);
    const rest = divideBy(of, ofFactor(atom, 1, 1, budget), budget);
    if (isZero(slope)) continue;
    if (dependsOn(slope, name, budget) || dependsOn(rest, name, budget)) throw new Unresolved();
    const whole = atom.kind === "sin" ? negate(cosOf(angle, context)) : sinOf(angle, context);
    return divideBy(multiply(rest, whole, budget), slope, budget);
  }
  throw new Unresolved();
}
