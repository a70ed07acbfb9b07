import { appendFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  explainFolder,
  type FaultPlan,
  type FaultRates,
  type Stack,
  StackError,
  type StackOptions,
  type Subscription,
  type SubscriptionOptions,
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
/** How long functions that have nothing to do keep their processes, in milliseconds: planning and
 * parking are over in a moment, and each process takes 60 MB. */
const IDLE_MS = { plan: 1_000, verify: 60_000, park: 1_000 };
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
  /** By name: `plan`, `verify`, and one that parks for each dead-letter queue. */
  readonly functions: ReadonlyMap<string, Subscription>;
  /** Resolves when a function says something next: then there may be news. */
  news(): Promise<void>;
  stop(): Promise<void>;
}

export interface LocalOptions extends Pick<StackOptions, "clock" | "faults"> {
  readonly dir: string;
  readonly awsPort?: number;
  /** Settings of the handlers; as a rule those that this process was started with. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether a message is tried again as soon as the process is dead that held it, which spares
   * people minutes. Lambda lets it wait. */
  readonly landAtOnce?: boolean;
}

/** The faults of `--chaos`. */
export function chaosFaults(seed: number): FaultPlan {
  return seedFaults(seed, CHAOS);
}

/** The whole deployment on the embedded stack: the very handlers that Lambda runs, the same queues
 * and buckets as `infra/` makes, with the same numbers. */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const { awsPort, clock, dir, faults } = options;
  const logFile = join(dir, "functions.log");
  let news = Promise.withResolvers<void>();
  const stack = await startStack({
    dir,
    ...(awsPort === undefined ? {} : { port: awsPort }),
    ...(clock === undefined ? {} : { clock }),
    ...(faults === undefined ? {} : { faults }),
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
    const functions = subscribeFunctions(stack, env, options);
    // Only now, when the functions are starting in processes of their own: loading the SDK takes as
    // long as they do.
    const { worldOf } = await import("./deployment.ts");
    const world = worldOf(env);
    return {
      stack,
      world,
      env,
      logFile,
      functions,
      news: () => news.promise,
      stop: () => stack.stop(),
    };
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

function subscribeFunctions(
  stack: Stack,
  clientEnv: Readonly<Record<string, string>>,
  { env = passedOn(), landAtOnce = true }: LocalOptions,
): Map<string, Subscription> {
  const cores = availableParallelism();
  const subscribed = new Map<string, Subscription>();
  const subscribe = (
    functionName: string,
    handler: string,
    more: Pick<SubscriptionOptions, "queue" | "batchSize" | "maximumConcurrency"> &
      Partial<SubscriptionOptions>,
  ) =>
    subscribed.set(
      functionName,
      stack.subscribe({
        functionName,
        handler: `${fileURLToPath(import.meta.resolve(`@assay/functions/${handler}`))}#handler`,
        timeoutMs: policy.INVOCATION_S * 1_000,
        reportBatchItemFailures: true,
        landAtOnce,
        ...more,
        env: {
          ...clientEnv,
          [ENVIRONMENT.shardBytes]: String(LOCAL_SHARD_BYTES),
          ...env,
          POWERTOOLS_TRACE_ENABLED: "false",
          ...more.env,
        },
      }),
    );
  subscribe("plan", "plan", {
    queue: "submissions",
    batchSize: 10,
    maximumConcurrency: 1,
    idleMs: IDLE_MS.plan,
    warm: 1,
  });
  subscribe("verify", "verify", {
    queue: "shards",
    // One shard an invocation: a receive count then speaks of one shard.
    batchSize: 1,
    maximumConcurrency: cores,
    memoryMb: VERIFY_MEMORY_MB,
    idleMs: IDLE_MS.verify,
    env: { ASSAY_WORKERS: "1" },
    warm: cores,
  });
  for (const queue of ["submissions-dead", "shards-dead"])
    subscribe(`park-${queue}`, "park", {
      queue,
      batchSize: 10,
      maximumConcurrency: 1,
      idleMs: IDLE_MS.park,
    });
  return subscribed;
}

function passedOn(): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
