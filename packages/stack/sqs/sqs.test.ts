import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Fixture, refusalOf, startFixture, untilWaiting } from "../fixture.ts";
import type { QueueOptions } from "../index.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const queue = (name: string, options: QueueOptions = {}) =>
  fixture.stack.createQueue(name, options);
const send = (QueueUrl: string, MessageBody: string, more = {}) =>
  fixture.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
async function receive(QueueUrl: string, more = {}) {
  const { Messages = [] } = await fixture.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
      ...more,
    }),
  );
  return Messages.map((message) => ({ ...message, handle: message.ReceiptHandle ?? "" }));
}
async function attributes(QueueUrl: string): Promise<Record<string, string>> {
  const { Attributes = {} } = await fixture.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
  );
  return Attributes;
}
const bodies = (messages: Awaited<ReturnType<typeof receive>>) => messages.map(({ Body }) => Body);
const seconds = (count: number) => fixture.clock.advance(count * 1000);

test("a message arrives as it was sent, and is gone once it is deleted", async () => {
  const url = queue("basic");
  const sent = await send(url, 'héllo "json" 😀\n', {
    MessageAttributes: {
      text: { DataType: "String", StringValue: "v" },
      number: { DataType: "Number.int", StringValue: "42" },
      bytes: { DataType: "Binary", BinaryValue: Uint8Array.of(1, 2, 255) },
    },
    MessageSystemAttributes: {
      AWSTraceHeader: { DataType: "String", StringValue: "Root=1-5759e988" },
    },
    MessageGroupId: "run-1",
  });
  // The client itself compares the digests of body and attributes with what it sent and received.
  const [message] = await receive(url);
  expect(message).toMatchObject({
    MessageId: sent.MessageId,
    Body: 'héllo "json" 😀\n',
    MessageAttributes: { number: { StringValue: "42" } },
    Attributes: {
      SentTimestamp: String(fixture.clock.now()),
      ApproximateReceiveCount: "1",
      ApproximateFirstReceiveTimestamp: String(fixture.clock.now()),
      AWSTraceHeader: "Root=1-5759e988",
      MessageGroupId: "run-1",
    },
  });
  expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  await fixture.sqs.send(
    new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.handle }),
  );
  await seconds(60);
  expect(await receive(url)).toEqual([]);
});

test("attributes come as they are asked for", async () => {
  const url = queue("asked");
  const value = { DataType: "String", StringValue: "v" };
  await send(url, "x", { MessageAttributes: { "a.1": value, "a.2": value, b: value } });
  const [message] = await receive(url, {
    MessageSystemAttributeNames: ["SentTimestamp"],
    MessageAttributeNames: ["a.*"],
  });
  expect(Object.keys(message?.Attributes ?? {})).toEqual(["SentTimestamp"]);
  expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(["a.1", "a.2"]);
});

test("what is not deleted comes back with a new handle, and the old one does nothing", async () => {
  const url = queue("back", { visibilityTimeoutS: 30 });
  await send(url, "x");
  const [first] = await receive(url);
  expect(await receive(url)).toEqual([]);
  await seconds(30);
  const [second] = await receive(url);
  expect(second).toMatchObject({
    MessageId: first?.MessageId,
    Attributes: {
      ApproximateReceiveCount: "2",
      ApproximateFirstReceiveTimestamp: first?.Attributes?.ApproximateFirstReceiveTimestamp,
    },
  });
  const stale = { QueueUrl: url, ReceiptHandle: first?.handle };
  await fixture.sqs.send(new DeleteMessageCommand(stale));
  expect(await attributes(url)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: "1" });
  const garbage = new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: "garbage" });
  expect(await refusalOf(fixture.sqs.send(garbage))).toEqual(["ReceiptHandleIsInvalid", 400]);
});

