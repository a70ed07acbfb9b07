import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Clock } from "../clock.ts";
import { readLines } from "./lines.ts";
import type { Failure, Invocation, Reply, Setup } from "./protocol.ts";

/** Loading a handler takes a fraction of a second; on a busy machine perhaps several. */
const MAX_INIT_MS = 60_000;

/** V8's space for what is young, in MiB, here and in the threads of a function: with its default a few
 * functions side by side take a third more memory, and none is quicker for it. */
const YOUNG_MB = 2;

/** How an invocation ended. */
export type Outcome =
  | { readonly kind: "success"; readonly result: string | undefined }
  /** The handler threw. */
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "timeout"; readonly message: string }
  /** The process ended under it. */
  | { readonly kind: "crash"; readonly message: string }
  /** There was no invocation: the handler could not be loaded. */
  | { readonly kind: "broken"; readonly message: string };

export interface ProcessOptions {
  readonly setup: Setup;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly onLine: (line: string) => void;
  readonly onExit: () => void;
}

const RUNTIME = fileURLToPath(new URL("./runtime.ts", import.meta.url));

/** One process of a function. It handles one invocation at a time and may be used again. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #loaded: Promise<Outcome | undefined>;
  #isAlive = true;
  /** Takes the next reply, or nothing when the process ends. */
  #onReply: (reply: Reply | undefined) => void = () => {};

  constructor({ setup, env, clock, onLine, onExit }: ProcessOptions) {
    this.#clock = clock;
    this.#child = fork(RUNTIME, [JSON.stringify(setup)], {
      env,
      // A group of its own, so that it can be ended together with what it started.
      detached: true,
      execArgv: [`--max-old-space-size=${setup.memoryMb}`, `--max-semi-space-size=${YOUNG_MB}`],
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    if (this.#child.stdout !== null) readLines(this.#child.stdout, onLine);
    if (this.#child.stderr !== null) readLines(this.#child.stderr, onLine);
    const end = () => {
      if (!this.#isAlive) return;
      this.#isAlive = false;
      this.#onReply(undefined);
      onExit();
    };
    this.#child.once("exit", end);
    this.#child.once("error", end);
    this.#child.on("message", (reply: Reply) => this.#onReply(reply));
    this.#loaded = this.#load();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  async invoke(requestId: string, event: string, timeoutMs: number): Promise<Outcome> {
    const failure = await this.#loaded;
    if (failure !== undefined) return failure;
    const invocation: Invocation = { type: "invoke", requestId, event, remainingMs: timeoutMs };
    const reply = await this.#ask(timeoutMs, () => {
      // An error means that the process is about to be reported as ended.
      this.#child.send(invocation, () => {});
    });
    if (reply === "late") {
      const seconds = (timeoutMs / 1000).toFixed(2);
      return { kind: "timeout", message: `Task timed out after ${seconds} seconds` };
    }
    switch (reply?.type) {
      case "result":
        return { kind: "success", result: reply.result };
      case "failure":
        return { kind: "error", message: write(reply.failure) };
      default:
        return { kind: "crash", message: `Runtime exited: ${this.#howItEnded()}` };
    }
  }

  /** Ends it, and all that it started, whatever they are doing. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || !this.#isAlive) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // Gone already, or so young that it has no group of its own yet.
      this.#child.kill("SIGKILL");
    }
  }

  async #load(): Promise<Outcome | undefined> {
    const reply = await this.#ask(MAX_INIT_MS, () => {});
    if (reply === "late") return { kind: "broken", message: "The handler took too long to load" };
    if (reply?.type === "ready") return undefined;
    if (reply?.type === "broken") return { kind: "broken", message: write(reply.failure) };
    return {
      // One that was killed says nothing against the handler: the next may load it.
      kind: this.#child.signalCode === null ? "broken" : "crash",
      message: `The process ended before the handler was loaded: ${this.#howItEnded()}`,
    };
  }

  /** The next reply; nothing if the process ends; "late", and the process killed, if none comes. */
  #ask(timeoutMs: number, send: () => void): Promise<Reply | "late" | undefined> {
    return new Promise((resolve) => {
      if (!this.#isAlive) {
        resolve(undefined);
        return;
      }
      const timer = this.#clock.setTimer(() => {
        this.#onReply = () => {};
        this.kill();
        resolve("late");
      }, timeoutMs);
      this.#onReply = (reply) => {
        this.#clock.clearTimer(timer);
        this.#onReply = () => {};
        resolve(reply);
      };
      send();
    });
  }

  #howItEnded(): string {
    const { signalCode, exitCode } = this.#child;
    return signalCode === null ? `exit status ${exitCode}` : `signal ${signalCode}`;
  }
}

function write({ errorType, errorMessage, stack }: Failure): string {
  return stack.length > 0 ? stack.join("\n") : `${errorType}: ${errorMessage}`;
}
