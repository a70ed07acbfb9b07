import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip, createZstdCompress } from "node:zlib";
import { treePss } from "./tree-pss.ts";

/** Memory and time of whole commands against the size and the format of what they are given:
 * `node bench/memory.ts [MB …]`; then the formats at the size in the middle. Linux only: it reads
 * the proportional set size of the whole process tree from /proc. Parquet needs a Python with
 * pyarrow, named by PYTHON. */
const SIZES = process.argv.slice(2).map(Number);
if (SIZES.length === 0) SIZES.push(20, 200);
const ASSAY = join(import.meta.dirname, "../packages/cli/bin/assay.mjs");
const LOOK_MS = 100;
const MB = 1_000_000;
const PYTHON = process.env["PYTHON"] ?? "python3";

interface Measured {
  readonly seconds: number;
  /** MiB of each process, where all together were at their most. */
  readonly peak: readonly number[];
}

/** Lines of 1.5 KB on the average, as of short solutions; no two are the same. */
async function writeLines(path: string, bytes: number): Promise<number> {
  const file = createWriteStream(path);
  let lines = 0;
  for (let written = 0; written < bytes; lines++) {
    const steps = Array.from({ length: 4 + (lines % 30) }, (_, i) => {
      const [a, b] = [lines * 7 + i, lines * 13 + i * i];
      return `Step ${i}: we add ${a} to ${b} and see that it comes to ${a + b}. `;
    }).join("");
    const line = `${JSON.stringify({
      id: `t${lines}`,
      task: { id: `k${lines >> 3}`, verifier: "math", spec: { answer: String(lines >> 3) } },
      response: `${steps}The answer is \\boxed{${lines % 8 === 0 ? lines >> 3 : lines}}.`,
    })}\n`;
    written += line.length;
    if (!file.write(line)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  return lines;
}

async function measure(args: readonly string[], folder: string, input?: string): Promise<Measured> {
  const started = performance.now();
  const stdin = input === undefined ? ("ignore" as const) : openSync(input, "r");
  const child = spawn(process.execPath, [ASSAY, ...args], {
    cwd: folder,
    stdio: [stdin, "ignore", "inherit"],
  });
  let peak: number[] = [];
  const timer = setInterval(() => {
    const now = treePss(child.pid ?? 0);
    if (sum(now) > sum(peak)) peak = now;
  }, LOOK_MS);
  const [status] = await once(child, "exit");
  clearInterval(timer);
  if (typeof stdin === "number") closeSync(stdin);
  if (status !== 0) throw new Error(`assay ${args.join(" ")}: exit ${status}`);
  return { seconds: (performance.now() - started) / 1_000, peak };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

function tell(what: string, bytes: number, { peak, seconds }: Measured): void {
  const rate = bytes / MB / seconds;
  process.stdout.write(
    `${what.padEnd(34)} ${seconds.toFixed(1).padStart(7)} s ${rate.toFixed(0).padStart(5)} MB/s ${sum(peak).toFixed(0).padStart(6)} MiB (${peak.map((one) => one.toFixed(0)).join(" + ")})\n`,
  );
}

async function grade(folder: string, name: string): Promise<Measured> {
  const measured = await measure(["grade", name], folder);
  rmSync(join(folder, ".assay"), { recursive: true, force: true });
  return measured;
}

const folder = mkdtempSync(join(tmpdir(), "assay-memory-"));
try {
  const middle = SIZES[SIZES.length >> 1] ?? 0;
  for (const size of SIZES) {
    const path = join(folder, "lines.jsonl");
    const lines = await writeLines(path, size * MB);
    const bytes = statSync(path).size;
    tell(`grade .jsonl ${size} MB, ${lines} lines`, bytes, await grade(folder, "lines.jsonl"));
    tell(`score .jsonl ${size} MB`, bytes, await measure(["score"], folder, path));
    if (size !== middle) continue;
    for (const [extension, packer] of [
      ["gz", createGzip()],
      ["zst", createZstdCompress()],
    ] as const) {
      await pipeline(createReadStream(path), packer, createWriteStream(`${path}.${extension}`));
      tell(`grade .jsonl.${extension}`, bytes, await grade(folder, `lines.jsonl.${extension}`));
      rmSync(`${path}.${extension}`);
    }
    const script = join(import.meta.dirname, "to_parquet.py");
    const written = spawnSync(PYTHON, [script, path, join(folder, "lines.parquet")]);
    if (written.status === 0) tell("grade .parquet", bytes, await grade(folder, "lines.parquet"));
    else process.stdout.write(`grade .parquet: skipped, ${PYTHON} has no pyarrow\n`);
    rmSync(join(folder, "lines.parquet"), { force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
