import type { Node } from "../../tree.ts";
import { Budget } from "../budget.ts";
import { positiveIn } from "./assumptions.ts";
import { isProvedPrime } from "./atoms.ts";
import { formOf } from "./form.ts";
import { equal, NoForm, type Rational, keyOf as textOf } from "./fraction.ts";
import type { Factor, Fraction as Form } from "./monomial.ts";
import { exponentials, isCircular } from "./trigonometry.ts";

export { rationalOf } from "./fraction.ts";
export type { Poly } from "./polynomial.ts";
export type { Rational };

/** A canonical form: polynomials in atoms, with integer coefficients, as numerator and denominator. */
export interface Fraction extends Form {
  /** What it is the form of, and which variables were taken not to be negative. */
  readonly origin?: { readonly node: Node; readonly positive: ReadonlySet<string> };
}

/** The canonical form; undefined where the expression has none (a set, a matrix, a division by zero,
 * infinity). @throws BudgetSpent */
export function canonical(node: Node, budget: Budget): Fraction | undefined {
  return within(node, positiveIn(node, budget), budget);
}

function within(node: Node, positive: ReadonlySet<string>, budget: Budget): Fraction | undefined {
  try {
    const form = formOf(node, { budget, positive, bound: new Map(), depth: 0, angle: false });
    return { num: form.num, den: form.den, origin: { node, positive } };
  } catch (error) {
    if (error instanceof NoForm) return undefined;
    throw error;
  }
}

/** Whether two forms are proved equal, wherever both of their expressions are real. False says only
 * that it is not proved, unless both are rational functions. @throws BudgetSpent */
export function sameFraction(a: Fraction, b: Fraction, budget: Budget): boolean {
  if (sameForm(a, b, budget)) return true;
  if (a.origin === undefined || b.origin === undefined) return false;
  const positive = new Set([...a.origin.positive, ...b.origin.positive]);
  if (positive.size === a.origin.positive.size && positive.size === b.origin.positive.size) {
    return false;
  }
  // Each counts on the other's domain as well.
  const left = within(a.origin.node, positive, budget);
  const right = within(b.origin.node, positive, budget);
  return left !== undefined && right !== undefined && sameForm(left, right, budget);
}

function sameForm(a: Form, b: Form, budget: Budget): boolean {
  if (equal(a, b, budget)) return true;
  if (!(some(a, ({ atom }) => isCircular(atom)) || some(b, ({ atom }) => isCircular(atom)))) {
    return false;
  }
  const context = { budget, positive: new Set<string>() };
  return equal(exponentials(a, context), exponentials(b, context), budget);
}

const some = ({ num, den }: Form, is: (factor: Factor) => boolean): boolean =>
  [num, den].some((part) => [...part.values()].some(({ monomial }) => monomial.factors.some(is)));

/** Whether its only atoms are variables, roots of primes, `i`, and one of `pi` and `e`: nothing but
 * equal forms of these are equal functions, so that different forms are a proof of difference. */
export function isRationalFunction(of: Fraction): boolean {
  const transcendental = new Set<string>();
  const isOther = some(of, ({ atom, d }) => {
    switch (atom.kind) {
      case "variable":
        return d !== 1;
      case "prime":
        return !isProvedPrime(atom);
      case "i":
        return false;
      case "pi":
        transcendental.add(atom.key);
        return d !== 1;
      case "exp":
        transcendental.add(atom.key);
        return atom.key !== "~e";
      default:
        return true;
    }
  });
  return !isOther && transcendental.size <= 1;
}

/** A text that is equal for equal forms, as far as common factors are found. */
export const keyOf = (of: Fraction): string =>
  // A form that could be made has a key that can be written.
  textOf(of, new Budget(Number.POSITIVE_INFINITY));
