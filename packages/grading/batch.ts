import { MAX_LINE_BYTES } from "@assay/schema";

const NEWLINE = 0x0a;

/** Whole lines of a source, one after another as they stand there. */
export interface Batch {
  /** The first byte's place in the uncompressed source. */
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** One line longer than `MAX_LINE_BYTES`, of which `bytes` holds nothing: it ends at `end`. */
  readonly overlong?: { readonly end: number };
}

/**
 * Cuts a stream of bytes into batches of whole lines, in constant memory. `offset` is the first
 * byte's place in its source. The last line needs no newline. A line beyond `MAX_LINE_BYTES` is
 * passed over and given as `overlong`.
 */
export async function* batchesOf(
  chunks: AsyncIterable<Uint8Array>,
  offset: number,
  maxLineBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<Batch> {
  // Bytes of a line whose newline has not come yet.
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let at = offset;
  let overlong = false;
  const take = (tail?: Uint8Array): Batch => {
    const batch = { offset: at, bytes: concat(tail === undefined ? held : [...held, tail]) };
    at += batch.bytes.length;
    held = [];
    heldBytes = 0;
    return batch;
  };
  for await (const chunk of chunks) {
    let rest = chunk;
    if (overlong) {
      const newline = rest.indexOf(NEWLINE);
      heldBytes += newline < 0 ? rest.length : newline + 1;
      if (newline < 0) continue;
      yield { offset: at, bytes: new Uint8Array(0), overlong: { end: at + heldBytes } };
      at += heldBytes;
      heldBytes = 0;
      overlong = false;
      rest = rest.subarray(newline + 1);
    }
    const last = rest.lastIndexOf(NEWLINE);
    if (last >= 0) {
      yield take(rest.subarray(0, last + 1));
      rest = rest.subarray(last + 1);
    }
    if (rest.length === 0) continue;
    held.push(rest);
    heldBytes += rest.length;
    if (heldBytes > maxLineBytes) {
      overlong = true;
      held = [];
    }
  }
  if (overlong) yield { offset: at, bytes: new Uint8Array(0), overlong: { end: at + heldBytes } };
  else if (heldBytes > 0) yield take();
}

/** Cuts the lines of `batch` that fit `target` bytes, at least one, from the rest. */
export function cutBatch(batch: Batch, target: number): [Batch, Batch | undefined] {
  const { bytes, offset } = batch;
  if (bytes.length <= target) return [batch, undefined];
  const newline = bytes.indexOf(NEWLINE, Math.max(0, target - 1));
  if (newline < 0 || newline + 1 === bytes.length) return [batch, undefined];
  const cut = newline + 1;
  return [
    { offset, bytes: bytes.subarray(0, cut) },
    { offset: offset + cut, bytes: bytes.subarray(cut) },
  ];
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
