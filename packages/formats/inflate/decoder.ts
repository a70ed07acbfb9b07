import type { Gunzip, ZstdDecompress } from "node:zlib";

/**
 * The buffer that zlib fills and the bytes it may run ahead of its reader. By measurement: Node's
 * own 16 KiB takes twice the time, in round trips to its thread pool; more gains nothing.
 */
const OUT_BYTES = 256 * 1024;
export const DECODER_OPTIONS = { chunkSize: OUT_BYTES, highWaterMark: OUT_BYTES };

/** One of Node's decompressors, driven a piece at a time: a piece is read out before the next. */
export class Decoder {
  readonly #stream: Gunzip | ZstdDecompress;
  #made = 0;
  #wake: () => void = () => {};

  constructor(stream: Gunzip | ZstdDecompress) {
    this.#stream = stream;
    for (const event of ["readable", "end", "error", "close"]) stream.on(event, () => this.#wake());
  }

  /** How many bytes of the pieces it took; what follows the end of a stream it leaves. */
  get consumed(): number {
    return this.#stream.bytesWritten;
  }

  /** How many bytes it gave. */
  get made(): number {
    return this.#made;
  }

  /**
   * What a piece inflates to. Where the piece is damaged, throws: what came of it until then may be
   * lost, for Node drops the buffer that was being filled.
   */
  async *push(piece: Uint8Array): AsyncGenerator<Uint8Array> {
    let taken = false;
    this.#stream.write(piece, () => {
      taken = true;
      this.#wake();
    });
    yield* this.#until(() => taken);
  }

  /** Throws where the stream is not whole. */
  async end(): Promise<void> {
    // Not with a callback: that comes before zlib has looked whether all is there.
    this.#stream.end();
    for await (const _ of this.#until(() => this.#stream.readableEnded));
  }

  close(): void {
    this.#stream.destroy();
  }

  async *#until(over: () => boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      const bytes: Uint8Array | null = this.#stream.read();
      if (bytes !== null) {
        this.#made += bytes.length;
        yield bytes;
      } else if (this.#stream.errored) throw this.#stream.errored;
      else if (over() || this.#stream.destroyed) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
