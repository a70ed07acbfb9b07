import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

const service = { serviceName: "assay" };
export const logger = new Logger(service);
export const metrics = new Metrics({ ...service, namespace: "assay" });
// What traces is loaded only where tracing is on: it is a third of a handler's start.
const tracer =
  process.env["POWERTOOLS_TRACE_ENABLED"] === "false"
    ? undefined
    : new (await import("@aws-lambda-powertools/tracer")).Tracer(service);

/** An SQS handler: each record alone, those that threw come back, the rest is acknowledged. */
export function eachRecord(
  handle: (record: SQSRecord, context: Context) => Promise<void>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return async (event, context) => {
    logger.addContext(context);
    const processor = new BatchProcessor(EventType.SQS);
    const observed = async (record: SQSRecord): Promise<void> => {
      try {
        await traced(() => handle(record, context));
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

/** Runs `work` as a segment of the trace, where there is one. */
async function traced(work: () => Promise<void>): Promise<void> {
  const segment = tracer?.getSegment()?.addNewSubsegment("## record");
  try {
    await work();
  } catch (error) {
    segment?.addError(error as Error);
    throw error;
  } finally {
    segment?.close();
  }
}
