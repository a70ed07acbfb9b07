import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { Tracer } from "@aws-lambda-powertools/tracer";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

const service = { serviceName: "assay" };
export const logger = new Logger(service);
export const metrics = new Metrics({ ...service, namespace: "assay" });
export const tracer = new Tracer(service);

/** An SQS handler: each record alone, those that threw come back, the rest is acknowledged. */
export function eachRecord(
  handle: (record: SQSRecord, context: Context) => Promise<void>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return async (event, context) => {
    logger.addContext(context);
    const processor = new BatchProcessor(EventType.SQS);
    const observed = async (record: SQSRecord): Promise<void> => {
      try {
        await handle(record, context);
      } catch (error) {
        logger.error("a message comes back", { messageId: record.messageId, error });
        throw error;
      }
    };
    try {
      // All failed is no reason to throw: the answer names each message that is to come back.
      return await processPartialResponse(event, observed, processor, {
        context,
        throwOnFullBatchFailure: false,
      });
    } finally {
      metrics.publishStoredMetrics();
    }
  };
}
