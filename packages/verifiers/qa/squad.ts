import { normalWords } from "./normalise.ts";

/** An answer in its normal form, its words counted once for all rollouts. */
export interface Normal {
  readonly text: string;
  readonly length: number;
  readonly counts: ReadonlyMap<string, number>;
}

export function normalise(answer: string): Normal {
  const words = normalWords(answer);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { text: words.join(" "), length: words.length, counts };
}

/** `f1_score` of evaluate-v1.1.py, in its order of operations: the harmonic mean of precision and
 * recall over words with their multiplicity; 0 where no word is shared, so also for two empty
 * answers. */
export function f1(read: Normal, gold: Normal): number {
  let same = 0;
  for (const [word, count] of gold.counts) same += Math.min(count, read.counts.get(word) ?? 0);
  if (same === 0) return 0;
  const precision = same / read.length;
  const recall = same / gold.length;
  return (2 * precision * recall) / (precision + recall);
}
