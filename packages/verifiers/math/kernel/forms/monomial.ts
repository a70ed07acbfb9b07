import { type Budget, BudgetSpent } from "../budget.ts";
import type { Poly } from "./polynomial.ts";

/** The largest numerator and denominator of an exponent: their cross products stay exact doubles,
 * and nobody means a larger one. */
export const MAX_EXPONENT = 2 ** 31;
export const MAX_ROOT = 2 ** 20;

/** Characters of a key that are joined in the time of one step. */
export const CHARACTERS_PER_STEP = 50;

/** Polynomials with integer coefficients: the denominator holds those of the coefficients too. */
export interface Fraction {
  readonly num: Poly;
  readonly den: Poly;
}

/** What is known of an atom's values where its expression is real: never negative, real, neither. */
export type Nature = "positive" | "real" | "complex";

type Kind =
  | "variable"
  | "pi"
  | "prime"
  | "i"
  | "exp"
  | "ln"
  | "sin"
  | "cos"
  | "abs"
  | "root"
  | "call"
  | "opaque";

/** What polynomials are made of. Two atoms of one key have the same value. */
export interface Atom {
  readonly key: string;
  readonly kind: Kind;
  /** The variable's, the function's. */
  readonly name: string;
  readonly args: readonly Fraction[];
  readonly nature: Nature;
  /** The power that is written otherwise: `i` squared, a root's whole power. */
  readonly fold?: { readonly at: 1 | 2; readonly into: Poly };
}

/** `atom ^ (n / d)`, in lowest terms, above zero. */
export interface Factor {
  readonly atom: Atom;
  readonly n: number;
  readonly d: number;
}

/** Factors sorted by key, none twice, none folding. */
export interface Monomial {
  readonly key: string;
  readonly factors: readonly Factor[];
}

/** A power of an atom that left its monomial: `atom.fold.into ^ times`. */
interface Folded {
  readonly into: Poly;
  readonly times: number;
}

export const UNIT: Monomial = { key: "", factors: [] };

const NOTHING_FOLDED: readonly Folded[] = [];

