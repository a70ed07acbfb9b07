import { type Message, md5, md5OfAttributes } from "./message.ts";
import type { Output } from "./operations.ts";

/** The attributes that SQS itself gives a message, as clients and functions see them. */
export function systemAttributes(message: Message): Record<string, string> {
  return {
    SenderId: "AIDAASSAYLOCALSENDER",
    SentTimestamp: String(message.sent),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceived),
    ...(message.deadLetterSource !== undefined && {
      DeadLetterQueueSourceArn: message.deadLetterSource,
    }),
    ...(message.group !== undefined && { MessageGroupId: message.group }),
    ...(message.trace !== undefined && { AWSTraceHeader: message.trace }),
  };
}

/** A message as ReceiveMessage gives it, with the attributes that were asked for. */
export function writeMessage(
  message: Message,
  systemNames: readonly string[],
  ownNames: readonly string[],
): Output {
  const system = choose(systemAttributes(message), systemNames);
  const own = choose(message.attributes, ownNames);
  const digest = md5OfAttributes(own);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(digest !== undefined && { MessageAttributes: own, MD5OfMessageAttributes: digest }),
  };
}

/** Patterns are a name, `All`, `.*`, or a prefix followed by `.*`. */
function choose<Value>(
  values: Readonly<Record<string, Value>>,
  patterns: readonly string[],
): Record<string, Value> {
  const matches = (name: string) =>
    patterns.some(
      (pattern) =>
        pattern === name ||
        pattern === "All" ||
        (pattern.endsWith(".*") && name.startsWith(pattern.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(values).filter(([name]) => matches(name)));
}
