import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@assay/stack";
import { keys, policy } from "@assay/storage";
import { lineThat } from "../../packages/grading/testing/verifiers.ts";
import { Simulation } from "../../test/support/simulation.ts";
import { depth, type Expected, examineJob } from "../../test/support/whole.ts";

/** At least so many lines are graded, and more until the last kill. */
const LINES = 50_000;
const KILLS = 100;
/** A source has so many lines, which come to three of the smallest shards. */
const SOURCE_LINES = 1_000;
const LINE_BYTES = 2_300;
/** One line of so many waits this long, in milliseconds: a process then lives long enough at its
 * work to be killed in the midst of it. */
const SLOW_EVERY = 10;
const SLOW_MS = 20;
/** So many sources are under way at once: kills then find planners at work as well. */
const SOURCES_AT_ONCE = 3;
/** Of all kills so many wait for a planner at work, which one that comes at any time never meets. */
const PLANNERS = 0.05;
/** About as long as planning takes, in milliseconds. */
const PLANNING_MS = 40;
/** Between two kills at most, in milliseconds: about what a process needs to start and to get
 * through a shard, so that some do and some do not. */
const LONGEST_WAIT_MS = 1_500;
const JOB = "j";
const QUEUES = ["submissions", "shards", "submissions-dead", "shards-dead"];

/** What a murder leaves to be told. */
export interface KeptPromises {
  readonly report: readonly string[];
  /** What is not as was promised. */
  readonly wrong: readonly string[];
}

/** Kills single processes of functions at random moments. On virtual time, so that a message whose
 * process died while it started, and which waits for minutes, keeps only messages waiting. */
export async function murderFunctions(seed: number): Promise<KeptPromises> {
  const random = createRandom(seed);
  const dir = mkdtempSync(join(tmpdir(), "assay-murder-"));
  const simulation = await Simulation.start({ dir, landAtOnce: true });
  const sources = new Map<string, readonly Expected[]>();
  const killed = new Map<string, number>();
  let kills = 0;
  try {
    const killing = (async () => {
      while (kills < KILLS) {
        const wantsPlanner = random() < PLANNERS;
        if (wantsPlanner) await plannerAtWork(simulation);
        await sleep(random() * (wantsPlanner ? PLANNING_MS : LONGEST_WAIT_MS));
        const name = killOne(simulation, random, wantsPlanner ? "plan" : undefined);
        if (name === undefined) continue;
        killed.set(name, (killed.get(name) ?? 0) + 1);
        kills++;
      }
    })();
    while (kills < KILLS || sources.size * SOURCE_LINES < LINES) {
      if (sources.size - (await manifests(simulation)) < SOURCES_AT_ONCE)
        await drop(simulation, sources);
      await sleep(100);
    }
    await killing;
    await simulation.until(
      async () =>
        (await manifests(simulation)) === sources.size &&
        (await depth(simulation.local.env, QUEUES)) === 0,
    );
    const { found, wrong } = await examineJob(simulation.local, JOB, sources);
    const records = [...found.records.values()].flat();
    const errors = records.filter(({ outcome }) => outcome === "error").length;
    const told = [...simulation.local.functions].map(
      ([name, { stats }]) =>
        `${killed.get(name) ?? 0} of ${name}, which cut short ${stats.crashed} of ${stats.invocations} invocations`,
    );
    return {
      report: [
        `${kills} kills of one process, at work, starting or at rest:`,
        ...told.map((one) => `  ${one}`),
        `${sources.size} sources of ${SOURCE_LINES} lines, ${records.length} records of which ${errors} error (crashed), ${found.announcements.length} announcements`,
        `all there after ${Math.round(simulation.seconds)} virtual seconds`,
      ],
      wrong,
    };
  } finally {
    await simulation.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function plannerAtWork({ local }: Simulation): Promise<void> {
  while (local.functions.get("plan")?.stats.running === 0) await sleep(1);
}

/** Kills one process of those that live, if anything is at work. Gives the name of its function. */
function killOne({ local }: Simulation, random: () => number, only?: string): string | undefined {
  const functions = [...local.functions];
  if (!functions.some(([, { stats }]) => stats.running > 0)) return undefined;
  const living = functions
    .filter(([name]) => only === undefined || name === only)
    .flatMap(([name, { pids }]) => pids.map((pid) => ({ name, pid })));
  const victim = living[Math.floor(random() * living.length)];
  if (victim === undefined) return undefined;
  try {
    process.kill(-victim.pid, "SIGKILL");
    return victim.name;
  } catch {
    // Too young to lead a group.
    return undefined;
  }
}

async function manifests({ local }: Simulation): Promise<number> {
  return (await local.world.rewards.list(keys.manifestsPrefix(JOB))).objects.length;
}

async function drop(
  { local }: Simulation,
  sources: Map<string, readonly Expected[]>,
): Promise<void> {
  const first = sources.size * SOURCE_LINES;
  const lines = Array.from({ length: SOURCE_LINES }, (_, i) => lineOf(first + i));
  const key = `${policy.DROPS}${JOB}/${String(sources.size).padStart(4, "0")}.jsonl`;
  sources.set(key, lines);
  await local.world.trajectories.create(
    key,
    Buffer.from(lines.map(({ text }) => `${text}\n`).join("")),
  );
}

function lineOf(i: number): Expected {
  const slow = i % SLOW_EVERY === 0;
  // No line earns 0: a 0 in the records is somebody else's fault.
  const reward = slow ? 1 : ((i % 7) + 1) / 8;
  const more = { id: `t${i}`, response: "and so on ".repeat(LINE_BYTES / 10 - 10) };
  return {
    id: `t${i}`,
    text: slow ? lineThat("async", more, SLOW_MS) : lineThat("accept", more, reward),
    // Killed twice while it went alone, a line cannot be told from one that kills.
    allows: (record) => record.reward === reward || record.error?.class === "crashed",
  };
}
