import type { Budget } from "../budget.ts";
import { keyOf, ofFactor, ofPoly } from "./fraction.ts";
import type { Atom, Factor, Fraction, Nature } from "./monomial.ts";
import {
  constant,
  ONE,
  ofAtom,
  type Poly,
  power,
  subtract,
  type Term,
  textOf,
} from "./polynomial.ts";
import { estimate, MARGIN } from "./sign.ts";

/** What canonicalising takes along. */
export interface Context {
  readonly budget: Budget;
  /** Variables that are not negative wherever the expression is real. */
  readonly positive: ReadonlySet<string>;
}

/** Names that cannot be mistaken for any other key. */
const PLAIN_NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

// Constants begin with `~`, so that variables lead.
export const PI: Atom = { key: "~pi", kind: "pi", name: "pi", args: [], nature: "positive" };

export const I: Atom = {
  key: "~i",
  kind: "i",
  name: "i",
  args: [],
  nature: "complex",
  fold: { at: 2, into: constant(-1n) },
};

export const variable = (name: string, { positive }: Context): Atom => ({
  key: PLAIN_NAME.test(name) ? name : JSON.stringify(name),
  kind: "variable",
  name,
  args: [],
  nature: positive.has(name) ? "positive" : "real",
});

/** The name of a base whose primality is not known. */
const UNPROVED = "unproved";

/** A base of numeric roots. */
export const prime = (base: bigint, proved = true): Atom => ({
  key: `~${base}`,
  kind: "prime",
  name: proved ? "" : UNPROVED,
  args: [],
  nature: "positive",
  fold: { at: 1, into: constant(base) },
});

export const isProvedPrime = (atom: Atom): boolean =>
  atom.kind === "prime" && atom.name !== UNPROVED;

/** A polynomial as the base of roots: the atom is the polynomial itself. */
export const root = (base: Poly, nature: Nature, { budget }: Context): Atom => ({
  key: `root(${textOf(base, budget)})`,
  kind: "root",
  name: "root",
  args: [ofPoly(base)],
  nature,
  fold: { at: 1, into: base },
});

/** The absolute value of a real polynomial. */
export const absolute = (of: Poly, { budget }: Context): Atom => ({
  key: `abs(${textOf(of, budget)})`,
  kind: "abs",
  name: "abs",
  args: [ofPoly(of)],
  nature: "positive",
  fold: lazily(2, () => power(of, 2, budget)),
});

export const logarithm = (of: Fraction, { budget }: Context): Atom => ({
  key: `ln(${keyOf(of, budget)})`,
  kind: "ln",
  name: "ln",
  args: [of],
  nature: isComplex(of) ? "complex" : isAboveOne(of, budget) ? "positive" : "real",
});

const isAboveOne = (of: Fraction, budget: Budget): boolean => {
  const found = estimate(of, budget);
  return found !== undefined && found.value - 1 > MARGIN * found.scale;
};

/** `e ^ (unit * r)` is its power r, whatever r is: exponents of it only add up. */
export const exponential = (unit: Fraction, { budget }: Context): Atom => {
  const key = keyOf(unit, budget);
  return {
    key: key === "1" ? "~e" : `exp(${key})`,
    kind: "exp",
    name: "exp",
    args: [unit],
    nature: isComplex(unit) ? "complex" : hasLooseLogarithm(unit) ? "real" : "positive",
  };
};

/** `x ^ n` is the exponential of `n ln x`, and negative where x is. */
const hasLooseLogarithm = (unit: Fraction): boolean =>
  termsOf(unit).some(({ monomial }) =>
    monomial.factors.some(({ atom: { kind, args } }) => kind === "ln" && !args.every(isPositive)),
  );

const termsOf = ({ num, den }: Fraction): Term[] => [...num.values(), ...den.values()];

/** Not negative wherever it is real: square roots are not. The powers of an exponential are only
 * written so, `x^(n/2)` is no root. */
export const isNotNegative = ({ atom, d }: Factor): boolean =>
  atom.nature === "positive" || (d % 2 === 0 && atom.kind !== "exp");

/** Products of what is not negative. */
export const isPositive = (of: Fraction): boolean =>
  termsOf(of).every(
    ({ coefficient, monomial }) => coefficient > 0n && monomial.factors.every(isNotNegative),
  );

/** Not of real variables and constants alone. */
export const isComplex = (of: Fraction): boolean =>
  termsOf(of).some(({ monomial }) =>
    monomial.factors.some(({ atom }) => atom.nature === "complex"),
  );

/** A function that nothing more is known of. */
export const call = (name: string, args: readonly Fraction[], { budget }: Context): Atom => ({
  key: `${name}(${args.map((arg) => keyOf(arg, budget)).join(",")})`,
  kind: "call",
  name,
  args,
  nature: args.some(isComplex) ? "complex" : "real",
});

export const callOf = (name: string, args: readonly Fraction[], context: Context): Fraction =>
  ofFactor(call(name, args, context), 1, 1, context.budget);

/** Worked out when it is needed, which is seldom. */
const lazily = (at: 1 | 2, make: () => Poly): NonNullable<Atom["fold"]> => {
  let made: Poly | undefined;
  return {
    at,
    get into() {
      made ??= make();
      return made;
    },
  };
};

export const sine = (of: Fraction, context: Context): Atom => ({
  ...call("sin", [of], context),
  kind: "sin",
  fold: lazily(2, () => {
    const { budget } = context;
    const cos = ofAtom(cosine(of, context), 1, 1, budget);
    return subtract(ONE, power(cos, 2, budget), budget);
  }),
});

export const cosine = (of: Fraction, context: Context): Atom => ({
  ...call("cos", [of], context),
  kind: "cos",
});

/** What is known by its key alone; `args` tell what it depends on. */
export const opaqueOf = (key: string, args: readonly Fraction[], { budget }: Context): Fraction =>
  ofFactor(
    {
      key,
      kind: "opaque",
      name: "",
      args,
      nature: args.some(isComplex) ? "complex" : "real",
    },
    1,
    1,
    budget,
  );

/** Whether any atom, or any in its arguments, is one that `is` tells. */
export function someAtom(of: Fraction, is: (atom: Atom) => boolean, budget: Budget): boolean {
  for (const part of [of.num, of.den]) {
    for (const { monomial } of part.values()) {
      for (const { atom } of monomial.factors) {
        budget.spend();
        if (is(atom) || atom.args.some((arg) => someAtom(arg, is, budget))) return true;
      }
    }
  }
  return false;
}

export const dependsOn = (of: Fraction, name: string, budget: Budget): boolean =>
  someAtom(of, (atom) => atom.kind === "variable" && atom.name === name, budget);

/** Made of known numbers alone. */
export const isConstant = (of: Fraction, budget: Budget): boolean =>
  !someAtom(of, ({ kind }) => kind === "variable" || kind === "opaque", budget);
