import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "./clock.ts";
import type { FaultPlan } from "./faults.ts";
import type { S3Services } from "./s3/services.ts";
import type { SqsServices } from "./sqs/operations.ts";

export interface Services {
  readonly s3: S3Services;
  readonly sqs: SqsServices;
  readonly clock: Clock;
  /** What a failure of the stack itself means for its owner, whom it is told to as well. */
  readonly explain: (error: unknown) => string | undefined;
  readonly faults: FaultPlan;
}

/** One request, before anything about it is believed. */
export interface Exchange {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** As it came, percent-encoded. */
  readonly path: string;
  /** As it came, without the question mark. */
  readonly query: string;
  readonly requestId: string;
}

/** A request's body. Whoever stops before its end leaves the connection whole: the client, which is
 * still sending, is to find the answer and no broken pipe. */
export function chunksOf(message: IncomingMessage): AsyncIterable<Buffer> {
  return message.iterator({ destroyOnReturn: false });
}
