import { HARD_WALL_MS } from "@assay/grading/limits";

/** The numbers of the protocol. Those of the deployment (`infra/`, the embedded stack) are made
 * from them, so that no two can disagree. */

/** Whatever is created under this prefix is graded. */
export const DROPS = "drops/";
/** The smallest shard, in bytes. Never changes: a source below it has one shard whatever the
 * deployment's shard size, and so needs no `plan`. */
export const SMALLEST_SHARD_BYTES = 1024 * 1024;
/** The usual shard, in bytes: seconds of work for quick verifiers, remainders carry slow ones. */
export const SHARD_BYTES = 8 * 1024 * 1024;
/** The end of a compressed source, whose length nobody knows before it is read: beyond all that it can
 * inflate to, in the digits that a part's key has. */
export const COMPRESSED_END = 99_999_999_999_999;
/** The most bytes of a source: a thousandth of it is still a shard that remainders carry. */
export const MAX_SOURCE_BYTES = 1024 ** 4;
/** The most bytes of a compressed source: it is one shard, and each invocation reads it from its start. */
export const MAX_COMPRESSED_BYTES = 1024 ** 3;
/** The most shards of a source: one LIST shows all that are done. */
export const MAX_SHARDS = 1_000;
/** After this an invocation is killed, in seconds. Short, so that a killed one costs minutes. */
export const INVOCATION_S = 120;
/** How long a received message stays hidden, in seconds: longer than any invocation can live. */
export const VISIBILITY_S = 3 * INVOCATION_S;
/** After so many receives a message goes to the dead-letter queue. */
export const MAX_RECEIVES = 5;
/** From this receive on lines go alone: what took the invocation down is then found. */
export const SOLO_RECEIVE = 4;
/** Each receive before that takes a step smaller by this factor. */
export const STEP_FACTOR = 16;
/** Going alone ends after so many bytes; the remainder is taken at full speed again. */
export const SOLO_SPAN_BYTES = 64 * 1024;
/** And in Parquet after so many rows. */
export const SOLO_SPAN_ROWS = 16;
/** A line has its `crashed` record once it has so many dead tries. */
export const DEAD_TRIES = 2;
/** A try is dead when it is this old by S3's clock, in milliseconds: no invocation that began it
 * can live, with a margin for clocks and late kills. */
export const TRY_DEAD_MS = (INVOCATION_S + 30) * 1_000;
/** Time that is kept at an invocation's end, in milliseconds: no line is begun that could not be
 * graded to its hard limit, and then be written, announced, and the remainder queued. */
export const CLOSING_MS = HARD_WALL_MS + 15_000;
/** A part is written once its records reach this, in bytes: a worker holds one at a time. */
export const PART_BYTES = 4 * 1024 * 1024;
/** How long trajectories, rewards' protocol objects and messages are kept, in days. */
export const RETENTION_DAYS = 14;
/** `park` raises an alarm for a message that it has seen more often than this. */
export const PARK_ROUNDS = 3;
