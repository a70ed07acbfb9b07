import {
  addTally,
  type Batch,
  emptyTally,
  errorRecord,
  type Graded,
  LineGrader,
  type Origin,
  recordText,
  unreadSubject,
} from "@assay/grading";
import type { ErrorInfo, RewardRecord } from "@assay/schema";
import { Counter } from "../../grading/tally.ts";
import { registry } from "../../grading/testing/verifiers.ts";
import type { Grader } from "../shard.ts";
import { linesOf } from "./lines-of.ts";

/** A grader in the test's own thread: the pool's contract without its threads. `before` hears of
 * each line first, and may throw as an invocation that dies there would. */
export function inlineGrader(before: (text: string) => void = () => {}): Grader {
  const lines = new LineGrader(registry, {});
  return {
    async *grade(batches, { origin, settle, signal }) {
      for await (const batch of batches) {
        let open = nothing(batch.offset);
        for (const { end, offset, text } of linesOf(batch)) {
          if (signal?.aborted) {
            yield { ...open, short: true };
            return;
          }
          before(text);
          const records = text.trim() === "" ? [] : await lines.grade(text, offset, origin);
          const passing = records.find(({ error }) => error?.retryable)?.error?.message;
          if (passing !== undefined && !settle) {
            yield { ...open, short: true, passing };
            return;
          }
          open = withLine(open, records, end, passing);
        }
        yield open;
      }
    },
    async blame(line: Batch, origin: Origin, error: ErrorInfo) {
      const record = errorRecord(origin, unreadSubject(line.offset), error);
      return withLine(nothing(line.offset), [record], line.offset + line.bytes.length, undefined);
    },
  };
}

function nothing(end: number): Graded {
  return { records: new Uint8Array(0), tally: emptyTally(), end, short: false };
}

function withLine(
  graded: Graded,
  records: readonly RewardRecord[],
  end: number,
  passing: string | undefined,
): Graded {
  const text = records.map((record) => `${recordText(record)}\n`).join("");
  const counter = new Counter();
  if (records.length > 0) counter.countLine(records);
  const tally = structuredClone(graded.tally);
  addTally(tally, counter.tally());
  return {
    ...graded,
    records: Buffer.concat([graded.records, Buffer.from(text)]),
    tally,
    end,
    ...(passing === undefined ? {} : { passing }),
  };
}
