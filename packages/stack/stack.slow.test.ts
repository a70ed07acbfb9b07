import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Fixture, startFixture } from "./fixture.ts";
import { type SubscriptionOptions, systemClock } from "./index.ts";

const HANDLER = fileURLToPath(new URL("./lambda/handler.fixture.ts", import.meta.url));
const PROGRAM = fileURLToPath(new URL("./stack.fixture.ts", import.meta.url));

let dir: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-stack-"));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const soon = <T>(check: () => T) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

async function subscribed(options: Partial<SubscriptionOptions> = {}) {
  const lines: string[] = [];
  const fixture = await startFixture({
    dir,
    clock: systemClock,
    onLog: (_, line) => lines.push(line),
  });
  fixture.stack.createQueue("dead");
  const deadLetter = { queue: "dead", maxReceives: 2 };
  const url = fixture.stack.createQueue("work", { visibilityTimeoutS: 2, deadLetter });
  const subscription = fixture.stack.subscribe({
    functionName: "fixture",
    handler: `${HANDLER}#handler`,
    queue: "work",
    batchSize: 10,
    maximumConcurrency: 2,
    timeoutMs: 1500,
    reportBatchItemFailures: true,
    env: { OWN: "mine" },
    ...options,
  });
  return { fixture, subscription, lines, send: (body: string) => send(fixture, url, body) };
}
const send = ({ sqs }: Fixture, QueueUrl: string, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));

test("a function sees Lambda's environment and context, and little else", async () => {
  const { fixture, lines, send } = await subscribed();
  await using _ = fixture;
  await send("show");
  const line = await soon(() => {
    const found = lines.find((one) => one.startsWith("shown "));
    expect(found).toBeDefined();
    return found ?? "";
  });
  const shown = JSON.parse(line.slice("shown ".length));
  expect(shown).toMatchObject({
    functionName: "fixture",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:fixture",
    memoryLimitInMB: "1024",
    env: {
      AWS_REGION: "us-east-1",
      AWS_LAMBDA_FUNCTION_NAME: "fixture",
      _HANDLER: "handler.fixture.handler",
      OWN: "mine",
    },
  });
  expect(shown.env).not.toHaveProperty("SHELL");
  expect(shown.left).toBeGreaterThan(1000);
  expect(shown.left).toBeLessThanOrEqual(1500);
});

test("what fails is tried again and then dead; processes are used again", async () => {
  const { fixture, subscription, lines, send } = await subscribed({ maximumConcurrency: 1 });
  await using _ = fixture;
  await send("fine");
  await soon(() => expect(subscription.stats.messagesDeleted).toBe(1));
  await send("fail");
  const { Messages } = await fixture.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: fixture.stack.queueUrl("dead"), WaitTimeSeconds: 10 }),
  );
  expect(Messages?.map(({ Body }) => Body)).toEqual(["fail"]);
  expect(subscription.stats).toMatchObject({ invocations: 3, failed: 0, processes: 1 });
  expect(lines.filter((line) => line.startsWith("loaded by"))).toHaveLength(1);
});

test("a time-out, an exception and an exit each fail the batch, and others go on", async () => {
  const { fixture, subscription, lines, send } = await subscribed({ batchSize: 1 });
  await using _ = fixture;
  for (const body of ["loop", "throw", "exit", "fine"]) await send(body);
  await soon(() =>
    expect(subscription.stats).toMatchObject({ succeeded: 1, timedOut: 1, crashed: 1, failed: 3 }),
  );
  expect(lines.some((line) => line.includes("Task timed out after 1.50 seconds"))).toBe(true);
  expect(lines.some((line) => line.includes("TypeError: as asked"))).toBe(true);
  expect(lines.some((line) => line.includes("Runtime exited: exit status 3"))).toBe(true);
  const looping = lines.find((line) => line.startsWith("looping "))?.slice("looping ".length);
  await soon(() => expect(isAlive(Number(looping))).toBe(false));
});

test("a handler that cannot be loaded says why", async () => {
  const { fixture, lines, send } = await subscribed({ handler: `${HANDLER}#notAFunction` });
  await using _ = fixture;
  await send("fine");
  await soon(() => expect(lines.join("\n")).toContain("exports no function named notAFunction"));
});

test("an outage of all processes loses nothing", async () => {
  const { fixture, subscription, lines, send } = await subscribed({ warm: 2 });
  await using _ = fixture;
  await soon(() => expect(lines.filter((line) => line.startsWith("loaded"))).toHaveLength(2));
  await send("sleep 1000");
  await soon(() => expect(subscription.stats.running).toBe(1));
  subscription.killAll();
  await soon(() => expect(subscription.stats).toMatchObject({ crashed: 1, succeeded: 1 }));
});

/** Starts the program and hears what it prints. */
async function startProgram() {
  const child = spawn(process.execPath, [PROGRAM, dir], { stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const line = async (start: string) =>
    soon(() => {
      const found = lines.find((one) => one.startsWith(start));
      expect(found).toBeDefined();
      return (found ?? "").split(" ").slice(1);
    });
  const [url = "", queueUrl = ""] = await line("serving ");
  return { child, line, url, queueUrl };
}

test("a function stuck in a loop does not outlive a stack that was killed", async () => {
  const { child, line, url, queueUrl } = await startProgram();
  const helper = await startFixture();
  helper.sqs.config.endpoint = async () => ({
    protocol: "http:",
    hostname: "127.0.0.1",
    port: Number(new URL(url).port),
    path: "/",
  });
  await send(helper, queueUrl, "loop");
  const [pid] = await line("looping ");
  expect(isAlive(Number(pid))).toBe(true);
  child.kill("SIGKILL");
  await soon(() => expect(isAlive(Number(pid))).toBe(false));
  await helper[Symbol.asyncDispose]();
});

test("a stack killed amid writes opens again, and each object has its event", async () => {
  const { child, url } = await startProgram();
  const helper = await startFixture();
  helper.s3.config.endpoint = async () => ({
    protocol: "http:",
    hostname: "127.0.0.1",
    port: Number(new URL(url).port),
    path: "/",
  });
  const written = new Set<string>();
  let isKilled = false;
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let index = 0; !isKilled; index++) {
      const Key = `${writer}/${index}`;
      const Body = `${Key} `.repeat(40_000);
      const put = new PutObjectCommand({ Bucket: "bucket", Key, Body });
      await helper.s3.send(put).then(
        () => written.add(Key),
        () => {},
      );
    }
  });
  await soon(() => expect(written.size).toBeGreaterThan(20));
  child.kill("SIGKILL");
  isKilled = true;
  await Promise.all(writers);
  await helper[Symbol.asyncDispose]();

  await using after = await startFixture({ dir, clock: systemClock });
  const { Contents = [] } = await after.s3.send(new ListObjectsV2Command({ Bucket: "bucket" }));
  const keys = Contents.map(({ Key = "" }) => Key);
  for (const key of written) expect(keys).toContain(key);
  for (const Key of keys) {
    const { Body } = await after.s3.send(new GetObjectCommand({ Bucket: "bucket", Key }));
    expect(await Body?.transformToString()).toBe(`${Key} `.repeat(40_000));
  }
  const heard = new Set<string>();
  for (;;) {
    const { Messages } = await after.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: after.stack.queueUrl("events"),
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 600,
      }),
    );
    if (Messages === undefined) break;
    for (const { Body = "" } of Messages)
      for (const record of JSON.parse(Body).Records ?? []) heard.add(record.s3.object.key);
  }
  expect([...heard].sort()).toEqual(keys.sort());
});
