import { Unreadable } from "../unreadable.ts";
import { unpack } from "./hybrid.ts";
import type { Values } from "./values.ts";

/** The most values of a block. Writers have 128 to 2,048; a block of equal steps takes a handful of
 * bytes, so this is what bounds the values, and the time, that a page of so many bytes can take. */
const MAX_BLOCK = 8_192;
/** Blocks are cut into miniblocks of so many values or a multiple. */
const MINIBLOCK_UNIT = 32;
/** The widest difference, in bits. */
const MAX_WIDTH = 64;
const MAX_VARINT_BYTES = 10;

interface Head {
  readonly miniblocks: number;
  /** The values of a miniblock. */
  readonly each: number;
  readonly total: number;
  readonly first: bigint;
}

/** Integers by their differences, read as they are asked for: DELTA_BINARY_PACKED. */
export class DeltaInts implements Values {
  readonly #bytes: Uint8Array;
  readonly #head: Head;
  /** How wide the integers are: they wrap around. */
  readonly #bits: 32 | 64;
  #at: number;
  #given = 0;
  #value: bigint;
  /** 32 bits are reckoned without bigints. */
  #small: number;
  #least = 0n;
  #smallLeast = 0;
  #widths: Uint8Array = new Uint8Array(0);
  #width = 0;
  #miniblock = 0;
  #inMiniblock = 0;
  #bit = 0;

  constructor(bytes: Uint8Array, start: number, bits: 32 | 64) {
    this.#bytes = bytes;
    this.#at = start;
    this.#bits = bits;
    this.#head = this.#readHead();
    this.#value = this.#head.first;
    this.#small = Number(BigInt.asIntN(32, this.#value));
    this.#miniblock = this.#head.miniblocks;
  }

  /** The end of a copy that is read through: behind it other things may come. */
  static endOf(bytes: Uint8Array, start: number): number {
    const ints = new DeltaInts(bytes, start, 32);
    const { each, miniblocks, total } = ints.#head;
    for (let left = total - 1; left > 0; left -= each * miniblocks) {
      ints.#nextBlock();
      const needed = Math.min(miniblocks, Math.ceil(left / each));
      for (let miniblock = 0; miniblock < needed; miniblock++) ints.#enter(miniblock);
    }
    return ints.#at;
  }

  next(): bigint | number {
    this.#step();
    return this.#bits === 32 ? this.#small : this.#value;
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.#step();
  }

  #step(): void {
    if (this.#given >= this.#head.total) throw soon();
    this.#given += 1;
    if (this.#given === 1) return;
    if (this.#inMiniblock === 0) this.#nextMiniblock();
    this.#inMiniblock -= 1;
    const width = this.#width;
    const bit = this.#bit;
    this.#bit += width;
    // What lies above 32 bits vanishes where the integers have no more.
    const low = unpack(this.#bytes, bit, Math.min(32, width));
    if (this.#bits === 32) this.#small = (this.#small + this.#smallLeast + low) | 0;
    else {
      let more = BigInt(low);
      if (width > 32) more |= BigInt(unpack(this.#bytes, bit + 32, width - 32)) << 32n;
      this.#value = BigInt.asIntN(64, this.#value + this.#least + more);
    }
  }

  #nextMiniblock(): void {
    this.#miniblock += 1;
    if (this.#miniblock >= this.#head.miniblocks) {
      this.#nextBlock();
      this.#miniblock = 0;
    }
    this.#enter(this.#miniblock);
    this.#inMiniblock = this.#head.each;
  }

  #enter(miniblock: number): void {
    // Those of miniblocks that are not there may say anything, so each is looked at only here.
    this.#width = this.#widths[miniblock] as number;
    if (this.#width > MAX_WIDTH)
      throw new Unreadable(`its integers are packed in ${this.#width} bits`);
    this.#bit = this.#at * 8;
    this.#at += (this.#head.each / 8) * this.#width;
    if (this.#at > this.#bytes.length) throw soon();
  }

  #nextBlock(): void {
    this.#least = this.#zigzag();
    this.#smallLeast = Number(BigInt.asIntN(32, this.#least));
    const widths = this.#bytes.subarray(this.#at, this.#at + this.#head.miniblocks);
    if (widths.length < this.#head.miniblocks) throw soon();
    this.#at += widths.length;
    this.#widths = widths;
  }

  #readHead(): Head {
    const block = Number(this.#varint());
    const miniblocks = Number(this.#varint());
    const total = Number(this.#varint());
    const first = this.#zigzag();
    const each = block / miniblocks;
    if (block > MAX_BLOCK || miniblocks === 0 || block === 0 || each % MINIBLOCK_UNIT !== 0)
      throw new Unreadable(`its integers stand in ${miniblocks} miniblocks of ${each}`);
    return { miniblocks, each, total, first };
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 7n * BigInt(MAX_VARINT_BYTES); shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw soon();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Unreadable("its integers are corrupt");
  }
}

function soon(): Unreadable {
  return new Unreadable("its integers end too soon");
}
