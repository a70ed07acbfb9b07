import { nameInArn } from "../identity.ts";
import { invalid, refuse } from "./errors.ts";

export type QueueAttributes = Readonly<Record<string, string>>;

/** The largest message, attributes included. */
export const MAX_MESSAGE_BYTES = 1_048_576;

const DEFAULTS: QueueAttributes = {
  VisibilityTimeout: "30",
  DelaySeconds: "0",
  MaximumMessageSize: String(MAX_MESSAGE_BYTES),
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
};

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  VisibilityTimeout: [0, 43_200],
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, MAX_MESSAGE_BYTES],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
};

/** Attributes that are kept and given back, though nothing in the stack depends on them. */
const KEPT = new Set([
  "Policy",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "SqsManagedSseEnabled",
]);
const FIFO_ONLY = new Set([
  "FifoQueue",
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoThroughputLimit",
]);

/** What SQS itself says of a queue. */
const COMPUTED = new Set([
  "QueueArn",
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
]);
const POLICIES = new Set(["RedrivePolicy", "RedriveAllowPolicy"]);

export function isAttributeName(name: string): boolean {
  const known = [KEPT, FIFO_ONLY, COMPUTED, POLICIES].some((names) => names.has(name));
  return known || Object.hasOwn(RANGES, name);
}

export interface Redrive {
  readonly queue: string;
  readonly maxReceives: number;
}

export interface RedriveAllow {
  readonly permission: "allowAll" | "denyAll" | "byQueue";
  readonly sources: readonly string[];
}

export function withDefaults(attributes: QueueAttributes): Record<string, string> {
  return { ...DEFAULTS, ...attributes };
}

export function checkAttributes(attributes: QueueAttributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const range = RANGES[name];
    if (range !== undefined) {
      if (!/^\d{1,9}$/.test(value) || Number(value) < range[0] || Number(value) > range[1])
        throw refuse("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
    } else if (FIFO_ONLY.has(name)) {
      if (value !== "false")
        throw refuse("UnsupportedOperation", "FIFO queues are not part of this stack.");
    } else if (name === "RedrivePolicy") {
      readRedrive(attributes);
    } else if (name === "RedriveAllowPolicy") {
      readRedriveAllow(attributes);
    } else if (!KEPT.has(name)) {
      throw refuse("InvalidAttributeName", `Unknown Attribute ${name}.`);
    }
  }
}

export function readRedrive(attributes: QueueAttributes): Redrive | undefined {
  const source = attributes["RedrivePolicy"];
  if (!source) return undefined;
  const policy = parsePolicy("RedrivePolicy", source);
  const target = policy["deadLetterTargetArn"];
  const maxReceives = Number(policy["maxReceiveCount"]);
  if (typeof target !== "string")
    throw invalidPolicy("RedrivePolicy", source, "deadLetterTargetArn is missing");
  if (!Number.isInteger(maxReceives) || maxReceives < 1 || maxReceives > 1000)
    throw invalidPolicy("RedrivePolicy", source, "maxReceiveCount must be between 1 and 1000");
  return { queue: nameInArn(target), maxReceives };
}

export function readRedriveAllow(attributes: QueueAttributes): RedriveAllow {
  const source = attributes["RedriveAllowPolicy"];
  if (!source) return { permission: "allowAll", sources: [] };
  const policy = parsePolicy("RedriveAllowPolicy", source);
  const permission = policy["redrivePermission"];
  const arns = policy["sourceQueueArns"] ?? [];
  if (permission !== "allowAll" && permission !== "denyAll" && permission !== "byQueue")
    throw invalidPolicy("RedriveAllowPolicy", source, "redrivePermission is unknown");
  if (!Array.isArray(arns) || !arns.every((arn) => typeof arn === "string"))
    throw invalidPolicy("RedriveAllowPolicy", source, "sourceQueueArns must be a list");
  if ((permission === "byQueue") !== arns.length > 0)
    throw invalidPolicy("RedriveAllowPolicy", source, "sourceQueueArns goes with byQueue");
  return { permission, sources: arns.map(nameInArn) };
}

function parsePolicy(name: string, source: string): Record<string, unknown> {
  try {
    const policy: unknown = JSON.parse(source);
    if (typeof policy === "object" && policy !== null) return { ...policy };
  } catch {
    // Falls through: what does not parse is refused like what parses to no object.
  }
  throw invalidPolicy(name, source, "not a JSON object");
}

function invalidPolicy(name: string, value: string, reason: string) {
  return invalid(`Value ${value} for parameter ${name} is invalid. Reason: ${reason}.`);
}
