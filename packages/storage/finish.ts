import { addTally, emptyTally, meanReward } from "@assay/grading";
import { type Manifest, type Part, Part as PartSchema, parse, type Source } from "@assay/schema";
import * as z from "zod";
import { announceSource } from "./announce.ts";
import { fromBytes, toBytes } from "./json-bytes.ts";
import { doneKey, donePrefix, manifestKey } from "./keys.ts";
import type { Shard } from "./parts.ts";
import type { World } from "./ports.ts";

/** How many `done` objects are read at once when the manifest is made. */
const READS_AT_ONCE = 16;

const Done = z.strictObject({ parts: z.array(PartSchema) });

/** Which source a piece of work belongs to. */
export interface Job {
  readonly job: string;
  readonly sid: string;
  readonly source: Source;
  readonly reply_to?: string | undefined;
}

/** Rules 13 and 14, for a shard whose chain is closed: `parts` are all of its parts. */
export async function finishShard(
  world: World,
  job: Job,
  shard: Shard,
  parts: readonly Part[],
): Promise<void> {
  // A source of one shard needs no `done`: its parts are all there are.
  if (shard.of === 1) return await finishSource(world, job, 1, parts);
  const key = doneKey(job.job, job.sid, shard.end);
  await world.rewards.create(key, toBytes({ parts }));
  const { objects } = await world.rewards.list(donePrefix(job.job, job.sid));
  if (objects.length < shard.of) return;
  const all: Part[] = [];
  for (let i = 0; i < objects.length; i += READS_AT_ONCE) {
    const some = objects.slice(i, i + READS_AT_ONCE);
    const read = await Promise.all(some.map(({ key }) => readDone(world, key)));
    all.push(...read.flat());
  }
  await finishSource(world, job, shard.of, all);
}

/** Rule 14 with all parts at hand: the manifest, and its announcement. */
export async function finishSource(
  world: World,
  job: Job,
  shards: number,
  parts: readonly Part[],
): Promise<void> {
  const { sid, source } = job;
  const tally = emptyTally();
  for (const part of parts) addTally(tally, part);
  const manifest: Manifest = {
    version: 1,
    job: job.job,
    sid,
    source,
    shards,
    ...tally,
    mean_reward: meanReward(tally),
    parts: [...parts],
  };
  await world.rewards.create(manifestKey(job.job, sid), toBytes(manifest));
  await announceSource(world, job.reply_to, manifest);
}

async function readDone(world: World, key: string): Promise<Part[]> {
  const body = await world.rewards.readSmall(key);
  if (body === undefined) throw new Error(`${key}: listed, but not there`);
  return parse(Done, fromBytes(body), [key]).parts;
}
