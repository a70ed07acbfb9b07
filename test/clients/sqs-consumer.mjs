// The npm package sqs-consumer takes messages, in batches and one by one, and gives back what fails.
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";

const MESSAGES = 50;
/** So long the consumer may take, in milliseconds. */
const WAIT_MS = 30_000;

const sqs = new SQSClient({});
const { QueueUrl } = await sqs.send(
  new CreateQueueCommand({ QueueName: `consumer-${process.pid}-${Date.now()}` }),
);
for (let i = 0; i < MESSAGES; i += 10) {
  const Entries = Array.from({ length: 10 }, (_, j) => ({ Id: `${j}`, MessageBody: `${i + j}` }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
}
const met = new Map();
const done = Promise.withResolvers();
const late = setTimeout(() => done.reject(new Error(`only ${met.size} came`)), WAIT_MS);
const consumer = Consumer.create({
  queueUrl: QueueUrl,
  sqs,
  batchSize: 10,
  visibilityTimeout: 60,
  terminateVisibilityTimeout: true,
  handleMessage: async (message) => {
    const times = (met.get(message.Body) ?? 0) + 1;
    met.set(message.Body, times);
    // Each seventh fails at its first try and comes back at once.
    if (Number(message.Body) % 7 === 0 && times === 1) throw new Error("as asked");
    return message;
  },
});
let deleted = 0;
consumer.on("message_processed", () => {
  if (++deleted === MESSAGES) done.resolve();
});
consumer.on("error", done.reject);
consumer.on("processing_error", () => {});
consumer.start();
await done.promise;
clearTimeout(late);
const stopped = once(consumer, "stopped", { signal: AbortSignal.timeout(WAIT_MS) });
consumer.stop();
await stopped;
for (const [body, times] of met) assert.equal(times, Number(body) % 7 === 0 ? 2 : 1, body);
const { Attributes } = await sqs.send(
  new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
);
assert.equal(Attributes.ApproximateNumberOfMessages, "0");
assert.equal(Attributes.ApproximateNumberOfMessagesNotVisible, "0");
process.stdout.write(`sqs-consumer: ${MESSAGES} messages, ${met.size} met, none left\n`);
