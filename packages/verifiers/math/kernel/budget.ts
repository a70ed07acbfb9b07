/** Thrown where a comparison would cost more than it may: too many steps, or a number too large to
 * write out. Which one decides is the input's doing alone, never the machine's. */
export class BudgetSpent extends Error {
  override name = "BudgetSpent";
}

/** Thrown where one number is too large, or its exponent is. Elsewhere it may not be: at another
 * value of the variables. */
export class TooLarge extends BudgetSpent {
  override name = "TooLarge";
}

/** The most bits of an integer that is written out: 9,864 digits, beyond 2004!/1000 and any answer
 * that a person checks, and still multiplied in microseconds. */
export const MAX_BITS = 1 << 16;

/** Counts the steps of one comparison. A step is about a microsecond of work: a product of two
 * numbers of a few words, a node visited, a term added. */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  get left(): number {
    return this.#left;
  }

  /** @throws BudgetSpent once more steps were spent than there were. */
  spend(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new BudgetSpent("the steps of this comparison are used up");
  }
}
