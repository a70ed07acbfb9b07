import type { Node } from "../tree.ts";
import { type Budget, BudgetSpent, MAX_BITS } from "./budget.ts";
import { bitLength, gcd } from "./integers.ts";

/** A rational number; the denominator is positive. */
export interface Ratio {
  readonly num: bigint;
  readonly den: bigint;
}

/** Beyond this an integer power is left to the other means, which bound it. */
const MAX_POWER = 4_096n;
/** Bits from which a denominator is worth reducing. */
const LONG_BITS = 256;
/** Bits that are multiplied, or whose common divisor is begun, in a step. */
const STEP_BITS = 1_024;

/**
 * The value of a tree of numbers and the four operations; undefined where it has anything else in
 * it or divides by zero. Most answers are one, and need no more than this.
 */
export function ratioOf(node: Node, budget: Budget): Ratio | undefined {
  if (node.type === "num") return node;
  if (node.type !== "call") return undefined;
  budget.spend();
  const [first, second] = node.args;
  const left = first && ratioOf(first, budget);
  if (left === undefined) return undefined;
  switch (node.name) {
    case "neg":
      return { num: -left.num, den: left.den };
    case "percent":
      return { num: left.num, den: left.den * 100n };
    case "degree":
      return left;
    case "add":
    case "mul": {
      let total = left;
      let limit = LONG_BITS;
      for (const next of node.args.slice(1)) {
        const right = ratioOf(next, budget);
        if (right === undefined) return undefined;
        total = node.name === "add" ? plus(total, right) : times(total, right);
        const bits = bitLength(total.den);
        budget.spend(1 + bits / STEP_BITS);
        // In lowest terms whenever it has doubled, so that neither it nor the work grows without need.
        if (bits < limit && bitLength(total.num) < MAX_BITS) continue;
        total = reduced(total, budget);
        limit = 2 * Math.max(LONG_BITS, bitLength(total.den));
      }
      return total;
    }
    case "div":
    case "pow": {
      const right = second && ratioOf(second, budget);
      if (right === undefined) return undefined;
      if (node.name === "pow") return power(left, right, budget);
      return right.num === 0n ? undefined : reduced(over(left, right), budget);
    }
    default:
      return undefined;
  }
}

function plus(a: Ratio, b: Ratio): Ratio {
  if (a.den === b.den) return { num: a.num + b.num, den: a.den };
  return { num: a.num * b.den + b.num * a.den, den: a.den * b.den };
}

function times(a: Ratio, b: Ratio): Ratio {
  return { num: a.num * b.num, den: a.den * b.den };
}

function over(a: Ratio, b: Ratio): Ratio {
  const sign = b.num < 0n ? -1n : 1n;
  return { num: sign * a.num * b.den, den: sign * a.den * b.num };
}

function power(base: Ratio, exponent: Ratio, budget: Budget): Ratio | undefined {
  if (exponent.num % exponent.den !== 0n) return undefined;
  const exact = exponent.num / exponent.den;
  const size = exact < 0n ? -exact : exact;
  if (size > MAX_POWER || (exact < 0n && base.num === 0n)) return undefined;
  const bits = BigInt(Math.max(bitLength(base.num), bitLength(base.den))) * size;
  if (bits > BigInt(MAX_BITS)) return undefined;
  budget.spend(1 + Number(bits) / STEP_BITS);
  const raised = { num: base.num ** size, den: base.den ** size };
  return exact < 0n ? over({ num: 1n, den: 1n }, raised) : raised;
}

/** In lowest terms where it is long. */
function reduced(ratio: Ratio, budget: Budget): Ratio {
  const bits = Math.max(bitLength(ratio.den), bitLength(ratio.num));
  if (bits < LONG_BITS) return ratio;
  // A greatest common divisor takes as many steps as there are bits, each as long as there are words.
  budget.spend((bits / STEP_BITS) ** 2);
  const divisor = gcd(ratio.num < 0n ? -ratio.num : ratio.num, ratio.den);
  const num = ratio.num / divisor;
  const den = ratio.den / divisor;
  if (bitLength(num) > MAX_BITS || bitLength(den) > MAX_BITS)
    throw new BudgetSpent("a number is too large to be written out");
  return { num, den };
}

/** `a` in units of 10^-decimals, rounded half away from zero. */
export function roundedRatio({ num, den }: Ratio, decimals: number): bigint {
  const scaled = (num < 0n ? -num : num) * 10n ** BigInt(decimals);
  const magnitude = (2n * scaled + den) / (2n * den);
  return num < 0n ? -magnitude : magnitude;
}
