import { createReadStream, fstatSync } from "node:fs";
import {
  addTally,
  type Batch,
  batchesOf,
  emptyTally,
  GradingPool,
  newlinesIn,
} from "@assay/grading";
import { parse, parseJson, SchemaError, Task } from "@assay/schema";
import { registry } from "@assay/verifiers";
import { errorLine, firstErrors, MOST_SHOWN } from "../error-lines.ts";
import { UsageError } from "../exit.ts";
import { say, write } from "../output.ts";
import { closingTable, exitStatus } from "../summary.ts";
import { noVerifier } from "./verifiers.ts";

/** How much of standard input is read at once, in bytes. */
const READ_BYTES = 256 * 1024;
const FILE = "stdin";
const STDIN = 0;

export interface ScoreOptions {
  readonly verifier?: string;
  readonly spec?: string;
  readonly workers?: number;
}

/** Trajectories on standard input, records on standard output, in the same order. */
export async function score(options: ScoreOptions): Promise<number> {
  const task = defaultTask(options);
  const pool = new GradingPool(options.workers === undefined ? {} : { workers: options.workers });
  const started = performance.now();
  const tally = emptyTally();
  const lines = new LineCounter();
  let shown = 0;
  try {
    const origin = {
      job: "score",
      sid: FILE,
      file: FILE,
      queuedMs: 0,
      ...(task === undefined ? {} : { task }),
    };
    const batches = lines.watch(batchesOf(standardInput(), 0));
    for await (const graded of pool.grade(batches, { origin, settle: true })) {
      await write(graded.records);
      addTally(tally, graded.tally);
      if (graded.tally.counts.error > 0 && shown < MOST_SHOWN)
        for (const record of await firstErrors([graded.records], MOST_SHOWN - shown)) {
          say(errorLine(FILE, lines.numberAt(record.source.offset), record));
          shown++;
        }
      lines.forget(graded.end);
    }
  } finally {
    await pool.close();
  }
  const rows = [{ name: FILE, tally }];
  if (tally.lines === 0) throw new UsageError("no trajectories on standard input");
  if (tally.counts.error > shown) say(`… and ${tally.counts.error - shown} more`);
  say(closingTable(rows, (performance.now() - started) / 1_000));
  return exitStatus(rows);
}

/** A file in larger pieces than `process.stdin` gives it: each becomes a hand-over to a worker. */
function standardInput(): AsyncIterable<Buffer> {
  if (!fstatSync(STDIN).isFile()) return process.stdin;
  return createReadStream("", { fd: STDIN, highWaterMark: READ_BYTES });
}

function defaultTask({ spec, verifier }: ScoreOptions): Task | undefined {
  if (verifier === undefined && spec === undefined) return undefined;
  if (verifier === undefined) throw new UsageError("--spec needs --verifier");
  const found = registry.find(verifier);
  if (found === undefined) throw noVerifier(verifier);
  try {
    const value = parseJson(spec ?? "{}");
    const task = parse(Task, { verifier, spec: value });
    parse(found.spec, value, ["spec"]);
    return task;
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new UsageError(`--spec: ${error.message}`);
  }
}

/** Keeps the batches that are under way, so that a byte's line number can still be told. */
class LineCounter {
  #next = 1;
  readonly #held: { batch: Batch; line: number }[] = [];

  async *watch(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
    for await (const batch of batches) {
      this.#held.push({ batch, line: this.#next });
      this.#next += batch.unread ? 1 : newlinesIn(batch.bytes);
      yield batch;
    }
  }

  numberAt(offset: number): number {
    const held = this.#held.findLast(({ batch }) => batch.offset <= offset);
    if (held === undefined) return 0;
    return held.line + newlinesIn(held.batch.bytes.subarray(0, offset - held.batch.offset));
  }

  forget(end: number): void {
    while ((this.#held[1]?.batch.offset ?? Number.POSITIVE_INFINITY) <= end) this.#held.shift();
  }
}
