import type { MemoryBucket } from "../memory.ts";
import type { Outgoing, Queue, World } from "../ports.ts";
import type { Choices } from "./choices.ts";
import { modelGrader } from "./grader.ts";
import type { Protocol } from "./protocol.ts";
import { type Call, type Waiting, waitingWorld } from "./waiting-world.ts";

/** So many steps and a run has not ended: then something goes round in circles. */
const MAX_STEPS = 3_000;
const KEY = "drops/j/s.jsonl";

/** What is graded, and what may go wrong how often. */
export interface Scenario {
  readonly source: string;
  /** Invocations at once. */
  readonly workers: number;
  /** How often the drop is announced: each is a planner of its own. */
  readonly drops?: number;
  readonly faults: Partial<Record<Fault, number>>;
  /** Ports are down for so many steps from the start. */
  readonly downFor?: number;
  /** What a dead invocation held is visible at once, as on the embedded stack. */
  readonly landing?: boolean;
}

/** `crash`: an invocation dies between two steps. `lose`: a call is done, its answer is lost, and
 * the SDK repeats it. `fail`: a call is refused for now. `duplicate`: a message is delivered, and
 * stays. `timeout`: an invocation is told that its time is up. `hurry`: the clock runs on, so that
 * messages in flight come again and whoever had them is dead. `rest`: it runs on while nobody is at
 * work. `overwrite`: the source is replaced.
 * `outage`: ports are down for a while. */
export type Fault =
  | "crash"
  | "lose"
  | "fail"
  | "duplicate"
  | "timeout"
  | "hurry"
  | "rest"
  | "overwrite"
  | "outage";

interface Message extends Outgoing {
  readonly id: number;
  receives: number;
  visibleAt: number;
}

interface Invocation extends Waiting {
  readonly name: string;
  readonly message: Message;
  readonly outOfTime: AbortController;
}

/** How a run ended: everything that was stored and said. */
export interface Outcome {
  readonly rewards: MemoryBucket;
  readonly announcements: readonly Record<string, unknown>[];
  readonly steps: number;
  readonly kills: number;
  readonly used: Readonly<Partial<Record<Fault, number>>>;
  readonly overwritten: boolean;
  /** What was done, step by step. */
  readonly log: readonly string[];
}

/** Runs one scenario to its end, taking every decision from `choices`. Throws where it never ends. */
export async function runModel(
  protocol: Protocol,
  scenario: Scenario,
  choices: Choices,
): Promise<Outcome> {
  return await new Run(protocol, scenario, choices).run();
}

