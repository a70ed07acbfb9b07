/** An exact number as it was written. The denominator is positive; no lowest terms. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
  /** Written with a decimal point, so possibly rounded by its writer. */
  readonly decimal: boolean;
  /** Written as a percentage; `num / den` is what stands before the sign. */
  readonly percent: boolean;
}

const HUNDRED = 100n;

/**
 * Whether two numbers are the same answer. Exact numbers must be equal; where one is written as a
 * decimal, they must be equal once both are rounded, half away from zero, to `decimals` places.
 *
 * A percentage means what stands before its sign as well as a hundredth of it: "what percentage?"
 * is answered by 20 and by 20 %, "what share?" by 0.2 and by 20 %. Two percentages are compared as
 * they stand.
 */
export function sameAnswer(gold: Rational, read: Rational, decimals: number): boolean {
  if (equal(gold, read, decimals)) return true;
  if (gold.percent === read.percent) return false;
  return gold.percent
    ? equal(hundredth(gold), read, decimals)
    : equal(gold, hundredth(read), decimals);
}

function hundredth(a: Rational): Rational {
  return { ...a, den: a.den * HUNDRED };
}

function equal(gold: Rational, read: Rational, decimals: number): boolean {
  if (gold.num * read.den === read.num * gold.den) return true;
  if (!(gold.decimal || read.decimal)) return false;
  const rounded = round(gold, decimals);
  // Rounding must leave something of the gold to compare: 0.0000001 is not 0.
  if (rounded === 0n && gold.num !== 0n) return false;
  return rounded === round(read, decimals);
}

/** `a` in units of 10^-decimals, rounded half away from zero. */
function round({ num, den }: Rational, decimals: number): bigint {
  const scaled = (num < 0n ? -num : num) * 10n ** BigInt(decimals);
  const magnitude = (2n * scaled + den) / (2n * den);
  return num < 0n ? -magnitude : magnitude;
}
