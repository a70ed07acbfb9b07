// Reads what `parquet_writers.py` wrote, whole and from some rows on: each must be as it should.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readRows, readShape } from "../../packages/formats/parquet/index.ts";
import { InMemory } from "../../packages/formats/parquet/testing/bytes.ts";
import { firstDifference } from "../../packages/formats/parquet/testing/same-rows.ts";

const folder = process.argv[2] ?? ".";
const cases = readdirSync(folder).filter((name) => name.endsWith(".parquet"));
let failed = 0;

for (const name of cases.sort()) {
  const file = new InMemory(readFileSync(join(folder, name)));
  const expected = readFileSync(join(folder, name.replace(/\..*/, ".jsonl")), "utf8");
  const lines = expected.split(/(?<=\n)/);
  try {
    const { groups, rows } = await readShape(file);
    if (rows !== lines.length) throw new Error(`${rows} rows, and not ${lines.length}`);
    if (groups.some(({ bytes }) => bytes <= 0)) throw new Error("a row group without bytes");
    for (const start of [0, 1, Math.floor(rows / 2), rows - 1])
      for (const end of [rows, start + 1]) await compare(file, lines, start, end);
  } catch (error) {
    failed += 1;
    process.stderr.write(`${name}: ${(error as Error).message}\n`);
  }
}
process.stdout.write(
  `parquet: ${cases.length - failed} of ${cases.length} files read back equal\n`,
);
process.exitCode = failed > 0 || cases.length === 0 ? 1 : 0;

async function compare(
  file: InMemory,
  lines: readonly string[],
  start: number,
  end: number,
): Promise<void> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readRows(file, start, end)) pieces.push(piece);
  const found = Buffer.concat(pieces).toString();
  const difference = firstDifference(found, lines.slice(start, end).join(""));
  if (difference !== undefined) throw new Error(`rows ${start} to ${end}: ${difference}`);
}
