const NOTHING = new Uint8Array(0);

/** A stream of bytes, taken in pieces of the sizes asked for, whatever chunks it comes in. */
export class Pieces {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = NOTHING;
  #open = true;
  #at = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes were taken. */
  get at(): number {
    return this.#at;
  }

  /** The next `size` bytes; fewer only at the end. */
  async take(size: number): Promise<Uint8Array> {
    return this.#chunk.length >= size ? this.#cut(size) : this.fill(new Uint8Array(size));
  }

  /** The next bytes, copied into `buffer`: as many as it holds; fewer only at the end. */
  async fill(buffer: Uint8Array): Promise<Uint8Array> {
    let filled = 0;
    while (filled < buffer.length && (await this.#filled())) {
      const part = this.#cut(buffer.length - filled);
      buffer.set(part, filled);
      filled += part.length;
    }
    return buffer.subarray(0, filled);
  }

  /** Passes over `size` bytes, and says how many there were. */
  async skip(size: number): Promise<number> {
    let skipped = 0;
    while (skipped < size && (await this.#filled())) skipped += this.#cut(size - skipped).length;
    return skipped;
  }

  /** Passes over zeros, and says whether nothing else was left. */
  async onlyZerosLeft(): Promise<boolean> {
    while (await this.#filled()) {
      const zeros = this.#chunk.findIndex((byte) => byte !== 0);
      this.#cut(zeros < 0 ? this.#chunk.length : zeros);
      if (zeros >= 0) return false;
    }
    return true;
  }

  async close(): Promise<void> {
    if (this.#open) await this.#chunks.return?.();
  }

  /** Whether a byte is at hand; waits for one. */
  async #filled(): Promise<boolean> {
    while (this.#chunk.length === 0 && this.#open) {
      // One that threw or ended is closed already.
      this.#open = false;
      const next = await this.#chunks.next();
      if (next.done) return false;
      this.#open = true;
      this.#chunk = next.value;
    }
    return this.#chunk.length > 0;
  }

  #cut(most: number): Uint8Array {
    const part = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(part.length);
    this.#at += part.length;
    return part;
  }
}
