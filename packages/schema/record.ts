import * as z from "zod";
import { JsonObject } from "./json.ts";

export const Outcome = z.enum(["scored", "abstained", "error"]);
export type Outcome = z.infer<typeof Outcome>;

/** Why a record or a component is `error`: always our fault or the line's, never the policy's. */
export const ErrorInfo = z.strictObject({
  /** A word for the kind of failure, such as `invalid_trajectory`, `crashed` or `deadline`. */
  class: z.string(),
  message: z.string(),
  /** Whether grading the same line again can end otherwise. */
  retryable: z.boolean(),
});
export type ErrorInfo = z.infer<typeof ErrorInfo>;

/** The score of one message, by its index in `messages`. */
export const StepReward = z.strictObject({ message: z.int().min(0), score: z.number() });
export type StepReward = z.infer<typeof StepReward>;

/** What one verifier said of one trajectory. */
export const Component = z.strictObject({
  name: z.string(),
  /** The version that spoke, such as `math@2`. */
  verifier: z.string(),
  outcome: Outcome,
  score: z.number().nullable(),
  weight: z.number(),
  gate: z.boolean(),
  reason: z.string(),
  /** The answer as it was read from the trajectory, where the verifier reads one. */
  answer: z.string().optional(),
  detail: JsonObject,
  steps: z.array(StepReward).optional(),
  error: ErrorInfo.optional(),
  /** Time in this verifier, in milliseconds. */
  ms: z.number().min(0),
});
export type Component = z.infer<typeof Component>;

export const Position = z.strictObject({
  sid: z.string(),
  /** The line's first byte in the uncompressed source. */
  offset: z.int().min(0),
  /** The place within a group line, else 0. */
  index: z.int().min(0),
});
export type Position = z.infer<typeof Position>;

/** One line a trajectory: what a trainer reads. `reward` is null unless `scored`. */
export const RewardRecord = z.strictObject({
  version: z.literal(1),
  /** Hex SHA-256 of (sid, offset, index). */
  id: z.string(),
  job: z.string(),
  trajectory_id: z.string(),
  task_id: z.string().nullable(),
  group: z.string().nullable(),
  outcome: Outcome,
  reward: z.number().nullable(),
  error: ErrorInfo.optional(),
  components: z.array(Component),
  source: Position,
  /** On a record of a retry: the place of the line whose record it replaces. */
  retry_of: Position.optional(),
  policy_step: z.int().nullable(),
  metadata: JsonObject,
  timing: z.strictObject({ queued_ms: z.number().min(0), verify_ms: z.number().min(0) }),
  graded_at: z.iso.datetime(),
});
export type RewardRecord = z.infer<typeof RewardRecord>;
