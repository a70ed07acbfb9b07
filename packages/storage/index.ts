export { ENVIRONMENT } from "./environment.ts";
export {
  listManifests,
  listRejections,
  type Rejected,
  readManifest,
  SourceProgress,
} from "./jobs.ts";
export * as keys from "./keys.ts";
export { type Parked, parkMessage } from "./park.ts";
export { type PlanOptions, planSubmission } from "./plan.ts";
export * as policy from "./policy.ts";
export {
  type Bucket,
  type ListedObject,
  type ObjectInfo,
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
export { isAbout } from "./reject.ts";
export { retryJob } from "./retry.ts";
export { type Delivery, type Disposition, type Grader, gradeShard, type Handled } from "./shard.ts";
export { type AwsWorld, awsWorld } from "./world.ts";
