import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { attributesOf, eventually, makeQueue, refusalOf, sleep, sqs } from "./target.ts";

const send = (QueueUrl: string, MessageBody = "x", DelaySeconds?: number) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
const receive = async (QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...more }))).Messages ?? [];
const remove = (QueueUrl: string, ReceiptHandle: string | undefined) =>
  sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
const change = (QueueUrl: string, ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
  sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));

/** How long it took to receive, and what came. */
async function timed(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}) {
  const start = performance.now();
  const messages = await receive(QueueUrl, more);
  return { ms: performance.now() - start, messages };
}

/** The message that waits in a new queue, received. */
async function receivedIn(attributes: Record<string, string> = {}) {
  const queue = await makeQueue(attributes);
  await send(queue);
  const [message] = await receive(queue, { WaitTimeSeconds: 10 });
  return { queue, handle: message?.ReceiptHandle };
}

const counts = (queue: string) =>
  attributesOf(
    queue,
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
  ).then((found) => [
    found["ApproximateNumberOfMessages"],
    found["ApproximateNumberOfMessagesNotVisible"],
    found["ApproximateNumberOfMessagesDelayed"],
  ]);

describe.concurrent("a received message", () => {
  it("is hidden from others until its time-out ends, and then comes again", async () => {
    const { queue, handle } = await receivedIn({ VisibilityTimeout: "2" });
    expect(await receive(queue)).toEqual([]);
    const { messages, ms } = await timed(queue, {
      WaitTimeSeconds: 10,
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    });
    expect(messages).toHaveLength(1);
    expect(messages[0]?.Attributes?.ApproximateReceiveCount).toBe("2");
    expect(messages[0]?.ReceiptHandle).not.toBe(handle);
    expect(ms).toBeLessThan(9000);
  });

  it("is hidden for as long as its receiver asks", async () => {
    const queue = await makeQueue({ VisibilityTimeout: "600" });
    await send(queue);
    expect(await receive(queue, { VisibilityTimeout: 1, WaitTimeSeconds: 10 })).toHaveLength(1);
    expect(await receive(queue, { WaitTimeSeconds: 10 })).toHaveLength(1);
    expect(await receive(queue, { WaitTimeSeconds: 1 })).toEqual([]);
  });

  it("is visible at once when its time-out is changed to 0", async () => {
    const { queue, handle } = await receivedIn({ VisibilityTimeout: "600" });
    await change(queue, handle, 0);
    expect(await receive(queue, { WaitTimeSeconds: 5 })).toHaveLength(1);
  });

  it("stays hidden when its time-out is made longer", async () => {
    const { queue, handle } = await receivedIn({ VisibilityTimeout: "2" });
    await change(queue, handle, 600);
    await sleep(2200);
    expect(await receive(queue, { WaitTimeSeconds: 1 })).toEqual([]);
  });

  it("is gone for good when it is deleted, and may be deleted twice", async () => {
    const { queue, handle } = await receivedIn({ VisibilityTimeout: "1" });
    await remove(queue, handle);
    await remove(queue, handle);
    await sleep(1100);
    expect(await receive(queue, { WaitTimeSeconds: 1 })).toEqual([]);
  });

  it("is not deleted by the receipt of an earlier receive", async () => {
    const { queue, handle } = await receivedIn({ VisibilityTimeout: "1" });
    expect(await receive(queue, { WaitTimeSeconds: 10 })).toHaveLength(1);
    expect(await refusalOf(remove(queue, handle))).toBe("no refusal");
    expect(await receive(queue, { WaitTimeSeconds: 10 })).toHaveLength(1);
  });

  it("can be deleted by its last receipt after the time-out", async () => {
    const { queue, handle } = await receivedIn({ VisibilityTimeout: "1" });
    await sleep(1100);
    await remove(queue, handle);
    expect(await receive(queue, { WaitTimeSeconds: 1 })).toEqual([]);
  });

  it("cannot be changed after the time-out", async () => {
    const { queue, handle } = await receivedIn({ VisibilityTimeout: "1" });
    await sleep(1200);
    expect(await refusalOf(change(queue, handle, 600))).toBe("MessageNotInflight 400");
  });

  it("cannot be changed by what is no receipt, or to more than twelve hours", async () => {
    const { queue, handle } = await receivedIn();
    expect(await refusalOf(change(queue, "no receipt", 1))).toBe("ReceiptHandleIsInvalid 400");
    expect(await refusalOf(remove(queue, "no receipt"))).toBe("ReceiptHandleIsInvalid 400");
    expect(await refusalOf(change(queue, handle, 43_201))).toBe("InvalidParameterValue 400");
  });

  it("is counted as not visible, and no more when it is deleted", async () => {
    const { queue, handle } = await receivedIn();
    await send(queue);
    await eventually(async () => expect(await counts(queue)).toEqual(["1", "1", "0"]));
    await remove(queue, handle);
    await eventually(async () => expect(await counts(queue)).toEqual(["1", "0", "0"]));
  });

  it.each([
    ["no messages", { MaxNumberOfMessages: 0 }],
    ["eleven messages", { MaxNumberOfMessages: 11 }],
    ["a wait of 21 seconds", { WaitTimeSeconds: 21 }],
    ["a time-out of more than twelve hours", { VisibilityTimeout: 43_201 }],
  ])("cannot be one of %s", async (_, more) => {
    expect(await refusalOf(receive(await makeQueue(), more))).toBe("InvalidParameterValue 400");
  });
});

