import type { Usage } from "./count.ts";

/** Public prices of us-east-1, in dollars, without the free tier. */
const MILLION = 1_000_000;
const S3_WRITE = 5 / MILLION;
const S3_READ = 0.4 / MILLION;
const SQS_REQUEST = 0.4 / MILLION;
const LAMBDA_REQUEST = 0.2 / MILLION;
const GB_SECOND = { arm64: 0.0000133334, x86_64: 0.0000166667 };
const LOG_BYTE = 0.5 / 1024 ** 3;

/** As Lambda is given them, in MiB: 1,769 is one core, the others wait for the network. */
const MEMORY_MB: Readonly<Record<string, number>> = { verify: 1_769 };
const OTHER_MEMORY_MB = 1_024;
/** What Lambda itself logs of an invocation (START, END, REPORT), in bytes. */
const PLATFORM_LOG_BYTES = 400;

/** Lambda's pollers of a queue that is empty: five, each asking again after 20 seconds. */
const IDLE_POLLERS = 5;
const IDLE_POLL_S = 20;
const MONTH_S = 30 * 86_400;
export const IDLE_DOLLARS_PER_QUEUE_AND_MONTH =
  ((IDLE_POLLERS * MONTH_S) / IDLE_POLL_S) * SQS_REQUEST;

export interface Requests {
  readonly put?: number;
  readonly list?: number;
  readonly get?: number;
  readonly head?: number;
  readonly send?: number;
}

/** What some requests alone cost; DELETE is free. */
export function requestDollars({ get = 0, head = 0, list = 0, put = 0, send = 0 }: Requests) {
  return (put + list) * S3_WRITE + (get + head) * S3_READ + send * SQS_REQUEST;
}

/** What AWS would take for a job, by service. Seconds are this machine's. */
export function dollarsOf(usage: Usage) {
  const invoked = [...usage.functions.entries()];
  const invocations = invoked.reduce((sum, [, one]) => sum + one.invocations, 0);
  const gbSeconds = invoked.reduce(
    (sum, [name, { seconds }]) => sum + (seconds * (MEMORY_MB[name] ?? OTHER_MEMORY_MB)) / 1_024,
    0,
  );
  const s3 = requestDollars({ ...usage, send: 0 });
  const sqs = sqsRequests(usage) * SQS_REQUEST;
  const logs = (usage.logBytes + invocations * PLATFORM_LOG_BYTES) * LOG_BYTE;
  const rest = s3 + sqs + logs + invocations * LAMBDA_REQUEST;
  return {
    s3,
    sqs,
    invocations: invocations * LAMBDA_REQUEST,
    arm64: gbSeconds * GB_SECOND.arm64,
    x86_64: gbSeconds * GB_SECOND.x86_64,
    logs,
    allOnArm64: rest + gbSeconds * GB_SECOND.arm64,
    allOnX86: rest + gbSeconds * GB_SECOND.x86_64,
  };
}

/** All that SQS bills for until the announcement is there; the trainer's receives are its own. */
export function sqsRequests(usage: Usage): number {
  const { changeVisibility, deletes, moreUnits, notifications, receives, send } = usage;
  return changeVisibility + deletes + moreUnits + notifications + receives + send;
}

export function s3Requests(usage: Usage): number {
  return usage.put + usage.get + usage.head + usage.list + usage.delete;
}
