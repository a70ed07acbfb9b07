import { randomBytes, randomUUID } from "node:crypto";
import type { Clock, Timer } from "../clock.ts";
import { functionArn } from "../identity.ts";
import { buildEnvironment, type HandlerReference } from "./environment.ts";
import { FunctionProcess, type Outcome } from "./process.ts";

/** Lambda's bound on what a function may answer. */
const MAX_RESULT_BYTES = 6 * 1024 ** 2;

export interface PoolOptions {
  readonly functionName: string;
  readonly handler: HandlerReference;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** A process that has had nothing to do for so long is ended; undefined: never. */
  readonly idleMs: number | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly stackEnv: Readonly<Record<string, string>>;
  /** Where processes find what earlier ones have compiled. */
  readonly cacheDir: string;
  readonly clock: Clock;
  readonly onLine: (line: string) => void;
}

/** The processes of one function: started when needed, kept for the next invocation. */
export class FunctionPool {
  readonly #options: PoolOptions;
  readonly #processes = new Set<FunctionProcess>();
  readonly #idle: FunctionProcess[] = [];
  /** When those that rest are to be ended. */
  readonly #resting = new Map<FunctionProcess, Timer>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#processes.size;
  }

  get pids(): number[] {
    return [...this.#processes].flatMap(({ pid }) => pid ?? []);
  }

  /** Starts processes before there is work for them. */
  warm(count: number): void {
    for (let index = 0; index < count; index++) this.#idle.push(this.#start());
  }

  async invoke(event: string): Promise<Outcome> {
    const { timeoutMs, onLine } = this.#options;
    const requestId = randomUUID();
    const worker = this.#takeIdle() ?? this.#start();
    const outcome = bound(await worker.invoke(requestId, event, timeoutMs));
    if (worker.isAlive) {
      if (outcome.kind === "timeout" || outcome.kind === "broken") worker.kill();
      else this.#rest(worker);
    }
    if (outcome.kind !== "success") onLine(`${requestId} ${outcome.message}`);
    return outcome;
  }

  killAll(): void {
    for (const worker of this.#processes) worker.kill();
  }

  #takeIdle(): FunctionProcess | undefined {
    for (let worker = this.#idle.pop(); worker !== undefined; worker = this.#idle.pop()) {
      const timer = this.#resting.get(worker);
      if (timer !== undefined) this.#options.clock.clearTimer(timer);
      this.#resting.delete(worker);
      if (worker.isAlive) return worker;
    }
    return undefined;
  }

  #rest(worker: FunctionProcess): void {
    const { clock, idleMs } = this.#options;
    this.#idle.push(worker);
    if (idleMs !== undefined)
      this.#resting.set(
        worker,
        clock.setTimer(() => worker.kill(), idleMs),
      );
  }

  #start(): FunctionProcess {
    const { functionName, handler, memoryMb, env, stackEnv, cacheDir, clock, onLine } =
      this.#options;
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
    const logStream = `${day}/[$LATEST]${randomBytes(16).toString("hex")}`;
    const worker = new FunctionProcess({
      setup: {
        ...handler,
        functionName,
        functionArn: functionArn(functionName),
        memoryMb,
        logStream,
      },
      env: {
        ...buildEnvironment({ handler, functionName, memoryMb, logStream, stackEnv, env }),
        // Halves the time to start: types are stripped and modules compiled once, not each time.
        NODE_COMPILE_CACHE: cacheDir,
        // glibc keeps what each thread has freed to itself; threads are many here, and bodies large.
        MALLOC_ARENA_MAX: "2",
      },
      clock,
      onLine,
      onExit: () => {
        this.#processes.delete(worker);
        const timer = this.#resting.get(worker);
        if (timer !== undefined) clock.clearTimer(timer);
        this.#resting.delete(worker);
      },
    });
    this.#processes.add(worker);
    return worker;
  }
}

function bound(outcome: Outcome): Outcome {
  if (outcome.kind !== "success" || outcome.result === undefined) return outcome;
  return Buffer.byteLength(outcome.result) <= MAX_RESULT_BYTES
    ? outcome
    : { kind: "error", message: "Function.ResponseSizeTooLarge: the result exceeds 6 MB" };
}
