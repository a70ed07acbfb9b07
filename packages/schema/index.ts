export { formatPath, parse, parseLine } from "./issues.ts";
export { JsonObject, jsonDepthWithin } from "./json.ts";
export * from "./json-text.ts";
export * from "./limits.ts";
export { parseJson } from "./parse-json.ts";
export {
  Component,
  ErrorInfo,
  Outcome,
  Position,
  RewardRecord,
  StepReward,
} from "./record.ts";
export { SchemaError } from "./schema-error.ts";
export { clip, quotable } from "./text.ts";
export {
  GroupLine,
  Id,
  Line,
  Message,
  Messages,
  RetryLine,
  Rollout,
  RubricItem,
  Task,
  ToolCall,
  Trajectory,
  VerifierRef,
} from "./trajectory.ts";
export {
  Announcement,
  Counts,
  JobName,
  Manifest,
  Part,
  Rejection,
  ShardMessage,
  Source,
  Submission,
  Tally,
} from "./wire.ts";
