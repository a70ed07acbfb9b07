/** What a deployment is called by: the environment of each handler, and of the command line. */
export const ENVIRONMENT = {
  trajectories: "ASSAY_TRAJECTORIES_BUCKET",
  rewards: "ASSAY_REWARDS_BUCKET",
  submissions: "ASSAY_SUBMISSIONS_QUEUE_URL",
  shards: "ASSAY_SHARDS_QUEUE_URL",
  results: "ASSAY_RESULTS_QUEUE_URL",
  /** Queue URLs that a `reply_to` may name, parted by commas. */
  replyTo: "ASSAY_REPLY_TO_URLS",
  /** The usual shard, in bytes. */
  shardBytes: "ASSAY_SHARD_BYTES",
} as const;
