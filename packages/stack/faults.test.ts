import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { conflict, scriptFaults, seedFaults, slowDown, throttled } from "./faults.ts";
import { refusalOf, startFixture, untilWaiting } from "./fixture.ts";

const Bucket = "faulty";
const put = (Key: string) => new PutObjectCommand({ Bucket, Key, Body: Key, IfNoneMatch: "*" });

test("a script spoils the calls that it names, so many times", async () => {
  const faults = scriptFaults([
    { operation: "PutObject", target: "slow", skip: 1, times: 2, fault: slowDown },
    { operation: "PutObject", target: /race$/, fault: conflict },
    { service: "sqs", fault: throttled },
  ]);
  await using fixture = await startFixture({ faults });
  fixture.stack.createBucket(Bucket);
  await fixture.s3.send(put("slow-1"));
  for (const key of ["slow-2", "slow-3"])
    expect(await refusalOf(fixture.s3.send(put(key)))).toEqual(["SlowDown", 503]);
  await fixture.s3.send(put("slow-2"));
  expect(await refusalOf(fixture.s3.send(put("race")))).toEqual([
    "ConditionalRequestConflict",
    409,
  ]);
  const QueueUrl = fixture.stack.createQueue("q");
  const message = { QueueUrl, MessageBody: "x" };
  const refusal = await refusalOf(fixture.sqs.send(new SendMessageCommand(message)));
  expect(refusal).toEqual(["RequestThrottled", 400]);
  await fixture.sqs.send(new SendMessageCommand(message));
});

test("a lost answer leaves what was done", async () => {
  const faults = scriptFaults([{ operation: "PutObject", fault: { kind: "lost-answer" } }]);
  await using fixture = await startFixture({ faults });
  fixture.stack.createBucket(Bucket);
  await expect(fixture.s3.send(put("lost"))).rejects.toThrow();
  expect(await refusalOf(fixture.s3.send(put("lost")))).toEqual(["PreconditionFailed", 412]);
});

test.each([5, 100_000])("a body of %i bytes tears and never looks whole", async (size) => {
  const fault = { kind: "torn-body", bytes: Math.floor(size / 2) } as const;
  const faults = scriptFaults([{ operation: "GetObject", fault }]);
  await using fixture = await startFixture({ faults });
  fixture.stack.createBucket(Bucket);
  const Body = "x".repeat(size);
  await fixture.s3.send(new PutObjectCommand({ Bucket, Key: "torn", Body }));
  const read = async () => {
    const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key: "torn" }));
    return answer.Body?.transformToString();
  };
  await expect(read()).rejects.toThrow();
  expect(await read()).toBe(Body);
});

test.each([10, 100_000])(
  "an answer of SQS torn after %i bytes tears, or is short and whole",
  async (bytes) => {
    const faults = scriptFaults([
      { operation: "ReceiveMessage", fault: { kind: "torn-body", bytes } },
    ]);
    await using fixture = await startFixture({ faults });
    const QueueUrl = fixture.stack.createQueue("work", { visibilityTimeoutS: 0 });
    await fixture.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "whole" }));
    const receive = async () => {
      const { Messages } = await fixture.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      return Messages?.map(({ Body }) => Body);
    };
    if (bytes === 10) await expect(receive()).rejects.toThrow();
    expect(await receive()).toEqual(["whole"]);
  },
);

test("latency passes by the stack's clock", async () => {
  const faults = scriptFaults([{ operation: "GetObject", fault: { kind: "latency", ms: 9999 } }]);
  await using fixture = await startFixture({ faults });
  fixture.stack.createBucket(Bucket);
  await fixture.s3.send(put("late"));
  const read = fixture.s3.send(new GetObjectCommand({ Bucket, Key: "late" }));
  await untilWaiting(fixture.clock);
  await fixture.clock.advance(9999);
  expect(await (await read).Body?.transformToString()).toBe("late");
});

test("messages come twice, and out of order", async () => {
  const faults = scriptFaults([
    { operation: "Deliver", target: "twice", fault: { kind: "duplicate" } },
    { operation: "Deliver", target: "order", fault: { kind: "late", ms: 1000 } },
  ]);
  await using fixture = await startFixture({ faults });
  const receive = async (name: string) => {
    const QueueUrl = fixture.stack.queueUrl(name);
    const { Messages = [] } = await fixture.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    return Messages.map(({ Body }) => Body);
  };
  for (const name of ["twice", "order"]) {
    const QueueUrl = fixture.stack.createQueue(name);
    for (const MessageBody of ["1", "2"])
      await fixture.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }
  expect(await receive("twice")).toEqual(["1", "2"]);
  expect(await receive("twice")).toEqual(["1"]);
  expect(await receive("twice")).toEqual([]);
  expect(await receive("order")).toEqual(["2"]);
  await fixture.clock.advance(1000);
  expect(await receive("order")).toEqual(["1"]);
});

test("a seed gives the same faults for the same calls, at about the rates asked for", () => {
  const kinds = (seed: number) => {
    const plan = seedFaults(seed, { refuse: 0.1, lostAnswer: 0.2 });
    const call = { service: "s3", operation: "PutObject", target: "b/k" } as const;
    return Array.from({ length: 2000 }, () => plan(call)?.kind);
  };
  expect(kinds(1)).toEqual(kinds(1));
  expect(kinds(1)).not.toEqual(kinds(2));
  const lost = kinds(3).filter((kind) => kind === "lost-answer").length;
  expect(lost / 2000).toBeCloseTo(0.2, 1);
});
