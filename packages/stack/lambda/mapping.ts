import type { Clock } from "../clock.ts";
import type { Message } from "../sqs/message.ts";
import type { MessageStore } from "../sqs/messages.ts";
import type { QueueStore } from "../sqs/queues.ts";
import { readFailures } from "./batch-response.ts";
import { writeEvent, writeRecord } from "./event.ts";
import type { Outcome } from "./process.ts";

/** Lambda's bound on an invocation's payload, less what stands around the records. */
const MAX_EVENT_BYTES = 6 * 1024 ** 2 - 64;

export interface MappingOptions {
  readonly queue: string;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  readonly maximumConcurrency: number;
  readonly reportBatchItemFailures: boolean;
  readonly landAtOnce: boolean;
  readonly queues: QueueStore;
  readonly messages: MessageStore;
  readonly clock: Clock;
  readonly invoke: (event: string) => Promise<Outcome>;
  readonly onLine: (line: string) => void;
  /** What a failure of the stack itself means, in words, where it is known. */
  readonly explain: (error: unknown) => string | undefined;
}

export interface MappingStats {
  readonly invocations: number;
  readonly succeeded: number;
  /** All that did not succeed, time-outs and crashes among them. */
  readonly failed: number;
  readonly timedOut: number;
  readonly crashed: number;
  /** Invocations under way. */
  readonly running: number;
  readonly messagesReceived: number;
  readonly messagesDeleted: number;
}

interface Batch {
  readonly messages: Message[];
  readonly records: string[];
}

/** Rest after polling itself fails, as with a full disk. */
const RETRY_MS = 1000;

/** Takes batches from a queue, has each handled, and deletes what was. A message that was not
 * handled comes back when its visibility time-out ends; where it is to land at once, what a process
 * held that ended comes back with its end. */
export class Mapping {
  readonly stats: MappingStats;
  readonly #count: { -readonly [Name in keyof MappingStats]: number };
  readonly #options: MappingOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  /** Invocations allowed at a time: halved by each failure, regained one by one. */
  #allowed: number;
  #onSlot: () => void = () => {};
  readonly #loop: Promise<void>;

  constructor(options: MappingOptions) {
    this.#options = options;
    this.#allowed = options.maximumConcurrency;
    this.#count = {
      invocations: 0,
      succeeded: 0,
      failed: 0,
      timedOut: 0,
      crashed: 0,
      running: 0,
      messagesReceived: 0,
      messagesDeleted: 0,
    };
    this.stats = this.#count;
    this.#loop = this.#poll();
  }

  /** Takes no more batches, and resolves when those under way are done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#onSlot();
    await this.#loop;
    await Promise.all(this.#running);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (this.#running.size >= this.#allowed) {
        await new Promise<void>((resolve) => {
          this.#onSlot = resolve;
        });
        continue;
      }
      const batch = await this.#gather().catch((error) => this.#rest(error));
      if (batch === undefined) return;
      if (batch.messages.length === 0) continue;
      const run = this.#handle(batch).finally(() => {
        this.#running.delete(run);
        this.#count.running = this.#running.size;
        this.#onSlot();
      });
      this.#running.add(run);
      this.#count.running = this.#running.size;
    }
  }

  async #rest(error: unknown): Promise<Batch> {
    const reason = this.#options.explain(error) ?? String(error);
    this.#options.onLine(`polling failed, and goes on in a second: ${reason}`);
    await new Promise<void>((resolve) => {
      this.#options.clock.setTimer(resolve, RETRY_MS);
    });
    return { messages: [], records: [] };
  }

  /** Waits for messages, and after the first for more, until the batch is full, its window ends
   * or the payload is as large as it may be. Gives nothing where polling is over. */
  async #gather(): Promise<Batch | undefined> {
    const { queues, messages, clock, batchSize, batchWindowMs } = this.#options;
    const { signal } = this.#stopping;
    const batch: Batch = { messages: [], records: [] };
    let bytes = 0;
    let isFull = false;
    let deadline = Number.POSITIVE_INFINITY;
    const accepts = (message: Message) => {
      const record = writeRecord(message, this.#options.queue);
      const size = Buffer.byteLength(record) + 1;
      isFull = batch.records.length > 0 && bytes + size > MAX_EVENT_BYTES;
      if (isFull) return false;
      bytes += size;
      batch.records.push(record);
      return true;
    };
    for (;;) {
      const queue = queues.find(this.#options.queue);
      if (queue === undefined) {
        this.#options.onLine(`the queue ${this.#options.queue} is gone: polling ends`);
        return undefined;
      }
      if (signal.aborted) {
        for (const { receiptHandle } of batch.messages)
          messages.changeVisibility(queue, receiptHandle, 0);
        return undefined;
      }
      const max = batchSize - batch.messages.length;
      const taken = messages.take(queue, { max, visibilityMs: queue.visibilityMs, accepts });
      this.#count.messagesReceived += taken.length;
      if (batch.messages.length === 0 && taken.length > 0) deadline = clock.now() + batchWindowMs;
      batch.messages.push(...taken);
      isFull ||= batch.messages.length >= batchSize;
      if (isFull || clock.now() >= deadline) return batch;
      await messages.waitForNext(queue, deadline, signal);
    }
  }

  /** Handles a batch. Whatever goes wrong on the way, the messages come back by themselves. */
  async #handle(batch: Batch): Promise<void> {
    this.#count.invocations++;
    try {
      await this.#invoke(batch);
    } catch (error) {
      this.#count.failed++;
      this.#options.onLine(`the batch fails: ${this.#options.explain(error) ?? String(error)}`);
    }
  }

  async #invoke({ messages, records }: Batch): Promise<void> {
    const outcome = await this.#options.invoke(writeEvent(records));
    const failed = this.#readOutcome(outcome, messages);
    if (failed === undefined) {
      this.#count.failed++;
      if (outcome.kind === "timeout") this.#count.timedOut++;
      if (outcome.kind === "crash") this.#count.crashed++;
      if (outcome.kind !== "error" && outcome.kind !== "broken") this.#land(messages);
      // With partial responses on, failures are expected, and Lambda does not slow down for them.
      if (!this.#options.reportBatchItemFailures)
        this.#allowed = Math.max(1, Math.floor(this.#allowed / 2));
      return;
    }
    this.#count.succeeded++;
    this.#allowed = Math.min(this.#options.maximumConcurrency, this.#allowed + 1);
    const queue = this.#options.queues.find(this.#options.queue);
    if (queue === undefined) return;
    for (const { id, receiptHandle } of messages)
      if (!failed.has(id) && this.#options.messages.delete(queue, receiptHandle))
        this.#count.messagesDeleted++;
  }

  /** Gives back at once what a process held that is no more, where that is wanted. */
  #land(messages: readonly Message[]): void {
    const queue = this.#options.queues.find(this.#options.queue);
    if (queue === undefined || !this.#options.landAtOnce) return;
    for (const { receiptHandle } of messages) this.#options.messages.land(queue, receiptHandle);
  }

  /** Which messages failed; nothing where all did. */
  #readOutcome(outcome: Outcome, messages: readonly Message[]): ReadonlySet<string> | undefined {
    if (outcome.kind !== "success") return undefined;
    if (!this.#options.reportBatchItemFailures) return new Set();
    const failed = readFailures(outcome.result, new Set(messages.map(({ id }) => id)));
    if (failed === undefined)
      this.#options.onLine(
        `the batch fails: malformed partial batch response ${outcome.result?.slice(0, 1000)}`,
      );
    return failed;
  }
}
