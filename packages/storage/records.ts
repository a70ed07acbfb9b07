import { textLines } from "@assay/grading";
import type { Manifest, Position, RewardRecord, Tally } from "@assay/schema";
import { retriesPrefix } from "./keys.ts";
import type { World } from "./ports.ts";

/** A record, and its line as it is written: metadata keeps digits there that a parsed one loses. */
export interface Written {
  readonly record: RewardRecord;
  readonly text: string;
}

/** The records of retries, by the place of the record that each replaces: of several the newest. */
export type Replacements = ReadonlyMap<string, Written>;

export function placeOf({ index, offset, sid }: Position): string {
  return `${sid} ${offset} ${index}`;
}

/** What the retries of a job came to. */
export async function readReplacements(
  world: World,
  manifests: readonly Manifest[],
): Promise<Replacements> {
  const newest = new Map<string, Written>();
  for (const manifest of manifests)
    if (isRetry(manifest))
      for await (const text of readLines(world, manifest)) {
        const record = JSON.parse(text) as RewardRecord;
        if (record.retry_of === undefined) continue;
        const place = placeOf(record.retry_of);
        if ((newest.get(place)?.record.graded_at ?? "") <= record.graded_at)
          newest.set(place, { record, text });
      }
  return newest;
}

export function isRetry({ job, source }: Manifest): boolean {
  return source.key.startsWith(retriesPrefix(job));
}

/** The records of a source as JSON lines, in the order of its lines; with what retries replaced. */
export async function* readRecords(
  world: World,
  manifest: Manifest,
  replacements: Replacements = new Map(),
): AsyncGenerator<Uint8Array> {
  const isReplaced = [...replacements.keys()].some((place) => place.startsWith(`${manifest.sid} `));
  if (!isReplaced) {
    for (const part of manifest.parts) yield* world.rewards.stream(part.key);
    return;
  }
  for await (const text of readLines(world, manifest))
    yield Buffer.from(`${newest(text, replacements)}\n`);
}

/** What a source came to, with what retries replaced. */
export async function newestTally(
  world: World,
  manifest: Manifest,
  replacements: Replacements,
): Promise<Tally> {
  const tally = structuredClone(manifest) as Tally;
  for await (const text of replacements.size === 0 ? [] : readLines(world, manifest)) {
    const after = newest(text, replacements);
    if (after === text) continue;
    const { outcome, reward } = JSON.parse(after) as RewardRecord;
    tally.counts.error--;
    tally.counts[outcome]++;
    tally.reward_sum += reward ?? 0;
  }
  return tally;
}

/** The record that stands for this one: only an error is ever replaced. */
function newest(text: string, replacements: Replacements): string {
  if (!text.includes('"outcome":"error"')) return text;
  const record = JSON.parse(text) as RewardRecord;
  const other = record.outcome === "error" ? replacements.get(placeOf(record.source)) : undefined;
  return other?.text ?? text;
}

/** The records of a source's own parts, a line each. */
export async function* readLines(world: World, manifest: Manifest): AsyncGenerator<string> {
  // A part is whole lines, so nothing is held over to the next.
  for (const part of manifest.parts) yield* textLines(world.rewards.stream(part.key));
}
