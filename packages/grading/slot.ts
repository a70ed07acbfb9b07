import { Worker } from "node:worker_threads";
import { type Done, SHARED, type Work, type WorkerStart } from "./worker-protocol.ts";

/** How many workers are tried for a batch that none of them has begun. */
const ATTEMPTS = 3;
/** How often a busy worker is looked at, in milliseconds. */
const WATCH_MS = 50;
/** What a worker's heap may take beyond its budget until it is looked at, in MiB. V8's own limit
 * ends the whole process where one native call (parsing, splitting) overshoots it, so it lies this
 * far out: several times what the longest line takes that is parsed to its worst. */
const HEADROOM_MB = 768;

/** V8's space in a worker for what is young, in MiB: records live as long as their batch, and with its
 * default of 48 they take more than all else; no worker is quicker for it. */
const YOUNG_MB = 6;

export interface SlotLimits {
  /** CPU time of one line, in milliseconds. */
  readonly hardCpuMs: number;
  /** Time of one line by the clock, in milliseconds. */
  readonly hardWallMs: number;
  /** Budget of the worker's heap, in MiB. */
  readonly heapMb: number;
}

/** A worker that did not live to answer. */
export interface Death {
  readonly died: "cpu" | "wall" | "memory" | "crash";
  /** Where in its batch the line began that it was at. */
  readonly position: number;
  readonly message: string;
}

/** One worker thread at a time: started when first needed, killed where a line holds it too long,
 * and then replaced. */
export class Slot {
  readonly #limits: SlotLimits;
  readonly #verifiers: string | undefined;
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * Object.keys(SHARED).length));
  #worker: Promise<Worker> | undefined;
  /** Who waits for the worker's answer, if anybody does. */
  #answer: ((answer: Done | Death) => void) | undefined;

  constructor(limits: SlotLimits, verifiers: string | undefined) {
    this.#limits = limits;
    this.#verifiers = verifiers;
  }

  /** Whether the worker is to stop before its next line. */
  set stopping(on: boolean) {
    Atomics.store(this.#control, SHARED.stop, on ? 1 : 0);
  }

  /** Starts the worker, so that the first batch does not wait for it. */
  async start(): Promise<void> {
    await this.#ready();
  }

  /** Has the worker do `work`. Rejects only where no worker can be started. */
  async run(work: Work): Promise<Done | Death> {
    for (let attempt = 1; ; attempt++) {
      const worker = await this.#ready();
      const before = Atomics.load(this.#control, SHARED.lines);
      const answer = await this.#ask(worker, work, before);
      const begun = Atomics.load(this.#control, SHARED.lines) !== before;
      // A worker that died before it began, of what an earlier line had left behind, says nothing
      // against these lines.
      if (!("died" in answer) || begun || attempt === ATTEMPTS) return answer;
    }
  }

  async #ask(worker: Worker, work: Work, before: number): Promise<Done | Death> {
    // A copy to hand over: the batch itself is needed again if the worker dies of it.
    const bytes = work.bytes.slice();
    const answer = new Promise<Done | Death>((resolve) => {
      this.#answer = resolve;
    });
    const timer = this.#watch(worker, before);
    Atomics.store(this.#control, SHARED.position, 0);
    worker.postMessage({ ...work, bytes }, [bytes.buffer]);
    try {
      return await answer;
    } finally {
      clearInterval(timer);
      this.#answer = undefined;
    }
  }

  async close(): Promise<void> {
    const worker = await this.#worker?.catch(() => undefined);
    this.#worker = undefined;
    await worker?.terminate();
  }

  #ready(): Promise<Worker> {
    if (this.#worker === undefined) {
      this.#worker = this.#spawn();
      this.#worker.catch(() => {
        this.#worker = undefined;
      });
    }
    return this.#worker;
  }

  /** Resolves when the worker says that it is ready. From then on it answers whoever waits. */
  #spawn(): Promise<Worker> {
    const workerData: WorkerStart = {
      shared: this.#control.buffer as SharedArrayBuffer,
      verifiers: this.#verifiers,
    };
    const worker = new Worker(workerUrl(), {
      workerData,
      resourceLimits: {
        maxOldGenerationSizeMb: this.#limits.heapMb + HEADROOM_MB,
        maxYoungGenerationSizeMb: YOUNG_MB,
      },
    });
    return new Promise((resolve, reject) => {
      worker.on("message", (message: Done | "ready") => {
        if (message === "ready") resolve(worker);
        else this.#answer?.(message);
      });
      worker.on("error", (error: NodeJS.ErrnoException) => {
        reject(error);
        this.#died(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "crash", error.message);
      });
      worker.on("exit", (code) => {
        reject(new Error(`a worker exited with ${code} at its start`));
        this.#died("crash", `its worker exited with ${code}`);
      });
    });
  }

  /** The first that is heard of a death counts; the next batch finds a new worker. */
  #died(died: Death["died"], message: string): void {
    this.#worker = undefined;
    this.#answer?.({ died, message, position: Atomics.load(this.#control, SHARED.position) });
    this.#answer = undefined;
  }

  /** Kills the worker once one line has had all the time that a line may have. */
  #watch(worker: Worker, before: number): NodeJS.Timeout {
    const { hardCpuMs, hardWallMs, heapMb } = this.#limits;
    let line = before;
    let since = 0;
    let cpuAtStart: number | undefined;
    const timer = setInterval(async () => {
      const now = Atomics.load(this.#control, SHARED.lines);
      if (now !== line) {
        line = now;
        since = performance.now();
        cpuAtStart = undefined;
      }
      // The batch has not been begun: the worker may still be at its last one's end.
      if (line === before) return;
      const used = await usage(worker);
      if (used === undefined || Atomics.load(this.#control, SHARED.lines) !== line) return;
      cpuAtStart ??= used.cpuMs;
      const over =
        used.cpuMs - cpuAtStart >= hardCpuMs
          ? ({ died: "cpu", message: `took over ${hardCpuMs} ms of CPU time` } as const)
          : performance.now() - since >= hardWallMs
            ? ({ died: "wall", message: `waited over ${hardWallMs} ms` } as const)
            : used.heapMb >= heapMb
              ? ({ died: "memory", message: `took over ${heapMb} MiB of heap` } as const)
              : undefined;
      if (over === undefined || this.#answer === undefined) return;
      clearInterval(timer);
      this.#died(over.died, over.message);
      await worker.terminate();
    }, WATCH_MS);
    return timer;
  }
}

/** What a thread has used so far; undefined where it has ended. It is asked through an interrupt,
 * which a thread in an endless loop, or within a regular expression, answers too. */
async function usage(worker: Worker): Promise<{ cpuMs: number; heapMb: number } | undefined> {
  try {
    const [cpu, heap] = await Promise.all([worker.cpuUsage(), worker.getHeapStatistics()]);
    return { cpuMs: (cpu.system + cpu.user) / 1_000, heapMb: heap.used_heap_size / 2 ** 20 };
  } catch {
    return undefined;
  }
}

/** Beside this file, in the sources as in a bundle. */
function workerUrl(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "mjs";
  return new URL(`./worker.${extension}`, import.meta.url);
}
