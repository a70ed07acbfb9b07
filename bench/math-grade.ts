import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { mathFiles, noVectors, readRows } from "../test/parity/vectors.ts";
import { out, table } from "./print.ts";
import { byFile, byFolder, type CpuProfile } from "./profile.ts";

const LINES = 100_000;
/** A file so short that a run is all start: what the rest takes is the difference. */
const FEW_LINES = 1_000;
/** Files below this share are left out of the table: they are the long tail of any profile. */
const LEAST_SHARE = 0.005;
const ASSAY = join(import.meta.dirname, "../node_modules/.bin/assay");
const INLINE = join(import.meta.dirname, "math-grade-inline.ts");
/** As much space for what is young as a worker of the pool has. */
const YOUNG = "--max-semi-space-size=2";

/** Real outputs of models with their golds, over and over, as `assay grade` reads them. */
function shard(lines: number): string {
  const rows = mathFiles()
    .filter((name) => name.startsWith("math-outputs-"))
    .flatMap(readRows);
  const tasks = rows.map(({ gold, pred }) =>
    JSON.stringify({ task: { verifier: "math", spec: { answer: gold } }, response: pred }),
  );
  return Array.from(
    { length: lines },
    (_, i) => `{"id":"${i}",${tasks[i % tasks.length]?.slice(1)}\n`,
  ).join("");
}

/** Wall seconds of `assay grade` as a user runs it, its start included, and its last words. */
function grade(file: string, folder: string): { seconds: number; words: string } {
  // A folder anew each time: nothing of an earlier round may be graded already.
  rmSync(join(folder, ".assay"), { recursive: true, force: true });
  const started = performance.now();
  const { status, stderr } = spawnSync(ASSAY, ["grade", file], { cwd: folder, encoding: "utf8" });
  const seconds = (performance.now() - started) / 1_000;
  if (status !== 0) throw new Error(`assay grade: ${status}\n${stderr}`);
  return { seconds, words: stderr.trim() };
}

/** Where the time goes: one process, one thread, all that a worker does with a line. */
function profile(file: string, folder: string): void {
  const args = [YOUNG, "--cpu-prof", `--cpu-prof-dir=${folder}`, INLINE, file];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`grading in line: ${status}\n${stderr}`);
  const written = readdirSync(folder).find((name) => name.endsWith(".cpuprofile"));
  const cpu = JSON.parse(readFileSync(join(folder, written ?? ""), "utf8")) as CpuProfile;
  const all = [...byFile(cpu).values()].reduce((sum, ms) => sum + ms, 0);
  const rows = (times: ReadonlyMap<string, number>) =>
    [...times]
      .sort(([, a], [, b]) => b - a)
      .filter(([, ms]) => ms >= LEAST_SHARE * all)
      .map(([name, ms]) => [name, Math.round(ms), ((100 * ms) / all).toFixed(1)]);
  out(`\n${stderr.trim()}`);
  out(
    `\n${table([["by folder, what it calls natively included", "ms", "%"], ...rows(byFolder(cpu))])}`,
  );
  out(`\n${table([["by file", "ms", "%"], ...rows(byFile(cpu))])}`);
}

function main(): void {
  const { values } = parseArgs({
    options: {
      lines: { type: "string", default: String(LINES) },
      rounds: { type: "string", default: "3" },
      profile: { type: "boolean" },
    },
  });
  if (mathFiles().length === 0) {
    process.stderr.write(noVectors);
    return;
  }
  const lines = Number(values.lines);
  const folder = mkdtempSync(join(tmpdir(), "assay-math-grade-"));
  const many = join(folder, "many.jsonl");
  const few = join(folder, "few.jsonl");
  try {
    const text = shard(lines);
    writeFileSync(many, text);
    writeFileSync(few, shard(FEW_LINES));
    out(
      `${lines.toLocaleString("en")} lines of real outputs, ${(text.length / 2 ** 20).toFixed(1)} MiB`,
    );
    for (let round = 0; round < Number(values.rounds); round++) {
      const start = grade(few, folder).seconds;
      const { seconds, words } = grade(many, folder);
      const rate = (count: number, over: number) => Math.round(count / over).toLocaleString("en");
      if (round === 0) out(words);
      out(
        `assay grade: ${seconds.toFixed(2)} s, ${rate(lines, seconds)} lines/s; less a run of ${FEW_LINES} (${start.toFixed(2)} s): ${rate(lines - FEW_LINES, seconds - start)} lines/s`,
      );
    }
    if (values.profile) profile(many, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
