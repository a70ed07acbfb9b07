import type { RewardRecord, Tally } from "@assay/schema";

/** A count of nothing. */
export function emptyTally(): Tally {
  return {
    lines: 0,
    trajectories: 0,
    counts: { scored: 0, abstained: 0, error: 0 },
    reward_sum: 0,
    verifiers: {},
  };
}

/** Counts records, line by line. */
export class Counter {
  readonly #tally = emptyTally();
  // A map, since it finds a string it has seen by its identity.
  readonly #verifiers = new Map<string, number>();

  countLine(records: readonly RewardRecord[]): void {
    const tally = this.#tally;
    tally.lines++;
    tally.trajectories += records.length;
    for (const { components, outcome, reward } of records) {
      tally.counts[outcome]++;
      tally.reward_sum += reward ?? 0;
      for (const { verifier } of components)
        this.#verifiers.set(verifier, (this.#verifiers.get(verifier) ?? 0) + 1);
    }
  }

  tally(): Tally {
    return { ...this.#tally, verifiers: Object.fromEntries(this.#verifiers) };
  }
}

/** Adds `more` to `tally`. */
export function addTally(tally: Tally, more: Tally): void {
  tally.lines += more.lines;
  tally.trajectories += more.trajectories;
  tally.counts.scored += more.counts.scored;
  tally.counts.abstained += more.counts.abstained;
  tally.counts.error += more.counts.error;
  tally.reward_sum += more.reward_sum;
  for (const [verifier, count] of Object.entries(more.verifiers))
    tally.verifiers[verifier] = (tally.verifiers[verifier] ?? 0) + count;
}

/** Mean over the scored; null where nothing is. */
export function meanReward(tally: Pick<Tally, "counts" | "reward_sum">): number | null {
  return tally.counts.scored === 0 ? null : tally.reward_sum / tally.counts.scored;
}
