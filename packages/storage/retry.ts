import { createHash } from "node:crypto";
import { concat } from "@assay/grading";
import type { Manifest, RewardRecord } from "@assay/schema";
import { listManifests } from "./jobs.ts";
import { retriesPrefix } from "./keys.ts";
import { ShardLines } from "./lines.ts";
import { SourceGone, type World } from "./ports.ts";
import { isRetry, placeOf, type Replacements, readLines, readReplacements } from "./records.ts";

export interface Retry {
  /** How many lines are graded anew. */
  readonly lines: number;
  /** The new source; undefined where no line is to be graded anew. */
  readonly key: string | undefined;
  /** Sources that are gone, with their lines. */
  readonly gone: readonly string[];
}

/** Submits anew the lines of a job whose newest record is a retryable error. */
export async function retryJob(world: World, job: string): Promise<Retry> {
  const manifests = await listManifests(world, job);
  const replacements = await readReplacements(world, manifests);
  const bodies: Uint8Array[] = [];
  const gone: string[] = [];
  for (const manifest of manifests.filter((one) => !isRetry(one) && one.counts.error > 0)) {
    const offsets = await openOffsets(world, manifest, replacements);
    try {
      for (const offset of offsets) bodies.push(await wrapLine(world, manifest, offset));
    } catch (error) {
      if (!(error instanceof SourceGone)) throw error;
      gone.push(manifest.source.key);
    }
  }
  if (bodies.length === 0) return { lines: 0, key: undefined, gone };
  const body = concat(bodies);
  const digest = createHash("sha256").update(body).digest("hex");
  const { objects } = await world.trajectories.list(retriesPrefix(job));
  // Numbered, so that the same lines can be tried again as another source.
  const key = `${retriesPrefix(job)}${objects.length + 1}-${digest.slice(0, 16)}.jsonl`;
  await world.trajectories.create(key, body);
  await world.submissions.send([{ body: JSON.stringify({ job, source: { key } }) }]);
  return { lines: bodies.length, key, gone };
}

/** Where the lines begin that have a record whose newest version is a retryable error. */
async function openOffsets(
  world: World,
  manifest: Manifest,
  replacements: Replacements,
): Promise<Set<number>> {
  const offsets = new Set<number>();
  for await (const text of readLines(world, manifest)) {
    if (!text.includes('"outcome":"error"')) continue;
    const record = JSON.parse(text) as RewardRecord;
    const newest = replacements.get(placeOf(record.source)) ?? record;
    if (newest.error?.retryable) offsets.add(record.source.offset);
  }
  return offsets;
}

/** The line as it stands in its source, within a line of the new one: it is not parsed, since it
 * may be one that bursts whoever parses it. */
async function wrapLine(world: World, manifest: Manifest, offset: number): Promise<Uint8Array> {
  const { sid, source } = manifest;
  const lines = new ShardLines(world.bucket(source.bucket), source, offset, offset + 1);
  try {
    const [line] = await Array.fromAsync(lines.take(1));
    const file = source.key.slice(source.key.lastIndexOf("/") + 1);
    const head = JSON.stringify({ retry_of: { sid, offset }, file }).slice(0, -1);
    const text = Buffer.from(line?.bytes ?? [])
      .toString()
      .trim();
    return Buffer.from(`${head},"line":${text}}\n`);
  } finally {
    await lines.close();
  }
}