export function gcdOf(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** `n / d` in lowest terms. @throws BudgetSpent where it is too large to be meant. */
export function exponent(n: number, d: number): { n: number; d: number } {
  const common = d === 1 ? 1 : gcdOf(n, d);
  const reduced = { n: n / common, d: d / common };
  if (Math.abs(reduced.n) > MAX_EXPONENT || reduced.d > MAX_ROOT) {
    throw new BudgetSpent("an exponent is too large");
  }
  return reduced;
}

const factorKey = ({ atom, n, d }: Factor): string =>
  d === 1 ? (n === 1 ? atom.key : `${atom.key}^${n}`) : `${atom.key}^${n}/${d}`;

/** The product of factors that are sorted and do not fold. */
export function monomialOf(factors: readonly Factor[], budget: Budget): Monomial {
  const [first] = factors;
  if (first === undefined) return UNIT;
  let key = factorKey(first);
  for (let at = 1; at < factors.length; at++) key += `*${factorKey(factors[at] as Factor)}`;
  if (key.length > CHARACTERS_PER_STEP) budget.spend(Math.floor(key.length / CHARACTERS_PER_STEP));
  return { key, factors };
}

/** `atom ^ (n / d)`, the whole powers that fold taken out. */
function folding(atom: Atom, n: number, d: number, into: Factor[], folded: Folded[]): void {
  const { fold } = atom;
  if (fold === undefined || n < fold.at * d) {
    into.push({ atom, n, d });
    return;
  }
  const times = Math.floor(n / (fold.at * d));
  folded.push({ into: fold.into, times });
  const left = n - times * fold.at * d;
  if (left > 0) into.push({ atom, ...exponent(left, d) });
}

export interface Product {
  readonly monomial: Monomial;
  readonly folded: readonly Folded[];
}

/** `atom ^ (n / d)` as a product; the exponent above zero. */
export function atomPower(atom: Atom, n: number, d: number, budget: Budget): Product {
  const factors: Factor[] = [];
  const folded: Folded[] = [];
  const reduced = exponent(n, d);
  folding(atom, reduced.n, reduced.d, factors, folded);
  return { monomial: monomialOf(factors, budget), folded };
}

export function product(a: Monomial, b: Monomial, budget: Budget): Product {
  if (a.factors.length === 0) return { monomial: b, folded: NOTHING_FOLDED };
  if (b.factors.length === 0) return { monomial: a, folded: NOTHING_FOLDED };
  const factors: Factor[] = [];
  const folded: Folded[] = [];
  let i = 0;
  let j = 0;
  while (i < a.factors.length || j < b.factors.length) {
    const left = a.factors[i];
    const right = b.factors[j];
    if (right === undefined || (left !== undefined && left.atom.key < right.atom.key)) {
      factors.push(left as Factor);
      i += 1;
    } else if (left === undefined || right.atom.key < left.atom.key) {
      factors.push(right);
      j += 1;
    } else {
      const sum = exponent(left.n * right.d + right.n * left.d, left.d * right.d);
      folding(left.atom, sum.n, sum.d, factors, folded);
      i += 1;
      j += 1;
    }
  }
  return { monomial: monomialOf(factors, budget), folded };
}

/** Every exponent times `by`, a positive whole number. */
export function raised(a: Monomial, by: number, budget: Budget): Product {
  const factors: Factor[] = [];
  const folded: Folded[] = [];
  for (const { atom, n, d } of a.factors) {
    const scaled = exponent(n * by, d);
    folding(atom, scaled.n, scaled.d, factors, folded);
  }
  return { monomial: monomialOf(factors, budget), folded };
}

/** `a / b`, undefined where an exponent would be negative. */
export function quotient(a: Monomial, b: Monomial, budget: Budget): Monomial | undefined {
  if (b.factors.length === 0) return a;
  const factors: Factor[] = [];
  let j = 0;
  for (const left of a.factors) {
    const right = b.factors[j];
    if (right === undefined || right.atom.key !== left.atom.key) {
      factors.push(left);
      continue;
    }
    j += 1;
    const rest = exponent(left.n * right.d - right.n * left.d, left.d * right.d);
    if (rest.n < 0) return undefined;
    if (rest.n > 0) factors.push({ atom: left.atom, ...rest });
  }
  return j === b.factors.length ? monomialOf(factors, budget) : undefined;
}

/** The greatest monomial that divides both, or the least that both divide. */
function joint(a: Monomial, b: Monomial, least: boolean, budget: Budget): Monomial {
  if (a.key === b.key) return a;
  const factors: Factor[] = [];
  let i = 0;
  let j = 0;
  while (i < a.factors.length || j < b.factors.length) {
    const left = a.factors[i];
    const right = b.factors[j];
    if (right === undefined || (left !== undefined && left.atom.key < right.atom.key)) {
      if (least) factors.push(left as Factor);
      i += 1;
    } else if (left === undefined || right.atom.key < left.atom.key) {
      if (least) factors.push(right);
      j += 1;
    } else {
      factors.push(left.n * right.d > right.n * left.d === least ? left : right);
      i += 1;
      j += 1;
    }
  }
  return monomialOf(factors, budget);
}

export const greatestCommon = (a: Monomial, b: Monomial, budget: Budget): Monomial =>
  a.factors.length === 0 || b.factors.length === 0 ? UNIT : joint(a, b, false, budget);

export const leastCommon = (a: Monomial, b: Monomial, budget: Budget): Monomial =>
  joint(a, b, true, budget);

/** The factors of `a` that `keep` keeps. */
export const only = (a: Monomial, keep: (factor: Factor) => boolean, budget: Budget): Monomial =>
  monomialOf(a.factors.filter(keep), budget);

/** Lexicographic, the first key the weightiest: an order that products keep, as division needs. */
export function compare(a: Monomial, b: Monomial): number {
  const length = Math.min(a.factors.length, b.factors.length);
  for (let at = 0; at < length; at++) {
    const left = a.factors[at] as Factor;
    const right = b.factors[at] as Factor;
    if (left.atom.key !== right.atom.key) return left.atom.key < right.atom.key ? 1 : -1;
    const difference = left.n * right.d - right.n * left.d;
    if (difference !== 0) return difference;
  }
  return a.factors.length - b.factors.length;
}
