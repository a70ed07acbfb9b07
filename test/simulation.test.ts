import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, seedFaults } from "@assay/stack";
import { keys, policy } from "@assay/storage";
import { expect, it, onTestFinished } from "vitest";
import { lineThat } from "../packages/grading/testing/verifiers.ts";
import { assay, killProcess, makeFolder } from "./support/assay.ts";
import { Simulation, type SimulationOptions } from "./support/simulation.ts";
import { depth, type Expected, examineJob } from "./support/whole.ts";

/** The seeds of the random runs; more by hand: SIMULATION_SEEDS=100 npx vitest run … */
const SEEDS = Number(process.env["SIMULATION_SEEDS"] ?? 2);
const FIRST_SEED = Number(process.env["SIMULATION_SEED"] ?? 1);
/** More of everything than users meet: several faults befall every message. */
const RATES = {
  refuse: 0.05,
  latency: 0.05,
  lostAnswer: 0.03,
  tornBody: 0.03,
  duplicate: 0.2,
  late: 0.2,
};
/** The chance, at each look, that a process dies. */
const KILL_RATE = 0.01;
/** So many die in a run: without an end to it, a busy machine would get nowhere. */
const KILLS = 12;
const PADDING = "and so on ".repeat(2_000);
const MINUTE_S = 60;
const DEAD = ["submissions-dead", "shards-dead"];

/** A line that does as told, and how it may end. `killed`: processes die of other things too. */
function line(i: number, does: string, killed = false, padding = ""): Expected {
  // No line earns 0: a 0 in the records is somebody else's fault.
  const reward = ((i % 7) + 1) / 8;
  const value = does === "accept" ? reward : undefined;
  const text = lineThat(does, { id: `t${i}`, response: padding }, value);
  const errors: Record<string, string> = {
    throw: "verifier_failed",
    exit: "verifier_crashed",
    kill: "crashed",
  };
  return {
    id: `t${i}`,
    text,
    allows: ({ error, outcome, reward: given }) => {
      if (killed && error?.class === "crashed") return true;
      if (does === "gold") return outcome === "abstained";
      if (does in errors) return error?.class === errors[does];
      if (does === "port") return given === 1 || error?.class === "port_failed";
      return given === reward;
    },
  };
}

async function start(options: Partial<SimulationOptions> = {}) {
  const folder = makeFolder();
  const simulation = await Simulation.start({ dir: join(folder, ".assay"), ...options });
  onTestFinished(() => simulation.stop());
  return { folder, simulation };
}

it.each(Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i))(
  "every line has one record whatever fails and dies on the way, seed %i",
  async (seed) => {
    const random = createRandom(seed);
    let kills = 0;
    const { simulation } = await start({
      faults: seedFaults(seed, RATES),
      atWork: ({ functions }) => {
        if (kills === KILLS || random() > KILL_RATE) return;
        const pids = [...functions.values()].flatMap((one) => one.pids);
        const pid = pids[Math.floor(random() * pids.length)];
        if (pid === undefined) return;
        if (killProcess(pid)) kills++;
      },
    });
    const does = ["accept", "accept", "throw", "accept", "gold", "exit", "accept", "port"];
    const sources = new Map([
      [`${policy.DROPS}j/one.jsonl`, [line(0, "accept", true)]],
      [
        `${policy.DROPS}j/mixed.jsonl`,
        Array.from({ length: 40 }, (_, i) => line(i, does[i % does.length] as string, true)),
      ],
      [
        `${policy.DROPS}j/large.jsonl`,
        Array.from({ length: 150 }, (_, i) => line(i, "accept", true, PADDING)),
      ],
    ]);
    await drop(simulation, sources);
    await simulation.until(() => isComplete(simulation, sources.size));
    simulation.spoiled = false;
    const { wrong } = await examineJob(simulation.local, "j", sources);
    expect(wrong).toEqual([]);
    process.stdout.write(`seed ${seed}: ${kills} processes killed\n`);
    // A source that one process's death befell waits for minutes, and seldom for half an hour.
    expect(await manifestAfterS(simulation)).toBeLessThan(120 * MINUTE_S);
  },
  600_000,
);

