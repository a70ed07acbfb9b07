import {
  CancelMessageMoveTaskCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { arnOf, attributesOf, eventually, makeQueue, refusalOf, sqs } from "./target.ts";

/** A queue whose messages die after so many receives, and where they go then. */
async function makePair(maxReceiveCount = 1) {
  const dead = await makeQueue();
  const deadArn = await arnOf(dead);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount });
  const queue = await makeQueue({ RedrivePolicy, VisibilityTimeout: "1" });
  return { queue, arn: await arnOf(queue), dead, deadArn, RedrivePolicy };
}

async function receive(QueueUrl: string, WaitTimeSeconds = 10): Promise<Message | undefined> {
  const { Messages: [message] = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      WaitTimeSeconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return message;
}

/** Sends a message and receives it until it is dead. Gives what the dead-letter queue has. */
async function kill({ dead, queue }: { dead: string; queue: string }, MessageBody = "poison") {
  const sent = await sqs.send(
    new SendMessageCommand({
      QueueUrl: queue,
      MessageBody,
      MessageAttributes: { job: { DataType: "String", StringValue: "run-7" } },
    }),
  );
  const received = await receive(queue);
  // The receive that would be one too many buries it.
  await receive(queue, 2);
  return { sent, received, died: await receive(dead) };
}

/** A pair with one dead letter in the dead-letter queue, received by nobody. */
async function makeDead() {
  const pair = await makePair();
  await sqs.send(new SendMessageCommand({ QueueUrl: pair.queue, MessageBody: "poison" }));
  await receive(pair.queue);
  expect(await receive(pair.queue, 2)).toBeUndefined();
  return pair;
}

const move = (input: StartMessageMoveTaskCommandInput) =>
  sqs.send(new StartMessageMoveTaskCommand(input));

describe.concurrent("a dead letter", () => {
  it("is moved when it was received too often, and says where it came from", async () => {
    const pair = await makePair();
    const { died, received, sent } = await kill(pair);
    expect(died).toMatchObject({
      Body: "poison",
      MessageId: sent.MessageId,
      MessageAttributes: { job: { StringValue: "run-7" } },
    });
    expect(died?.Attributes).toMatchObject({
      DeadLetterQueueSourceArn: pair.arn,
      // Its age counts on: the retention of the dead-letter queue should be the longer one.
      SentTimestamp: received?.Attributes?.SentTimestamp,
    });
  });

  it("lives for as many receives as the policy says", async () => {
    const pair = await makePair(2);
    await sqs.send(new SendMessageCommand({ QueueUrl: pair.queue, MessageBody: "x" }));
    expect((await receive(pair.queue))?.Attributes?.ApproximateReceiveCount).toBe("1");
    expect((await receive(pair.queue))?.Attributes?.ApproximateReceiveCount).toBe("2");
    expect(await receive(pair.queue, 2)).toBeUndefined();
    expect((await receive(pair.dead))?.Body).toBe("x");
  });

  it("frees the way for those behind it", async () => {
    const pair = await makePair();
    await sqs.send(new SendMessageCommand({ QueueUrl: pair.queue, MessageBody: "poison" }));
    await receive(pair.queue);
    await sqs.send(
      new SendMessageCommand({ QueueUrl: pair.queue, MessageBody: "next", DelaySeconds: 2 }),
    );
    expect((await receive(pair.queue))?.Body).toBe("next");
    expect((await receive(pair.dead))?.Body).toBe("poison");
  });
});

describe.concurrent("a redrive policy", () => {
  it("is given back as it was put, and removed by an empty one", async () => {
    const { queue, deadArn, RedrivePolicy } = await makePair(7);
    const found = (await attributesOf(queue, "RedrivePolicy"))["RedrivePolicy"] ?? "";
    expect(JSON.parse(found)).toEqual({ deadLetterTargetArn: deadArn, maxReceiveCount: 7 });
    const set = (value: string) =>
      sqs.send(
        new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { RedrivePolicy: value } }),
      );
    await set("");
    expect((await attributesOf(queue, "All"))["RedrivePolicy"]).toBeUndefined();
    await set(RedrivePolicy);
    expect((await attributesOf(queue, "All"))["RedrivePolicy"]).toBeDefined();
  });

  it.each([
    ["is no JSON", () => "no json"],
    ["counts to none", (arn: string) => policy(arn, 0)],
    ["counts beyond a thousand", (arn: string) => policy(arn, 1001)],
    ["names a queue that does not exist", (arn: string) => policy(`${arn}-none`, 3)],
    ["names no queue", () => JSON.stringify({ maxReceiveCount: 3 })],
  ])("that %s is refused", async (_, write) => {
    const QueueUrl = await makeQueue();
    const RedrivePolicy = write(await arnOf(await makeQueue()));
    const call = sqs.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }),
    );
    expect(await refusalOf(call)).toMatch(/^(InvalidParameterValue|InvalidAttributeValue) 400$/);
  });

  it("needs the leave of the dead-letter queue", async () => {
    const closed = await makeQueue({
      RedriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
    });
    const QueueUrl = await makeQueue();
    const Attributes = { RedrivePolicy: policy(await arnOf(closed), 3) };
    const call = sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    expect(await refusalOf(call)).toMatch(/^(InvalidParameterValue|InvalidAttributeValue) 400$/);
  });

  it("shows in the list of the dead-letter queue's sources", async () => {
    const { queue, dead } = await makePair();
    const { queueUrls } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
    expect(queueUrls).toEqual([queue]);
  });
});

