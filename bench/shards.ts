import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyTally } from "@assay/grading";
import type { Part, Source } from "@assay/schema";
import { type Stack, startStack } from "@assay/stack";
import { type AwsWorld, keys, planSubmission, policy } from "@assay/storage";
import { ENVIRONMENT } from "@assay/storage/environment";
import { worldOf } from "../packages/cli/deployment.ts";
import { finishShard, type Job } from "../packages/storage/finish.ts";
import type { Shard } from "../packages/storage/parts.ts";
import { out, table } from "./print.ts";

/**
 * What planning and completing a source cost against its number of shards: the code of the handlers
 * with the SDK on the embedded stack, both in this process, and nothing graded. Each shard that ends
 * lists all that have, which is a quadratic term: this shows whether anyone would feel it.
 */

const SHARDS = [1, 10, 100, 1_000];
const ROUNDS = Number(process.argv[2] ?? 3);
/** Code is compiled and connections are open before anything is measured. */
const WARM_UP_SHARDS = 100;
/** About what a million records of one verifier come to, in a manifest's digits. */
const LINES_A_PART = 1_000;

/** In the calls that are never two at a time, in milliseconds. */
interface Spent {
  listMs: number;
  /** The processor's, of client and stack together: a busy machine changes it less. */
  listCpuMs: number;
  putMs: number;
  sendMs: number;
}
const NOTHING: Spent = { listMs: 0, listCpuMs: 0, putMs: 0, sendMs: 0 };

interface Shown {
  readonly ms: number;
  readonly calls: number;
  readonly spent: Spent;
}

interface Measured {
  readonly plan: Shown;
  readonly shards: readonly Shown[];
}

/** Measures one piece of work after another. */
class Meter {
  readonly world: AwsWorld;
  readonly #calls: () => number;
  readonly #spent: Spent = { ...NOTHING };

