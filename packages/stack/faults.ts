import { ServerResponse } from "node:http";
import type { Clock } from "./clock.ts";
import { ApiError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { createRandom } from "./random.ts";

/** What can go wrong on purpose. All of it AWS does too, rarely. */
export type Fault =
  /** Nothing is done, and the answer says so. */
  | { readonly kind: "refuse"; readonly code: string; readonly status: number }
  /** It is done later. */
  | { readonly kind: "latency"; readonly ms: number }
  /** It is done, and the connection breaks before the answer. */
  | { readonly kind: "lost-answer" }
  /** The answer's body breaks off after so many bytes. */
  | { readonly kind: "torn-body"; readonly bytes: number }
  /** A message is delivered and can be received again at once. */
  | { readonly kind: "duplicate" }
  /** A message stays behind for so long while later ones pass it. */
  | { readonly kind: "late"; readonly ms: number };

export const slowDown: Fault = { kind: "refuse", code: "SlowDown", status: 503 };
export const internalError: Fault = { kind: "refuse", code: "InternalError", status: 500 };
export const conflict: Fault = {
  kind: "refuse",
  code: "ConditionalRequestConflict",
  status: 409,
};
export const throttled: Fault = { kind: "refuse", code: "RequestThrottled", status: 400 };

/** A call on S3 or SQS; or with the operation `Deliver` one message on its way to a receiver,
 * to which alone `duplicate` and `late` apply. */
export interface Call {
  readonly service: "s3" | "sqs";
  /** As in AWS's API, such as `PutObject`. */
  readonly operation: string;
  /** `bucket/key`, or the queue's name. */
  readonly target: string;
}

export type FaultPlan = (call: Call) => Fault | undefined;

export const noFaults: FaultPlan = () => undefined;

export interface FaultRule {
  readonly service?: Call["service"];
  readonly operation?: string;
  /** What the target must contain or match. */
  readonly target?: string | RegExp;
  /** Matching calls to let pass first. */
  readonly skip?: number;
  /** Matching calls to spoil then; 1 if not given. */
  readonly times?: number;
  readonly fault: Fault;
}

/** Faults at exact places: of each call the first rule that matches and is not used up. */
export function scriptFaults(rules: readonly FaultRule[]): FaultPlan {
  const counted = rules.map((rule) => ({ rule, seen: 0 }));
  return (call) => {
    for (const entry of counted) {
      const { skip = 0, times = 1, fault } = entry.rule;
      if (!matches(entry.rule, call)) continue;
      entry.seen++;
      if (entry.seen > skip && entry.seen <= skip + times) return fault;
    }
    return undefined;
  };
}

/** The part of all calls, from 0 to 1, that each kind of fault befalls. */
export interface FaultRates {
  readonly refuse?: number;
  readonly latency?: number;
  readonly lostAnswer?: number;
  readonly tornBody?: number;
  readonly duplicate?: number;
  readonly late?: number;
}

/** The longest wait that seeded faults bring, so that they do not outlast every time-out. */
const MAX_SEEDED_MS = 200;
/** Seeded bodies tear within so many bytes. */
const MAX_SEEDED_BYTES = 100_000;

/** Faults by chance: the same seed and the same calls in the same order meet the same faults. */
export function seedFaults(seed: number, rates: FaultRates): FaultPlan {
  const random = createRandom(seed);
  return ({ service, operation }) => {
    const chance = random();
    const size = random();
    const ms = Math.ceil(size * MAX_SEEDED_MS);
    const faults: [number | undefined, Fault][] =
      operation === "Deliver"
        ? [
            [rates.duplicate, { kind: "duplicate" }],
            [rates.late, { kind: "late", ms }],
          ]
        : [
            [rates.refuse, service === "s3" ? slowDown : throttled],
            [rates.latency, { kind: "latency", ms }],
            [rates.lostAnswer, { kind: "lost-answer" }],
            [rates.tornBody, { kind: "torn-body", bytes: Math.floor(size * MAX_SEEDED_BYTES) }],
          ];
    let below = 0;
    for (const [rate = 0, fault] of faults) {
      below += rate;
      if (chance < below) return fault;
    }
    return undefined;
  };
}

/** Has a call answered, or not, as the fault has it. */
export async function answerWith(
  fault: Fault | undefined,
  { message, response }: Exchange,
  clock: Clock,
  answer: (response: ServerResponse) => void | Promise<void>,
): Promise<void> {
  switch (fault?.kind) {
    case "refuse":
      throw new ApiError(fault.code, fault.status, "This failure was asked for.");
    case "latency":
      await new Promise<void>((resolve) => {
        clock.setTimer(resolve, fault.ms);
      });
      return answer(response);
    case "lost-answer":
      // What is read and not written has no effect to lose the answer of.
      if (message.method !== "GET" && message.method !== "HEAD")
        await answer(new ServerResponse(message));
      response.destroy();
      return;
    case "torn-body":
      tearBody(response, fault.bytes);
      return answer(response);
    default:
      return answer(response);
  }
}

/** Cuts the connection once so many bytes of the body are out; a shorter body stays whole. */
function tearBody(response: ServerResponse, bytes: number): void {
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  let left = bytes;
  response.write = (data: unknown): boolean => {
    const bytes = typeof data === "string" ? Buffer.from(data) : (data as Uint8Array);
    if (bytes.length <= left) {
      left -= bytes.length;
      return write(bytes);
    }
    response.write = () => false;
    write(bytes.subarray(0, left), () => response.destroy());
    left = -1;
    return false;
  };
  response.end = (data?: unknown) => {
    if (data instanceof Uint8Array || typeof data === "string") response.write(data);
    return left < 0 ? response : end();
  };
}

function matches({ service, operation, target = "" }: FaultRule, call: Call): boolean {
  const isTarget =
    typeof target === "string" ? call.target.includes(target) : target.test(call.target);
  return (
    (service ?? call.service) === call.service &&
    (operation ?? call.operation) === call.operation &&
    isTarget
  );
}
