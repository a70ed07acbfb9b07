import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startFixture } from "./fixture.ts";
import { ManualClock, StackError, startStack } from "./index.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-stack-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test("everything is there again after a restart, and nothing is in flight", async () => {
  {
    await using first = await startFixture({ dir });
    first.stack.createBucket("kept");
    for (const [Key, Body] of [
      ["small", "s"],
      ["large", "l".repeat(100_000)],
    ])
      await first.s3.send(new PutObjectCommand({ Bucket: "kept", Key, Body: Body ?? "" }));
    const QueueUrl = first.stack.createQueue("kept", { visibilityTimeoutS: 1000 });
    for (const MessageBody of ["taken", "not"])
      await first.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const taken = await first.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(taken.Messages?.map(({ Body }) => Body)).toEqual(["taken"]);
  }
  await using second = await startFixture({ dir });
  for (const [Key, length] of [
    ["small", 1],
    ["large", 100_000],
  ] as const) {
    const answer = await second.s3.send(new GetObjectCommand({ Bucket: "kept", Key }));
    expect(await answer.Body?.transformToString()).toHaveLength(length);
  }
  const { Messages } = await second.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: second.stack.queueUrl("kept"),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    }),
  );
  const counts = Messages?.map(({ Body, Attributes }) => [
    Body,
    Attributes?.ApproximateReceiveCount,
  ]);
  expect(counts?.sort()).toEqual([
    ["not", "1"],
    ["taken", "2"],
  ]);
});

test("files that no object names are swept at the start", async () => {
  await (await startStack({ dir })).stop();
  writeFileSync(join(dir, "blobs", "orphan"), "x");
  await (await startStack({ dir })).stop();
  expect(readdirSync(join(dir, "blobs"))).toEqual([]);
});

test("replaced and deleted bodies leave no files", async () => {
  await using fixture = await startFixture({ dir });
  fixture.stack.createBucket("tidy");
  const put = (Body: string) =>
    fixture.s3.send(new PutObjectCommand({ Bucket: "tidy", Key: "k", Body }));
  await put("1".repeat(100_000));
  await put("2".repeat(100_000));
  expect(readdirSync(join(dir, "blobs"))).toHaveLength(1);
  await put("3");
  expect(readdirSync(join(dir, "blobs"))).toEqual([]);
});

test("one folder serves one stack", async () => {
  const stack = await startStack({ dir });
  await expect(startStack({ dir })).rejects.toThrow(`${dir} is in use by another running stack`);
  await stack.stop();
  await (await startStack({ dir })).stop();
});

test("a taken port is named, and the folder let go", async () => {
  const stack = await startStack({ dir });
  const port = Number(new URL(stack.url).port);
  const other = join(dir, "other");
  await expect(startStack({ dir: other, port })).rejects.toThrow(`port ${port} is in use`);
  await stack.stop();
  await (await startStack({ dir: other, port })).stop();
});

test("an unknown format is refused in words", async () => {
  await (await startStack({ dir })).stop();
  const db = new DatabaseSync(join(dir, "stack.db"));
  db.exec("PRAGMA user_version = 99");
  db.close();
  await expect(startStack({ dir })).rejects.toThrow(/was written in format 99/);
});

test("what cannot be set up as asked is refused in words", async () => {
  await using fixture = await startFixture({ dir });
  const { stack } = fixture;
  const subscription = {
    functionName: "f",
    handler: "/nowhere/f.ts#handler",
    queue: "q",
    batchSize: 10,
    maximumConcurrency: 2,
    timeoutMs: 30_000,
    reportBatchItemFailures: true,
    env: {},
  };
  expect(() => stack.subscribe(subscription)).toThrow(StackError);
  stack.createQueue("q", { visibilityTimeoutS: 20 });
  expect(() => stack.subscribe(subscription)).toThrow("is shorter than the function's time-out");
  const short = { ...subscription, timeoutMs: 1000 };
  expect(() => stack.subscribe({ ...short, batchSize: 11 })).toThrow("needs a batchWindowS");
  expect(() => stack.subscribe({ ...short, handler: "f.ts" })).toThrow("/absolute/path");
  expect(() => stack.queueUrl("none")).toThrow("does not exist");
  expect(() =>
    stack.createBucket("b-1", {
      notifications: [{ queue: "none", events: ["s3:ObjectCreated:*"] }],
    }),
  ).toThrow("there is no queue none");
});

test("every answer carries the date of the stack's own clock, as the objects in it do", async () => {
  const clock = new ManualClock(Date.UTC(2031, 0, 2, 3, 4, 5));
  await using fixture = await startFixture({ dir, clock });
  fixture.stack.createBucket("bucket");
  await fixture.s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "k", Body: "" }));
  const answer = await fetch(`${fixture.stack.url}/bucket/k`, { method: "HEAD" });
  expect(answer.headers.get("date")).toBe("Thu, 02 Jan 2031 03:04:05 GMT");
});
