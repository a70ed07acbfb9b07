import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { StackError } from "../errors.ts";
import type { MessageStore } from "../sqs/messages.ts";
import type { Queue, QueueStore } from "../sqs/queues.ts";
import { readHandler } from "./environment.ts";
import { Mapping, type MappingStats } from "./mapping.ts";
import { FunctionPool } from "./pool.ts";

/** Lambda's bounds, but for the least concurrency: there it is 2, and one is of use on a laptop. */
const MAX_BATCH_SIZE = 10_000;
/** Beyond this a batch needs a window. */
const MAX_BATCH_SIZE_WITHOUT_WINDOW = 10;
const MAX_BATCH_WINDOW_S = 300;
const MAX_CONCURRENCY = 1000;
const MAX_TIMEOUT_MS = 900_000;
const MEMORY_MB = { min: 128, max: 10_240, default: 1024 };

export interface SubscriptionOptions {
  readonly functionName: string;
  /** `/absolute/path/verify.ts#handler` */
  readonly handler: string;
  readonly queue: string;
  readonly batchSize: number;
  readonly batchWindowS?: number;
  readonly maximumConcurrency: number;
  readonly timeoutMs: number;
  readonly reportBatchItemFailures: boolean;
  /** Whether messages are visible again as soon as the process that held them has ended. Lambda
   * does not do this: there they wait out their visibility time-out, and so by default here. */
  readonly landAtOnce?: boolean;
  readonly memoryMb?: number;
  /** The function's own variables, beside those of Lambda and of the stack. */
  readonly env: Readonly<Record<string, string>>;
  /** A process that has had nothing to do for so long is ended, in milliseconds. Without it none is. */
  readonly idleMs?: number;
  /** Processes to start at once. */
  readonly warm?: number;
}

export interface SubscriptionStats extends MappingStats {
  /** Processes that live, at work or not. */
  readonly processes: number;
}

export interface Subscription {
  readonly stats: SubscriptionStats;
  /** The processes that live, each the leader of a group with what it started. */
  readonly pids: readonly number[];
  /** Takes no more messages, waits for what is under way, and ends the processes. */
  stop(): Promise<void>;
  /** Ends every process at once, whatever it does, as an outage would. Polling goes on. */
  killAll(): void;
}

export interface SubscriberOptions {
  readonly queues: QueueStore;
  readonly messages: MessageStore;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string>>;
  readonly dir: string;
  readonly onLog: (functionName: string, line: string) => void;
  readonly explain: (error: unknown) => string | undefined;
}

/** Binds functions to queues. */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #subscriptions = new Set<Subscription>();

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  subscribe(options: SubscriptionOptions): Subscription {
    const { queues, messages, clock, env: stackEnv, dir, onLog, explain } = this.#options;
    const { functionName, queue, timeoutMs, batchSize, maximumConcurrency } = options;
    const memoryMb = options.memoryMb ?? MEMORY_MB.default;
    checkOptions({ ...options, memoryMb }, queues.get(queue));
    const onLine = (line: string) => onLog(functionName, line);
    const pool = new FunctionPool({
      functionName,
      handler: readHandler(options.handler),
      timeoutMs,
      memoryMb,
      idleMs: options.idleMs,
      env: options.env,
      stackEnv,
      cacheDir: process.env["NODE_COMPILE_CACHE"] ?? join(dir, "compiled"),
      clock,
      onLine,
    });
    const mapping = new Mapping({
      queue,
      batchSize,
      batchWindowMs: (options.batchWindowS ?? 0) * 1000,
      maximumConcurrency,
      reportBatchItemFailures: options.reportBatchItemFailures,
      landAtOnce: options.landAtOnce ?? false,
      queues,
      messages,
      clock,
      invoke: (event) => pool.invoke(event),
      onLine,
      explain,
    });
    pool.warm(Math.min(options.warm ?? 0, maximumConcurrency));
    const subscription: Subscription = {
      get stats() {
        return { ...mapping.stats, processes: pool.size };
      },
      get pids() {
        return pool.pids;
      },
      stop: async () => {
        this.#subscriptions.delete(subscription);
        await mapping.stop();
        pool.killAll();
      },
      killAll: () => pool.killAll(),
    };
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Ends all subscriptions without waiting for what is under way. */
  async stop(): Promise<void> {
    await Promise.all(
      [...this.#subscriptions].map((subscription) => {
        const stopped = subscription.stop();
        subscription.killAll();
        return stopped;
      }),
    );
  }
}

function checkOptions(options: SubscriptionOptions & { memoryMb: number }, queue: Queue): void {
  const { batchSize, batchWindowS = 0, maximumConcurrency, timeoutMs, memoryMb } = options;
  checkInteger("batchSize", batchSize, 1, MAX_BATCH_SIZE);
  checkInteger("batchWindowS", batchWindowS, 0, MAX_BATCH_WINDOW_S);
  checkInteger("maximumConcurrency", maximumConcurrency, 1, MAX_CONCURRENCY);
  checkInteger("timeoutMs", timeoutMs, 1, MAX_TIMEOUT_MS);
  checkInteger("memoryMb", memoryMb, MEMORY_MB.min, MEMORY_MB.max);
  if (!/^[\w-]{1,64}$/.test(options.functionName))
    throw new StackError(`${options.functionName} is no name of a function`);
  if (batchSize > MAX_BATCH_SIZE_WITHOUT_WINDOW && batchWindowS < 1)
    throw new StackError(
      `a batchSize above ${MAX_BATCH_SIZE_WITHOUT_WINDOW} needs a batchWindowS of at least 1`,
    );
  if (timeoutMs > queue.visibilityMs)
    throw new StackError(
      `the visibility time-out of the queue ${queue.name}, ${queue.visibilityMs} ms, is shorter than the function's time-out, ${timeoutMs} ms`,
    );
}

function checkInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new StackError(`${name} must be an integer from ${min} to ${max}, not ${value}`);
}
