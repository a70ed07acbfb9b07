import type { RandomAccess } from "../access.ts";

/** Bytes in memory, given in pieces of `pieceBytes`. */
export class InMemory implements RandomAccess {
  readonly #bytes: Uint8Array;
  readonly #pieceBytes: number;
  /** What was asked for. */
  readonly reads: { start: number; end: number }[] = [];

  constructor(bytes: Uint8Array, pieceBytes = 64 * 1024) {
    this.#bytes = bytes;
    this.#pieceBytes = pieceBytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  async *read(start: number, end: number): AsyncGenerator<Uint8Array> {
    this.reads.push({ start, end });
    if (start < 0 || end > this.size || start >= end)
      throw new RangeError(`asked for bytes ${start} to ${end} of ${this.size}`);
    for (let at = start; at < end; at += this.#pieceBytes)
      yield this.#bytes.slice(at, Math.min(end, at + this.#pieceBytes));
  }
}
