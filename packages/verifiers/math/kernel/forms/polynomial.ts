import { type Budget, BudgetSpent } from "../budget.ts";
import { absolute, bounded, chargeProduct, gcd, powerOf } from "./integer.ts";
import {
  type Atom,
  atomPower,
  CHARACTERS_PER_STEP,
  compare,
  greatestCommon,
  type Monomial,
  type Product,
  product,
  quotient,
  raised,
  UNIT,
} from "./monomial.ts";

/** The most terms of a polynomial: an answer has dozens, and a product of two such is a second. */
const MAX_TERMS = 2_000;

export interface Term {
  readonly monomial: Monomial;
  /** Never zero. */
  readonly coefficient: bigint;
}

/** Terms by the keys of their monomials. Integer coefficients. */
export type Poly = ReadonlyMap<string, Term>;

type Sum = Map<string, Term>;

export const constant = (value: bigint): Poly =>
  value === 0n ? ZERO : new Map([["", { monomial: UNIT, coefficient: value }]]);

const ZERO: Poly = new Map();
export const NONE: Poly = ZERO;
export const ONE: Poly = constant(1n);

export const single = (monomial: Monomial, coefficient = 1n): Poly =>
  new Map([[monomial.key, { monomial, coefficient }]]);

function include(sum: Sum, monomial: Monomial, coefficient: bigint): void {
  const { key } = monomial;
  const before = sum.get(key);
  if (before === undefined) {
    sum.set(key, { monomial, coefficient });
    if (sum.size > MAX_TERMS) throw new BudgetSpent("a polynomial has too many terms");
    return;
  }
  const total = before.coefficient + coefficient;
  if (total === 0n) sum.delete(key);
  else sum.set(key, { monomial, coefficient: bounded(total) });
}

/** Adds `coefficient * made`, what folded multiplied out. */
function includeProduct(sum: Sum, made: Product, coefficient: bigint, budget: Budget): void {
  if (made.folded.length === 0) {
    include(sum, made.monomial, coefficient);
    return;
  }
  for (const term of expanded(made, coefficient, budget).values()) {
    include(sum, term.monomial, term.coefficient);
  }
}

function expanded({ monomial, folded }: Product, coefficient: bigint, budget: Budget): Poly {
  let whole = single(monomial, coefficient);
  for (const { into, times } of folded) {
    whole = multiply(whole, power(into, times, budget), budget);
  }
  return whole;
}

/** `atom ^ (n / d)`, the exponent above zero. */
export const ofAtom = (atom: Atom, n: number, d: number, budget: Budget): Poly =>
  expanded(atomPower(atom, n, d, budget), 1n, budget);

export function add(a: Poly, b: Poly, budget: Budget): Poly {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  budget.spend(Math.ceil((a.size + b.size) / 4));
  const sum: Sum = new Map(a);
  for (const { monomial, coefficient } of b.values()) include(sum, monomial, coefficient);
  return sum;
}

/** The sum of many, each term touched once. */
export function addAll(polys: readonly Poly[], budget: Budget): Poly {
  const sum: Sum = new Map();
  for (const poly of polys) {
    budget.spend(Math.ceil(poly.size / 4));
    for (const { monomial, coefficient } of poly.values()) include(sum, monomial, coefficient);
  }
  return sum;
}

export const negate = (a: Poly): Poly =>
  new Map([...a].map(([key, term]) => [key, { ...term, coefficient: -term.coefficient }]));

export const subtract = (a: Poly, b: Poly, budget: Budget): Poly => add(a, negate(b), budget);

export function multiply(a: Poly, b: Poly, budget: Budget): Poly {
  if (a === ONE) return b;
  if (b === ONE) return a;
  const sum: Sum = new Map();
  for (const left of a.values()) {
    for (const right of b.values()) {
      // The monomials' keys cost more than the coefficients.
      budget.spend();
      chargeProduct(left.coefficient, right.coefficient, budget);
      const coefficient = bounded(left.coefficient * right.coefficient);
      includeProduct(sum, product(left.monomial, right.monomial, budget), coefficient, budget);
    }
  }
  return sum;
}

/** `a ^ n`, n a whole number from zero. */
export function power(a: Poly, n: number, budget: Budget): Poly {
  if (n === 0) return ONE;
  if (n === 1) return a;
  const [only] = a.values();
  if (only === undefined) return ZERO;
  if (a.size === 1) {
    const coefficient = powerOf(only.coefficient, n, budget);
    return expanded(raised(only.monomial, n, budget), coefficient, budget);
  }
  const half = power(a, Math.floor(n / 2), budget);
  const square = multiply(half, half, budget);
  return n % 2 === 0 ? square : multiply(square, a, budget);
}

export function equal(a: Poly, b: Poly): boolean {
  if (a.size !== b.size) return false;
  for (const [key, { coefficient }] of a) {
    if (b.get(key)?.coefficient !== coefficient) return false;
  }
  return true;
}

/** The integer that the polynomial is, if it is one. */
export function integerOf(a: Poly): bigint | undefined {
  if (a.size === 0) return 0n;
  return a.size === 1 ? a.get("")?.coefficient : undefined;
}

/** The greatest integer that divides every coefficient. */
export function content(a: Poly, budget: Budget): bigint {
  let common = 0n;
  for (const { coefficient } of a.values()) {
    common = gcd(common, absolute(coefficient), budget);
    if (common === 1n) break;
  }
  return common;
}

/** The greatest monomial that divides every term. */
export function monomialContent(a: Poly, budget: Budget): Monomial {
  let common: Monomial | undefined;
  for (const { monomial } of a.values()) {
    common = common === undefined ? monomial : greatestCommon(common, monomial, budget);
    if (common.factors.length === 0) break;
  }
  return common ?? UNIT;
}

/** `a / (integer * monomial)`, which divides every term. */
export function without(a: Poly, integer: bigint, monomial: Monomial, budget: Budget): Poly {
  if (integer === 1n && monomial.factors.length === 0) return a;
  const sum: Sum = new Map();
  for (const term of a.values()) {
    budget.spend();
    const rest = quotient(term.monomial, monomial, budget) as Monomial;
    sum.set(rest.key, { monomial: rest, coefficient: term.coefficient / integer });
  }
  return sum;
}

/** The greatest term. Of a polynomial that is not zero. */
export function lead(a: Poly): Term {
  let greatest: Term | undefined;
  for (const term of a.values()) {
    if (greatest === undefined || compare(term.monomial, greatest.monomial) > 0) greatest = term;
  }
  if (greatest === undefined) throw new Error("zero has no leading term");
  return greatest;
}

/** Equal for equal polynomials only. */
export function textOf(a: Poly, budget: Budget): string {
  if (a.size === 0) return "0";
  const terms = [...a.values()].sort((x, y) => compare(y.monomial, x.monomial));
  const text = terms
    .map(({ monomial: { key }, coefficient }) => {
      if (key === "") return `${coefficient}`;
      if (coefficient === 1n) return key;
      return coefficient === -1n ? `-${key}` : `${coefficient}*${key}`;
    })
    .join("+");
  budget.spend(Math.ceil(terms.length / 4 + text.length / CHARACTERS_PER_STEP));
  return text;
}
