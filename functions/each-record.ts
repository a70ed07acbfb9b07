import type { Disposition } from "@assay/storage";
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { logger, metrics, traced } from "./observe.ts";

/** How soon a message that met something passing comes back, in seconds. */
const FIRST_RETRY_S = 2;
/** Each further time it waits longer by this factor: what is throttled comes back in seconds, and
 * all deliveries together outlast an outage of minutes. */
const RETRY_FACTOR = 4;

/** A queue as far as messages are given back to it. */
interface Releasing {
  release(receiptHandle: string, seconds: number): Promise<void>;
}

/** An SQS handler: each record alone. One that threw is to be handled `again`; those that are not
 * acknowledged come back. Where `queue` is given, `again` means in seconds and not only when the
 * message's visibility ends. */
export function eachRecord(
  handle: (record: SQSRecord, context: Context) => Promise<Disposition>,
  queue?: Releasing,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return async (event, context) => {
    logger.addContext(context);
    const processor = new BatchProcessor(EventType.SQS);
    const observed = async (record: SQSRecord): Promise<void> => {
      const { messageId, receiptHandle } = record;
      const disposition = await traced(() => handle(record, context)).catch(
        (error): Disposition => {
          logger.error("a message fails", { messageId, error });
          return "again";
        },
      );
      if (disposition === "ack") return;
      const receives = Number(record.attributes.ApproximateReceiveCount);
      if (disposition === "again")
        await queue?.release(receiptHandle, FIRST_RETRY_S * RETRY_FACTOR ** (receives - 1));
      throw new Error("to be received again");
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
