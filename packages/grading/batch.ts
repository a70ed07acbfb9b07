import { type ErrorInfo, MAX_LINE_BYTES } from "@assay/schema";
import { invalidTrajectory } from "./record.ts";

const NEWLINE = 0x0a;
const NOTHING = new Uint8Array(0);

/** Whole lines of a source, one after another as they stand there. */
export interface Batch {
  /** Where the first line begins: its first byte in the uncompressed source, or its row. */
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether places are rows: each line, ended by a newline, is one further than that before it. */
  readonly rows?: boolean;
  /** In place of lines: something at `offset` that no line can be read of, up to `end`. It has one
   * record, and `bytes` holds nothing. */
  readonly unread?: { readonly end: number; readonly error: ErrorInfo };
}

/** The place in its source of the line that begins at a byte of the batch, or of the batch's end. */
export function placeAt({ bytes, offset, rows, unread }: Batch, position: number): number {
  if (unread !== undefined) return unread.end;
  return offset + (rows ? newlinesIn(bytes.subarray(0, position)) : position);
}

/** Where the batch ends in its source. */
export function endOf(batch: Batch): number {
  return placeAt(batch, batch.bytes.length);
}

/**
 * Cuts a stream of bytes into batches of whole lines, in constant memory. `offset` is the first
 * byte's place in its source. The last line needs no newline. A line beyond `MAX_LINE_BYTES`, its
 * newline apart, is passed over and given as `unread`.
 */
export async function* batchesOf(
  chunks: AsyncIterable<Uint8Array>,
  offset: number,
  maxLineBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<Batch> {
  // Bytes of a line whose newline has not come yet; only counted once they are too many.
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let at = offset;
  const take = (tail: Uint8Array): Batch => {
    const batch = { offset: at, bytes: concat([...held, tail]) };
    at += batch.bytes.length;
    held = [];
    heldBytes = 0;
    return batch;
  };
  const passOver = (more: number): Batch => {
    const end = at + heldBytes + more;
    const batch = { offset: at, bytes: NOTHING, unread: { end, error: overlong(maxLineBytes) } };
    at = end;
    held = [];
    heldBytes = 0;
    return batch;
  };
  // No longer than a line may be, so that one beyond the bound never lies within a piece.
  for await (const chunk of chunks)
    for (let from = 0; from < chunk.length; from += maxLineBytes) {
      let rest = chunk.subarray(from, from + maxLineBytes);
      const first = rest.indexOf(NEWLINE);
      if (first >= 0 && heldBytes + first > maxLineBytes) {
        yield passOver(first + 1);
        rest = rest.subarray(first + 1);
      }
      const last = rest.lastIndexOf(NEWLINE);
      if (last >= 0) {
        yield take(rest.subarray(0, last + 1));
        rest = rest.subarray(last + 1);
      }
      if (rest.length === 0) continue;
      heldBytes += rest.length;
      if (heldBytes > maxLineBytes) held = [];
      else held.push(rest);
    }
  if (heldBytes > maxLineBytes) yield passOver(0);
  else if (heldBytes > 0) yield take(NOTHING);
}

/** Cuts the lines of `batch` that fit `target` bytes, at least one, from the rest. */
export function cutBatch(batch: Batch, target: number): [Batch, Batch | undefined] {
  const { bytes } = batch;
  if (bytes.length <= target) return [batch, undefined];
  const newline = bytes.indexOf(NEWLINE, Math.max(0, target - 1));
  if (newline < 0 || newline + 1 === bytes.length) return [batch, undefined];
  return splitAt(batch, newline + 1);
}

/** The batch before and from the line that begins at a byte of it. */
export function splitAt(batch: Batch, position: number): [Batch, Batch] {
  const { bytes } = batch;
  return [
    { ...batch, bytes: bytes.subarray(0, position) },
    { ...batch, offset: placeAt(batch, position), bytes: bytes.subarray(position) },
  ];
}

export function overlong(maxLineBytes: number = MAX_LINE_BYTES): ErrorInfo {
  return invalidTrajectory(`line longer than ${maxLineBytes} bytes`);
}

export function newlinesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** One buffer of its own, so that it can be handed to another thread. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
