import { createReadStream, statSync } from "node:fs";
import { GradingPool } from "@assay/grading";
import { SHARD_BYTES } from "@assay/storage/policy";
import { rowBatches } from "../packages/formats/batches.ts";
import { readShape } from "../packages/formats/parquet/index.ts";
import { cutRows } from "../packages/storage/cut.ts";

/** A Parquet file planned, and its middle shard and a whole tenth of it graded, each with the memory
 * that the process then takes: `node bench/parquet-rows.ts FILE.parquet` (bench/to_parquet.py writes
 * one out of JSON lines, with 100,000 rows a group where told so). */
const [path = ""] = process.argv.slice(2);
const out = (text: string) => process.stdout.write(`${text}\n`);
const rssMb = () => (process.memoryUsage.rss() / 2 ** 20).toFixed(0);

const file = {
  size: statSync(path).size,
  read: (start: number, end: number) => createReadStream(path, { start, end: end - 1 }),
};
const pool = new GradingPool({ workers: 1 });
await pool.start();
out(`${(file.size / 1e6).toFixed(0)} MB; ${rssMb()} MiB before`);
let started = performance.now();
const shape = await readShape(file);
const shards = cutRows(shape, SHARD_BYTES);
out(
  `planned: ${shape.rows} rows in ${shape.groups.length} groups, ${shards.length} shards, ${(performance.now() - started).toFixed(0)} ms, ${rssMb()} MiB`,
);
const middle = shards[shards.length >> 1] ?? { start: 0, end: shape.rows };
const tenth = shards[Math.floor(shards.length / 10)] ?? middle;
for (const [name, start, end] of [
  ["the middle shard", middle.start, middle.end],
  ["a tenth of all rows", 0, tenth.end],
] as const) {
  started = performance.now();
  let records = 0;
  let peak = 0;
  const origin = { job: "bench", sid: "s", file: path, queuedMs: 0 };
  for await (const { tally } of pool.grade(rowBatches(file, start, end), {
    origin,
    settle: true,
  })) {
    records += tally.trajectories;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const seconds = (performance.now() - started) / 1_000;
  out(
    `${name}: ${records} records in ${seconds.toFixed(1)} s, peak ${(peak / 2 ** 20).toFixed(0)} MiB`,
  );
}
await pool.close();
