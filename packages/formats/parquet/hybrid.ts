import { Unreadable } from "../unreadable.ts";

/** The widest number, in bits. */
const MAX_WIDTH = 32;
const MAX_VARINT_BYTES = 5;

/** Small numbers in Parquet's mix of runs and packed bits, read as they are asked for. */
export class Hybrid {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #width: number;
  #at: number;
  /** How often `#value` comes again. */
  #repeats = 0;
  #value = 0;
  /** How many packed numbers come, and the next one's first bit. */
  #packed = 0;
  #bit = 0;

  /** In the bytes [start, end) of `bytes`, each number `width` bits wide. */
  constructor(bytes: Uint8Array, start: number, end: number, width: number) {
    if (width > MAX_WIDTH) throw new Unreadable(`it packs numbers of ${width} bits`);
    if (end > bytes.length) throw new Unreadable("its numbers reach beyond its end");
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#width = width;
  }

  next(): number {
    if (this.#repeats === 0 && this.#packed === 0) this.#nextRun();
    if (this.#repeats > 0) {
      this.#repeats -= 1;
      return this.#value;
    }
    return this.#unpack();
  }

  /**
   * Passes over `count` numbers and tells how many of them are `wanted`. With `most`, stops behind
   * that many. A run costs one step, however long.
   */
  pass(count: number, wanted: number, most = Infinity): { passed: number; found: number } {
    let passed = 0;
    let found = 0;
    while (passed < count && found < most) {
      if (this.#repeats === 0 && this.#packed === 0) this.#nextRun();
      if (this.#repeats > 0) {
        const isWanted = this.#value === wanted;
        const step = Math.min(this.#repeats, count - passed, isWanted ? most - found : Infinity);
        this.#repeats -= step;
        passed += step;
        if (isWanted) found += step;
      } else {
        if (this.#unpack() === wanted) found += 1;
        passed += 1;
      }
    }
    return { passed, found };
  }

  #nextRun(): void {
    // Numbers of no bits are all zero, and some writers write nothing at all for them.
    if (this.#width === 0) {
      this.#repeats = Number.MAX_SAFE_INTEGER;
      return;
    }
    while (this.#repeats === 0 && this.#packed === 0) {
      const head = this.#varint();
      const count = Math.floor(head / 2);
      const start = this.#at;
      if (head % 2 === 0) {
        this.#at += (this.#width + 7) >> 3;
        if (this.#at > this.#end) throw soon();
        this.#value = 0;
        for (let at = this.#at - 1; at >= start; at--)
          this.#value = this.#value * 256 + (this.#bytes[at] as number);
        this.#repeats = count;
      } else {
        // The last group may be cut off behind its last number: each is looked at as it comes.
        this.#packed = count * 8;
        this.#bit = start * 8;
        this.#at = Math.min(this.#end, start + count * this.#width);
        if (start >= this.#end) throw soon();
      }
    }
  }

  #unpack(): number {
    const bit = this.#bit;
    this.#bit += this.#width;
    this.#packed -= 1;
    if (this.#bit > this.#end * 8) throw soon();
    return unpack(this.#bytes, bit, this.#width);
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < MAX_VARINT_BYTES; count++, scale *= 128) {
      if (this.#at >= this.#end) throw soon();
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new Unreadable("its numbers are corrupt");
  }
}

/** The number of at most 32 bits whose lowest is `bit`. */
export function unpack(bytes: Uint8Array, bit: number, width: number): number {
  let at = Math.floor(bit / 8);
  const shift = bit % 8;
  let value = (bytes[at] as number) >>> shift;
  for (let have = 8 - shift; have < width; have += 8) {
    at += 1;
    value += (bytes[at] as number) * 2 ** have;
  }
  return width >= MAX_WIDTH ? value % 2 ** MAX_WIDTH : value % 2 ** width;
}

function soon(): Unreadable {
  return new Unreadable("its numbers end too soon");
}
