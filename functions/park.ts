import { awsWorld, parkMessage, policy } from "@assay/storage";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { eachRecord } from "./each-record.ts";
import { logger, metrics } from "./observe.ts";

const world = awsWorld(process.env);

/** Dead letters in, the same messages out, to be tried in another way. */
export const handler = eachRecord(async ({ body, messageAttributes, messageId }) => {
  const rounds = Number(messageAttributes["rounds"]?.stringValue ?? 0);
  const round = await parkMessage(world, { body, rounds });
  metrics.addMetric("parked", MetricUnit.Count, 1);
  if (round <= policy.PARK_ROUNDS) return "ack";
  metrics.addMetric("stuck", MetricUnit.Count, 1);
  logger.critical("a message keeps failing", { messageId, round, body });
  return "ack";
});
