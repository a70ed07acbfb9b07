import { queueArn, REGION } from "../identity.ts";
import { type Message, type MessageAttributes, md5, md5OfAttributes } from "../sqs/message.ts";
import { systemAttributes } from "../sqs/received.ts";

/** A message as a function gets it, in JSON. */
export function writeRecord(message: Message, queueName: string): string {
  const digest = md5OfAttributes(message.attributes);
  return JSON.stringify({
    messageId: message.id,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: writeAttributes(message.attributes),
    md5OfBody: md5(message.body),
    ...(digest !== undefined && { md5OfMessageAttributes: digest }),
    eventSource: "aws:sqs",
    eventSourceARN: queueArn(queueName),
    awsRegion: REGION,
  });
}

export function writeEvent(records: readonly string[]): string {
  return `{"Records":[${records.join(",")}]}`;
}

function writeAttributes(attributes: MessageAttributes): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
}
