// Grades a file in this very thread, to be profiled: reading, grading and writing as workers do.
import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { LineGrader, type Origin, recordText } from "@assay/grading";
import { registry } from "@assay/verifiers";

/** How much is graded before its records are written: about a batch. */
const BATCH_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("usage: node bench/math-grade-inline.ts FILE.jsonl");

const grader = new LineGrader(registry, {});
const origin: Origin = { job: "bench", sid: "bench", file, queuedMs: 0 };
const started = performance.now();
const bytes = readFileSync(file);
const sink = openSync("/dev/null", "w");
let lines = 0;
let written = 0;
let output = "";
for (let at = 0, since = 0; at < bytes.length; ) {
  const newline = bytes.indexOf(NEWLINE, at);
  const line = bytes.subarray(at, newline);
  if (!isUtf8(line)) throw new Error(`line ${lines + 1} is not UTF-8`);
  const records = grader.grade(line.toString(), at, origin);
  if (records instanceof Promise) throw new Error("this verifier answers later");
  for (const record of records) output += `${recordText(record)}\n`;
  lines++;
  at = newline + 1;
  if (at - since >= BATCH_BYTES || at === bytes.length) {
    written += writeSync(sink, output);
    output = "";
    since = at;
  }
}
closeSync(sink);
const seconds = (performance.now() - started) / 1_000;
process.stderr.write(
  `in line, profiled: ${lines} lines in ${seconds.toFixed(2)} s, ${written} bytes of records\n`,
);
