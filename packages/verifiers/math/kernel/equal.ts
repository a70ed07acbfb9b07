import { call, type Node } from "../tree.ts";
import type { Complex } from "./balls/complex.ts";
import * as complex from "./balls/complex.ts";
import { floorOf, signOf } from "./balls/decide.ts";
import { evaluate } from "./balls/evaluate.ts";
import { points, TrialPoint } from "./balls/points.ts";
import * as real from "./balls/real.ts";
import { Budget, BudgetSpent, TooLarge } from "./budget.ts";
import {
  fingerprint,
  freeVariables,
  hasDecimal,
  isDecimalConstant,
  wholeVariables,
} from "./facts.ts";
import { canonical, isRationalFunction, rationalOf, sameFraction } from "./forms/canonical.ts";
import { ratioOf, roundedRatio } from "./ratio.ts";

/** The first precision tells most differences, the second decides, with more bits for large values,
 * up to so many. */
const PRECISIONS = [128, 768] as const;
const MOST_BITS = 8_192;
/** Two values that agree to so many bits behind the point, at every point that was tried, are taken to
 * be equal: the documented bound. */
const AGREED_BITS = 600;

/** Whether two scalar expressions have the same value, as numbers or as functions of their
 * variables wherever both are real. @throws BudgetSpent */
export function sameValue(a: Node, b: Node, decimals: number, budget: Budget): boolean {
  const left = ratioOf(a, budget);
  const right = left === undefined ? undefined : ratioOf(b, budget);
  if (left !== undefined && right !== undefined) {
    if (left.num * right.den === right.num * left.den) return true;
    if (!(hasDecimal(a) || hasDecimal(b))) return false;
    const rounded = roundedRatio(left, decimals);
    return leavesEnough(rounded, decimals) && rounded === roundedRatio(right, decimals);
  }
  const proof = proved(a, b, budget);
  if (proof === true) return true;
  const isRounded = isDecimalConstant(a, b);
  if (proof === false && !isRounded) return false;
  if (sameAtPoints(a, b, budget)) return true;
  return isRounded && sameRounded(a, b, decimals, budget);
}

/** Whether rounding leaves two digits to compare, or as many as there are places: 0.0000001 is not
 * 0, and 0.000001 not 0.0000011. */
function leavesEnough(rounded: bigint, decimals: number): boolean {
  const size = rounded < 0n ? -rounded : rounded;
  return size !== 0n && size >= 10n ** BigInt(Math.max(0, Math.min(decimals, 2) - 1));
}

/** True or false where the canonical forms prove it; undefined where they do not, or cost too much:
 * then the points decide. */
function proved(a: Node, b: Node, budget: Budget): boolean | undefined {
  try {
    // Three quarters of what is left: the points must be able to decide what the forms cannot.
    const share = new Budget(0.75 * budget.left);
    const forms = [canonical(a, share), canonical(b, share)] as const;
    const [left, right] = forms;
    if (left === undefined || right === undefined) return undefined;
    const same = sameFraction(left, right, share);
    if (same) return true;
    return isRationalFunction(left) && isRationalFunction(right) ? false : undefined;
  } catch (error) {
    if (error instanceof BudgetSpent) return undefined;
    throw error;
  }
}

function sameAtPoints(a: Node, b: Node, budget: Budget): boolean {
  const counts = { equal: 0, complex: 0, apart: 0, unknown: 0 };
  for (const values of trialPoints([a, b])) {
    const agreement = sameAt(a, b, values, budget);
    if (agreement === "differ") return false;
    counts[agreement]++;
  }
  // Where neither is real anywhere they are compared as they are.
  return counts.equal > 0 || (counts.complex > 0 && counts.apart === 0);
}

function trialPoints(nodes: readonly [Node, Node]) {
  const variables = new Set(nodes.flatMap((node) => [...freeVariables(node)]));
  const whole = new Set(nodes.flatMap((node) => [...wholeVariables(node)]));
  const seed = fingerprint(nodes[0]) ^ fingerprint(nodes[1]);
  return points([...variables].sort(), seed, whole);
}

type Agreement = "equal" | "complex" | "apart" | "differ" | "unknown";

/** How two expressions compare at one point. Where either is not real they need not agree: `\ln x^2`
 * and `2 \ln x` differ where x is negative, and nobody means that. */
function sameAt(a: Node, b: Node, values: TrialPoint["values"], budget: Budget): Agreement {
  let bits: number = PRECISIONS[0];
  for (;;) {
    const snap = bits >= PRECISIONS[1];
    const point = new TrialPoint(values, snap);
    const left = valueAt(a, point, bits, budget);
    const right = left && valueAt(b, point, bits, budget);
    if (left === undefined || right === undefined) {
      if (!point.imprecise || snap) return "unknown";
      bits = PRECISIONS[1];
      continue;
    }
    const difference = complex.sub(left, right, bits);
    const areReal = isReal(left) && isReal(right);
    if (!(real.containsZero(difference.re) && real.containsZero(difference.im)))
      return areReal || values.size === 0 ? "differ" : "apart";
    const isExact = real.isExact(difference.re) && real.isExact(difference.im);
    if (isExact || (snap && isTight(difference, left))) return areReal ? "equal" : "complex";
    // A large value needs as many bits more as it has before the point: beside e^1000 a 1 is small.
    const next = snap ? PRECISIONS[1] + Math.max(0, sizeOf(left)) : PRECISIONS[1];
    if (next <= bits || next > MOST_BITS) return "unknown";
    bits = next;
  }
}

