import { type Context, callOf, cosine, isConstant, sine } from "./atoms.ts";
import {
  add,
  divideBy,
  equal,
  inverse,
  isZero,
  minus,
  multiply,
  negate,
  ONE,
  ofFactor,
  ofInteger,
  power,
  rationalOf,
  scale,
  substitute,
  ZERO,
} from "./fraction.ts";
import { floorDivide } from "./integer.ts";
import { decompose, expOf, lnOf, type Part } from "./logarithms.ts";
import { type Atom, exponent, type Fraction, MAX_EXPONENT, MAX_ROOT } from "./monomial.ts";
import { constant, integerOf, lead } from "./polynomial.ts";
import { rationalPower } from "./powers.ts";
import { signOf } from "./sign.ts";
import { cosOfTurn, EXACT_TURNS, imaginary, pi, sinOfTurn } from "./turns.ts";

/** The largest multiple of an inverse function whose sine is multiplied out. */
const MAX_MULTIPLE = 8n;

const SQUARE_ROOT = { p: 1, q: 2 };

interface Circle {
  readonly sin: Fraction;
  readonly cos: Fraction;
}

/** `of` as `turn * pi + rest`, the turn rational. */
function split(of: Fraction, { budget }: Context): { num: bigint; den: bigint; rest: Fraction } {
  const below = integerOf(of.den);
  const term = of.num.get("~pi");
  if (below === undefined || term === undefined) return { num: 0n, den: 1n, rest: of };
  const turn = multiply({ num: constant(term.coefficient), den: of.den }, pi(budget), budget);
  const value = rationalOf(scale(ONE, term.coefficient, below, budget));
  return { num: value?.num ?? 0n, den: value?.den ?? 1n, rest: minus(of, turn, budget) };
}

function circleOf(of: Fraction, context: Context): Circle {
  const { budget } = context;
  budget.spend();
  if (isZero(of)) return { sin: ZERO, cos: ONE };
  const { num, den, rest } = split(of, context);
  if (!isZero(rest) && lead(rest.num).coefficient < 0n) {
    const { sin, cos } = circleOf(negate(of), context);
    return { sin: negate(sin), cos };
  }
  // Quarters of a turn exchange sines and cosines.
  const quarters = floorDivide(2n * num, den);
  const angle = add(scale(pi(budget), 2n * num - quarters * den, 2n * den, budget), rest, budget);
  const { sin, cos } = isZero(rest)
    ? circleOfTurn(2n * num - quarters * den, 2n * den, angle, context)
    : circleOfAngle(angle, context);
  switch (((quarters % 4n) + 4n) % 4n) {
    case 0n:
      return { sin, cos };
    case 1n:
      return { sin: cos, cos: negate(sin) };
    case 2n:
      return { sin: negate(sin), cos: negate(cos) };
    default:
      return { sin: negate(cos), cos: sin };
  }
}

/** Of `num / den * pi`, less than a quarter. */
function circleOfTurn(num: bigint, den: bigint, angle: Fraction, context: Context): Circle {
  if (num <= BigInt(MAX_EXPONENT) && den <= BigInt(MAX_ROOT)) {
    const { n, d } = exponent(Number(num), Number(den));
    const sin = sinOfTurn(n, d);
    const cos = cosOfTurn(n, d);
    if (sin !== undefined && cos !== undefined) return { sin, cos };
  }
  return atomsOf(angle, context);
}

function atomsOf(angle: Fraction, context: Context): Circle {
  const { budget } = context;
  return {
    sin: ofFactor(sine(angle, context), 1, 1, budget),
    cos: ofFactor(cosine(angle, context), 1, 1, budget),
  };
}

function circleOfAngle(angle: Fraction, context: Context): Circle {
  const { budget } = context;
  const parts = decompose(angle, context);
  const circles: Circle[] = [];
  for (const part of parts) {
    const circle = circleOfInverse(part, context);
    if (circle === undefined) return atomsOf(angle, context);
    circles.push(circle);
  }
  return circles.reduce((a, b) => ({
    sin: add(multiply(a.sin, b.cos, budget), multiply(a.cos, b.sin, budget), budget),
    cos: minus(multiply(a.cos, b.cos, budget), multiply(a.sin, b.sin, budget), budget),
  }));
}

/** The sine and cosine of whole multiples of an arc sine or an arc tangent. */
function circleOfInverse({ num, den, unit }: Part, context: Context): Circle | undefined {
  const { budget } = context;
  const [atom] = lead(unit.num).monomial.factors.map((factor) => factor.atom);
  const [x] = atom?.args ?? [];
  const isAlone =
    unit.num.size === 1 && lead(unit.num).monomial.key === atom?.key && integerOf(unit.den) === 1n;
  if (!isAlone || x === undefined || den !== 1n || num > MAX_MULTIPLE || num < -MAX_MULTIPLE) {
    return undefined;
  }
  const square = power(x, 2, budget);
  let once: Circle;
  if (atom?.name === "asin") {
    once = { sin: x, cos: rationalPower(minus(ONE, square, budget), SQUARE_ROOT, context) };
  } else if (atom?.name === "atan") {
    const size = rationalPower(add(ONE, square, budget), SQUARE_ROOT, context);
    once = { sin: divideBy(x, size, budget), cos: inverse(size, budget) };
  } else return undefined;
  const signed = num < 0n ? { sin: negate(once.sin), cos: once.cos } : once;
  let whole = signed;
  for (let n = num < 0n ? -num : num; n > 1n; n--) {
    whole = {
      sin: add(
        multiply(whole.sin, signed.cos, budget),
        multiply(whole.cos, signed.sin, budget),
        budget,
      ),
      cos: minus(
        multiply(whole.cos, signed.cos, budget),
        multiply(whole.sin, signed.sin, budget),
        budget,
      ),
    };
  }
  return whole;
}

