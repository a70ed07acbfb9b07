/** Where a run takes its decisions from. `pick` is asked for one of `count`, and is told what the
 * plain one is: 0. */
export interface Choices {
  pick(count: number): number;
}

/** Decisions out of a seed: the same seed gives the same run. */
export class SeededChoices implements Choices {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** Mulberry32: small, and spread well enough to wander. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  pick(count: number): number {
    return Math.floor(this.#next() * count);
  }
}

/** All runs in turn whose decisions depart from the plain ones at most `departures` times, within
 * the first `depth` decisions: a search to a stated bound, and no sample. */
export class BoundedChoices implements Choices {
  readonly #departures: number;
  readonly #depth: number;
  #prefix: number[] = [];
  #taken: { picked: number; count: number }[] = [];

  constructor(departures: number, depth: number) {
    this.#departures = departures;
    this.#depth = depth;
  }

  pick(count: number): number {
    const picked = this.#prefix[this.#taken.length] ?? 0;
    this.#taken.push({ picked, count });
    return picked;
  }

  /** The decisions of this run, so that it can be told and replayed. */
  get trail(): number[] {
    return this.#taken.map(({ picked }) => picked);
  }

  /** Turns to the next run; false when all have been. */
  advance(): boolean {
    const taken = this.#taken.slice(0, this.#depth);
    this.#taken = [];
    for (let i = taken.length - 1; i >= 0; i--) {
      const { count, picked } = taken[i] as { picked: number; count: number };
      const before = taken.slice(0, i).filter((one) => one.picked > 0).length;
      if (picked + 1 < count && before + 1 <= this.#departures) {
        this.#prefix = [...taken.slice(0, i).map((one) => one.picked), picked + 1];
        return true;
      }
    }
    return false;
  }
}
