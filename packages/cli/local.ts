import { appendFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  explainFolder,
  type FaultRates,
  type Stack,
  StackError,
  seedFaults,
  startStack,
} from "@assay/stack";
import type { AwsWorld } from "@assay/storage";
import { ENVIRONMENT } from "@assay/storage/environment";
import * as policy from "@assay/storage/policy";
import { UsageError } from "./exit.ts";
import { say } from "./output.ts";

const DAY_S = 86_400;
/** Settings of the handlers that are passed on to them from this process. */
const PASSED_ON = ["ASSAY_VERIFIERS", ENVIRONMENT.shardBytes];
/** The usual shard here, in bytes: requests cost nothing, and cores end together. */
const LOCAL_SHARD_BYTES = 3 * 1024 * 1024;
/** As Lambda bills it; the embedded stack only tells the handler so. */
const VERIFY_MEMORY_MB = 1_769;
/** The part of all calls, or deliveries, that chaos spoils: enough that every job meets each kind,
 * and that a client's tries are seldom used up, which costs a message its visibility
 * time-out of minutes. */
const CHAOS: FaultRates = {
  refuse: 0.03,
  latency: 0.05,
  lostAnswer: 0.02,
  tornBody: 0.02,
  duplicate: 0.1,
  late: 0.1,
};
/** How often what keeps the stack from working is said, in milliseconds. */
const TELL_EVERY_MS = 30_000;
/** The command line's names of what a start of the stack may stumble over. */
const OPTIONS = { dir: "--dir", port: "--aws-port" };

export interface Local {
  readonly stack: Stack;
  readonly world: AwsWorld;
  /** What a client needs, as `stack.json` holds it. */
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Resolves when a function says something next: then there may be news. */
  news(): Promise<void>;
  stop(): Promise<void>;
}

export interface LocalOptions {
  readonly dir: string;
  readonly awsPort?: number;
  /** The seed of faults on purpose. */
  readonly chaos?: number | undefined;
}

/** The whole deployment on the embedded stack: the very handlers that Lambda runs, the same queues
 * and buckets as `infra/` makes, with the same numbers. */
export async function startLocal({ awsPort, chaos, dir }: LocalOptions): Promise<Local> {
  const logFile = join(dir, "functions.log");
  let news = Promise.withResolvers<void>();
  const stack = await startStack({
    dir,
    ...(awsPort === undefined ? {} : { port: awsPort }),
    ...(chaos === undefined ? {} : { faults: seedFaults(chaos, CHAOS) }),
    onLog: (name, line) => {
      writeLog(logFile, `${name} ${line}\n`);
      news.resolve();
      news = Promise.withResolvers();
    },
    onTrouble: seldom(say),
  }).catch((error) => {
    throw toUsageError(dir, error);
  });
  try {
    // Not before the folder is ours: this may be the log of a stack that runs there.
    writeFileSync(logFile, "");
    const env = createResources(stack);
    subscribeFunctions(stack, env);
    // Only now, when the functions are starting in processes of their own: loading the SDK takes as
    // long as they do.
    const { worldOf } = await import("./deployment.ts");
    const world = worldOf(env);
    return { stack, world, env, logFile, news: () => news.promise, stop: () => stack.stop() };
  } catch (error) {
    await stack.stop();
    throw toUsageError(dir, error);
  }
}

/** A refusal that names the option which another value of would help; or the error as it is. */
export function toUsageError(dir: string, error: unknown): unknown {
  const refusal = error instanceof StackError ? error : explainFolder(dir, error);
  if (refusal === undefined) return error;
  const option = refusal.option === undefined ? "" : ` (${OPTIONS[refusal.option]})`;
  return new UsageError(`${refusal.message}${option}`, { cause: error });
}

/** Tells of what lasts once in a while, and not at every request that meets it. */
function seldom(tell: (line: string) => void): (message: string) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (message) => {
    if (performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    tell(`assay: ${message}`);
  };
}

/** A log that cannot be written, on a full disk above all, must not end what it tells of. */
function writeLog(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch {
    // What the disk is too full for is told in the answers to requests.
  }
}

function createResources(stack: Stack): Record<string, string> {
  const retentionS = policy.RETENTION_DAYS * DAY_S;
  const visibilityTimeoutS = policy.VISIBILITY_S;
  for (const name of ["submissions", "shards"]) {
    stack.createQueue(`${name}-dead`, { retentionS, visibilityTimeoutS });
    stack.createQueue(name, {
      retentionS,
      visibilityTimeoutS,
      deadLetter: { queue: `${name}-dead`, maxReceives: policy.MAX_RECEIVES },
    });
  }
  stack.createQueue("results", { retentionS });
  stack.createBucket("rewards");
  stack.createBucket("trajectories", {
    notifications: [{ queue: "submissions", events: ["s3:ObjectCreated:*"], prefix: policy.DROPS }],
  });
  return {
    ...stack.env,
    [ENVIRONMENT.trajectories]: "trajectories",
    [ENVIRONMENT.rewards]: "rewards",
    [ENVIRONMENT.submissions]: stack.queueUrl("submissions"),
    [ENVIRONMENT.shards]: stack.queueUrl("shards"),
    [ENVIRONMENT.results]: stack.queueUrl("results"),
  };
}

function subscribeFunctions(stack: Stack, env: Readonly<Record<string, string>>): void {
  const cores = availableParallelism();
  const shared = {
    timeoutMs: policy.INVOCATION_S * 1_000,
    reportBatchItemFailures: true,
    env: {
      ...env,
      [ENVIRONMENT.shardBytes]: String(LOCAL_SHARD_BYTES),
      ...passedOn(),
      POWERTOOLS_TRACE_ENABLED: "false",
    },
  };
  stack.subscribe({
    ...shared,
    functionName: "plan",
    handler: handlerIn("plan"),
    queue: "submissions",
    batchSize: 10,
    maximumConcurrency: 1,
    warm: 1,
  });
  stack.subscribe({
    ...shared,
    functionName: "verify",
    handler: handlerIn("verify"),
    queue: "shards",
    // One shard an invocation: a receive count then speaks of one shard.
    batchSize: 1,
    maximumConcurrency: cores,
    memoryMb: VERIFY_MEMORY_MB,
    env: { ...shared.env, ASSAY_WORKERS: "1" },
    warm: cores,
  });
  for (const queue of ["submissions-dead", "shards-dead"])
    stack.subscribe({
      ...shared,
      functionName: `park-${queue}`,
      handler: handlerIn("park"),
      queue,
      batchSize: 10,
      maximumConcurrency: 1,
    });
}

function passedOn(): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function handlerIn(name: string): string {
  return `${fileURLToPath(import.meta.resolve(`@assay/functions/${name}`))}#handler`;
}