export const sinOf = (of: Fraction, context: Context): Fraction => circleOf(of, context).sin;

export const cosOf = (of: Fraction, context: Context): Fraction => circleOf(of, context).cos;

/** `(e^x + sign * e^-x)`. */
function expSum(of: Fraction, sign: bigint, context: Context): Fraction {
  const { budget } = context;
  const up = expOf(of, context);
  return add(up, scale(inverse(up, budget), sign, 1n, budget), budget);
}

const half = (of: Fraction, context: Context): Fraction => scale(of, 1n, 2n, context.budget);

/** All that depends on the sine and the cosine, or on both exponentials. */
export function trigonometric(name: string, of: Fraction, context: Context): Fraction | undefined {
  const { budget } = context;
  const ratio = (a: Fraction, b: Fraction): Fraction => divideBy(a, b, budget);
  const sinh = (): Fraction => half(expSum(of, -1n, context), context);
  const cosh = (): Fraction => half(expSum(of, 1n, context), context);
  switch (name) {
    case "sin":
      return sinOf(of, context);
    case "cos":
      return cosOf(of, context);
    case "tan":
      return ratio(sinOf(of, context), cosOf(of, context));
    case "cot":
      return ratio(cosOf(of, context), sinOf(of, context));
    case "sec":
      return inverse(cosOf(of, context), budget);
    case "csc":
      return inverse(sinOf(of, context), budget);
    case "sinh":
      return sinh();
    case "cosh":
      return cosh();
    case "tanh":
      return ratio(sinh(), cosh());
    case "coth":
      return ratio(cosh(), sinh());
    case "sech":
      return inverse(cosh(), budget);
    case "csch":
      return inverse(sinh(), budget);
    default:
      return undefined;
  }
}

/** Arc functions, and the logarithms that are the inverse of hyperbolic ones. */
export function arc(name: string, of: Fraction, context: Context): Fraction | undefined {
  const { budget } = context;
  const quarter = (): Fraction => half(pi(budget), context);
  switch (name) {
    case "asin":
      return oddArc("asin", of, context);
    case "acos":
      return minus(quarter(), oddArc("asin", of, context), budget);
    case "atan":
      return oddArc("atan", of, context);
    case "acot":
      return arcCotangent(of, context);
    case "asec":
      return arc("acos", inverse(of, budget), context);
    case "acsc":
      return arc("asin", inverse(of, budget), context);
    case "asinh":
      return area(of, 1, context);
    case "acosh":
      return area(of, -1, context);
    case "atanh":
      return half(lnOf(moebius(of, context), "careful", context), context);
    case "acoth":
      return arc("atanh", inverse(of, budget), context);
    case "asech":
      return arc("acosh", inverse(of, budget), context);
    case "acsch":
      return arc("asinh", inverse(of, budget), context);
    default:
      return undefined;
  }
}

/** `ln(x + sqrt(x^2 + of))`. */
function area(of: Fraction, plus: number, context: Context): Fraction {
  const { budget } = context;
  const square = add(power(of, 2, budget), ofInteger(plus), budget);
  const root = rationalPower(square, SQUARE_ROOT, context);
  return lnOf(add(of, root, budget), "careful", context);
}

/** `(1 + x) / (1 - x)`. */
const moebius = (of: Fraction, { budget }: Context): Fraction =>
  divideBy(add(ONE, of, budget), minus(ONE, of, budget), budget);

/** Both conventions agree above zero: elsewhere it is left alone. */
function arcCotangent(of: Fraction, context: Context): Fraction {
  if (isZero(of)) return half(pi(context.budget), context);
  return signOf(of, context.budget) === 1
    ? oddArc("atan", inverse(of, context.budget), context)
    : callOf("acot", [of], context);
}

function oddArc(name: "asin" | "atan", of: Fraction, context: Context): Fraction {
  const { budget } = context;
  if (isZero(of)) return ZERO;
  if (lead(of.num).coefficient < 0n) return negate(oddArc(name, negate(of), context));
  if (isConstant(of, budget)) {
    for (const { n, d } of EXACT_TURNS) {
      const sin = sinOfTurn(n, d);
      const cos = cosOfTurn(n, d);
      if (sin === undefined || cos === undefined || (name === "atan" && isZero(cos))) continue;
      const value = name === "asin" ? sin : divideBy(sin, cos, budget);
      if (equal(value, of, budget)) return scale(pi(budget), BigInt(n), BigInt(d), budget);
      if (equal(value, negate(of), budget)) return scale(pi(budget), BigInt(-n), BigInt(d), budget);
    }
  }
  return callOf(name, [of], context);
}

export const isCircular = ({ kind }: Atom): boolean => kind === "sin" || kind === "cos";

/** Sines and cosines as exponentials, for which all of their identities are those of powers. */
export const exponentials = (of: Fraction, context: Context): Fraction =>
  substitute(
    of,
    ({ atom, n, d }) => {
      const [angle] = atom.args;
      if (!isCircular(atom) || angle === undefined || d !== 1) return undefined;
      const i = imaginary(context.budget);
      const turned = multiply(i, angle, context.budget);
      const sum = half(expSum(turned, atom.kind === "sin" ? -1n : 1n, context), context);
      const value = atom.kind === "sin" ? divideBy(sum, i, context.budget) : sum;
      return power(value, n, context.budget);
    },
    context.budget,
  );
