/** For tests: where random spellings and rewritings take their decisions from. A list that is used
 * up, and a zero in it, decide for the first possibility: the plainest one stands first, so that
 * fast-check shrinks towards it. */
export class Choices {
  readonly #source: ArrayLike<number>;
  #at = 0;

  constructor(source: ArrayLike<number>) {
    this.#source = source;
  }

  /** A whole number below `count`. */
  below(count: number): number {
    const value = this.#source[this.#at++] ?? 0;
    return value % count;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  /** True once in `one` times. */
  chance(one: number): boolean {
    return this.below(one) === one - 1;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const all = [...items];
    for (let i = all.length - 1; i > 0; i--) {
      // Zero leaves everything where it is.
      const j = i - this.below(i + 1);
      [all[i], all[j]] = [all[j] as T, all[i] as T];
    }
    return all;
  }
}