  constructor(world: AwsWorld, calls: () => number) {
    this.world = timedWorld(world, this.#spent);
    this.#calls = calls;
  }

  async measure(work: () => Promise<void>): Promise<Shown> {
    Object.assign(this.#spent, NOTHING);
    const before = this.#calls();
    const started = performance.now();
    await work();
    const ms = performance.now() - started;
    return { ms, calls: this.#calls() - before, spent: { ...this.#spent } };
  }
}

async function measure({ meter, source, job }: { meter: Meter; source: Source; job: string }) {
  const { world } = meter;
  const body = JSON.stringify({ job, source: { key: source.key } });
  const options = { shardBytes: policy.SMALLEST_SHARD_BYTES };
  const plan = await meter.measure(() => planSubmission(world, { id: job, body }, options));
  const of: Job = { job, sid: keys.sidOf(source), source };
  const count = source.size / policy.SMALLEST_SHARD_BYTES;
  const shards: Shown[] = [];
  for (let i = 0; i < count; i++) {
    const start = i * policy.SMALLEST_SHARD_BYTES;
    const shard = { start, end: start + policy.SMALLEST_SHARD_BYTES, of: count };
    const parts = [partOf(of, shard)];
    shards.push(await meter.measure(() => finishShard(world, of, shard, parts)));
  }
  if ((await world.rewards.head(keys.manifestKey(job, of.sid))) === undefined)
    throw new Error(`${count} shards, and no manifest`);
  return { plan, shards };
}

function timedWorld(world: AwsWorld, spent: Spent): AwsWorld {
  const spend = (what: "listMs" | "putMs" | "sendMs") => (ms: number, cpuMs: number) => {
    spent[what] += ms;
    if (what === "listMs") spent.listCpuMs += cpuMs;
  };
  const inBucket = { list: spend("listMs"), create: spend("putMs") };
  const inQueue = { send: spend("sendMs") };
  return {
    ...world,
    rewards: timed(world.rewards, inBucket),
    shards: timed(world.shards, inQueue),
    results: timed(world.results, inQueue),
  };
}

/** The same port, whose calls tell how long they took where `spend` names them. */
function timed<T extends object>(
  port: T,
  spend: Readonly<Record<string, (ms: number, cpuMs: number) => void>>,
): T {
  return new Proxy(port, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const tell = spend[String(name)];
      if (tell === undefined) return value.bind(target);
      return async (...given: unknown[]) => {
        const started = performance.now();
        const cpu = process.cpuUsage();
        const answer = await value.apply(target, given);
        const { system, user } = process.cpuUsage(cpu);
        tell(performance.now() - started, (system + user) / 1_000);
        return answer;
      };
    },
  });
}

function partOf({ job, sid }: Job, { end, start }: Omit<Shard, "of">): Part {
  return {
    key: keys.partKey(job, sid, start),
    start,
    end,
    ...emptyTally(),
    lines: LINES_A_PART,
    trajectories: LINES_A_PART,
    counts: { scored: LINES_A_PART, abstained: 0, error: 0 },
    reward_sum: LINES_A_PART / 2,
    verifiers: { "math@2": LINES_A_PART },
  };
}

/** A hole of a file: nobody reads what is in it. */
async function makeSource(world: AwsWorld, dir: string, shards: number): Promise<Source> {
  const file = join(dir, "hole");
  writeFileSync(file, "");
  truncateSync(file, shards * policy.SMALLEST_SHARD_BYTES);
  const key = `${shards}.jsonl`;
  await world.trajectories.putFile(key, file);
  const info = await world.trajectories.head(key);
  if (info === undefined) throw new Error(`${key}: written, and not there`);
  return { bucket: world.trajectories.name, key, etag: info.etag, size: info.size };
}

/** Buckets and queues, and no function that would take messages from them. */
function connect(stack: Stack): AwsWorld {
  for (const bucket of ["trajectories", "rewards"]) stack.createBucket(bucket);
  for (const queue of ["submissions", "shards", "results"]) stack.createQueue(queue);
  return worldOf({
    ...stack.env,
    [ENVIRONMENT.trajectories]: "trajectories",
    [ENVIRONMENT.rewards]: "rewards",
    [ENVIRONMENT.submissions]: stack.queueUrl("submissions"),
    [ENVIRONMENT.shards]: stack.queueUrl("shards"),
    [ENVIRONMENT.results]: stack.queueUrl("results"),
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Of a row the medians of all rounds, a column a number of shards. */
type Row = readonly [name: string, unit: string, of: (one: Measured, shards: number) => number];

const first = ({ shards }: Measured) => shards[0] as Shown;
const last = ({ shards }: Measured) => shards.at(-1) as Shown;
const whole = ({ shards }: Measured, of: (one: Shown) => number) => sum(shards.map(of));

const ROWS: readonly Row[] = [
  ["planning", " ms", ({ plan }) => plan.ms],
  ["  a shard", " ms", ({ plan }, shards) => plan.ms / shards],
  ["  calls", "", ({ plan }) => plan.calls],
  ["completion of all", " ms", (one) => whole(one, ({ ms }) => ms)],
  ["  a shard", " ms", (one, shards) => whole(one, ({ ms }) => ms) / shards],
  ["  calls a shard", "", (one, shards) => whole(one, ({ calls }) => calls) / shards],
  ["  the first shard", " ms", (one) => first(one).ms],
  ["  the last, with the manifest", " ms", (one) => last(one).ms],
  ["    of it reading done/", " ms", (one) => reading(last(one))],
  ["  the LISTs of all", " ms", (one) => whole(one, ({ spent }) => spent.listMs)],
  ["    the processor's time", " ms", (one) => whole(one, ({ spent }) => spent.listCpuMs)],
  ["    a shard", " ms", (one, shards) => whole(one, ({ spent }) => spent.listCpuMs) / shards],
  ["    the first", " ms", (one) => first(one).spent.listCpuMs],
  ["    the last", " ms", (one) => last(one).spent.listCpuMs],
];

function reading({ ms, spent }: Shown): number {
  return ms - spent.listMs - spent.putMs - spent.sendMs;
}

function report(measured: ReadonlyMap<number, readonly Measured[]>): void {
  out(`medians of ${ROUNDS} rounds, shards one after another`);
  out(
    table([
      ["shards", ...measured.keys()],
      ...ROWS.map(([name, unit, of]) => [
        name,
        ...[...measured].map(([shards, rounds]) => {
          const value = median(rounds.map((one) => of(one, shards)));
          return `${value.toFixed(value < 10 ? 2 : 0)}${unit}`;
        }),
      ]),
    ]),
  );
}

const dir = mkdtempSync(join(tmpdir(), "assay-shards-"));
let calls = 0;
const stack = await startStack({
  dir: join(dir, "stack"),
  faults: () => {
    calls++;
    return undefined;
  },
});
try {
  const world = connect(stack);
  const meter = new Meter(world, () => calls);
  const warmUp = await makeSource(world, dir, WARM_UP_SHARDS);
  await measure({ meter, source: warmUp, job: "warm-up" });
  const measured = new Map<number, Measured[]>();
  for (const shards of SHARDS) {
    const source = await makeSource(world, dir, shards);
    const rounds: Measured[] = [];
    for (let round = 0; round < ROUNDS; round++)
      rounds.push(await measure({ meter, source, job: `round-${round}` }));
    measured.set(shards, rounds);
  }
  report(measured);
} finally {
  await stack.stop();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}