test("visibility is changed, to nothing or to later", async () => {
  const url = queue("visibility", { visibilityTimeoutS: 10 });
  await send(url, "x");
  const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
    fixture.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout }),
    );
  const [first] = await receive(url);
  await change(first?.handle, 0);
  expect(await refusalOf(change(first?.handle, 5))).toEqual(["MessageNotInflight", 400]);
  const [second] = await receive(url);
  await change(second?.handle, 100);
  await seconds(99);
  expect(await receive(url)).toEqual([]);
  const entries = [
    { Id: "good", ReceiptHandle: second?.handle, VisibilityTimeout: 0 },
    { Id: "bad", ReceiptHandle: "garbage", VisibilityTimeout: 0 },
  ];
  const { Successful, Failed } = await fixture.sqs.send(
    new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: entries }),
  );
  expect(Successful).toEqual([{ Id: "good" }]);
  expect(Failed).toMatchObject([{ Id: "bad", Code: "ReceiptHandleIsInvalid", SenderFault: true }]);
  expect(await receive(url)).toHaveLength(1);
});

test("a long poll wakes on arrival", async () => {
  const url = queue("wakes");
  const poll = receive(url, { WaitTimeSeconds: 20 });
  await untilWaiting(fixture.clock);
  await send(url, "now");
  expect(bodies(await poll)).toEqual(["now"]);
});

test("a long poll wakes when a message in flight or a delayed one becomes visible", async () => {
  const url = queue("wakes", { visibilityTimeoutS: 2 });
  await send(url, "delayed", { DelaySeconds: 1 });
  const first = receive(url, { WaitTimeSeconds: 20 });
  await untilWaiting(fixture.clock);
  await seconds(1);
  expect(bodies(await first)).toEqual(["delayed"]);
  const second = receive(url, { WaitTimeSeconds: 20 });
  await untilWaiting(fixture.clock);
  await seconds(2);
  expect(bodies(await second)).toEqual(["delayed"]);
});

test("a long poll of an empty queue ends empty", async () => {
  const url = queue("empty");
  const poll = receive(url, { WaitTimeSeconds: 20 });
  await untilWaiting(fixture.clock);
  await seconds(20);
  expect(await poll).toEqual([]);
});

test("a receiver that hung up takes nothing with it", async () => {
  const url = queue("hung-up");
  const hangUp = new AbortController();
  const poll = fixture.sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), {
    abortSignal: hangUp.signal,
  });
  await untilWaiting(fixture.clock);
  hangUp.abort();
  await poll.catch(() => {});
  while (fixture.clock.timers > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  await send(url, "x");
  const [message] = await receive(url);
  expect(message?.Attributes?.ApproximateReceiveCount).toBe("1");
});

test("messages tried often enough become dead letters, and can be moved back", async () => {
  const dead = queue("dead");
  const url = queue("poisoned", {
    visibilityTimeoutS: 1,
    deadLetter: { queue: "dead", maxReceives: 2 },
  });
  const { MessageId } = await send(url, "poison");
  const poll = receive(dead, { WaitTimeSeconds: 20, VisibilityTimeout: 0 });
  await untilWaiting(fixture.clock);
  for (let round = 0; round < 2; round++) {
    expect(await receive(url)).toHaveLength(1);
    await seconds(1);
  }
  expect(await receive(url)).toEqual([]);
  const [letter] = await poll;
  expect(letter).toMatchObject({
    MessageId,
    Body: "poison",
    Attributes: {
      ApproximateReceiveCount: "3",
      DeadLetterQueueSourceArn: "arn:aws:sqs:us-east-1:000000000000:poisoned",
    },
  });
  const sources = await fixture.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
  expect(sources.queueUrls).toEqual([url]);

  const SourceArn = "arn:aws:sqs:us-east-1:000000000000:dead";
  await fixture.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
  const { Results } = await fixture.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
  expect(Results).toMatchObject([{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 }]);
  const [again] = await receive(url);
  expect(again).toMatchObject({ Body: "poison", Attributes: { ApproximateReceiveCount: "1" } });
  expect(again?.MessageId).not.toBe(MessageId);
});