/** The value at one point; none where it is too large there and may be smaller elsewhere. */
function valueAt(node: Node, point: TrialPoint, bits: number, budget: Budget): Complex | undefined {
  try {
    return evaluate(node, point, bits, budget);
  } catch (error) {
    if (error instanceof TooLarge && point.values.size > 0) return undefined;
    throw error;
  }
}

function isReal(z: Complex): boolean {
  return real.containsZero(z.im);
}

/**
 * The number that `a` is of `b` at every point: 2 for `2x + 4` and `x + 2`. "positive" or "negative"
 * by its sign, undefined where there is no such number.
 */
export function proportion(a: Node, b: Node, budget: Budget): "positive" | "negative" | undefined {
  let first: Complex | undefined;
  for (const values of trialPoints([a, b])) {
    const bits = PRECISIONS[1];
    const point = new TrialPoint(values, true);
    const above = valueAt(a, point, bits, budget);
    const below = valueAt(b, point, bits, budget);
    if (above === undefined || below === undefined || !isReal(above) || !isReal(below)) continue;
    const ratio = complex.div(above, below, bits, point);
    if (ratio === undefined) continue;
    if (real.containsZero(ratio.re)) return undefined;
    first ??= ratio;
    if (!real.containsZero(real.sub(ratio.re, first.re, bits))) return undefined;
  }
  const sign = first === undefined ? undefined : real.sign(first.re);
  return sign === undefined ? undefined : sign > 0 ? "positive" : "negative";
}

function orderOfForms(a: Node, b: Node, budget: Budget): -1 | 0 | 1 | undefined {
  const form = canonical(call("add", a, call("neg", b)), budget);
  const difference = form && rationalOf(form);
  if (difference === undefined) return undefined;
  return difference.num < 0n ? -1 : difference.num > 0n ? 1 : 0;
}

/** The order of two real constants; undefined where they have none that is known. */
export function compareReals(a: Node, b: Node, budget: Budget): -1 | 0 | 1 | undefined {
  const left = ratioOf(a, budget);
  const right = left === undefined ? undefined : ratioOf(b, budget);
  if (left !== undefined && right !== undefined) {
    const difference = left.num * right.den - right.num * left.den;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  if (freeVariables(a).size > 0 || freeVariables(b).size > 0)
    // `\sin^2 x + \cos^2 x` is a number all the same.
    return orderOfForms(a, b, budget);
  for (const bits of PRECISIONS) {
    const point = new TrialPoint(new Map(), bits === PRECISIONS[1]);
    const x = evaluate(a, point, bits, budget);
    const y = evaluate(b, point, bits, budget);
    if (x === undefined || y === undefined || !isReal(x) || !isReal(y)) {
      if (point.imprecise) continue;
      return undefined;
    }
    const sign = signOf(real.sub(x.re, y.re, bits), bits, point);
    if (sign !== undefined) return sign;
  }
  return undefined;
}

/** Whether a difference that may be zero is known to be tiny: beside 1, and beside values that are
 * tiny themselves. */
function isTight(difference: Complex, value: Complex): boolean {
  const radius = Math.max(real.radiusMagnitude(difference.re), real.radiusMagnitude(difference.im));
  // What may itself be zero has no size to be beside.
  const isNothing = real.containsZero(value.re) && real.containsZero(value.im);
  return radius <= (isNothing ? 0 : Math.min(0, sizeOf(value))) - AGREED_BITS;
}

/** The power of two that a value is just below. */
function sizeOf({ re, im }: Complex): number {
  return Math.max(real.magnitude(re), real.magnitude(im));
}

/** Constants of which one is written as a decimal: equal once both are rounded. */
function sameRounded(a: Node, b: Node, decimals: number, budget: Budget): boolean {
  const left = rounded(a, decimals, budget);
  const right = left === undefined ? undefined : rounded(b, decimals, budget);
  if (left === undefined || right === undefined) return false;
  if (!(leavesEnough(left.re, decimals) || leavesEnough(left.im, decimals))) return false;
  return left.re === right.re && left.im === right.im;
}

function rounded(node: Node, decimals: number, budget: Budget) {
  for (const bits of PRECISIONS) {
    const point = new TrialPoint(new Map(), bits === PRECISIONS.at(-1));
    const value = evaluate(node, point, bits, budget);
    if (value !== undefined) {
      const re = roundedReal(value.re, decimals, bits, point);
      const im = roundedReal(value.im, decimals, bits, point);
      if (re !== undefined && im !== undefined) return { re, im };
    }
    if (!point.imprecise) return undefined;
  }
  return undefined;
}

function roundedReal(x: real.Real, decimals: number, bits: number, point: TrialPoint) {
  const scale = real.fromInteger(10n ** BigInt(decimals), bits);
  const half = real.fromRational(1n, 2n, bits);
  const sign = signOf(x, bits, point);
  if (sign === undefined) return undefined;
  const magnitude = floorOf(real.add(real.mul(real.abs(x), scale, bits), half, bits), bits, point);
  return magnitude === undefined ? undefined : sign < 0 ? -magnitude : magnitude;
}
