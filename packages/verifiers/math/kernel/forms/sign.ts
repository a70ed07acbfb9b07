import type { Budget } from "../budget.ts";
import { isZero, rationalOf } from "./fraction.ts";
import type { Atom, Fraction } from "./monomial.ts";
import type { Poly } from "./polynomial.ts";

/** Doubles are right to about 1e-15 of what was added up; a value this much above that has its
 * sign proved, on any machine. */
export const MARGIN = 1e-6;

/** Beyond it a double's sine, or its exponential, has lost too many digits. */
const MAX_ARGUMENT = 1_000;

/** A value, and the size of what it was added up from: its error is some 1e-15 of that. */
interface Estimate {
  readonly value: number;
  readonly scale: number;
}

/** A real constant in doubles; undefined for anything else, and where digits were lost. */
export function estimate(of: Fraction, budget: Budget): Estimate | undefined {
  const num = estimatePoly(of.num, budget);
  const den = estimatePoly(of.den, budget);
  if (num === undefined || den === undefined || !isClear(den)) return undefined;
  const scale = (num.scale / Math.abs(den.value)) * (den.scale / Math.abs(den.value));
  return usable({ value: num.value / den.value, scale });
}

const isClear = ({ value, scale }: Estimate): boolean => Math.abs(value) > MARGIN * scale;

const usable = (of: Estimate): Estimate | undefined =>
  Number.isFinite(of.value) && Number.isFinite(of.scale) ? of : undefined;

function estimatePoly(of: Poly, budget: Budget): Estimate | undefined {
  let value = 0;
  let scale = 0;
  for (const { monomial, coefficient } of of.values()) {
    budget.spend();
    let term = Number(coefficient);
    let size = Math.abs(term);
    for (const { atom, n, d } of monomial.factors) {
      const of = estimateAtom(atom, budget);
      if (of === undefined) return undefined;
      term *= of.value ** (n / d);
      size *= of.scale ** (n / d);
    }
    value += term;
    scale += size;
  }
  return usable({ value, scale });
}

const exact = (value: number): Estimate => ({ value, scale: Math.abs(value) });

function estimateAtom(atom: Atom, budget: Budget): Estimate | undefined {
  if (atom.kind === "pi") return exact(Math.PI);
  if (atom.kind === "prime") return exact(Number(atom.fold?.into.get("")?.coefficient));
  const [argument] = atom.args;
  if (argument === undefined || atom.args.length > 1) return undefined;
  const inner = estimate(argument, budget);
  if (inner === undefined) return undefined;
  const { value, scale } = inner;
  switch (atom.kind) {
    case "root":
    case "abs":
      if (!isClear(inner)) return undefined;
      return exact(atom.kind === "abs" ? Math.abs(value) : value);
    case "exp":
      return scale < MAX_ARGUMENT ? exact(Math.exp(value)) : undefined;
    case "ln":
      if (!isClear(inner) || value <= 0) return undefined;
      return { value: Math.log(value), scale: Math.abs(Math.log(value)) + 1 };
    case "sin":
    case "cos":
      if (scale > MAX_ARGUMENT) return undefined;
      return { value: atom.kind === "sin" ? Math.sin(value) : Math.cos(value), scale: 1 };
    case "call":
      return atom.name === "atan" && scale < MAX_ARGUMENT
        ? { value: Math.atan(value), scale: 1 }
        : undefined;
    default:
      return undefined;
  }
}

/** The sign, where it is proved. */
export function signOf(of: Fraction, budget: Budget): -1 | 0 | 1 | undefined {
  if (isZero(of)) return 0;
  const rational = rationalOf(of);
  if (rational !== undefined) return rational.num < 0n ? -1 : 1;
  const found = estimate(of, budget);
  if (found === undefined || !isClear(found)) return undefined;
  return found.value < 0 ? -1 : 1;
}

/** The greatest integer below a real constant, where it is proved. */
export function floorOf(of: Fraction, budget: Budget): bigint | undefined {
  const found = estimate(of, budget);
  if (found === undefined || found.scale > Number.MAX_SAFE_INTEGER * MARGIN) return undefined;
  const away = Math.abs(found.value - Math.round(found.value));
  return away > MARGIN * (found.scale + 1) ? BigInt(Math.floor(found.value)) : undefined;
}
