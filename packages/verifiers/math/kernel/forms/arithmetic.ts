import { type Budget, BudgetSpent, MAX_BITS } from "../budget.ts";
import { type Context, callOf, isComplex, isConstant, opaqueOf } from "./atoms.ts";
import {
  add,
  divideBy,
  integerValue,
  isZero,
  keyOf,
  minus,
  multiply,
  NoForm,
  negate,
  ONE,
  ofInteger,
  ofRational,
  type Rational,
  rationalOf,
  scale,
  ZERO,
} from "./fraction.ts";
import { absolute, bitsOf, chargeProduct, floorDivide, gcd } from "./integer.ts";
import { type Fraction, greatestCommon, leastCommon, type Monomial } from "./monomial.ts";
import { integerOf, lead, single } from "./polynomial.ts";
import { absOf } from "./powers.ts";
import { floorOf, signOf } from "./sign.ts";

/** The most factors of a falling product with symbols, and the largest shift of a factorial that is
 * multiplied out. */
const MAX_FALLING = 20n;

/** The most factors of a binomial of numbers. */
const MAX_FACTORS = 10_000n;

export function floor(of: Fraction, context: Context): Fraction {
  const { budget } = context;
  const value = rationalOf(of);
  if (value !== undefined) return ofInteger(floorDivide(value.num, value.den));
  const found = isConstant(of, budget) ? floorOf(of, budget) : undefined;
  if (found !== undefined) return ofInteger(found);
  const below = integerOf(of.den);
  const term = of.num.get("")?.coefficient ?? 0n;
  const whole = below === undefined ? ZERO : ofInteger(floorDivide(term, below));
  return add(callOf("floor", [minus(of, whole, budget)], context), whole, budget);
}

export const ceil = (of: Fraction, context: Context): Fraction =>
  negate(floor(negate(of), context));

export function sign(of: Fraction, context: Context): Fraction {
  const found = signOf(of, context.budget);
  if (found !== undefined) return ofInteger(found);
  const isNegative = lead(of.num).coefficient < 0n;
  const size = callOf("sign", [isNegative ? negate(of) : of], context);
  return isNegative ? negate(size) : size;
}

/** Has the sign of the divisor. */
export function mod(a: Fraction, b: Fraction, context: Context): Fraction {
  if (isZero(b)) throw new NoForm("a remainder by zero");
  const quotient = divideBy(a, b, context.budget);
  if (rationalOf(quotient) === undefined) return callOf("mod", [a, b], context);
  return minus(a, multiply(b, floor(quotient, context), context.budget), context.budget);
}

/** `max` or `min`: the numbers settled, the rest sorted. */
export function extreme(
  name: "max" | "min",
  args: readonly Fraction[],
  context: Context,
): Fraction {
  const { budget } = context;
  const side = name === "max" ? 1 : -1;
  let best: Fraction | undefined;
  const rest = new Map<string, Fraction>();
  for (const arg of args) {
    if (isComplex(arg)) throw new NoForm("an order of complex numbers");
    const difference = best === undefined ? undefined : signOf(minus(arg, best, budget), budget);
    if (difference === undefined && (best !== undefined || !isConstant(arg, budget))) {
      rest.set(keyOf(arg, budget), arg);
    } else if (best === undefined || difference === side) best = arg;
  }
  if (best !== undefined) {
    if (rest.size === 0) return best;
    rest.set(keyOf(best, budget), best);
  }
  if (rest.size === 1) return [...rest.values()][0] ?? ZERO;
  const sorted = [...rest].sort(([a], [b]) => (a < b ? -1 : 1));
  return opaqueOf(
    `${name}(${sorted.map(([key]) => key).join(",")})`,
    sorted.map(([, arg]) => arg),
    context,
  );
}

/** A product of a positive rational and powers of generators. */
interface Generated {
  readonly size: Rational;
  readonly monomial: Monomial;
}

/** Symbols and roots are taken as generators that share nothing; undefined for a sum or a quotient
 * by one. */
function generated(of: Fraction): Generated | undefined {
  const den = integerOf(of.den);
  if (of.num.size !== 1 || den === undefined || isComplex(of)) return undefined;
  const { monomial, coefficient } = lead(of.num);
  return { size: { num: absolute(coefficient), den }, monomial };
}

/** `isReal`: numbers are written as decimals beside letters, so that all but letters divides all. */
export function gcdOf(args: readonly Fraction[], isReal: boolean, context: Context): Fraction {
  return joint(
    "gcd",
    args.filter((arg) => !isZero(arg)),
    isReal,
    context,
  );
}

export function lcmOf(args: readonly Fraction[], isReal: boolean, context: Context): Fraction {
  return args.some(isZero) ? ZERO : joint("lcm", args, isReal, context);
}

function joint(
  name: "gcd" | "lcm",
  args: readonly Fraction[],
  isReal: boolean,
  context: Context,
): Fraction {
  const { budget } = context;
  const [first] = args;
  if (first === undefined) return ZERO;
  if (args.length === 1) return absOf(first, context);
  const items = args.map(generated);
  let [all] = items;
  for (const item of items.slice(1)) {
    all = all && item && (name === "gcd" ? greatest(all, item, budget) : least(all, item, budget));
  }
  if (all !== undefined) {
    const size = isReal ? ONE : ofRational(all.size.num, all.size.den, budget);
    return multiply(size, { num: single(all.monomial), den: ONE.den }, budget);
  }
  const keys = args.map((arg) => keyOf(arg, budget)).sort();
  return opaqueOf(`${name}(${[...new Set(keys)].join(",")})`, args, context);
}

