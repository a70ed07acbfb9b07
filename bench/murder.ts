import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RewardRecord } from "@assay/schema";

/** Lines that are graded while the whole stack is killed again and again. */
const LINES = Number(process.argv[2] ?? 50_000);
const KILLS = Number(process.argv[3] ?? 20);
const ASSAY = join(import.meta.dirname, "../packages/cli/bin/assay.mjs");
/** Small, so that kills find shards done, begun and not begun. */
const SHARD_BYTES = 1024 * 1024;
/** A life is this long at most, in milliseconds: long enough to get somewhere, mostly. */
const LIFE_MS = 2_500;
const LEAST_LIFE_MS = 300;

const out = (text: string) => process.stdout.write(`${text}\n`);

function start(folder: string): { child: ChildProcess; done: Promise<number | null> } {
  const child = spawn(process.execPath, [ASSAY, "grade", "lines.jsonl", "--out", "out", "--json"], {
    cwd: folder,
    detached: true,
    env: { ...process.env, ASSAY_SHARD_BYTES: String(SHARD_BYTES) },
    stdio: ["ignore", "pipe", "ignore"],
  });
  child.stdout?.resume();
  return { child, done: new Promise((resolve) => child.on("close", resolve)) };
}

const folder = mkdtempSync(join(tmpdir(), "assay-murder-"));
try {
  const lines = Array.from({ length: LINES }, (_, i) =>
    JSON.stringify({
      id: `t${i}`,
      task: { id: `k${i >> 3}`, verifier: "choice", spec: { answer: "ABCD"[(i >> 3) % 4] } },
      response: `${"thinking ".repeat(i % 20)}The answer is (${"ABCD"[i % 4]}).`,
    }),
  );
  writeFileSync(join(folder, "lines.jsonl"), `${lines.join("\n")}\n`);
  const started = performance.now();
  let kills = 0;
  let early = 0;
  while (kills < KILLS) {
    const { child, done } = start(folder);
    const life = LEAST_LIFE_MS + Math.random() * LIFE_MS;
    const ended = await Promise.race([done.then(() => true), sleep(life).then(() => false)]);
    if (ended) {
      // All was graded before the last kill: begin anew with another job's worth of state.
      early++;
      rmSync(join(folder, ".assay"), { recursive: true, force: true });
      continue;
    }
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await done;
    kills++;
  }
  const { done } = start(folder);
  const status = await done;
  const seconds = (performance.now() - started) / 1_000;
  const records: RewardRecord[] = readFileSync(join(folder, "out/lines.records.jsonl"), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  let offset = 0;
  let misplaced = 0;
  for (const [i, line] of lines.entries()) {
    if (records[i]?.source.offset !== offset || records[i]?.trajectory_id !== `t${i}`) misplaced++;
    offset += Buffer.byteLength(line) + 1;
  }
  const ids = new Set(records.map(({ id }) => id)).size;
  const errors = records.filter(({ outcome }) => outcome !== "scored").length;
  out(
    `${kills} kills of the whole process group, ${early} times begun anew, ${seconds.toFixed(0)} s`,
  );
  out(
    `exit ${status}; ${records.length} records of ${LINES} lines, ${ids} ids, ${misplaced} misplaced, ${errors} not scored`,
  );
  process.exitCode = records.length === LINES && ids === LINES && misplaced + errors === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