describe.concurrent("a move task", () => {
  it("brings dead letters back to where they came from", async () => {
    const { dead, deadArn, queue } = await makeDead();
    const { TaskHandle } = await move({ SourceArn: deadArn });
    expect(TaskHandle).toBeTruthy();
    const message = await receive(queue);
    expect(message?.Body).toBe("poison");
    expect(message?.Attributes?.ApproximateReceiveCount).toBe("1");
    expect(await receive(dead, 1)).toBeUndefined();
    await eventually(async () => {
      const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: deadArn }));
      expect(Results).toMatchObject([
        { Status: "COMPLETED", SourceArn: deadArn, ApproximateNumberOfMessagesMoved: 1 },
      ]);
    });
  });

  it("may bring them to another queue", async () => {
    const { deadArn } = await makeDead();
    const other = await makeQueue();
    await move({ SourceArn: deadArn, DestinationArn: await arnOf(other) });
    expect((await receive(other))?.Body).toBe("poison");
  });

  it("is refused for a queue to which no dead letters come", async () => {
    const SourceArn = await arnOf(await makeQueue());
    expect(await refusalOf(move({ SourceArn }))).toBe("InvalidParameterValue 400");
  });

  it("is refused for a queue that does not exist", async () => {
    const SourceArn = `${await arnOf(await makeQueue())}-none`;
    expect(await refusalOf(move({ SourceArn }))).toMatch(/^ResourceNotFoundException 40[04]$/);
  });

  it("is refused more than 500 messages a second", async () => {
    const { deadArn: SourceArn } = await makePair();
    const call = move({ SourceArn, MaxNumberOfMessagesPerSecond: 501 });
    expect(await refusalOf(call)).toBe("InvalidParameterValue 400");
  });

  it("that is none cannot be cancelled", async () => {
    const TaskHandle = Buffer.from(JSON.stringify({ taskId: "none" })).toString("base64");
    const call = sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    expect(await refusalOf(call)).toMatch(
      /^(ResourceNotFoundException 40[04]|InvalidParameterValue 400)$/,
    );
  });

  it("is not listed where none was started", async () => {
    const { deadArn: SourceArn } = await makePair();
    const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
    expect(Results).toEqual([]);
  });
});

function policy(deadLetterTargetArn: string, maxReceiveCount: number): string {
  return JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
}
