import { addTally, emptyTally, type Graded } from "@assay/grading";
import type { Grader } from "../shard.ts";
import { linesOf } from "../testing/lines-of.ts";

/** What a line of the model does when it is graded: `ok`, `bad` (no trajectory), `poison` (takes
 * its invocation down), `port` (a port is down while there is an outage). */
export interface GraderWorld {
  /** Ends the invocation at once: the promise never settles. */
  die(): Promise<never>;
  readonly outage: boolean;
}

export interface ModelRecord {
  readonly offset: number;
  readonly outcome: "scored" | "error";
  readonly class?: string;
}

export function modelGrader(world: GraderWorld): Grader {
  return {
    async *grade(batches, { settle, signal }) {
      for await (const batch of batches)
        for (const line of linesOf(batch)) {
          if (signal?.aborted) return yield { ...nothing(line.offset), short: true };
          const text = line.text.trim();
          if (text === "") {
            yield nothing(line.end);
            continue;
          }
          if (text.startsWith("poison")) await world.die();
          const fails = text.startsWith("port") && world.outage;
          if (fails && !settle)
            return yield { ...nothing(line.offset), short: true, passing: "port down" };
          const record: ModelRecord = fails
            ? { offset: line.offset, outcome: "error", class: "port_failed" }
            : text.startsWith("bad")
              ? { offset: line.offset, outcome: "error", class: "invalid_trajectory" }
              : { offset: line.offset, outcome: "scored" };
          yield { ...graded(record, line.end), ...(fails ? { passing: "port down" } : {}) };
        }
    },
    async blame(line, _origin, error) {
      const end = line.offset + line.bytes.length;
      return graded({ offset: line.offset, outcome: "error", class: error.class }, end);
    },
  };
}

function nothing(end: number): Graded {
  return { records: new Uint8Array(0), tally: emptyTally(), end, short: false };
}

function graded(record: ModelRecord, end: number): Graded {
  const tally = emptyTally();
  const counts = { ...tally.counts, [record.outcome]: 1 };
  const reward_sum = record.outcome === "scored" ? 1 : 0;
  addTally(tally, { ...tally, lines: 1, trajectories: 1, counts, reward_sum });
  const records = new TextEncoder().encode(`${JSON.stringify(record)}\n`);
  return { records, tally, end, short: false };
}