async function drop(
  { local: { world } }: Simulation,
  sources: ReadonlyMap<string, readonly Expected[]>,
): Promise<void> {
  for (const [key, lines] of sources) {
    const body = Buffer.from(lines.map(({ text }) => `${text}\n`).join(""));
    // A refused write may have been done: then it stands.
    for (let attempt = 1; ; attempt++)
      try {
        await world.trajectories.create(key, body);
        break;
      } catch (error) {
        if (attempt === 5) throw error;
      }
  }
}

/** Virtual seconds from the start to the last manifest. */
async function manifestAfterS({ local, startedAt }: Simulation): Promise<number> {
  const { objects } = await local.world.rewards.list(keys.manifestsPrefix("j"));
  const seconds = (Math.max(...objects.map(({ modifiedMs }) => modifiedMs)) - startedAt) / 1_000;
  process.stdout.write(`the last manifest after ${Math.round(seconds)} virtual seconds\n`);
  return seconds;
}

/** Whether all sources have their manifests, and nobody has anything left to do. */
async function isComplete({ local }: Simulation, sources: number): Promise<boolean> {
  try {
    const { objects } = await local.world.rewards.list(keys.manifestsPrefix("j"));
    if (objects.length < sources) return false;
    return (await depth(local.env, ["submissions", "shards", ...DEAD])) === 0;
  } catch {
    return false;
  }
}

it("a line that kills its whole invocation each time is the only one to suffer for it", async () => {
  const { simulation } = await start();
  const lines = Array.from({ length: 60 }, (_, i) => line(i, i === 30 ? "kill" : "accept"));
  const sources = new Map([[`${policy.DROPS}j/poison.jsonl`, lines]]);
  await drop(simulation, sources);
  await simulation.until(() => isComplete(simulation, 1));
  const { found, wrong } = await examineJob(simulation.local, "j", sources);
  expect(wrong).toEqual([]);
  expect(found.manifests[0]?.counts).toEqual({ scored: 59, abstained: 0, error: 1 });
  expect(await manifestAfterS(simulation)).toBeLessThan(35 * MINUTE_S);
}, 120_000);

it("a port that is down for ten minutes changes no verdict, and a retry completes the job", async () => {
  const { folder, simulation } = await start();
  const lines = Array.from({ length: 60 }, (_, i) => line(i, i % 3 === 0 ? "port" : "accept"));
  const sources = new Map([[`${policy.DROPS}j/ports.jsonl`, lines]]);
  await simulation.port.down();
  await drop(simulation, sources);
  await simulation.until(async () => simulation.seconds > 10 * MINUTE_S);
  await simulation.port.up();
  await simulation.until(() => isComplete(simulation, 1));
  const { found, wrong } = await examineJob(simulation.local, "j", sources);
  expect(wrong).toEqual([]);
  expect(await manifestAfterS(simulation)).toBeLessThan(20 * MINUTE_S);
  const [records = []] = found.records.values();
  const failed = records.filter(({ outcome }) => outcome === "error");
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.filter(({ error }) => !error?.retryable)).toEqual([]);
  expect(records.filter(({ reward }) => reward === 0)).toEqual([]);

  const stackFile = join(folder, "stack.json");
  writeFileSync(stackFile, JSON.stringify({ env: simulation.local.env }));
  const retried = await assay(folder, ["retry", "j", "--stack", stackFile]);
  expect(retried.status, retried.stderr).toBe(0);
  await simulation.until(() => isComplete(simulation, 2));
  const fetched = await assay(folder, ["fetch", "j", "--stack", stackFile]);
  const rewards = fetched.stdout
    .split("\n")
    .slice(0, -1)
    .map((one) => JSON.parse(one).reward);
  expect(rewards).toEqual(lines.map((_, i) => (i % 3 === 0 ? 1 : ((i % 7) + 1) / 8)));
}, 120_000);
