import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { createTables } from "../database.ts";
import { MessageStore } from "../sqs/messages.ts";
import { QueueStore } from "../sqs/queues.ts";
import { Mapping, type MappingOptions } from "./mapping.ts";
import type { Outcome } from "./process.ts";

interface Run {
  readonly bodies: readonly string[];
  readonly ids: readonly string[];
  readonly bytes: number;
  end(outcome: Outcome): Promise<void>;
}

const success = (result?: object): Outcome => ({
  kind: "success",
  result: result === undefined ? undefined : JSON.stringify(result),
});
const failure: Outcome = { kind: "error", message: "thrown" };
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A mapping whose invocations the test ends by hand. */
function start(options: Partial<MappingOptions> = {}) {
  const db = new DatabaseSync(":memory:");
  createTables(db);
  const clock = new ManualClock();
  const queues = new QueueStore(db, clock);
  const messages = new MessageStore(db, clock, queues);
  const queue = queues.create("work", { VisibilityTimeout: "60" });
  const runs: Run[] = [];
  const invoke = (event: string) =>
    new Promise<Outcome>((resolve) => {
      const { Records } = JSON.parse(event) as { Records: { body: string; messageId: string }[] };
      runs.push({
        bodies: Records.map(({ body }) => body),
        ids: Records.map(({ messageId }) => messageId),
        bytes: Buffer.byteLength(event),
        end: async (outcome) => {
          resolve(outcome);
          await settle();
        },
      });
    });
  const mapping = new Mapping({
    queue: "work",
    batchSize: 10,
    batchWindowMs: 0,
    maximumConcurrency: 4,
    reportBatchItemFailures: true,
    landAtOnce: false,
    queues,
    messages,
    clock,
    invoke,
    onLine: () => {},
    explain: () => undefined,
    ...options,
  });
  const send = async (...bodies: string[]) => {
    for (const body of bodies) messages.send(queue, { body, attributes: {} });
    await settle();
  };
  return { clock, messages, queue, mapping, runs, send };
}

test("a batch holds what is there, up to its size", async () => {
  const { runs, send } = start({ batchSize: 2 });
  await send("1", "2", "3");
  expect(runs.map(({ bodies }) => bodies)).toEqual([["1", "2"], ["3"]]);
});

test("a window collects until it ends or the batch is full", async () => {
  const { runs, send, clock } = start({ batchSize: 3, batchWindowMs: 5000 });
  await send("1");
  await clock.advance(4000);
  await send("2");
  expect(runs).toEqual([]);
  await clock.advance(1000);
  expect(runs.map(({ bodies }) => bodies)).toEqual([["1", "2"]]);
  await send("3", "4", "5", "6");
  expect(runs.map(({ bodies }) => bodies)).toEqual([
    ["1", "2"],
    ["3", "4", "5"],
  ]);
});

test("a payload stays below 6 MB, however its messages are escaped", async () => {
  const { runs, send, messages, queue } = start({ batchSize: 10 });
  const quotes = '"'.repeat(1_000_000);
  await send(...Array.from({ length: 5 }, () => quotes));
  expect(runs.map(({ bodies }) => bodies.length)).toEqual([3, 2]);
  expect(Math.max(...runs.map(({ bytes }) => bytes))).toBeLessThan(6 * 1024 ** 2);
  expect(messages.count(queue)).toEqual({ visible: 0, inFlight: 5, delayed: 0 });
});

test("no more than the maximum runs at a time", async () => {
  const { runs, send, mapping } = start({ batchSize: 1, maximumConcurrency: 2 });
  await send("1", "2", "3");
  expect(runs).toHaveLength(2);
  expect(mapping.stats.running).toBe(2);
  await runs[0]?.end(success());
  expect(runs).toHaveLength(3);
});

test("what succeeded is deleted, what failed comes back after its visibility time-out", async () => {
  const { runs, send, clock, messages, queue } = start();
  await send("good", "bad");
  const itemIdentifier = runs[0]?.ids[1];
  await runs[0]?.end(success({ batchItemFailures: [{ itemIdentifier }] }));
  expect(messages.count(queue)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await clock.advance(59_000);
  expect(runs).toHaveLength(1);
  await clock.advance(1000);
  expect(runs[1]?.bodies).toEqual(["bad"]);
});

test("a malformed answer fails the whole batch", async () => {
  const { runs, send, messages, queue, mapping } = start();
  await send("1", "2");
  await runs[0]?.end(success({ batchItemFailures: [{ itemIdentifier: "" }] }));
  expect(messages.count(queue).inFlight).toBe(2);
  expect(mapping.stats).toMatchObject({ failed: 1, succeeded: 0, messagesDeleted: 0 });
});

test("without partial responses any answer is success", async () => {
  const { runs, send, messages, queue } = start({ reportBatchItemFailures: false });
  await send("1", "2");
  await runs[0]?.end(success({ batchItemFailures: [{ itemIdentifier: "" }] }));
  expect(messages.count(queue)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test("failures lower the concurrency, success raises it again", async () => {
  const { runs, send } = start({ batchSize: 1, reportBatchItemFailures: false });
  await send("1", "2", "3", "4", "5", "6", "7", "8");
  expect(runs).toHaveLength(4);
  await runs[0]?.end(failure);
  await runs[1]?.end(failure);
  await runs[2]?.end(failure);
  expect(runs).toHaveLength(4);
  await runs[3]?.end(success());
  expect(runs).toHaveLength(6);
});

test("where failures are expected they do not lower the concurrency", async () => {
  const { runs, send } = start({ batchSize: 1 });
  await send("1", "2", "3", "4", "5", "6", "7", "8");
  for (const run of runs.slice(0, 4)) await run.end(failure);
  expect(runs).toHaveLength(8);
});

test("stopping waits for what runs and lets go of what was only gathered", async () => {
  const { runs, send, mapping, messages, queue } = start({ batchSize: 2, batchWindowMs: 5000 });
  await send("1", "2", "3");
  let isStopped = false;
  const stopping = mapping.stop().then(() => {
    isStopped = true;
  });
  await settle();
  expect(isStopped).toBe(false);
  expect(messages.count(queue)).toEqual({ visible: 1, inFlight: 2, delayed: 0 });
  await runs[0]?.end(success());
  await stopping;
});

const crash: Outcome = { kind: "crash", message: "signal SIGKILL" };

test("what a dead process held waits out its visibility time-out, as on Lambda", async () => {
  const { runs, send, clock } = start();
  await send("1");
  await runs[0]?.end(crash);
  await clock.advance(59_999);
  expect(runs).toHaveLength(1);
  await clock.advance(1);
  expect(runs.map(({ bodies }) => bodies)).toEqual([["1"], ["1"]]);
});

test("where it is to land at once, it comes back with the end of the process", async () => {
  const { runs, send } = start({ landAtOnce: true });
  await send("1");
  await runs[0]?.end(crash);
  expect(runs.map(({ bodies }) => bodies)).toEqual([["1"], ["1"]]);
  await runs[1]?.end(failure);
  expect(runs).toHaveLength(2);
});
