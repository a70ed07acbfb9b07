import { spawnSync } from "node:child_process";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { type Batch, batchesOf } from "@assay/grading";
import { compressedBatches, rowBatches } from "../packages/formats/batches.ts";

/** Readers beside what others read the same bytes with, in one run, CPU time and all:
 * `node bench/readers.ts FILE.jsonl [ROUNDS]`, with FILE.jsonl.gz, FILE.jsonl.zst and FILE.parquet
 * beside it as far as they are to be measured. PYTHON names one with pyarrow. MB are those of the
 * uncompressed lines. */
const [path = "", rounds = "3"] = process.argv.slice(2);
const PYTHON = process.env["PYTHON"] ?? "python3";
const STEM = path.replace(/\.jsonl$/, "");
const mb = statSync(path).size / 1e6;

const open = (name: string) => ({
  size: statSync(name).size,
  read: (start: number, end: number) => createReadStream(name, { start, end: end - 1 }),
});

async function drain(batches: AsyncIterable<Batch>): Promise<void> {
  for await (const { unread } of batches)
    if (unread !== undefined) throw new Error(unread.error.message);
}

function run(command: string, args: readonly string[]): void {
  const { error, status } = spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (error !== undefined || status !== 0) throw error ?? new Error(`${command}: exit ${status}`);
}

const ARROW = `import sys, pyarrow.parquet as pq
for batch in pq.ParquetFile(sys.argv[1]).iter_batches(): batch.to_pylist()`;
const subjects: Record<string, () => Promise<void> | void> = {
  "JSON.parse of each line, from memory": () => {
    for (const line of readFileSync(path, "utf8").split("\n")) if (line !== "") JSON.parse(line);
  },
  "ours, .jsonl": () => drain(batchesOf(createReadStream(path, { highWaterMark: 262_144 }), 0)),
  zcat: () => run("zcat", [`${path}.gz`]),
  "ours, .jsonl.gz": () => drain(compressedBatches(open(`${path}.gz`), "gz", 0, 1e14)),
  "zstd -d": () => run("zstd", ["-dqc", `${path}.zst`]),
  "ours, .jsonl.zst": () => drain(compressedBatches(open(`${path}.zst`), "zst", 0, 1e14)),
  "pyarrow, rows as Python objects": () => run(PYTHON, ["-c", ARROW, `${STEM}.parquet`]),
  "ours, .parquet": () => drain(rowBatches(open(`${STEM}.parquet`), 0, Number.MAX_SAFE_INTEGER)),
};

const best = new Map<string, number>();
for (let round = 0; round < Number(rounds); round++)
  for (const [name, read] of Object.entries(subjects)) {
    const started = performance.now();
    try {
      await read();
    } catch (error) {
      if (round === 0) process.stdout.write(`${name}: skipped, ${(error as Error).message}\n`);
      delete subjects[name];
      continue;
    }
    const rate = mb / ((performance.now() - started) / 1_000);
    best.set(name, Math.max(best.get(name) ?? 0, rate));
  }
for (const [name, rate] of best)
  process.stdout.write(`${name.padEnd(40)} ${rate.toFixed(0).padStart(6)} MB/s\n`);
