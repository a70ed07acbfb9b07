import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@assay/stack";
import { ENVIRONMENT } from "@assay/storage/environment";
import { DROPS, SMALLEST_SHARD_BYTES } from "@assay/storage/policy";
import { startLocal } from "../../packages/cli/local.ts";
import { type Expected, examineJob } from "../../test/support/whole.ts";
import type { KeptPromises } from "./functions.ts";

const LINES = 50_000;
const KILLS = 20;
/** A job is killed so often at most, then left to end. Each start is one more receive of what was
 * under way: few kills find lines going together, many find them going alone, or parked. */
const MOST_KILLS_A_JOB = 8;
const ASSAY = join(import.meta.dirname, "../../packages/cli/bin/assay.mjs");
/** A life is this long at most, in milliseconds: long enough to get somewhere, mostly. */
const LONGEST_LIFE_MS = 1_800;
/** Shorter, and most lives would end before the stack is there. */
const SHORTEST_LIFE_MS = 300;
const JOB = "lines";

/** `assay grade`, killed with all of its process group again and again, started again each time. The
 * functions lead groups of their own: they die by themselves, as they must, when the stack is gone. */
export async function murderStack(seed: number): Promise<KeptPromises> {
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), "assay-murder-"));
  const lines = Array.from({ length: LINES }, (_, i) => lineOf(i));
  const sources = new Map([[`${DROPS}${JOB}/lines.jsonl`, lines]]);
  const wrong: string[] = [];
  let records = 0;
  let announcements = 0;
  let jobs = 0;
  let kills = 0;
  let longestEnd = 0;
  try {
    writeFileSync(join(folder, "lines.jsonl"), lines.map(({ text }) => `${text}\n`).join(""));
    while (wrong.length === 0 && kills < KILLS) {
      rmSync(join(folder, ".assay"), { recursive: true, force: true });
      await keepVersions(folder);
      const last = Math.min(KILLS, kills + 1 + Math.floor(random() * MOST_KILLS_A_JOB));
      // Where the job is complete before its last kill it is examined all the same.
      while (kills < last && (await killed(folder, random))) kills++;
      const left = performance.now();
      const status = await start(folder).done;
      longestEnd = Math.max(longestEnd, (performance.now() - left) / 1_000);
      if (status !== 0) wrong.push(`the last life ended with status ${status}`);
      const examined = await examine(folder, sources);
      wrong.push(...examined.wrong);
      records += examined.records;
      announcements += examined.announcements;
      jobs++;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return {
    report: [
      `${kills} kills of the whole process group, over ${jobs} jobs of ${LINES} lines`,
      `${records} records, ${announcements} announcements`,
      `left alone, a job was complete after ${longestEnd.toFixed(0)} s at most`,
    ],
    wrong,
  };
}

/** Whether the life was ended; or else the job was complete before. */
async function killed(folder: string, random: () => number): Promise<boolean> {
  const { child, done } = start(folder);
  const life = SHORTEST_LIFE_MS + random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS);
  const ended = await Promise.race([done.then(() => true), sleep(life).then(() => false)]);
  if (ended) return false;
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await done;
  return true;
}

function start(folder: string): { child: ChildProcess; done: Promise<number | null> } {
  const child = spawn(process.execPath, [ASSAY, "grade", "lines.jsonl", "--out", "out", "--json"], {
    cwd: folder,
    detached: true,
    // Small shards, so that kills find some done, some begun and some not begun.
    env: { ...process.env, [ENVIRONMENT.shardBytes]: String(SMALLEST_SHARD_BYTES) },
    stdio: "ignore",
  });
  return { child, done: new Promise((resolve) => child.on("close", resolve)) };
}

/** So that whatever is overwritten shows. */
async function keepVersions(folder: string): Promise<void> {
  const local = await startLocal({ dir: join(folder, ".assay") });
  local.stack.createBucket("rewards", { versioning: true });
  await local.stop();
}

async function examine(folder: string, sources: ReadonlyMap<string, readonly Expected[]>) {
  const local = await startLocal({ dir: join(folder, ".assay") });
  try {
    const { found, wrong } = await examineJob(local, JOB, sources);
    const [records = []] = found.records.values();
    return { records: records.length, announcements: found.announcements.length, wrong };
  } finally {
    await local.stop();
  }
}

function lineOf(i: number): Expected {
  const gold = "ABCD"[(i >> 3) % 4];
  const said = "ABCD"[i % 4];
  return {
    id: `t${i}`,
    text: JSON.stringify({
      id: `t${i}`,
      task: { id: `k${i >> 3}`, verifier: "choice", spec: { answer: gold } },
      response: `${"thinking ".repeat(i % 20)}The answer is (${said}).`,
    }),
    allows: ({ reward }) => reward === (said === gold ? 1 : 0),
  };
}
