import { Manifest, parse, type ShardMessage, type Source } from "@assay/schema";
import * as z from "zod";
import { announceSource } from "./announce.ts";
import { checkFormat, cutSource, isSplit, type Range } from "./cut.ts";
import { finishSource, type Job } from "./finish.ts";
import { readSubmission, Unacceptable, type Wanted } from "./intake.ts";
import { fromBytes, toBytes } from "./json-bytes.ts";
import { manifestKey, planKey, sidOf } from "./keys.ts";
import { MAX_SHARDS, SHARD_BYTES, SMALLEST_SHARD_BYTES } from "./policy.ts";
import type { World } from "./ports.ts";
import { reject } from "./reject.ts";

const Plan = z.strictObject({ shard_size: z.int().min(SMALLEST_SHARD_BYTES) });

export interface PlanOptions {
  /** The deployment's shard size in bytes, at least `SMALLEST_SHARD_BYTES`. */
  readonly shardBytes?: number;
}

/** Handles one message of the queue `submissions`: each source that it asks for is planned, or is
 * rejected, and neither costs the others. Throws where it should be tried again. */
export async function planSubmission(
  world: World,
  message: { readonly id: string; readonly body: string },
  options: PlanOptions = {},
): Promise<void> {
  const asked = await readSubmission(world, message.body).catch(asUnacceptable);
  for (const [i, wanted] of [asked].flat().entries()) {
    const refused =
      wanted instanceof Unacceptable
        ? wanted
        : await planSource(world, wanted, options.shardBytes ?? SHARD_BYTES).catch(asUnacceptable);
    if (refused === undefined) continue;
    const { job, message: text, reason, replyTo } = refused;
    const id = i === 0 ? message.id : `${message.id}.${i}`;
    await reject(world, id, replyTo, { job, reason, message: text });
  }
}

function asUnacceptable(error: unknown): Unacceptable {
  if (error instanceof Unacceptable) return error;
  throw error;
}

async function planSource(world: World, wanted: Wanted, shardBytes: number): Promise<void> {
  const source = await findSource(world, wanted);
  const job: Job = {
    job: wanted.job,
    sid: sidOf(source),
    source,
    ...(wanted.replyTo === undefined ? {} : { reply_to: wanted.replyTo }),
  };
  // Rule 3: graded already? Then it is only announced again.
  const standing = await world.rewards.readSmall(manifestKey(job.job, job.sid));
  if (standing !== undefined)
    return await announceSource(world, wanted.replyTo, parse(Manifest, fromBytes(standing)));
  const size = await settleShardSize(world, job, shardBytes);
  const shards = await cutSource(world.bucket(source.bucket), source, size, ofJob(wanted));
  if (shards.length === 0) return await finishSource(world, job, 0, []);
  await sendShards(world, job, shards);
}

/** Rule 2: the first planner fixes the shard size; a later one takes it from what stands. */
async function settleShardSize(world: World, job: Job, shardBytes: number): Promise<number> {
  // What no shard size could split needs no plan.
  if (!isSplit(job.source)) return SMALLEST_SHARD_BYTES;
  const shard_size = Math.max(shardBytes, Math.ceil(job.source.size / MAX_SHARDS));
  const key = planKey(job.job, job.sid);
  const created = await world.rewards.create(key, toBytes({ shard_size }));
  if (created === "created") return shard_size;
  const standing = await world.rewards.readSmall(key);
  if (standing === undefined) throw new Error(`${key}: stood, and is not there`);
  return parse(Plan, fromBytes(standing), [key]).shard_size;
}

async function sendShards(world: World, job: Job, shards: readonly Range[]): Promise<void> {
  const messages = shards.map(({ end, start }) => {
    const shard = { start, of: shards.length };
    const message: ShardMessage = { ...job, shard, start, end, solo: false };
    return { body: JSON.stringify(message), group: job.job };
  });
  await world.shards.send(messages);
}

/** The version to grade: the one that was announced, or else the newest. */
async function findSource(world: World, wanted: Wanted): Promise<Source> {
  const { bucket, etag, key, version } = wanted;
  const of = ofJob(wanted);
  checkFormat(key, 0, of);
  const info = await world.bucket(bucket).head(key, version);
  if (info === undefined)
    throw new Unacceptable("source_gone", `${key}: no such object in ${bucket}`, of);
  if (etag !== undefined && version === undefined && etag !== info.etag)
    throw new Unacceptable("source_gone", `${key}: overwritten since it was dropped`, of);
  checkFormat(key, info.size, of);
  return {
    bucket,
    key,
    ...(info.version === undefined ? {} : { version: info.version }),
    etag: info.etag,
    size: info.size,
  };
}

function ofJob({ job, replyTo }: Wanted) {
  return { job, ...(replyTo === undefined ? {} : { replyTo }) };
}
