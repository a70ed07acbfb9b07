import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "./clock.ts";
import type { FaultPlan } from "./faults.ts";
import type { S3Services } from "./s3/services.ts";
import type { SqsServices } from "./sqs/operations.ts";

export interface Services {
  readonly s3: S3Services;
  readonly sqs: SqsServices;
  readonly clock: Clock;
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
