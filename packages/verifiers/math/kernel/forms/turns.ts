import { Budget } from "../budget.ts";
import { type Context, exponential, I, PI, prime, root } from "./atoms.ts";
import { add, multiply, negate, ONE, ofFactor, ofInteger, scale, ZERO } from "./fraction.ts";
import { type Fraction, gcdOf } from "./monomial.ts";
import { constant } from "./polynomial.ts";

/** Enough for the table, which is made once. */
const TABLE_STEPS = 10_000;

/** The cosines of `r * pi`, r from 0 to 1/2, that are written with square roots. */
const COSINES: ReadonlyMap<string, Fraction> = table();

function table(): Map<string, Fraction> {
  const budget = new Budget(TABLE_STEPS);
  const context: Context = { budget, positive: new Set() };
  const surd = (base: bigint): Fraction => ofFactor(prime(base), 1, 2, budget);
  const over = (of: Fraction, den: bigint): Fraction => scale(of, 1n, den, budget);
  const times = (a: Fraction, b: Fraction): Fraction => multiply(a, b, budget);
  const plus = (a: Fraction, b: Fraction): Fraction => add(a, b, budget);
  const [two, three, five] = [surd(2n), surd(3n), surd(5n)];
  const nested = (of: Fraction): Fraction =>
    ofFactor(root(of.num, "positive", context), 1, 2, budget);
  const six = times(two, three);
  return new Map([
    ["0/1", ONE],
    ["1/12", over(plus(six, two), 4n)],
    ["1/10", over(times(two, nested(plus(ofInteger(5), five))), 4n)],
    ["1/8", over(nested(plus(ofInteger(2), two)), 2n)],
    ["1/6", over(three, 2n)],
    ["1/5", over(plus(five, ONE), 4n)],
    ["1/4", over(two, 2n)],
    ["3/10", over(times(two, nested(plus(ofInteger(5), negate(five)))), 4n)],
    ["1/3", over(ONE, 2n)],
    ["3/8", over(nested(plus(ofInteger(2), negate(two))), 2n)],
    ["2/5", over(plus(five, negate(ONE)), 4n)],
    ["5/12", over(plus(six, negate(two)), 4n)],
    ["1/2", ZERO],
  ]);
}

const mod = (n: number, m: number): number => ((n % m) + m) % m;

/** `cos(n pi / d)` where it is written with square roots. */
export function cosOfTurn(n: number, d: number): Fraction | undefined {
  let turn = mod(n, 2 * d);
  if (turn > d) turn = 2 * d - turn;
  const beyond = 2 * turn > d;
  if (beyond) turn = d - turn;
  const common = gcdOf(turn, d);
  const found = COSINES.get(`${turn / common}/${d / common}`);
  return found && (beyond ? negate(found) : found);
}

/** `sin(n pi / d)` = cos(pi / 2 - n pi / d). */
export const sinOfTurn = (n: number, d: number): Fraction | undefined =>
  cosOfTurn(d - 2 * n, 2 * d);

/** The turns that have exact values, from -1 to 1: for the inverse functions. */
export const EXACT_TURNS: readonly { n: number; d: number }[] = [...COSINES.keys()]
  .map((key) => key.split("/").map(Number) as [number, number])
  .map(([n, d]) => ({ n, d }));

export const imaginary = (budget: Budget): Fraction => ofFactor(I, 1, 1, budget);

export const pi = (budget: Budget): Fraction => ofFactor(PI, 1, 1, budget);

/** `e ^ (i pi n / d)`. */
export function rotation(n: number, d: number, context: Context): Fraction {
  const { budget } = context;
  const cos = cosOfTurn(n, d);
  const sin = sinOfTurn(n, d);
  if (cos !== undefined && sin !== undefined) {
    return add(cos, multiply(imaginary(budget), sin, budget), budget);
  }
  const unit = multiply(imaginary(budget), pi(budget), budget);
  // Half a turn is -1, so that each rotation has one form.
  const half = { ...exponential(unit, context), fold: { at: 1 as const, into: constant(-1n) } };
  return ofFactor(half, mod(n, 2 * d), d, budget);
}
