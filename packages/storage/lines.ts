import {
  compressedBatches,
  formatOf,
  isCompressed,
  type RandomAccess,
  rowBatches,
} from "@assay/formats";
import { type Batch, batchesOf, cutBatch } from "@assay/grading";
import { MAX_LINE_BYTES, type Source } from "@assay/schema";
import { type Bucket, SourceGone } from "./ports.ts";

const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const RETURN = 0x0d;
/** How far past a shard's end the first look for its last line's end goes, in bytes. */
const FIRST_LOOK_BYTES = 64 * 1024;
/** How often a body that breaks off is taken up again where it broke. */
const RESUMES = 3;

/**
 * The lines that begin in [start, end) of a source, whatever its format: bytes of the uncompressed
 * source, or rows. Read as it is asked for, in constant memory. A line begins at p when p is 0 or
 * the byte before p is a newline; the last one may end past `end`.
 */
export class ShardLines {
  readonly #batches: AsyncGenerator<Batch>;
  #held: Batch | undefined;
  #ended = false;

  constructor(bucket: Bucket, source: Source, start: number, end: number) {
    this.#batches = batchesWithin(bucket, source, start, end);
  }

  /** Whether a line is left; reads on until that is known. Blank lines are passed over here: they
   * have no records, so that an invocation that ended among them would have nothing to show, and a
   * small file holds billions of them. */
  async hasMore(): Promise<boolean> {
    for (;;) {
      this.#held = this.#held && withoutBlanksAhead(this.#held);
      if (this.#held !== undefined || this.#ended) return this.#held !== undefined;
      const next = await this.#batches.next();
      if (next.done) this.#ended = true;
      else this.#held = next.value;
    }
  }

  /** The next lines: `bytes` of them and the rest of the line there, or what is left. */
  async *take(bytes: number): AsyncGenerator<Batch> {
    let wanted = bytes;
    while (wanted > 0 && (await this.hasMore())) {
      const [batch, rest] = cutBatch(this.#held as Batch, wanted);
      this.#held = rest;
      wanted -= batch.bytes.length || wanted;
      yield batch;
    }
  }

  async close(): Promise<void> {
    await this.#batches.return(undefined);
  }
}

/** The batch from its first line on that is not blank; undefined where all are. */
function withoutBlanksAhead(batch: Batch): Batch | undefined {
  const { bytes, rows, unread } = batch;
  if (rows || unread !== undefined) return batch;
  let at = 0;
  let line = 0;
  for (; isBlank(bytes[at]); at++) if (bytes[at] === NEWLINE) line = at + 1;
  if (at === bytes.length) return undefined;
  return line === 0 ? batch : { offset: batch.offset + line, bytes: bytes.subarray(line) };
}

function isBlank(byte: number | undefined): boolean {
  return byte === NEWLINE || byte === SPACE || byte === TAB || byte === RETURN;
}

/** Whether a line can be read without all that stands before it. */
export function isSeekable(source: Source): boolean {
  return !isCompressed(formatOf(source.key));
}

/** A source's bytes, wherever they are wanted. */
export function accessTo(bucket: Bucket, source: Source): RandomAccess {
  return {
    size: source.size,
    read: (start, end) => steadyRead(bucket, source, start, end),
  };
}

function batchesWithin(
  bucket: Bucket,
  source: Source,
  start: number,
  end: number,
): AsyncGenerator<Batch> {
  const format = formatOf(source.key);
  switch (format) {
    case "parquet":
      return rowBatches(accessTo(bucket, source), start, end);
    case "gz":
    case "zst":
      return compressedBatches(accessTo(bucket, source), format, start, end);
    default: {
      const from = Math.max(0, start - 1);
      return linesWithin(wholeLines(bucket, source, from, end), from, start);
    }
  }
}

/** Drops what precedes the first line that begins at or after `start`. */
async function* linesWithin(
  chunks: AsyncIterable<Uint8Array>,
  from: number,
  start: number,
): AsyncGenerator<Batch> {
  if (start === 0) return yield* batchesOf(chunks, 0);
  const iterator = chunks[Symbol.asyncIterator]();
  let at = from;
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      const newline = next.value.indexOf(NEWLINE);
      if (newline >= 0) {
        const rest = next.value.subarray(newline + 1);
        yield* batchesOf(resumed(rest, iterator), at + newline + 1);
        return;
      }
      at += next.value.length;
    }
  } finally {
    await iterator.return?.();
  }
}

async function* resumed(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** The bytes [from, end), and on to the end of a line that begins there. */
async function* wholeLines(
  bucket: Bucket,
  source: Source,
  from: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let last = -1;
  let newlines = from === 0;
  for await (const chunk of steadyRead(bucket, source, from, end)) {
    last = chunk.at(-1) ?? last;
    newlines ||= chunk.includes(NEWLINE);
    yield chunk;
  }
  // No newline at all: the whole range lies within a line of an earlier shard.
  if (last === NEWLINE || !newlines) return;
  let look = FIRST_LOOK_BYTES;
  for (let at = end; at < source.size && at - end <= MAX_LINE_BYTES; look *= 2) {
    const until = Math.min(source.size, at + look);
    for await (const chunk of steadyRead(bucket, source, at, until)) {
      const newline = chunk.indexOf(NEWLINE);
      yield newline < 0 ? chunk : chunk.subarray(0, newline + 1);
      if (newline >= 0) return;
    }
    at = until;
  }
}

/** A read that goes on where a broken body stopped. */
async function* steadyRead(
  bucket: Bucket,
  source: Source,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let at = start;
  for (let breaks = 0; at < end; ) {
    try {
      for await (const chunk of bucket.read(source, at, end)) {
        at += chunk.length;
        yield chunk;
      }
      if (at < end) throw new Error(`${source.key}: its body ended at byte ${at}, before ${end}`);
    } catch (error) {
      if (error instanceof SourceGone || ++breaks > RESUMES) throw error;
    }
  }
}
