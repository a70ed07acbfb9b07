import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LINES = 100_000;
/** A file so short that a run is all start: what the rest takes is the difference. */
const FEW_LINES = 1_000;
const ROUNDS = Number(process.argv[2] ?? 5);
const ASSAY = join(import.meta.dirname, "../node_modules/.bin/assay");

/** What any grader must do at least: parse each line, write a record of the usual size. */
function bareLoop(file: string): void {
  const bytes = readFileSync(file);
  let output = "";
  for (let at = 0, newline = 0; at < bytes.length; at = newline + 1) {
    newline = bytes.indexOf(10, at);
    const line = JSON.parse(bytes.toString("utf8", at, newline));
    output += `${JSON.stringify({
      version: 1,
      id: "3f5a1e0c9b7d24680f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978",
      job: "score",
      trajectory_id: line.id,
      task_id: line.task.id,
      group: line.group,
      outcome: "scored",
      reward: 1,
      components: [
        {
          name: "choice",
          verifier: "choice@1",
          outcome: "scored",
          score: 1,
          weight: 1,
          gate: false,
          reason: "equal",
          detail: {},
          ms: 0.004,
          answer: "B",
        },
      ],
      source: { sid: "stdin", offset: at, index: 0 },
      policy_step: null,
      metadata: {},
      timing: { queued_ms: 0, verify_ms: 0.005 },
      graded_at: "2026-01-01T00:00:00.000Z",
    })}\n`;
  }
  process.stdout.write(output);
}

function shortTrajectories(count: number): string {
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      id: `t${i}`,
      group: `g${i >> 3}`,
      task: { id: `g${i >> 3}`, verifier: "choice", spec: { answer: "ABCD"[(i >> 3) % 4] } },
      response: `Let me think about the options one by one. The first does not fit, since the boiling point is lower. The answer is (${"ABCD"[i % 4]}).`,
    }),
  );
  return `${lines.join("\n")}\n`;
}

/** Wall seconds of one whole process, its start included. */
function time(command: string, args: readonly string[], input: string, cwd: string): number {
  const stdin = openSync(input, "r");
  const stdout = openSync("/dev/null", "w");
  const started = performance.now();
  const { status, stderr } = spawnSync(command, args, { cwd, stdio: [stdin, stdout, "pipe"] });
  const seconds = (performance.now() - started) / 1_000;
  closeSync(stdin);
  closeSync(stdout);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${status}\n${stderr}`);
  return seconds;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
  const many = join(folder, "short.jsonl");
  const few = join(folder, "few.jsonl");
  writeFileSync(many, shortTrajectories(LINES));
  writeFileSync(few, shortTrajectories(FEW_LINES));
  const sides: Record<string, (file: string) => number> = {
    "bare loop, one core": (file) =>
      time(process.execPath, [import.meta.filename, "bare", file], file, folder),
    "score, one worker": (file) => time(ASSAY, ["score", "--workers", "1"], file, folder),
    "score, all cores": (file) => time(ASSAY, ["score"], file, folder),
    // A folder anew each time: nothing of an earlier round may be graded already.
    "grade, all cores": (file) => {
      rmSync(join(folder, ".assay"), { recursive: true, force: true });
      return time(ASSAY, ["grade", file], file, folder);
    },
  };
  const whole = new Map<string, number[]>(Object.keys(sides).map((name) => [name, []]));
  const steady = new Map<string, number[]>(Object.keys(sides).map((name) => [name, []]));
  try {
    for (const side of Object.values(sides)) side(few);
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, side] of Object.entries(sides)) {
        const seconds = side(many);
        whole.get(name)?.push(seconds);
        steady.get(name)?.push(seconds - side(few));
      }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const out = (text: string) => process.stdout.write(`${text}\n`);
  out(`${LINES} trajectories, ${ROUNDS} rounds in turn after one to warm up`);
  report(out, "whole processes, their start included", whole, LINES);
  report(out, `less a run of ${FEW_LINES} trajectories`, steady, LINES - FEW_LINES);
}

function report(
  out: (text: string) => void,
  title: string,
  seconds: ReadonlyMap<string, readonly number[]>,
  lines: number,
): void {
  out(`\n${title}`);
  for (const [name, all] of seconds) {
    const range = `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`;
    const rate = Math.round(lines / median(all)).toLocaleString("en");
    out(`  ${name.padEnd(20)} median ${median(all).toFixed(2)} s (${range})  ${rate} lines/s`);
  }
  const ratio = (a: string, b: string) => {
    const pairs = (seconds.get(a) ?? []).map((value, i) => (seconds.get(b)?.[i] ?? 0) / value);
    out(`  ${a} / ${b}: ${(median(pairs) * 100).toFixed(0)} % of its rate (median of pairs)`);
  };
  ratio("score, one worker", "bare loop, one core");
  ratio("score, all cores", "bare loop, one core");
  ratio("grade, all cores", "score, all cores");
}

if (process.argv[2] === "bare") bareLoop(process.argv[3] ?? "");
else main();
