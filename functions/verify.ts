import { GradingPool } from "@assay/grading";
import { parse, ShardMessage } from "@assay/schema";
import { awsWorld, gradeShard, policy } from "@assay/storage";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { eachRecord } from "./each-record.ts";
import { logger, metrics } from "./observe.ts";

const world = awsWorld(process.env);
const verifiers = process.env["ASSAY_VERIFIERS"];
const workers = process.env["ASSAY_WORKERS"];
const pool = new GradingPool({
  ...(verifiers === undefined ? {} : { verifiers }),
  ...(workers === undefined ? {} : { workers: Number(workers) }),
});
// Started while the function is: the first message then finds its workers ready.
await pool.start();

/** A shard message in, parts out. */
export const handler = eachRecord(async (record, context) => {
  const message = parse(ShardMessage, JSON.parse(record.body));
  const receives = Number(record.attributes.ApproximateReceiveCount);
  const time = context.getRemainingTimeInMillis() - policy.CLOSING_MS;
  const outOfTime = AbortSignal.timeout(Math.max(0, time));
  const { disposition, passing, tally } = await gradeShard(world, pool, message, {
    messageId: record.messageId,
    receives,
    queuedMs: Math.max(0, Date.now() - Number(record.attributes.SentTimestamp)),
    outOfTime,
  });
  const { start, end, sid } = message;
  logger.info("handled", { sid, start, end, receives, disposition, passing, ...tally.counts });
  for (const [outcome, count] of Object.entries(tally.counts))
    metrics.addMetric(outcome, MetricUnit.Count, count);
  return disposition;
}, world.shards);