class Run {
  readonly #protocol: Protocol;
  readonly #scenario: Scenario;
  readonly #choices: Choices;
  readonly #left: Partial<Record<Fault, number>>;
  readonly #used: Partial<Record<Fault, number>> = {};
  readonly #log: string[] = [];
  readonly #trajectories: MemoryBucket;
  readonly #rewards: MemoryBucket;
  readonly #queues = {
    submissions: [] as Message[],
    shards: [] as Message[],
    results: [] as Message[],
  };
  readonly #dead = { submissions: [] as Message[], shards: [] as Message[] };
  #invocations: Invocation[] = [];
  #now = 1_000_000;
  #ids = 0;
  #kills = 0;
  #outage = false;
  #overwritten = false;

  constructor(protocol: Protocol, scenario: Scenario, choices: Choices) {
    this.#protocol = protocol;
    this.#scenario = scenario;
    this.#choices = choices;
    this.#left = { ...scenario.faults };
    this.#outage = scenario.downFor !== undefined;
    this.#trajectories = new protocol.MemoryBucket("trajectories", {
      now: () => this.#now,
      chunkBytes: 5,
    });
    this.#rewards = new protocol.MemoryBucket("rewards", { now: () => this.#now });
  }

  async run(): Promise<Outcome> {
    this.#trajectories.put(KEY, this.#scenario.source);
    for (let i = 0; i < (this.#scenario.drops ?? 1); i++) this.#announceDrop();
    let steps = 0;
    for (; ; steps++) {
      if (steps > MAX_STEPS)
        throw new Error(`no end after ${MAX_STEPS} steps:\n${this.#log.slice(0, 80).join("\n")}`);
      if (steps === this.#scenario.downFor) this.#outage = false;
      const actions = this.#actions();
      if (actions.length === 0) break;
      const { act, label } = actions[
        this.#choices.pick(actions.length)
      ] as (typeof actions)[number];
      this.#log.push(label);
      await act();
      // Whatever was set going runs on to its next call: nothing else in it waits.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return {
      rewards: this.#rewards,
      announcements: this.#queues.results.map(({ body }) => JSON.parse(body)),
      steps,
      kills: this.#kills,
      used: this.#used,
      overwritten: this.#overwritten,
      log: this.#log,
    };
  }

  #announceDrop(): void {
    const etag = this.#trajectories.objects.get(KEY)?.etag;
    const s3 = { bucket: { name: "trajectories" }, object: { key: KEY, eTag: etag } };
    const body = JSON.stringify({ Records: [{ eventName: "ObjectCreated:Put", s3 }] });
    this.#send(this.#queues.submissions, { body });
  }

  /** All that can happen next, the plain course first. */
  #actions(): { label: string; act: () => unknown }[] {
    const plain: { label: string; act: () => unknown }[] = [];
    const faults: { label: string; act: () => unknown }[] = [];
    for (const one of this.#invocations) {
      for (const call of one.calls) {
        plain.push({ label: `${one.name} ${call.label}`, act: () => this.#perform(one, call) });
        this.#offer(faults, "lose", `${one.name} ${call.label}, answer lost`, async () => {
          // What the lost answer said nobody knows, an error no more than a success.
          await call.perform().catch(() => {});
          await this.#perform(one, call);
        });
        this.#offer(faults, "fail", `${one.name} ${call.label} refused`, () => {
          one.calls = one.calls.filter((other) => other !== call);
          call.reject(new Error("SlowDown"));
        });
      }
      if (one.calls.length === 0) continue;
      this.#offer(faults, "crash", `${one.name} dies`, () => this.#kill(one));
      if (!one.outOfTime.signal.aborted)
        this.#offer(faults, "timeout", `${one.name} is out of time`, () => one.outOfTime.abort());
    }
    for (const name of ["submissions", "shards"] as const) {
      for (const message of this.#queues[name].filter(({ visibleAt }) => visibleAt <= this.#now)) {
        if (this.#invocations.length >= this.#scenario.workers) continue;
        const label = `receive ${name} ${message.id}`;
        plain.push({ label, act: () => this.#receive(name, message, false) });
        this.#offer(faults, "duplicate", `${label} twice`, () =>
          this.#receive(name, message, true),
        );
      }
      for (const message of this.#dead[name])
        plain.push({ label: `park ${name} ${message.id}`, act: () => this.#park(name, message) });
    }
    if (this.#outage && this.#scenario.downFor === undefined)
      plain.push({ label: "outage ends", act: () => this.#setOutage(false) });
    else if (!this.#outage)
      this.#offer(faults, "outage", "outage begins", () => this.#setOutage(true));
    if (this.#invocations.length > 0)
      this.#offer(faults, "hurry", "the clock runs on", () => this.#runOn());
    else if (this.#waitingMessages() > 0)
      this.#offer(faults, "rest", "a while passes", () => this.#runOn());
    if (!this.#overwritten)
      this.#offer(faults, "overwrite", "the source is overwritten", () => {
        this.#overwritten = true;
        this.#trajectories.put(KEY, "ok9\n");
      });
    // With nothing to do but wait, time passes.
    if (plain.length === 0 && this.#waitingMessages() > 0)
      plain.push({ label: "wait", act: () => this.#runOn() });
    if (plain.length === 0 && this.#invocations.length === 0) return [];
    return [...plain, ...faults];
  }

  #offer(
    faults: { label: string; act: () => unknown }[],
    fault: Fault,
    label: string,
    act: () => unknown,
  ): void {
    const left = this.#left[fault] ?? 0;
    if (left === 0) return;
    faults.push({
      label,
      act: () => {
        this.#left[fault] = left - 1;
        this.#used[fault] = (this.#used[fault] ?? 0) + 1;
        return act();
      },
    });
  }

  #waitingMessages(): number {
    return this.#queues.submissions.length + this.#queues.shards.length;
  }

  #setOutage(on: boolean): void {
    this.#outage = on;
  }

  async #perform(invocation: Invocation, call: Call): Promise<void> {
    invocation.calls = invocation.calls.filter((other) => other !== call);
    try {
      call.resolve(await call.perform());
    } catch (error) {
      call.reject(error as Error);
    }
  }

  #kill(invocation: Invocation): void {
    invocation.alive = false;
    invocation.calls = [];
    this.#invocations = this.#invocations.filter((one) => one !== invocation);
    this.#kills++;
    if (this.#scenario.landing) invocation.message.visibleAt = this.#now;
  }

  /** Past every visibility time-out, which is past every invocation's hard limit. */
  #runOn(): void {
    for (const one of this.#invocations) this.#kill(one);
    this.#now += this.#protocol.policy.VISIBILITY_S * 1_000;
  }

  #receive(name: "submissions" | "shards", message: Message, stays: boolean): void {
    message.receives++;
    if (message.receives > this.#protocol.policy.MAX_RECEIVES) {
      this.#delete(this.#queues[name], message);
      this.#dead[name].push(message);
      return;
    }
    if (!stays) message.visibleAt = this.#now + this.#protocol.policy.VISIBILITY_S * 1_000;
    this.#invoke(name, message, message.receives);
  }

  #invoke(name: "submissions" | "shards", message: Message, receives: number): void {
    const invocation: Invocation = {
      name: `${name}-${message.id}.${receives}`,
      message,
      outOfTime: new AbortController(),
      calls: [],
      alive: true,
    };
    this.#invocations.push(invocation);
    const world = waitingWorld(invocation, {
      trajectories: this.#trajectories,
      rewards: this.#rewards,
      send: (queue, sent) => this.#send(this.#queues[queue], sent),
      newId: () => `id${++this.#ids}`,
    });
    // Planners of two deployments of different shard sizes, as during an update.
    const options = { shardBytes: message.id % 2 === 1 ? 8 : 16 };
    const work =
      name === "submissions"
        ? this.#protocol
            .planSubmission(world, { id: `m${message.id}`, body: message.body }, options)
            .then(() => "ack" as const)
        : this.#grade(world, invocation, message, receives);
    void work.then(
      (disposition) => this.#ended(invocation, name, message, disposition),
      () => this.#ended(invocation, name, message, "again"),
    );
  }

  async #grade(world: World, invocation: Invocation, message: Message, receives: number) {
    const outage = () => this.#outage;
    const grader = modelGrader({
      die: () => {
        this.#kill(invocation);
        return new Promise<never>(() => {});
      },
      get outage() {
        return outage();
      },
    });
    const delivery = {
      messageId: `m${message.id}`,
      receives,
      queuedMs: 0,
      outOfTime: invocation.outOfTime.signal,
    };
    const shard = JSON.parse(message.body);
    return (await this.#protocol.gradeShard(world, grader, shard, delivery)).disposition;
  }

  #ended(
    invocation: Invocation,
    name: "submissions" | "shards",
    message: Message,
    disposition: "ack" | "again" | "leave",
  ): void {
    if (!invocation.alive) return;
    this.#invocations = this.#invocations.filter((one) => one !== invocation);
    this.#log.push(`${invocation.name} ${disposition}`);
    if (disposition === "ack") this.#delete(this.#queues[name], message);
    if (disposition === "again") message.visibleAt = this.#now;
  }

  async #park(name: "submissions" | "shards", message: Message): Promise<void> {
    this.#delete(this.#dead[name], message);
    const direct = (queue: Message[]): Queue => ({
      send: async (messages) => {
        for (const one of messages) this.#send(queue, one);
      },
    });
    const world = {
      submissions: direct(this.#queues.submissions),
      shards: direct(this.#queues.shards),
    };
    const rounds = message.numbers?.["rounds"] ?? 0;
    await this.#protocol.parkMessage(world as unknown as World, { body: message.body, rounds });
  }

  #send(queue: Message[], message: Outgoing): void {
    const visibleAt = this.#now + (message.delayS ?? 0) * 1_000;
    queue.push({ ...message, id: ++this.#ids, receives: 0, visibleAt });
  }

  #delete(queue: Message[], message: Message): void {
    const at = queue.indexOf(message);
    if (at >= 0) queue.splice(at, 1);
  }
}
