import type { ErrorInfo, RewardRecord, Tally } from "@assay/schema";
import { MAX_LINE_BYTES } from "@assay/schema";
import { type Batch, concat, cutBatch } from "./batch.ts";
import { errorRecord, invalidTrajectory, type Origin, unreadSubject } from "./record.ts";
import type { Death, Slot } from "./slot.ts";
import { addTally, Counter, emptyTally } from "./tally.ts";
import type { Done } from "./worker-protocol.ts";

/** What became of a batch. */
export interface Graded {
  /** Records as JSON lines, in the order of the lines. */
  readonly records: Uint8Array<ArrayBuffer>;
  readonly tally: Tally;
  /** The first byte without a record: the batch's end, or where grading stopped short of it. */
  readonly end: number;
  readonly short: boolean;
  /** A retryable error that was met: the last one written, or the one that it stopped at. */
  readonly passing?: string;
}

export interface BatchOptions {
  readonly origin: Origin;
  /** Write retryable errors; otherwise grading stops before the first line that has one. */
  readonly settle: boolean;
}

/** Grades a batch on one worker and on those that replace it. */
export async function gradeBatch(slot: Slot, batch: Batch, options: BatchOptions): Promise<Graded> {
  if (batch.bytes.length === 0) return nothing(batch.offset);
  const { bytes, offset } = batch;
  const { origin, settle } = options;
  const end = offset + bytes.length;
  const result = await slot.run({ bytes, offset, origin, settle });
  if (!("died" in result)) return asGraded(result, offset, end);
  // The worker died of the line at `position`. What it had graded before went with it and is
  // graded anew; then comes that line, then the rest.
  const position = Math.min(result.position, bytes.length - 1);
  const [line] = cutBatch({ offset: offset + position, bytes: bytes.subarray(position) }, 1);
  const before = { offset, bytes: bytes.subarray(0, position) };
  const after = {
    offset: line.offset + line.bytes.length,
    bytes: bytes.subarray(position + line.bytes.length),
  };
  // A full heap may be its neighbours' doing: only a line that fills one alone is to blame.
  const again = result.died === "memory" && line.bytes.length < bytes.length;
  const parts: Graded[] = [];
  for (const step of [
    () => gradeBatch(slot, before, options),
    () => (again ? gradeBatch(slot, line, options) : settleDeath(slot, line, result, options)),
    () => gradeBatch(slot, after, options),
  ]) {
    if (parts.at(-1)?.short) break;
    parts.push(await step());
  }
  return joined(parts);
}

/** The one record of a line that was passed over because of its length. */
export function gradeOverlong(batch: Batch, origin: Origin): Graded {
  const error = invalidTrajectory(`line longer than ${MAX_LINE_BYTES} bytes`);
  return oneRecord(
    batch.overlong?.end ?? batch.offset,
    errorRecord(origin, unreadSubject(batch.offset), error),
  );
}

/** The line's records as `error`, with its ids where they can be read: reading them is left to a
 * worker too, since a line may be made to burst whoever parses it. */
export async function blameLine(
  slot: Slot,
  line: Batch,
  origin: Origin,
  error: ErrorInfo,
): Promise<Graded> {
  const { bytes, offset } = line;
  const end = offset + bytes.length;
  const result = await slot.run({ bytes, offset, origin, settle: true, blame: error });
  if (!("died" in result)) return asGraded(result, offset, end);
  return oneRecord(end, errorRecord(origin, unreadSubject(offset), error));
}

/** What a worker died of, as its line's verdict. */
async function settleDeath(
  slot: Slot,
  line: Batch,
  death: Death,
  options: BatchOptions,
): Promise<Graded> {
  const error = ERRORS[death.died](death.message);
  // It waited by the clock, for something that may come back: to be tried again before it counts.
  if (error.retryable && !options.settle)
    return { ...nothing(line.offset), short: true, passing: error.message };
  return await blameLine(slot, line, options.origin, error);
}

const ERRORS: Readonly<Record<Death["died"], (message: string) => ErrorInfo>> = {
  cpu: (message) => ({ class: "verifier_timeout", message, retryable: false }),
  wall: (message) => ({ class: "verifier_stalled", message, retryable: true }),
  memory: (message) => ({ class: "verifier_out_of_memory", message, retryable: false }),
  crash: (message) => ({ class: "verifier_crashed", message, retryable: false }),
};

function asGraded(done: Done, offset: number, end: number): Graded {
  const { consumed, passing, records, tally } = done;
  return {
    records,
    tally,
    end: offset + consumed,
    short: offset + consumed < end,
    ...(passing === undefined ? {} : { passing }),
  };
}

function nothing(offset: number): Graded {
  return { records: new Uint8Array(0), tally: emptyTally(), end: offset, short: false };
}

function oneRecord(end: number, record: RewardRecord): Graded {
  const counter = new Counter();
  counter.countLine([record]);
  const records = new TextEncoder().encode(`${JSON.stringify(record)}\n`);
  return { records, tally: counter.tally(), end, short: false };
}

function joined(parts: readonly Graded[]): Graded {
  const tally = emptyTally();
  for (const part of parts) addTally(tally, part.tally);
  const last = parts.at(-1) as Graded;
  return { ...last, records: concat(parts.map((part) => part.records)), tally };
}
