import { type Context, dependsOn, isConstant, variable } from "./atoms.ts";
import {
  add,
  divideBy,
  equal,
  integerValue,
  minus,
  multiply,
  NoForm,
  ONE,
  ofFactor,
  ofInteger,
  ofPoly,
  power,
  scale,
  ZERO,
} from "./fraction.ts";
import { type Fraction, monomialOf } from "./monomial.ts";
import { type Poly, single, type Term } from "./polynomial.ts";
import { absOf } from "./powers.ts";
import { signOf } from "./sign.ts";

/** The most terms that are written out one by one. */
const MAX_TERMS = 1_000n;

/** Fewer terms are added faster than their formula is found. */
const FEW_TERMS = 30n;

/** The highest power whose sums are known by a formula. */
const MAX_DEGREE = 8;

/** A sum or a product: what stands in it at a value of its index, and its limits. */
export interface Series {
  readonly index: string;
  readonly from: Fraction;
  /** Undefined for infinity. */
  readonly to: Fraction | undefined;
  /** With the index as a variable. */
  readonly body: () => Fraction;
  readonly at: (index: Fraction) => Fraction;
}

type Join = (a: Fraction, b: Fraction) => Fraction;

/** How many terms it has, where that is known. */
function count({ from, to }: Series): bigint | undefined {
  const first = integerValue(from);
  const last = to && integerValue(to);
  if (first === undefined || last === undefined) return undefined;
  return last < first ? 0n : last - first + 1n;
}

/** In halves: numbers stay of a size, and most products small. */
function joined(first: bigint, terms: bigint, at: Series["at"], join: Join): Fraction {
  if (terms === 1n) return at(ofInteger(first));
  const half = terms / 2n;
  return join(joined(first, half, at, join), joined(first + half, terms - half, at, join));
}

export function productOf(series: Series, { budget }: Context): Fraction | undefined {
  const terms = count(series);
  if (terms === 0n) return ONE;
  if (terms === undefined || terms > MAX_TERMS) return undefined;
  const first = integerValue(series.from) ?? 0n;
  return joined(first, terms, series.at, (a, b) => multiply(a, b, budget));
}

export function sumOf(series: Series, context: Context): Fraction | undefined {
  const { budget } = context;
  const terms = count(series);
  if (terms === 0n) return ZERO;
  if (terms === undefined || terms > FEW_TERMS) {
    const closed = sumOfPowers(series, context) ?? geometric(series, context);
    if (closed !== undefined) return closed;
  }
  if (terms === undefined || terms > MAX_TERMS) return undefined;
  const first = integerValue(series.from) ?? 0n;
  return joined(first, terms, series.at, (a, b) => add(a, b, budget));
}

/** Where the body is a polynomial in the index. */
function sumOfPowers({ index, from, to, body }: Series, context: Context): Fraction | undefined {
  const { budget } = context;
  if (to === undefined) return undefined;
  const of = body();
  const byDegree = coefficients(of, index, context);
  if (byDegree === undefined) return undefined;
  const degree = byDegree.length - 1;
  const upper = powerSums(to, degree, context);
  const lower = powerSums(minus(from, ONE, budget), degree, context);
  let sum = ZERO;
  for (const [k, coefficient] of byDegree.entries()) {
    const difference = minus(upper[k] ?? ZERO, lower[k] ?? ZERO, budget);
    sum = add(sum, multiply(ofPoly(coefficient), difference, budget), budget);
  }
  return divideBy(sum, ofPoly(of.den), budget);
}

/** The coefficients of the powers of a variable. */
function coefficients(of: Fraction, name: string, context: Context): Poly[] | undefined {
  const { budget } = context;
  if (dependsOn(ofPoly(of.den), name, budget)) return undefined;
  const found: Map<string, Term>[] = [new Map()];
  for (const { monomial, coefficient } of of.num.values()) {
    let degree = 0;
    for (const { atom, n, d } of monomial.factors) {
      if (atom.kind === "variable" && atom.name === name) {
        if (d !== 1 || n > MAX_DEGREE) return undefined;
        degree = n;
      } else if (atom.args.some((arg) => dependsOn(arg, name, budget))) return undefined;
    }
    const rest = monomialOf(
      monomial.factors.filter(({ atom }) => atom.kind !== "variable" || atom.name !== name),
      budget,
    );
    while (found.length <= degree) found.push(new Map());
    for (const [key, term] of single(rest, coefficient)) found[degree]?.set(key, term);
  }
  return found;
}

/** `1^k + 2^k + … + n^k` for each k from 0 to the degree: from the telescoping sum of
 * `(m + 1)^(k + 1) - m^(k + 1)`. */
function powerSums(n: Fraction, degree: number, { budget }: Context): Fraction[] {
  const sums: Fraction[] = [];
  const next = add(n, ONE, budget);
  for (let k = 0; k <= degree; k++) {
    let rest = minus(power(next, k + 1, budget), ONE, budget);
    let binomial = 1n;
    for (const [j, sum] of sums.entries()) {
      rest = minus(rest, scale(sum, binomial, 1n, budget), budget);
      binomial = (binomial * BigInt(k + 1 - j)) / BigInt(j + 1);
    }
    sums.push(scale(rest, 1n, BigInt(k + 1), budget));
  }
  return sums;
}

/** Where each term is the one before times a ratio. */
function geometric({ index, from, to, body, at }: Series, context: Context): Fraction | undefined {
  const { budget } = context;
  const of = body();
  if (of.num.size === 0) return ZERO;
  const next = add(ofFactor(variable(index, context), 1, 1, budget), ONE, budget);
  const ratio = divideBy(at(next), of, budget);
  if (dependsOn(ratio, index, budget) || equal(ratio, ONE, budget)) return undefined;
  const less = minus(ONE, ratio, budget);
  if (to === undefined) {
    // With a variable in it the sum is meant where there is one.
    const bound = isConstant(ratio, budget)
      ? signOf(minus(ONE, absOf(ratio, context), budget), budget)
      : 1;
    if (bound === undefined) return undefined;
    if (bound !== 1) throw new NoForm("a series without a sum");
    return divideBy(at(from), less, budget);
  }
  const beyond = at(add(to, ONE, budget));
  return divideBy(minus(at(from), beyond, budget), less, budget);
}
