import { type Batch, batchesOf, concat, endOf, overlong } from "@assay/grading";
import { MAX_LINE_BYTES } from "@assay/schema";
import { type Compression, inflate } from "./inflate/index.ts";
import { type RandomAccess, readRows } from "./parquet/index.ts";
import { Unreadable } from "./unreadable.ts";

const NEWLINE = 0x0a;

/** The lines of a compressed file that begin at `start`, where one does, or later. It is inflated from
 * its beginning whatever `start` is. Where it breaks, the break stands for all up to `end`. */
export function compressedBatches(
  file: RandomAccess,
  format: Compression,
  start: number,
  end: number,
): AsyncGenerator<Batch> {
  const bytes = inflate(file.read(0, file.size), format);
  return untilBreak(batchesOf(passOver(bytes, start), start), start, end);
}

/** The rows [start, end) of a Parquet file, each a line. */
export function rowBatches(file: RandomAccess, start: number, end: number): AsyncGenerator<Batch> {
  return untilBreak(asBatches(readRows(file, start, end), start), start, end);
}

/** What cannot be read further ends with what says so, where the first line is that is lost. */
async function* untilBreak(
  batches: AsyncIterable<Batch>,
  start: number,
  end: number,
): AsyncGenerator<Batch> {
  let at = start;
  try {
    for await (const batch of batches) {
      at = endOf(batch);
      yield batch;
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const told = { class: "unreadable", message: error.message, retryable: false };
    yield { offset: at, bytes: new Uint8Array(0), unread: { end, error: told } };
  }
}

async function* passOver(
  chunks: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of chunks) {
    if (chunk.length > left) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** Pieces of whole lines as batches whose places are rows. */
async function* asBatches(pieces: AsyncIterable<Uint8Array>, start: number): AsyncGenerator<Batch> {
  let offset = start;
  for await (const piece of pieces)
    for (const bytes of apart(piece)) {
      const long = bytes.length > MAX_LINE_BYTES + 1;
      const batch: Batch = long
        ? { offset, bytes: new Uint8Array(0), unread: { end: offset + 1, error: overlong() } }
        : { offset, bytes: concat([bytes]), rows: true };
      offset = endOf(batch);
      yield batch;
    }
}

/** A piece, and apart from its neighbours a line in it that is too long. */
function* apart(piece: Uint8Array): Generator<Uint8Array> {
  if (piece.length <= MAX_LINE_BYTES) {
    yield piece;
    return;
  }
  for (let at = 0; at < piece.length; ) {
    const end = piece.indexOf(NEWLINE, at) + 1;
    yield piece.subarray(at, end);
    at = end;
  }
}
