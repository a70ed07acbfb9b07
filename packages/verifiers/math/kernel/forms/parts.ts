import type { Budget } from "../budget.ts";
import { isComplex } from "./atoms.ts";
import { reduce } from "./fraction.ts";
import { type Fraction, only } from "./monomial.ts";
import type { Poly, Term } from "./polynomial.ts";

/** The real and the imaginary part, where the letters stand for reals and `i` is told apart. */
export function partsOf(
  of: Fraction,
  budget: Budget,
): { readonly re: Fraction; readonly im: Fraction } | undefined {
  if (isComplex({ num: of.den, den: of.den })) return undefined;
  const re = new Map<string, Term>();
  const im = new Map<string, Term>();
  for (const [key, term] of of.num) {
    budget.spend();
    const complex = term.monomial.factors.filter(({ atom }) => atom.nature === "complex");
    if (complex.length === 0) re.set(key, term);
    else if (complex.length > 1 || complex[0]?.atom.kind !== "i") return undefined;
    else {
      const monomial = only(term.monomial, ({ atom }) => atom.kind !== "i", budget);
      im.set(monomial.key, { ...term, monomial });
    }
  }
  const over = (num: Poly): Fraction => reduce(num, of.den, budget);
  return { re: over(re), im: over(im) };
}
