export { formatPath, parse, parseLine, SchemaError } from "./issues.ts";
export { JsonObject, jsonDepthWithin } from "./json.ts";
export * from "./limits.ts";
export {
  Component,
  ErrorInfo,
  Outcome,
  Position,
  RewardRecord,
  StepReward,
} from "./record.ts";
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
