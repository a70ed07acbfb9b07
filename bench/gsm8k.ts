import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { RewardRecord } from "@assay/schema";

/** One labelled output of a model. */
interface Labelled {
  readonly id: string;
  readonly gold: string;
  readonly pred: string;
  /** Adjudicated; preferred to `expected`. */
  readonly truth?: 0 | 1 | null;
  readonly expected: 0 | 1 | null;
}

const out = (text: string) => process.stdout.write(`${text}\n`);
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("usage: node bench/gsm8k.ts LABELLED.jsonl.gz");

const raw = readFileSync(file);
const text = (file.endsWith(".gz") ? gunzipSync(raw) : raw).toString();
const labelled: Labelled[] = text
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const lines = labelled.map(({ gold, id, pred }) =>
  JSON.stringify({ id, task: { verifier: "math", spec: { answer: gold } }, response: pred }),
);

const folder = mkdtempSync(join(tmpdir(), "assay-gsm8k-"));
try {
  writeFileSync(join(folder, "outputs.jsonl"), `${lines.join("\n")}\n`);
  const assay = join(import.meta.dirname, "../node_modules/.bin/assay");
  const { stderr } = spawnSync(assay, ["grade", "outputs.jsonl", "--out", "."], {
    cwd: folder,
    encoding: "utf8",
  });
  out(stderr);
  const records: RewardRecord[] = readFileSync(join(folder, "outputs.records.jsonl"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const ordered = records.every(({ trajectory_id }, i) => trajectory_id === labelled[i]?.id);
  out(
    `${records.length} records of ${labelled.length} lines, ${ordered ? "in order" : "OUT OF ORDER"}`,
  );
  let agree = 0;
  let judged = 0;
  for (const [i, { expected, gold, id, pred, truth = expected }] of labelled.entries()) {
    if (truth === null) continue;
    judged++;
    const record = records[i];
    if (record?.reward === truth) agree++;
    else
      out(
        `${id}: label ${truth}, we ${record?.outcome} ${record?.reward} (${record?.components[0]?.reason}, read ${JSON.stringify(record?.components[0]?.answer)}), gold ${JSON.stringify(gold)}, ends ${JSON.stringify(pred.slice(-120))}`,
      );
  }
  out(`agreement ${agree} of ${judged}: ${((100 * agree) / judged).toFixed(3)} %`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