describe.concurrent("a delayed message", () => {
  it("comes when its delay is over, and not before", async () => {
    const queue = await makeQueue();
    await send(queue, "x", 2);
    expect(await receive(queue)).toEqual([]);
    const { messages, ms } = await timed(queue, { WaitTimeSeconds: 10 });
    expect(messages).toHaveLength(1);
    expect(ms).toBeLessThan(9000);
  });

  it("is counted apart", async () => {
    const queue = await makeQueue();
    await send(queue, "x", 900);
    await eventually(async () => expect(await counts(queue)).toEqual(["0", "0", "1"]));
  });

  it("waits for as long as its queue says, unless it says otherwise itself", async () => {
    const queue = await makeQueue({ DelaySeconds: "2" });
    await send(queue, "delayed");
    await send(queue, "at once", 0);
    const [first] = await receive(queue, { WaitTimeSeconds: 10 });
    expect(first?.Body).toBe("at once");
    const [second] = await receive(queue, { WaitTimeSeconds: 10 });
    expect(second?.Body).toBe("delayed");
  });

  it("waits a quarter of an hour at most", async () => {
    const queue = await makeQueue();
    await send(queue, "x", 900);
    expect(await refusalOf(send(queue, "x", 901))).toBe("InvalidParameterValue 400");
    expect(await refusalOf(send(queue, "x", -1))).toBe("InvalidParameterValue 400");
  });
});

describe.concurrent("a long poll", () => {
  it("ends when a message comes", async () => {
    const queue = await makeQueue();
    const polling = timed(queue, { WaitTimeSeconds: 20 });
    await sleep(500);
    await send(queue, "at last");
    const { messages, ms } = await polling;
    expect(messages.map(({ Body }) => Body)).toEqual(["at last"]);
    expect(ms).toBeGreaterThan(400);
    expect(ms).toBeLessThan(10_000);
  });

  it("ends with nothing when its time is over", async () => {
    const { messages, ms } = await timed(await makeQueue(), { WaitTimeSeconds: 1 });
    expect(messages).toEqual([]);
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(10_000);
  });

  it("is what the queue says where the receiver says nothing", async () => {
    const queue = await makeQueue({ ReceiveMessageWaitTimeSeconds: "3" });
    expect((await timed(queue)).ms).toBeGreaterThan(2900);
    expect((await timed(queue, { WaitTimeSeconds: 0 })).ms).toBeLessThan(2900);
  });

  it("ends when a message becomes visible again", async () => {
    const { queue, handle } = await receivedIn({ VisibilityTimeout: "600" });
    const polling = timed(queue, { WaitTimeSeconds: 20 });
    await sleep(300);
    await change(queue, handle, 0);
    const { messages, ms } = await polling;
    expect(messages).toHaveLength(1);
    expect(ms).toBeLessThan(10_000);
  });

  it("whose client hangs up takes no message with it", async () => {
    const queue = await makeQueue({ VisibilityTimeout: "600" });
    const controller = new AbortController();
    const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 20 }), {
      abortSignal: controller.signal,
    });
    const ended = polling.then(
      () => "answered",
      (error: Error) => error.name,
    );
    await sleep(300);
    controller.abort();
    expect(await ended).toBe("AbortError");
    // For the server to notice.
    await sleep(300);
    await send(queue, "kept");
    expect(await receive(queue, { WaitTimeSeconds: 5 })).toHaveLength(1);
  });
});

describe.concurrent("a purge", () => {
  it("takes all messages: waiting, received and delayed", async () => {
    const { queue } = await receivedIn();
    await send(queue, "waiting");
    await send(queue, "delayed", 900);
    await sqs.send(new PurgeQueueCommand({ QueueUrl: queue }));
    await eventually(async () => expect(await counts(queue)).toEqual(["0", "0", "0"]));
    expect(await receive(queue)).toEqual([]);
  });

  it("is refused within a minute of another", async () => {
    const QueueUrl = await makeQueue();
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    const call = sqs.send(new PurgeQueueCommand({ QueueUrl }));
    // The status is 403 in one document and 400 in another.
    expect(await refusalOf(call)).toMatch(/^PurgeQueueInProgress 40[03]$/);
  });
});
