import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keys, listManifests, policy } from "@assay/storage";
import { type Local, startLocal } from "../packages/cli/local.ts";
import { treePss } from "./tree-pss.ts";

/** Very many small drops, and many jobs at once: `node bench/drops.ts [FILES] [JOBS]`.
 * 1. FILES objects of one line are dropped into one folder: time, requests, memory.
 * 2. One large job, and while it is graded JOBS small ones: how long each waits. */
const FILES = Number(process.argv[2] ?? 10_000);
const JOBS = Number(process.argv[3] ?? 20);
const PUTS_AT_ONCE = 16;
const LARGE_LINES = 400_000;
const LOOK_MS = 250;

const out = (text: string) => process.stdout.write(`${text}\n`);

function line(i: number): string {
  return `${JSON.stringify({
    id: `t${i}`,
    task: { id: `k${i >> 3}`, verifier: "choice", spec: { answer: "B" } },
    response: `${"so ".repeat(i % 40)}the answer is (${"AB"[i % 2]}).`,
  })}\n`;
}

async function withLocal(use: (local: Local, calls: Map<string, number>) => Promise<void>) {
  const dir = mkdtempSync(join(tmpdir(), "assay-drops-"));
  const calls = new Map<string, number>();
  const local = await startLocal({
    dir: join(dir, ".assay"),
    faults: ({ operation, service }) => {
      const name = `${service} ${operation}`;
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return undefined;
    },
  });
  try {
    await use(local, calls);
  } finally {
    await local.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Invocations that are over: of planning and of grading. */
function handled({ functions }: Local): { plan: number; verify: number } {
  const of = (name: string) => functions.get(name)?.stats.messagesDeleted ?? 0;
  return { plan: of("plan"), verify: of("verify") };
}

async function manySmall(local: Local, calls: Map<string, number>): Promise<void> {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(
      peak,
      treePss(process.pid).reduce((sum, one) => sum + one, 0),
    );
  }, LOOK_MS);
  let next = 0;
  const drop = async () => {
    for (let i = next++; i < FILES; i = next++) {
      const key = `${policy.DROPS}many/${String(i).padStart(7, "0")}.jsonl`;
      await local.world.trajectories.create(key, Buffer.from(line(i)));
    }
  };
  await Promise.all(Array.from({ length: PUTS_AT_ONCE }, drop));
  out(
    `${FILES} objects dropped after ${seconds()} s, ${handled(local).verify} of them graded by then`,
  );
  while (handled(local).verify < FILES) await sleep(LOOK_MS);
  out(`all graded after ${seconds()} s; peak ${peak.toFixed(0)} MiB in all processes`);
  clearInterval(watch);
  for (const [name, count] of [...calls].sort((a, b) => b[1] - a[1]))
    if (count > FILES / 100) out(`  ${(count / FILES).toFixed(2).padStart(6)} a file  ${name}`);
  const { objects } = await local.world.rewards.list(keys.manifestsPrefix("many"));
  if (objects.length !== FILES) throw new Error(`${objects.length} manifests of ${FILES}`);
}

async function manyJobs(local: Local): Promise<void> {
  const { trajectories } = local.world;
  const large = Buffer.from(Array.from({ length: LARGE_LINES }, (_, i) => line(i)).join(""));
  const started = performance.now();
  await trajectories.create(`${policy.DROPS}large/large.jsonl`, large);
  await sleep(1_000);
  const small = Buffer.from(Array.from({ length: 1_000 }, (_, i) => line(i)).join(""));
  const waits = await Promise.all(
    Array.from({ length: JOBS }, async (_, i) => {
      const dropped = performance.now();
      await trajectories.create(`${policy.DROPS}small-${i}/small.jsonl`, small);
      return await done(local, `small-${i}`, dropped);
    }),
  );
  const largeS = await done(local, "large", started);
  waits.sort((a, b) => a - b);
  out(
    `${JOBS} jobs of 1,000 lines beside one of ${LARGE_LINES} (${(large.length / 1e6).toFixed(0)} MB):`,
  );
  out(
    `  a small job waits ${waits[0]?.toFixed(1)} to ${waits.at(-1)?.toFixed(1)} s, the large one takes ${largeS.toFixed(1)} s`,
  );
}

async function done({ world }: Local, job: string, since: number): Promise<number> {
  while ((await listManifests(world, job)).length === 0) await sleep(LOOK_MS);
  return (performance.now() - since) / 1_000;
}

await withLocal(manySmall);
await withLocal(manyJobs);
