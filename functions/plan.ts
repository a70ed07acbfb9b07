import { awsWorld, ENVIRONMENT, planSubmission } from "@assay/storage";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { eachRecord } from "./each-record.ts";
import { metrics } from "./observe.ts";

const world = awsWorld(process.env);
const shardBytes = process.env[ENVIRONMENT.shardBytes];
const options = shardBytes === undefined ? {} : { shardBytes: Number(shardBytes) };

/** Submissions and S3 events in, shard messages out. */
export const handler = eachRecord(async ({ body, messageId }) => {
  await planSubmission(world, { id: messageId, body }, options);
  metrics.addMetric("submissions", MetricUnit.Count, 1);
  return "ack";
}, world.submissions);