test("a dead-letter queue says whose letters it takes", async () => {
  const url = queue("private");
  const allow = (policy: object) =>
    fixture.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: url,
        Attributes: { RedriveAllowPolicy: JSON.stringify(policy) },
      }),
    );
  const deadLetter = { queue: "private", maxReceives: 1 };
  await allow({ redrivePermission: "denyAll" });
  expect(() => queue("stranger", { deadLetter })).toThrow("does not admit this queue");
  const friend = "arn:aws:sqs:us-east-1:000000000000:friend";
  await allow({ redrivePermission: "byQueue", sourceQueueArns: [friend] });
  expect(() => queue("stranger", { deadLetter })).toThrow("does not admit this queue");
  queue("friend", { deadLetter });
});

test("batches succeed and fail entry by entry", async () => {
  const url = queue("batches");
  const batch = (Entries: { Id: string; MessageBody: string; DelaySeconds?: number }[]) =>
    fixture.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  const ten = Array.from({ length: 10 }, (_, i) => ({ Id: `e${i}`, MessageBody: `m${i}` }));
  expect((await batch(ten)).Successful).toHaveLength(10);
  const mixed = await batch([
    { Id: "good", MessageBody: "x" },
    { Id: "bad", MessageBody: "x", DelaySeconds: 901 },
  ]);
  expect(mixed.Successful?.map(({ Id }) => Id)).toEqual(["good"]);
  expect(mixed.Failed).toMatchObject([{ Id: "bad", Code: "InvalidParameterValue" }]);
  const one = { Id: "a", MessageBody: "x" };
  expect((await refusalOf(batch([])))[0]).toBe("EmptyBatchRequest");
  expect((await refusalOf(batch([one, one])))[0]).toBe("BatchEntryIdsNotDistinct");
  expect((await refusalOf(batch([...ten, one])))[0]).toBe("TooManyEntriesInBatchRequest");
  expect((await refusalOf(batch([{ Id: "a b", MessageBody: "x" }])))[0]).toBe(
    "InvalidBatchEntryId",
  );
  const half = "x".repeat(600_000);
  const long = batch([
    { Id: "a", MessageBody: half },
    { Id: "b", MessageBody: half },
  ]);
  expect((await refusalOf(long))[0]).toBe("BatchRequestTooLong");
  const received = await receive(url);
  const Entries = [...received.slice(0, 9), { handle: "garbage" }].map(({ handle }, index) => ({
    Id: `d${index}`,
    ReceiptHandle: handle,
  }));
  const deleted = await fixture.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
  expect([deleted.Successful?.length, deleted.Failed?.length]).toEqual([9, 1]);
});

test("messages of 1 MiB pass, longer ones and what XML cannot carry do not", async () => {
  const url = queue("bounds");
  const mib = "é".repeat(524_288);
  await send(url, mib);
  expect(bodies(await receive(url))).toEqual([mib]);
  expect(await refusalOf(send(url, `${mib}x`))).toEqual(["InvalidParameterValue", 400]);
  expect(await refusalOf(send(url, "a\u0000b"))).toEqual(["InvalidMessageContents", 400]);
  const attribute = { a: { DataType: "String", StringValue: "x" } };
  expect(await refusalOf(send(url, mib, { MessageAttributes: attribute }))).toEqual([
    "InvalidParameterValue",
    400,
  ]);
});

test("messages expire, and counts tell what is visible, in flight and delayed", async () => {
  const url = queue("counted", { retentionS: 60 });
  for (const body of ["1", "2", "3"]) await send(url, body);
  await send(url, "later", { DelaySeconds: 50 });
  await receive(url, { MaxNumberOfMessages: 1 });
  expect(await attributes(url)).toMatchObject({
    ApproximateNumberOfMessages: "2",
    ApproximateNumberOfMessagesNotVisible: "1",
    ApproximateNumberOfMessagesDelayed: "1",
    MessageRetentionPeriod: "60",
    VisibilityTimeout: "30",
  });
  await seconds(60);
  expect(await receive(url)).toEqual([]);
  expect(await attributes(url)).toMatchObject({ ApproximateNumberOfMessages: "0" });
});

