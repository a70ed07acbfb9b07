import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type FaultPlan, ManualClock } from "@assay/stack";
import { ENVIRONMENT } from "@assay/storage/environment";
import { SMALLEST_SHARD_BYTES } from "@assay/storage/policy";
import { type Local, startLocal } from "../../packages/cli/local.ts";
import { PORT_URL, VERIFIERS } from "../../packages/grading/testing/verifiers.ts";

/** How far time jumps while nothing is at work, in milliseconds: then all wait for it. */
const JUMP_MS = 1_000;
/** How often the simulation looks whether anything is at work, in real milliseconds. */
const LOOK_MS = 5;

export interface SimulationOptions {
  readonly dir: string;
  readonly faults?: FaultPlan;
  readonly landAtOnce?: boolean;
  /** Called at each look while functions are at work. */
  readonly atWork?: (local: Local) => void;
}

/** The whole local deployment on virtual time: its own processes, HTTP and the SDK. While functions
 * are at work time flows as it does, so that they compute in peace; while all only wait it jumps. */
export class Simulation {
  readonly clock: ManualClock;
  readonly local: Local;
  readonly port: TestPort;
  /** Whether faults befall calls. */
  spoiled = true;
  /** By its own clock, in milliseconds. */
  readonly startedAt: number;
  readonly #atWork: (local: Local) => void;
  #over = false;
  readonly #driver: Promise<void>;

  static async start(options: SimulationOptions): Promise<Simulation> {
    const port = await TestPort.start();
    const clock = new ManualClock();
    let simulation: Simulation | undefined;
    const faults: FaultPlan = (call) => (simulation?.spoiled ? options.faults?.(call) : undefined);
    const local = await startLocal({
      dir: options.dir,
      clock,
      faults,
      landAtOnce: options.landAtOnce ?? false,
      env: {
        ASSAY_VERIFIERS: VERIFIERS,
        [ENVIRONMENT.shardBytes]: String(SMALLEST_SHARD_BYTES),
        [PORT_URL]: port.url,
      },
    });
    // So that whatever is overwritten shows.
    local.stack.createBucket("rewards", { versioning: true });
    simulation = new Simulation(clock, local, port, options.atWork ?? (() => {}));
    return simulation;
  }

  private constructor(
    clock: ManualClock,
    local: Local,
    port: TestPort,
    atWork: (local: Local) => void,
  ) {
    this.clock = clock;
    this.startedAt = clock.now();
    this.local = local;
    this.port = port;
    this.#atWork = atWork;
    this.#driver = this.#drive();
  }

  /** Virtual seconds since the start. */
  get seconds(): number {
    return (this.clock.now() - this.startedAt) / 1_000;
  }

  /** Resolves once `holds` does; it is asked again and again. */
  async until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await sleep(50);
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#driver;
    await this.local.stop();
    await this.port.close();
  }

  async #drive(): Promise<void> {
    let before = Date.now();
    while (!this.#over) {
      const now = Date.now();
      const functions = [...this.local.functions.values()];
      const busy = functions.some(({ stats }) => stats.running > 0);
      // Until the first has answered, processes are starting, and must not be late for it.
      const begun = functions.some(({ stats }) => stats.invocations > stats.running);
      if (busy) this.#atWork(this.local);
      await this.clock.advance(busy || !begun ? now - before : JUMP_MS);
      before = now;
      await sleep(busy || !begun ? LOOK_MS : 0);
    }
  }
}

/** What the verifier `misbehave` needs for `port`: a server that can be down. */
export class TestPort {
  readonly url: string;
  #server: Server;

  static async start(): Promise<TestPort> {
    const server = await listen(0);
    return new TestPort(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  async down(): Promise<void> {
    await this.close();
  }

  async up(): Promise<void> {
    this.#server = await listen(Number(new URL(this.url).port));
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer((_, response) => response.end("up"));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return server;
}
