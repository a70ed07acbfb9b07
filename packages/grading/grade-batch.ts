import type { ErrorInfo, RewardRecord, Tally } from "@assay/schema";
import { type Batch, concat, cutBatch, endOf, placeAt, splitAt } from "./batch.ts";
import { errorRecord, type Origin, unreadSubject } from "./record.ts";
import type { Death, Slot } from "./slot.ts";
import { addTally, Counter, emptyTally } from "./tally.ts";
import type { Done } from "./worker-protocol.ts";

/** What became of a batch. */
export interface Graded {
  /** Records as JSON lines, in the order of the lines. */
  readonly records: Uint8Array<ArrayBuffer>;
  readonly tally: Tally;
  /** The first place without a record: the batch's end, or where grading stopped short of it. */
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
  const { bytes, offset, unread } = batch;
  const { origin, settle } = options;
  if (unread !== undefined)
    return oneRecord(unread.end, errorRecord(origin, unreadSubject(offset), unread.error));
  if (bytes.length === 0) return nothing(offset);
  const result = await slot.run({ ...batch, origin, settle });
  if (!("died" in result)) return asGraded(result, batch);
  // The worker died of the line at `position`. What it had graded before went with it and is
  // graded anew; then comes that line, then the rest.
  const [before, rest] = splitAt(batch, Math.min(result.position, bytes.length - 1));
  const [line, after] = cutBatch(rest, 1);
  // A full heap may be its neighbours' doing: only a line that fills one alone is to blame.
  const again = result.died === "memory" && line.bytes.length < bytes.length;
  const parts: Graded[] = [];
  for (const step of [
    () => gradeBatch(slot, before, options),
    () => (again ? gradeBatch(slot, line, options) : settleDeath(slot, line, result, options)),
    () => (after === undefined ? nothing(endOf(line)) : gradeBatch(slot, after, options)),
  ]) {
    if (parts.at(-1)?.short) break;
    parts.push(await step());
  }
  return joined(parts);
}

/** The line's records as `error`, with its ids where they can be read: reading them is left to a
 * worker too, since a line may be made to burst whoever parses it. */
export async function blameLine(
  slot: Slot,
  line: Batch,
  origin: Origin,
  error: ErrorInfo,
): Promise<Graded> {
  if (line.unread !== undefined) return await gradeBatch(slot, line, { origin, settle: true });
  const result = await slot.run({ ...line, origin, settle: true, blame: error });
  if (!("died" in result)) return asGraded(result, line);
  return oneRecord(endOf(line), errorRecord(origin, unreadSubject(line.offset), error));
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

function asGraded({ consumed, passing, records, tally }: Done, batch: Batch): Graded {
  return {
    records,
    tally,
    end: placeAt(batch, consumed),
    short: consumed < batch.bytes.length,
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