test("queues are made, found, changed, tagged, purged and deleted", async () => {
  const create = (value: string) =>
    fixture.sqs.send(
      new CreateQueueCommand({ QueueName: "q", Attributes: { VisibilityTimeout: value } }),
    );
  const { QueueUrl } = await create("5");
  expect((await create("5")).QueueUrl).toBe(QueueUrl);
  expect(await refusalOf(create("6"))).toEqual(["QueueNameExists", 400]);
  const found = await fixture.sqs.send(new GetQueueUrlCommand({ QueueName: "q" }));
  expect(found.QueueUrl).toBe(`${fixture.stack.url}/000000000000/q`);
  queue("qq", { visibilityTimeoutS: 7 });
  queue("qq", { visibilityTimeoutS: 8 });
  expect(await attributes(fixture.stack.queueUrl("qq"))).toMatchObject({ VisibilityTimeout: "8" });
  const page = await fixture.sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: "q", MaxResults: 1 }),
  );
  expect(page).toMatchObject({ QueueUrls: [QueueUrl], NextToken: "q" });
  await fixture.sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: "rl" } }));
  const { Tags } = await fixture.sqs.send(new ListQueueTagsCommand({ QueueUrl }));
  expect(Tags).toEqual({ team: "rl" });
  await send(QueueUrl ?? "", "x");
  const purge = () => fixture.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await purge();
  expect(await receive(QueueUrl ?? "")).toEqual([]);
  expect((await refusalOf(purge()))[0]).toBe("PurgeQueueInProgress");
  await fixture.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(send(QueueUrl ?? "", "x")).rejects.toBeInstanceOf(QueueDoesNotExist);
  const fifo = fixture.sqs.send(new CreateQueueCommand({ QueueName: "q.fifo" }));
  expect(await refusalOf(fifo)).toEqual(["UnsupportedOperation", 400]);
});

test("a queue's URL names the host that the client used", async () => {
  queue("named");
  const { port } = new URL(fixture.stack.url);
  const client = fixture.sqs;
  client.config.endpoint = async () => ({
    protocol: "http:",
    hostname: "localhost",
    port: Number(port),
    path: "/",
  });
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: "named" }));
  expect(QueueUrl).toBe(`http://localhost:${port}/000000000000/named`);
});

test("a group of which nothing is visible keeps no other from its turn", async () => {
  const QueueUrl = fixture.stack.createQueue("fair", { visibilityTimeoutS: 60 });
  const send = (MessageGroupId: string, DelaySeconds: number) =>
    fixture.sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageGroupId,
        DelaySeconds,
        MessageBody: MessageGroupId,
      }),
    );
  await send("a", 100);
  await send("b", 0);
  const { Messages } = await fixture.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(["b"]);
});

test("messages that name groups are served in turns, so that a long job holds no short one up", async () => {
  const { sqs, stack } = fixture;
  const QueueUrl = stack.createQueue("fair", { visibilityTimeoutS: 60 });
  for (const [MessageGroupId, count] of [
    ["long", 6],
    ["short", 1],
    ["other", 2],
  ] as const)
    for (let i = 1; i <= count; i++)
      await sqs.send(
        new SendMessageCommand({ QueueUrl, MessageGroupId, MessageBody: `${MessageGroupId} ${i}` }),
      );
  const served: string[] = [];
  for (;;) {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const [message] = Messages ?? [];
    if (message === undefined) break;
    served.push(message.Body ?? "");
    const { ReceiptHandle } = message;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
  expect(served).toEqual([
    "long 1",
    "other 1",
    "short 1",
    "long 2",
    "other 2",
    "long 3",
    "long 4",
    "long 5",
    "long 6",
  ]);
});
