import type { Budget } from "../budget.ts";
import { absolute, floorRoot } from "./integer.ts";
import {
  compare,
  type Factor,
  type Monomial,
  monomialOf,
  only,
  quotient,
  UNIT,
} from "./monomial.ts";
import {
  add,
  content,
  integerOf,
  lead,
  multiply,
  NONE,
  ONE,
  type Poly,
  single,
  subtract,
  type Term,
  without,
} from "./polynomial.ts";

/** The most terms of a quotient or a root that is tried: beyond it, cross products decide. */
const MAX_QUOTIENT = 64;

/** `a / b` where both are exact. */
function termQuotient(a: Term, b: Term, budget: Budget): Poly | undefined {
  if (a.coefficient % b.coefficient !== 0n) return undefined;
  const monomial = quotient(a.monomial, b.monomial, budget);
  return monomial && single(monomial, a.coefficient / b.coefficient);
}

/** `a / b` with integer coefficients, where it is a polynomial that is found. */
export function divide(a: Poly, b: Poly, budget: Budget): Poly | undefined {
  const by = lead(b);
  let rest = a;
  let found: Poly = NONE;
  let last: Monomial | undefined;
  while (rest.size > 0) {
    const head = lead(rest);
    // Folding may bring a greater term back, and so on forever.
    if (last !== undefined && compare(head.monomial, last) >= 0) return undefined;
    last = head.monomial;
    budget.spend(Math.ceil(rest.size / 4));
    const next = termQuotient(head, by, budget);
    if (next === undefined || found.size >= MAX_QUOTIENT) return undefined;
    found = add(found, next, budget);
    rest = subtract(rest, multiply(next, b, budget), budget);
  }
  return found;
}

const isEven = ({ n, d }: Factor): boolean => d === 1 && n % 2 === 0;

/** The polynomial whose square it is, up to its sign, where one is found. */
export function squareRoot(a: Poly, budget: Budget): Poly | undefined {
  const head = lead(a);
  if (head.coefficient < 0n || !head.monomial.factors.every(isEven)) return undefined;
  const coefficient = floorRoot(head.coefficient, 2, budget);
  if (coefficient * coefficient !== head.coefficient) return undefined;
  const halved = halfOf(head.monomial, budget);
  let root = single(halved, coefficient);
  const twice: Term = { monomial: halved, coefficient: 2n * coefficient };
  let last = halved;
  let rest = subtract(a, multiply(root, root, budget), budget);
  while (rest.size > 0) {
    budget.spend(Math.ceil(rest.size / 4));
    const next = termQuotient(lead(rest), twice, budget);
    if (next === undefined || root.size >= MAX_QUOTIENT) return undefined;
    const { monomial } = lead(next);
    if (compare(monomial, last) >= 0) return undefined;
    last = monomial;
    rest = subtract(
      rest,
      multiply(add(add(root, root, budget), next, budget), next, budget),
      budget,
    );
    root = add(root, next, budget);
  }
  return root;
}

const halfOf = (monomial: Monomial, budget: Budget): Monomial =>
  monomialOf(
    monomial.factors.map(({ atom, n }) => ({ atom, n: n / 2, d: 1 })),
    budget,
  );

const isSquareRoot = ({ atom, d }: Factor): boolean =>
  (atom.kind === "prime" && d === 2) || atom.kind === "i";

/** The most terms of a sum of square roots that is turned into an integer, and the most roots. */
const MAX_SURDS = 8;

/** What makes a sum of integers, square roots and `i` an integer when multiplied with it. */
export function conjugate(a: Poly, budget: Budget): Poly | undefined {
  if (a.size > MAX_SURDS) return undefined;
  for (const { monomial } of a.values()) {
    if (!monomial.factors.every(isSquareRoot)) return undefined;
  }
  let whole = ONE;
  let rest = a;
  for (let round = 0; integerOf(rest) === undefined; round++) {
    const root = [...rest.values()].find(({ monomial }) => monomial.factors.length > 0)?.monomial
      .factors[0];
    if (root === undefined || round >= MAX_SURDS) return undefined;
    const flipped: Poly = new Map(
      [...rest].map(([key, term]) => {
        const has = term.monomial.factors.some(({ atom }) => atom.key === root.atom.key);
        return [key, has ? { ...term, coefficient: -term.coefficient } : term];
      }),
    );
    whole = multiply(whole, flipped, budget);
    rest = multiply(rest, flipped, budget);
  }
  return rest.size === 0 ? undefined : whole;
}

/** What makes a monomial's roots of constants whole when multiplied with it. */
export function complement(monomial: Monomial, budget: Budget): Monomial {
  const roots = only(monomial, ({ atom }) => foldsToInteger(atom.fold?.into), budget);
  if (roots.factors.length === 0) return roots;
  const factors = roots.factors.map(({ atom, n, d }) => ({
    atom,
    n: (atom.fold?.at ?? 0) * d - n,
    d,
  }));
  return monomialOf(factors, budget);
}

const foldsToInteger = (into: Poly | undefined): boolean =>
  into !== undefined && integerOf(into) !== undefined;

/** A polynomial without its content, its leading coefficient above zero, and that content. */
export function primitive(a: Poly, budget: Budget): { content: bigint; rest: Poly } {
  const sign = lead(a).coefficient < 0n ? -1n : 1n;
  const whole = sign * absolute(content(a, budget));
  return { content: whole, rest: without(a, whole, UNIT, budget) };
}
