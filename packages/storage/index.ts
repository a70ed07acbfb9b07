export { ENVIRONMENT } from "./environment.ts";
export { decodeKey, Unacceptable } from "./intake.ts";
export {
  listManifests,
  listRejections,
  readManifest,
  SourceProgress,
} from "./jobs.ts";
export * as keys from "./keys.ts";
export { ShardLines } from "./lines.ts";
export { type Parked, parkMessage } from "./park.ts";
export { headPart, listParts, type PartInfo } from "./parts.ts";
export { type PlanOptions, planSubmission } from "./plan.ts";
export * as policy from "./policy.ts";
export {
  type Bucket,
  type ObjectInfo,
  type Outgoing,
  type Queue,
  SourceGone,
  type World,
} from "./ports.ts";
export {
  isRetry,
  newestTally,
  type Replacements,
  readRecords,
  readReplacements,
} from "./records.ts";
export { reject } from "./reject.ts";
export { retryJob } from "./retry.ts";
export { type Delivery, type Disposition, type Grader, gradeShard, type Handled } from "./shard.ts";
export { type AwsWorld, awsWorld } from "./world.ts";
