import * as z from "zod";
import { UnreadLine } from "./json.ts";
import { RewardRecord } from "./record.ts";

export const JobName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "expected a job name: [a-z0-9][a-z0-9._-]{0,63}");

/** One version of one object. Exactly one of `version` and `etag` names the version: a bucket
 * that keeps versions gives the first, any other the second. */
export const Source = z.strictObject({
  bucket: z.string().min(1),
  key: z.string().min(1),
  version: z.string().optional(),
  etag: z.string(),
  /** Bytes of the object as it is stored. */
  size: z.int().min(0),
});
export type Source = z.infer<typeof Source>;

/** What users send to the queue `submissions`. S3 events come there too. */
export const Submission = z.union([
  z.strictObject({
    job: JobName,
    trajectories: z.array(UnreadLine).min(1),
    reply_to: z.string().optional(),
  }),
  z.strictObject({
    job: JobName,
    source: z.strictObject({ bucket: z.string().min(1).optional(), key: z.string().min(1) }),
    reply_to: z.string().optional(),
  }),
  z.strictObject({ job: JobName, eval: z.string().min(1), reply_to: z.string().optional() }),
]);
export type Submission = z.infer<typeof Submission>;

/** All that a worker needs to go on with a shard. */
export const ShardMessage = z.strictObject({
  job: JobName,
  sid: z.string(),
  source: Source,
  /** Where the shard begins, and how many its source has. */
  shard: z.strictObject({ start: z.int().min(0), of: z.int().min(1) }),
  /** The end of a chain of parts: the first place without a record. */
  start: z.int().min(0),
  /** The shard's end. */
  end: z.int().min(0),
  /** One line at a time, alone in its invocation. */
  solo: z.boolean(),
  reply_to: z.string().optional(),
});
export type ShardMessage = z.infer<typeof ShardMessage>;

export const Counts = z.strictObject({
  scored: z.int().min(0),
  abstained: z.int().min(0),
  error: z.int().min(0),
});
export type Counts = z.infer<typeof Counts>;

/** What a range of lines amounted to. */
export const Tally = z.strictObject({
  /** Lines that are not blank. */
  lines: z.int().min(0),
  /** Records: one a line, or one a rollout of a group line. */
  trajectories: z.int().min(0),
  counts: Counts,
  /** Sum of the rewards of the scored. */
  reward_sum: z.number(),
  /** How many components each verifier version spoke for. */
  verifiers: z.record(z.string(), z.int().min(0)),
});
export type Tally = z.infer<typeof Tally>;

/** One output object: the records of the lines that begin in [start, end): bytes of the uncompressed
 * source, or rows. The last part's `end` of a compressed source is 99999999999999: its end. */
export const Part = z.strictObject({
  key: z.string(),
  start: z.int().min(0),
  end: z.int().min(0),
  ...Tally.shape,
});
export type Part = z.infer<typeof Part>;

/** Written last: it proves that records out = trajectories in. */
export const Manifest = z.strictObject({
  version: z.literal(1),
  job: JobName,
  sid: z.string(),
  source: Source,
  shards: z.int().min(0),
  ...Tally.shape,
  mean_reward: z.number().nullable(),
  parts: z.array(Part),
});
export type Manifest = z.infer<typeof Manifest>;

/** A submission that can never be graded, and why. */
export const Rejection = z.strictObject({
  job: z.string().nullable(),
  reason: z.string(),
  message: z.string(),
});
export type Rejection = z.infer<typeof Rejection>;

/** What trainers receive from the queue `results` and from `reply_to`. At least once each. */
export const Announcement = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("part"),
    job: JobName,
    source: Source,
    sid: z.string(),
    part: z.strictObject({ key: z.string(), start: z.int(), end: z.int() }),
    counts: Counts,
    mean_reward: z.number().nullable(),
    /** The records themselves, while the message stays under 256 KiB. */
    records: z.array(RewardRecord).optional(),
  }),
  z.strictObject({ type: z.literal("source"), ...Manifest.shape }),
  z.strictObject({ type: z.literal("rejected"), ...Rejection.shape }),
]);
export type Announcement = z.infer<typeof Announcement>;
