import { type Budget, BudgetSpent, MAX_BITS } from "../budget.ts";
import { abs as absolute } from "../integers.ts";

export { abs as absolute, floorDiv as floorDivide } from "../integers.ts";

const TOO_LARGE = 1n << BigInt(MAX_BITS);
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Where each size class of integers ends, and its words: a size is needed before it is worth
 * measuring. */
const CLASSES = [64, 256, 1_024, 4_096, 16_384].map((bits) => ({
  end: 1n << BigInt(bits),
  words: bits / 64,
}));

/** Products of two words in one step. */
const WORD_PRODUCTS_PER_STEP = 1_000;

/** The last divisor that factoring tries: whatever is left below its square is prime. */
const MAX_DIVISOR = 10_000;
/** As far as integers beyond doubles are tried. */
const MAX_BIG_DIVISOR = 1_000;
const DIVISIONS_PER_STEP = 100;
const BIG_DIVISIONS_PER_STEP = 10;
const WORDS_DIVIDED_PER_STEP = 100;

/** @throws BudgetSpent where it is too large to be written out. */
export function bounded(a: bigint): bigint {
  if (a >= TOO_LARGE || a <= -TOO_LARGE) throw new BudgetSpent("an integer is too large");
  return a;
}

/** About how many words of 64 bits. */
function wordsOf(a: bigint): number {
  const size = absolute(a);
  for (const { end, words } of CLASSES) if (size < end) return words;
  return MAX_BITS / 64;
}

export const bitsOf = (a: bigint): number => absolute(a).toString(2).length;

export function chargeProduct(a: bigint, b: bigint, budget: Budget): void {
  budget.spend(1 + Math.floor((wordsOf(a) * wordsOf(b)) / WORD_PRODUCTS_PER_STEP));
}

/** Of two integers from zero. */
export function gcd(a: bigint, b: bigint, budget: Budget): bigint {
  if (a === 1n || b === 1n) return 1n;
  if (a <= SAFE && b <= SAFE) {
    let [x, y] = [Number(a), Number(b)];
    while (y !== 0) [x, y] = [y, x % y];
    return BigInt(x);
  }
  const words = Math.min(wordsOf(a), wordsOf(b));
  // Measured: the steps of Euclid grow with the bits, and each with the words.
  budget.spend(Math.ceil(4 * words + 0.12 * words * words));
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** `a ^ n`, n from zero. */
export function powerOf(a: bigint, n: number, budget: Budget): bigint {
  if (a === 1n || a === 0n) return n === 0 ? 1n : a;
  if (a === -1n) return n % 2 === 0 ? 1n : -1n;
  if ((bitsOf(a) - 1) * n > MAX_BITS) throw new BudgetSpent("a power is too large");
  const words = (bitsOf(a) * n) / 64;
  budget.spend(1 + Math.floor((words * words) / WORD_PRODUCTS_PER_STEP));
  return a ** BigInt(n);
}

/** The greatest integer whose nth power is at most `a`, which is not negative. */
export function floorRoot(a: bigint, n: number, budget: Budget): bigint {
  if (a < 2n) return a;
  const bits = bitsOf(a);
  if (n >= bits) return 1n;
  // Newton's steps from within a factor of two double the right bits, each at a division's cost.
  const words = bits / 64;
  const rounds = 4 + Math.log2(bits);
  budget.spend(Math.ceil(rounds * (1 + (words * words) / WORD_PRODUCTS_PER_STEP)));
  const degree = BigInt(n);
  let root = 1n << BigInt(Math.ceil(bits / n));
  for (;;) {
    const next = ((degree - 1n) * root + a / root ** (degree - 1n)) / degree;
    if (next >= root) return root;
    root = next;
  }
}

/** `base ^ exponent`. `prime` where that is known. */
interface PrimePower {
  readonly base: bigint;
  readonly exponent: number;
  readonly prime: boolean;
}

/** A positive integer as powers of primes, and of one rest that may be composite. */
export function factors(a: bigint, budget: Budget): PrimePower[] {
  const found: PrimePower[] = [];
  let rest = a;
  let divisor = 2;
  const step = (): void => {
    divisor += divisor === 2 ? 1 : 2;
  };
  for (; rest > SAFE && divisor < MAX_BIG_DIVISOR; step()) {
    if (divisor % BIG_DIVISIONS_PER_STEP < 2)
      budget.spend(1 + wordsOf(rest) / WORDS_DIVIDED_PER_STEP);
    const by = BigInt(divisor);
    let exponent = 0;
    while (rest % by === 0n) {
      budget.spend();
      rest /= by;
      exponent += 1;
    }
    if (exponent > 0) found.push({ base: by, exponent, prime: true });
  }
  if (rest > SAFE) return [...found, wholePower(rest, budget)];
  let small = Number(rest);
  for (; divisor <= MAX_DIVISOR && divisor * divisor <= small; step()) {
    if (divisor % DIVISIONS_PER_STEP < 2) budget.spend();
    let exponent = 0;
    while (small % divisor === 0) {
      small /= divisor;
      exponent += 1;
    }
    if (exponent > 0) found.push({ base: BigInt(divisor), exponent, prime: true });
  }
  if (small === 1) return found;
  if (divisor * divisor > small) {
    return [...found, { base: BigInt(small), exponent: 1, prime: true }];
  }
  return [...found, wholePower(BigInt(small), budget)];
}

/** An integer without small divisors as a power, if it is one of a small degree. */
function wholePower(a: bigint, budget: Budget): PrimePower {
  for (const degree of [2, 3, 5, 7]) {
    const root = floorRoot(a, degree, budget);
    if (root ** BigInt(degree) === a) {
      const inner = wholePower(root, budget);
      return { ...inner, exponent: inner.exponent * degree };
    }
  }
  return { base: a, exponent: 1, prime: a < BigInt(MAX_BIG_DIVISOR) ** 2n };
}
