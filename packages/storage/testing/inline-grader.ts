import {
  type Batch,
  errorRecord,
  type Graded,
  LineGrader,
  type Origin,
  unreadSubject,
} from "@assay/grading";
import { type ErrorInfo, type RewardRecord, Tally } from "@assay/schema";
import { registry } from "../../grading/testing/verifiers.ts";
import type { Grader } from "../shard.ts";

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

function* linesOf({ bytes, offset }: Batch) {
  const buffer = Buffer.from(bytes);
  for (let at = 0; at < buffer.length; ) {
    const newline = buffer.indexOf(10, at);
    const end = newline < 0 ? buffer.length : newline + 1;
    yield { text: buffer.subarray(at, end).toString(), offset: offset + at, end: offset + end };
    at = end;
  }
}

function nothing(end: number): Graded {
  const tally = { lines: 0, trajectories: 0, counts: { scored: 0, abstained: 0, error: 0 } };
  return {
    records: new Uint8Array(0),
    tally: Tally.parse({ ...tally, reward_sum: 0, verifiers: {} }),
    end,
    short: false,
  };
}

function withLine(
  graded: Graded,
  records: readonly RewardRecord[],
  end: number,
  passing: string | undefined,
): Graded {
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
  const tally = structuredClone(graded.tally);
  if (records.length > 0) tally.lines++;
  tally.trajectories += records.length;
  for (const { components, outcome, reward } of records) {
    tally.counts[outcome]++;
    tally.reward_sum += reward ?? 0;
    for (const { verifier } of components)
      tally.verifiers[verifier] = (tally.verifiers[verifier] ?? 0) + 1;
  }
  return {
    ...graded,
    records: Buffer.concat([graded.records, Buffer.from(text)]),
    tally,
    end,
    ...(passing === undefined ? {} : { passing }),
  };
}
