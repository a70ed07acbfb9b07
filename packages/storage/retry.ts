import { createHash } from "node:crypto";
import { concat } from "@assay/grading";
import type { Manifest, RewardRecord } from "@assay/schema";
import { listManifests } from "./jobs.ts";
import { retriesPrefix } from "./keys.ts";
import { isSeekable, ShardLines } from "./lines.ts";
import { COMPRESSED_END } from "./policy.ts";
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
      for await (const body of wrapLines(world, manifest, offsets)) bodies.push(body);
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
    const newest = replacements.get(placeOf(record.source))?.record ?? record;
    if (newest.error?.retryable) offsets.add(record.source.offset);
  }
  return offsets;
}

/** The lines that begin at `offsets`, ascending, each within a line of the new source. They are not
 * parsed, since one may burst whoever parses it. */
async function* wrapLines(
  world: World,
  { sid, source }: Manifest,
  offsets: ReadonlySet<number>,
): AsyncGenerator<Uint8Array> {
  const bucket = world.bucket(source.bucket);
  const file = source.key.slice(source.key.lastIndexOf("/") + 1);
  const wanted = [...offsets];
  while (wanted.length > 0) {
    const before = wanted.length;
    // A compressed source is gone through once, since it must be read from its start for any line.
    const end = isSeekable(source) ? (wanted[0] as number) + 1 : COMPRESSED_END;
    const lines = new ShardLines(bucket, source, wanted[0] as number, end);
    try {
      while (wanted.length > 0 && (await lines.hasMore()))
        for await (const line of lines.take(1)) {
          if (line.offset !== wanted[0]) continue;
          wanted.shift();
          const head = JSON.stringify({ retry_of: { sid, offset: line.offset }, file }).slice(
            0,
            -1,
          );
          yield Buffer.from(`${head},"line":${Buffer.from(line.bytes).toString().trim()}}\n`);
        }
      if (wanted.length === before)
        throw new Error(`${source.key}: no line begins at ${wanted[0]}`);
    } finally {
      await lines.close();
    }
  }
}
