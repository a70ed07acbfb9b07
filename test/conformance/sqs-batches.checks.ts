import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { attributesOf, makeQueue, md5, refusalOf, sqs } from "./target.ts";

type Entry = Partial<SendMessageBatchRequestEntry> & { readonly Id: string };

const send = (QueueUrl: string, entries: readonly Entry[]) =>
  sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: entries.map((entry) => ({ MessageBody: `body of ${entry.Id}`, ...entry })),
    }),
  );

/** So many messages, in as few receives as AWS needs: it may give fewer than there are. */
async function receive(QueueUrl: string, count: number) {
  const messages = [];
  const deadline = Date.now() + 10_000;
  while (messages.length < count && Date.now() < deadline) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
    );
    messages.push(...Messages);
  }
  return messages;
}

const ids = (count: number): Entry[] => Array.from({ length: count }, (_, n) => ({ Id: `m${n}` }));

describe.concurrent("a batch of messages", () => {
  it("is sent as a whole, each with the MD5 of its own body", async () => {
    const queue = await makeQueue();
    const { Failed = [], Successful = [] } = await send(queue, ids(10));
    expect(Failed).toEqual([]);
    expect(Successful.map(({ Id, MD5OfMessageBody }) => [Id, MD5OfMessageBody])).toEqual(
      ids(10).map(({ Id }) => [Id, md5(`body of ${Id}`)]),
    );
    const messages = await receive(queue, 10);
    expect(messages.map(({ MessageId }) => MessageId).sort()).toEqual(
      Successful.map(({ MessageId }) => MessageId).sort(),
    );
  });

  it("sends what is right, and says what was wrong with the rest", async () => {
    const queue = await makeQueue();
    const { Failed = [], Successful = [] } = await send(queue, [
      { Id: "right" },
      { Id: "late", DelaySeconds: 901 },
      { Id: "odd", MessageBody: "a\0b" },
      { Id: "also-right" },
    ]);
    expect(Successful.map(({ Id }) => Id)).toEqual(["right", "also-right"]);
    expect(Failed).toMatchObject([
      { Id: "late", SenderFault: true, Code: "InvalidParameterValue" },
      { Id: "odd", SenderFault: true, Code: "InvalidMessageContents" },
    ]);
    expect(await receive(queue, 2)).toHaveLength(2);
  });

  it.each<[string, readonly Entry[], string]>([
    ["none", [], "EmptyBatchRequest 400"],
    ["eleven entries", ids(11), "TooManyEntriesInBatchRequest 400"],
    ["two of one id", [{ Id: "a" }, { Id: "a" }], "BatchEntryIdsNotDistinct 400"],
    ["an id with a dot", [{ Id: "a.b" }], "InvalidBatchEntryId 400"],
    ["an id of 81 letters", [{ Id: "a".repeat(81) }], "InvalidBatchEntryId 400"],
    [
      "more than 1 MiB together",
      ["a", "b"].map((Id) => ({ Id, MessageBody: "x".repeat(600_000) })),
      "BatchRequestTooLong 400",
    ],
    [
      "more than 1 MiB with their attributes",
      ["a", "b"].map((Id) => ({
        Id,
        MessageBody: "x".repeat(500_000),
        MessageAttributes: { a: { DataType: "String", StringValue: "x".repeat(100_000) } },
      })),
      "BatchRequestTooLong 400",
    ],
  ])("of %s is refused as a whole", async (_, entries, expected) => {
    const queue = await makeQueue();
    expect(await refusalOf(send(queue, entries))).toBe(expected);
    expect(await attributesOf(queue, "ApproximateNumberOfMessages")).toEqual({
      ApproximateNumberOfMessages: "0",
    });
  });

  it("may have 1 MiB together", async () => {
    const queue = await makeQueue();
    const entries = ["a", "b"].map((Id) => ({ Id, MessageBody: "x".repeat(524_288) }));
    expect((await send(queue, entries)).Successful).toHaveLength(2);
  });

  it("may delay each message on its own", async () => {
    const queue = await makeQueue();
    await send(queue, [{ Id: "now" }, { Id: "later", DelaySeconds: 900 }]);
    expect(
      await attributesOf(
        queue,
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
      ),
    ).toEqual({ ApproximateNumberOfMessages: "1", ApproximateNumberOfMessagesDelayed: "1" });
  });
});

describe.concurrent("a batch of receipts", () => {
  it("deletes what it may, and says what was wrong with the rest", async () => {
    const queue = await makeQueue();
    await send(queue, ids(3));
    const messages = await receive(queue, 3);
    const { Failed = [], Successful = [] } = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queue,
        Entries: [
          ...messages.map(({ ReceiptHandle }, n) => ({ Id: `m${n}`, ReceiptHandle })),
          { Id: "garbage", ReceiptHandle: "no receipt" },
        ],
      }),
    );
    expect(Successful.map(({ Id }) => Id).sort()).toEqual(["m0", "m1", "m2"]);
    expect(Failed).toMatchObject([
      { Id: "garbage", SenderFault: true, Code: "ReceiptHandleIsInvalid" },
    ]);
    expect(await attributesOf(queue, "ApproximateNumberOfMessagesNotVisible")).toEqual({
      ApproximateNumberOfMessagesNotVisible: "0",
    });
  });

  it("changes what it may, and says what was wrong with the rest", async () => {
    const queue = await makeQueue();
    await send(queue, ids(1));
    const [message] = await receive(queue, 1);
    const { Failed = [], Successful = [] } = await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queue,
        Entries: [
          { Id: "right", ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 },
          { Id: "garbage", ReceiptHandle: "no receipt", VisibilityTimeout: 0 },
        ],
      }),
    );
    expect(Successful.map(({ Id }) => Id)).toEqual(["right"]);
    expect(Failed).toMatchObject([{ Id: "garbage", Code: "ReceiptHandleIsInvalid" }]);
    expect(await receive(queue, 1)).toHaveLength(1);
  });
});

describe.concurrent("many receivers", () => {
  it("get every message once while none becomes visible again", async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: "120" });
    for (let batch = 0; batch < 20; batch++)
      await send(
        QueueUrl,
        ids(10).map(({ Id }) => ({ Id, MessageBody: `${batch}-${Id}` })),
      );
    const seen: (string | undefined)[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        // Long enough for AWS to look on all its servers.
        const command = new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
        });
        for (;;) {
          const { Messages = [] } = await sqs.send(command);
          if (Messages.length === 0) return;
          seen.push(...Messages.map(({ Body }) => Body));
          for (const { ReceiptHandle } of Messages)
            await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }),
    );
    expect([seen.length, new Set(seen).size]).toEqual([200, 200]);
  });

  it("share what comes one by one", async () => {
    const QueueUrl = await makeQueue();
    const waiting = Array.from({ length: 5 }, () =>
      sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 })),
    );
    for (let n = 0; n < 5; n++)
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${n}` }));
    const answers = await Promise.all(waiting);
    expect(answers.flatMap(({ Messages = [] }) => Messages.map(({ Body }) => Body)).sort()).toEqual(
      ["0", "1", "2", "3", "4"],
    );
  });
});