const leastInteger = (a: bigint, b: bigint, budget: Budget): bigint => (a / gcd(a, b, budget)) * b;

const greatest = (a: Generated, b: Generated, budget: Budget): Generated => ({
  size: {
    num: gcd(a.size.num, b.size.num, budget),
    den: leastInteger(a.size.den, b.size.den, budget),
  },
  monomial: greatestCommon(a.monomial, b.monomial, budget),
});

const least = (a: Generated, b: Generated, budget: Budget): Generated => ({
  size: {
    num: leastInteger(a.size.num, b.size.num, budget),
    den: gcd(a.size.den, b.size.den, budget),
  },
  monomial: leastCommon(a.monomial, b.monomial, budget),
});

/** `count` factors from `n` downwards in steps; in halves, so that factors are of a size. */
function falling(n: bigint, count: bigint, step: bigint, budget: Budget): bigint {
  if (count <= 0n) return 1n;
  if (count === 1n) return n;
  const upper = count / 2n;
  const a = falling(n, upper, step, budget);
  const b = falling(n - upper * step, count - upper, step, budget);
  if (bitsOf(a) + bitsOf(b) > MAX_BITS) throw new BudgetSpent("a product is too large");
  chargeProduct(a, b, budget);
  return a * b;
}

/** `n!`, and for a step of two `n!!`, of an integer. */
function factorialOf(n: bigint, step: bigint, budget: Budget): Fraction {
  if (n < 0n) {
    if (step === 2n && n === -1n) return ONE;
    throw new NoForm("a factorial of a negative number");
  }
  // The upper half of the factors alone has this many bits.
  if ((n / step / 2n) * BigInt(bitsOf(n) - 2) > BigInt(MAX_BITS)) {
    throw new BudgetSpent("a factorial is too large");
  }
  return ofInteger(falling(n, n / step, step, budget));
}

/** `(x + k)!` as `x!` times, or by, k factors. */
export function fact(of: Fraction, context: Context): Fraction {
  const { budget } = context;
  const value = integerValue(of);
  if (value !== undefined) return factorialOf(value, 1n, budget);
  const shift =
    integerOf(of.den) === 1n && rationalOf(of) === undefined
      ? (of.num.get("")?.coefficient ?? 0n)
      : 0n;
  if (shift === 0n || absolute(shift) > MAX_FALLING) return callOf("fact", [of], context);
  const base = minus(of, ofInteger(shift), budget);
  const start = shift > 0n ? of : base;
  const factors = fallingOf(start, absolute(shift), budget);
  const rest = callOf("fact", [base], context);
  return shift > 0n ? multiply(rest, factors, budget) : divideBy(rest, factors, budget);
}

export function dfact(of: Fraction, context: Context): Fraction {
  const value = integerValue(of);
  return value === undefined
    ? callOf("dfact", [of], context)
    : factorialOf(value, 2n, context.budget);
}

/** `n (n - 1) …`, `count` factors. */
function fallingOf(n: Fraction, count: bigint, budget: Budget): Fraction {
  const value = integerValue(n);
  if (value !== undefined) return ofInteger(falling(value, count, 1n, budget));
  let whole = ONE;
  for (let i = 0n; i < count; i++) {
    whole = multiply(whole, minus(n, ofInteger(i), budget), budget);
  }
  return whole;
}

function smallCount(of: Fraction, isNumber: boolean): bigint | undefined {
  const count = integerValue(of);
  const most = isNumber ? MAX_FACTORS : MAX_FALLING;
  return count !== undefined && count >= 0n && count <= most ? count : undefined;
}

export function perm(n: Fraction, k: Fraction, context: Context): Fraction {
  const { budget } = context;
  const top = integerValue(n);
  const count = smallCount(k, top !== undefined);
  if (count !== undefined) {
    return top !== undefined && top >= 0n && count > top ? ZERO : fallingOf(n, count, budget);
  }
  if (top !== undefined && integerValue(k) !== undefined) return callOf("perm", [n, k], context);
  return divideBy(fact(n, context), fact(minus(n, k, budget), context), budget);
}

export function binom(n: Fraction, k: Fraction, context: Context): Fraction {
  const { budget } = context;
  const top = integerValue(n);
  const value = integerValue(k);
  if (top !== undefined && value !== undefined && (value < 0n || (top >= 0n && value > top))) {
    return ZERO;
  }
  const rest = minus(n, k, budget);
  const isNumber = top !== undefined;
  const isNatural = top === undefined || top >= 0n;
  const count = smallCount(k, isNumber);
  const other = isNatural ? smallCount(rest, isNumber) : undefined;
  const least = count === undefined || (other !== undefined && other < count) ? other : count;
  if (least !== undefined) {
    if (top !== undefined) {
      const above = falling(top, least, 1n, budget);
      return ofInteger(above / falling(least, least, 1n, budget));
    }
    return divideBy(fallingOf(n, least, budget), factorialOf(least, 1n, budget), budget);
  }
  if (value !== undefined) return callOf("binom", [n, k], context);
  return divideBy(
    fact(n, context),
    multiply(fact(k, context), fact(rest, context), budget),
    budget,
  );
}

export const percent = (of: Fraction, { budget }: Context): Fraction => scale(of, 1n, 100n, budget);
