import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Manifest } from "@assay/schema";
import { listManifests, policy } from "@assay/storage";
import { ENVIRONMENT } from "@assay/storage/environment";
import { type Local, startLocal } from "../../packages/cli/local.ts";
import { drain } from "../../test/support/whole.ts";

const JOB = "j";
/** Graded first and not counted: functions are then loaded, and S3's test event is handled. */
const WARM_UP = "warm-up";
/** As many as a client that copies a folder sends. */
const DROPS_AT_ONCE = 16;
/** How often the functions are looked at, in milliseconds: well below what an invocation takes. */
const LOOK_MS = 2;
/** No function has been at work for so long, in milliseconds: none will be. */
const QUIET_MS = 1_000;
/** SQS bills one request for each so many bytes of a message. */
const SQS_UNIT_BYTES = 64 * 1024;

export interface Case {
  readonly name: string;
  readonly sources: number;
  readonly linesEach: number;
}

/** What one function was asked for. */
export interface Invoked {
  readonly invocations: number;
  /** In which it was at work, summed over its processes. */
  readonly seconds: number;
}

/** All that grading a job asked for; the drop itself is the user's. */
export interface Usage {
  readonly put: number;
  readonly get: number;
  readonly head: number;
  readonly list: number;
  readonly delete: number;
  /** Calls that send; each may carry ten messages. */
  readonly send: number;
  readonly changeVisibility: number;
  /** Messages that S3 sends, one an object. */
  readonly notifications: number;
  /** What SQS bills for announcements beyond one request each. */
  readonly moreUnits: number;
  readonly receives: number;
  readonly deletes: number;
  readonly functions: ReadonlyMap<string, Invoked>;
  readonly logBytes: number;
  readonly manifests: readonly Manifest[];
}

/** Grades on the embedded stack, and counts by its fault plan, which hears of every call. */
export async function count({ linesEach, name, sources }: Case): Promise<Usage> {
  const dir = mkdtempSync(join(tmpdir(), "assay-requests-"));
  const calls = new Map<string, number>();
  const local = await startLocal({
    dir,
    // As deployed, and not as a laptop likes it.
    env: { [ENVIRONMENT.shardBytes]: String(policy.SHARD_BYTES) },
    faults: ({ operation, target }) => {
      const isDrop = operation === "PutObject" && target.startsWith(`trajectories/${policy.DROPS}`);
      if (!isDrop) calls.set(operation, (calls.get(operation) ?? 0) + 1);
      return undefined;
    },
  });
  try {
    await drop(local, WARM_UP, 1, Buffer.from(linesOf(1)));
    // With the test event.
    await quiet(local, 2);
    await drain(local.env, "results");
    calls.clear();
    const before = new Map(
      [...local.functions].map(([name, { stats }]) => [name, stats.invocations]),
    );
    const logBefore = statSync(local.logFile).size;
    const seconds = watch(local);
    await drop(local, JOB, sources, Buffer.from(linesOf(linesEach)));
    await quiet(local, 2 + sources);
    // From here on the bench looks at what came of it, which does not count.
    const counted = new Map(calls);
    const logBytes = statSync(local.logFile).size - logBefore;
    const manifests = await listManifests(local.world, JOB);
    const lines = manifests.reduce((sum, one) => sum + one.lines, 0);
    if (manifests.length !== sources || lines !== sources * linesEach)
      throw new Error(`${name}: ${manifests.length} manifests of ${lines} lines`);
    return {
      ...usageOf(counted),
      ...polled(local, before, seconds()),
      notifications: sources,
      moreUnits: await moreUnits(local),
      logBytes,
      manifests,
    };
  } finally {
    await local.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function usageOf(calls: ReadonlyMap<string, number>) {
  const left = new Map(calls);
  const take = (operation: string) => {
    const number = left.get(operation) ?? 0;
    left.delete(operation);
    return number;
  };
  const usage = {
    put: take("PutObject"),
    get: take("GetObject"),
    head: take("HeadObject"),
    list: take("ListObjectsV2"),
    delete: take("DeleteObject"),
    send: take("SendMessageBatch"),
    changeVisibility: take("ChangeMessageVisibility"),
  };
  // A message on its way to the poller, and no call.
  take("Deliver");
  if (left.size > 0) throw new Error(`calls that nobody prices: ${[...left.keys()].join()}`);
  return usage;
}

/** What the poller and Lambda do; `seconds` are those at work, by function. */
function polled(
  { functions }: Local,
  before: ReadonlyMap<string, number>,
  seconds: ReadonlyMap<string, number>,
) {
  const invoked = new Map<string, Invoked>();
  for (const [name, { stats }] of functions)
    invoked.set(name, {
      invocations: stats.invocations - (before.get(name) ?? 0),
      seconds: seconds.get(name) ?? 0,
    });
  // A batch is received at once, and deleted at once.
  const batches = [...invoked.values()].reduce((sum, one) => sum + one.invocations, 0);
  return { receives: batches, deletes: batches, functions: invoked };
}

async function drop(
  { world }: Local,
  job: string,
  sources: number,
  body: Uint8Array,
): Promise<void> {
  for (let i = 0; i < sources; i += DROPS_AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(DROPS_AT_ONCE, sources - i) }, (_, j) =>
        world.trajectories.create(`${policy.DROPS}${job}/${i + j}.jsonl`, body),
      ),
    );
}

/** Until every message has been handled; asks nothing of S3 or SQS. */
async function quiet({ functions }: Local, submissions: number): Promise<void> {
  for (let since = performance.now(); performance.now() - since < QUIET_MS; ) {
    await sleep(LOOK_MS);
    const stats = [...functions.values()].map((one) => one.stats);
    if (stats.some(({ failed }) => failed > 0)) throw new Error("an invocation failed");
    const isPlanned = (functions.get("plan")?.stats.messagesDeleted ?? 0) >= submissions;
    if (!isPlanned || stats.some(({ running }) => running > 0)) since = performance.now();
  }
}

/** Sums up the time in which each function is at work, until it is asked for. */
function watch({ functions }: Local): () => ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  let before = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const [name, { stats }] of functions)
      seconds.set(name, (seconds.get(name) ?? 0) + (stats.running * (now - before)) / 1_000);
    before = now;
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    return seconds;
  };
}

async function moreUnits({ env }: Local): Promise<number> {
  const announcements = await drain(env, "results");
  return announcements.reduce((sum, one) => {
    const bytes = Buffer.byteLength(JSON.stringify(one));
    return sum + Math.ceil(bytes / SQS_UNIT_BYTES) - 1;
  }, 0);
}

function linesOf(lines: number): string {
  let text = "";
  for (let i = 0; i < lines; i++) {
    const line = {
      id: `t${i}`,
      task: { id: `k${i >> 3}`, verifier: "choice", spec: { answer: "ABCD"[(i >> 3) % 4] } },
      response: `The answer is (${"ABCD"[i % 4]}).`,
    };
    text += `${JSON.stringify(line)}\n`;
  }
  return text;
}
