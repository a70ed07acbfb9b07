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
      for (const next of node.args.slice(1)) {
        const right = ratioOf(next, budget);
        if (right === undefined) return undefined;
        budget.spend();
        total = bounded(node.name === "add" ? plus(total, right) : times(total, right));
      }
      return total;
    }
    case "div":
    case "pow": {
      const right = second && ratioOf(second, budget);
      if (right === undefined) return undefined;
      if (node.name === "pow") return power(left, right, budget);
      return right.num === 0n ? undefined : bounded(over(left, right));
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
  budget.spend(1 + Number(bits) / LONG_BITS);
  const raised = { num: base.num ** size, den: base.den ** size };
  return exact < 0n ? over({ num: 1n, den: 1n }, raised) : raised;
}

/** In lowest terms once it is long, so that a long sum does not grow without need. */
function bounded(ratio: Ratio): Ratio {
  if (bitLength(ratio.den) < LONG_BITS && bitLength(ratio.num) < MAX_BITS) return ratio;
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
