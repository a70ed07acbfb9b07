import { availableParallelism } from "node:os";
import type { ErrorInfo } from "@assay/schema";
import { type Batch, cutBatch } from "./batch.ts";
import { type BatchOptions, blameLine, type Graded, gradeBatch } from "./grade-batch.ts";
import { HARD_CPU_MS, HARD_WALL_MS, HEAP_MB } from "./limits.ts";
import type { Origin } from "./record.ts";
import { Slot, type SlotLimits } from "./slot.ts";

/** Batches begun for each worker: one in work and one that waits, so that it never idles. */
const PENDING_PER_WORKER = 2;
/** How long a batch should take, in milliseconds: long enough to hide its hand-over, short enough
 * that workers end together and progress shows. */
const BATCH_MS = 50;
/** A batch's bounds in bytes; it starts at the lower one since nothing is known of its lines. */
const BATCH_BYTES = { least: 2 * 1024, most: 256 * 1024 };

export interface PoolOptions extends Partial<SlotLimits> {
  /** Worker threads. Default: one a core. */
  readonly workers?: number;
  /** The module of the verifiers, in place of the shipped ones. */
  readonly verifiers?: string;
}

export interface GradeOptions extends BatchOptions {
  /** Aborted: what has been graded is given, and grading ends. */
  readonly signal?: AbortSignal;
}

/** Worker threads that grade lines. A line that hangs or explodes costs its worker and gets an
 * `error` record; its neighbours are graded by another. */
export class GradingPool {
  readonly #slots: Slot[];
  readonly #free: Slot[];
  readonly #waiting: ((slot: Slot) => void)[] = [];
  #batchBytes = BATCH_BYTES.least;

  constructor(options: PoolOptions = {}) {
    const { hardCpuMs = HARD_CPU_MS, hardWallMs = HARD_WALL_MS, heapMb = HEAP_MB } = options;
    const limits = { hardCpuMs, hardWallMs, heapMb };
    this.#slots = Array.from(
      { length: options.workers ?? availableParallelism() },
      () => new Slot(limits, options.verifiers),
    );
    this.#free = [...this.#slots];
  }

  /** Starts all workers, so that the first batches do not wait for them. */
  async start(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.start()));
  }

  /** Grades batches, in order, holding only a few at a time. Ends early where a batch ends short:
   * the last result then says where, and why. One call at a time. */
  async *grade(batches: AsyncIterable<Batch>, options: GradeOptions): AsyncGenerator<Graded> {
    const pending: Promise<Graded>[] = [];
    const most = this.#slots.length * PENDING_PER_WORKER;
    const stop = () => this.#stop(true);
    options.signal?.addEventListener("abort", stop);
    if (options.signal?.aborted) stop();
    const pieces = this.#pieces(batches);
    let next: Promise<IteratorResult<Batch>> | undefined = pieces.next();
    try {
      while (next !== undefined || pending.length > 0) {
        // Whichever comes first: a slow source must not hold back what is graded already.
        const event: Graded | IteratorResult<Batch> = await Promise.race([
          ...pending.slice(0, 1),
          ...(next !== undefined && pending.length < most ? [next] : []),
        ]);
        if ("tally" in event) {
          pending.shift();
          yield event;
          if (event.short) return;
        } else if (event.done) next = undefined;
        else {
          const graded = this.#gradeSoon(event.value, options);
          // It is looked at in its turn; until then a failure is not unhandled.
          graded.catch(() => {});
          pending.push(graded);
          next = pieces.next();
        }
      }
    } finally {
      options.signal?.removeEventListener("abort", stop);
      // What was begun and is wanted no more ends soon; its results are dropped.
      if (pending.length > 0) this.#stop(true);
      next?.catch(() => {});
      void pieces.return(undefined);
      await Promise.allSettled(pending);
      this.#stop(false);
    }
  }

  /** The records of one line as `error`, with its ids where they can be read; nothing is verified. */
  async blame(line: Batch, origin: Origin, error: ErrorInfo): Promise<Graded> {
    return await this.#withSlot((slot) => blameLine(slot, line, origin, error));
  }

  /** Ends all workers at once. */
  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  #stop(on: boolean): void {
    for (const slot of this.#slots) slot.stopping = on;
  }

  /** Batches cut to what takes about `BATCH_MS`. */
  async *#pieces(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
    for await (const batch of batches) {
      let rest: Batch | undefined = batch;
      while (rest !== undefined) {
        let piece: Batch;
        [piece, rest] = cutBatch(rest, this.#batchBytes);
        yield piece;
      }
    }
  }

  async #gradeSoon(batch: Batch, options: GradeOptions): Promise<Graded> {
    return await this.#withSlot(async (slot) => {
      const started = performance.now();
      const graded = await gradeBatch(slot, batch, options);
      if (!graded.short) this.#adapt(batch.bytes.length, performance.now() - started);
      return graded;
    });
  }

  async #withSlot<T>(use: (slot: Slot) => Promise<T>): Promise<T> {
    const slot = this.#free.pop() ?? (await new Promise<Slot>((r) => this.#waiting.push(r)));
    try {
      return await use(slot);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(slot);
      else this.#free.push(slot);
    }
  }

  #adapt(bytes: number, ms: number): void {
    const wanted = (bytes / Math.max(ms, 0.1)) * BATCH_MS;
    // At most doubled at once: one quick batch says little of the next.
    this.#batchBytes = Math.min(
      BATCH_BYTES.most,
      Math.max(BATCH_BYTES.least, Math.min(wanted, this.#batchBytes * 2)),
    );
  }
}
