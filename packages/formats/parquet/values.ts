import { Unreadable } from "../unreadable.ts";
import { DeltaInts } from "./delta.ts";
import { Hybrid } from "./hybrid.ts";
import * as stored from "./schema-element.ts";

const PLAIN = 0;
const PLAIN_DICTIONARY = 2;
const RLE = 3;
const DELTA_BINARY_PACKED = 5;
const DELTA_LENGTH_BYTE_ARRAY = 6;
const DELTA_BYTE_ARRAY = 7;
const RLE_DICTIONARY = 8;
const BYTE_STREAM_SPLIT = 9;

/** INT32, floats and booleans are numbers; INT64 is a bigint; all else are bytes. */
export type Value = number | bigint | Uint8Array;

/** The values of a page that are no nulls, read as they are asked for. */
export interface Values {
  next(): Value;
  skip(count: number): void;
}

/** How a column's values are stored. */
export interface Stored {
  readonly type: number;
  /** The bytes of a fixed-length value. */
  readonly width: number;
}

/** Values in any order. */
export interface Lookup {
  readonly count: number;
  at(index: number): Value;
  /** What it holds beside the bytes it was made from. */
  readonly extraBytes: number;
}

/** The values in `bytes` from `start` to their end. */
export function readValues(
  encoding: number,
  { type, width }: Stored,
  bytes: Uint8Array,
  start: number,
  dictionary: Lookup | undefined,
): Values {
  if (encoding === PLAIN)
    return type === stored.BYTE_ARRAY
      ? new PlainBytes(bytes, start)
      : new InOrder(plainLookup({ type, width }, bytes.subarray(start)));
  if (encoding === RLE_DICTIONARY || encoding === PLAIN_DICTIONARY) {
    if (dictionary === undefined) throw new Unreadable("it has no dictionary");
    return new FromDictionary(dictionary, indices(bytes, start));
  }
  if (encoding === RLE && type === stored.BOOLEAN) {
    const length = lengthAt(bytes, start);
    return new Numbers(new Hybrid(bytes, start + 4, start + 4 + length, 1));
  }
  if (encoding === DELTA_BINARY_PACKED && (type === stored.INT32 || type === stored.INT64))
    return new DeltaInts(bytes, start, type === stored.INT32 ? 32 : 64);
  if (encoding === DELTA_LENGTH_BYTE_ARRAY && type === stored.BYTE_ARRAY)
    return new DeltaLengthBytes(bytes, start);
  if (encoding === DELTA_BYTE_ARRAY && (type === stored.BYTE_ARRAY || type === stored.FIXED))
    return new DeltaBytes(bytes, start);
  if (encoding === BYTE_STREAM_SPLIT && type !== stored.BYTE_ARRAY && type !== stored.BOOLEAN)
    return new InOrder(splitLookup({ type, width }, bytes.subarray(start)));
  throw new Unreadable(`its values are encoded in a way that is not read (number ${encoding})`);
}

/** The values of a dictionary's page. */
export function readDictionary(
  encoding: number,
  store: Stored,
  bytes: Uint8Array,
  count: number,
): Lookup {
  if (encoding !== PLAIN && encoding !== PLAIN_DICTIONARY)
    throw new Unreadable("its dictionary is encoded in a way that is not read");
  if (store.type !== stored.BYTE_ARRAY) return plainLookup(store, bytes);
  // A length of four bytes each: what claims more is answered before anything is made of it.
  if (count < 0 || count * 4 > bytes.length) throw soon();
  const starts = new Uint32Array(count);
  let at = 0;
  for (let index = 0; index < count; index++) {
    starts[index] = at;
    at += 4 + lengthAt(bytes, at);
  }
  return {
    count,
    extraBytes: starts.byteLength,
    at: (index) => {
      const start = (starts[index] as number) + 4;
      return bytes.subarray(start, start + lengthAt(bytes, start - 4));
    },
  };
}

/** Values of a fixed width, one after another. */
function plainLookup({ type, width }: Stored, bytes: Uint8Array): Lookup {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const every = (size: number, at: (place: number) => Value): Lookup => ({
    count: Math.floor(bytes.length / size),
    extraBytes: 0,
    at: (index) => at(index * size),
  });
  if (type === stored.INT32) return every(4, (at) => view.getInt32(at, true));
  if (type === stored.INT64) return every(8, (at) => view.getBigInt64(at, true));
  if (type === stored.FLOAT) return every(4, (at) => view.getFloat32(at, true));
  if (type === stored.DOUBLE) return every(8, (at) => view.getFloat64(at, true));
  if (type === stored.BOOLEAN)
    return {
      count: bytes.length * 8,
      extraBytes: 0,
      at: (index) => ((bytes[index >>> 3] as number) >>> (index & 7)) & 1,
    };
  const size = type === stored.INT96 ? 12 : width;
  return every(size, (at) => bytes.subarray(at, at + size));
}

/** Values of which all first bytes stand together, then all second ones, and so on. */
function splitLookup(store: Stored, bytes: Uint8Array): Lookup {
  const size = widthOf(store);
  const count = Math.floor(bytes.length / size);
  return {
    count,
    extraBytes: 0,
    at: (index) => {
      const one = new Uint8Array(size);
      for (let i = 0; i < size; i++) one[i] = bytes[i * count + index] as number;
      return plainLookup(store, one).at(0);
    },
  };
}

function widthOf({ type, width }: Stored): number {
  if (type === stored.INT32 || type === stored.FLOAT) return 4;
  if (type === stored.INT64 || type === stored.DOUBLE) return 8;
  return type === stored.INT96 ? 12 : width;
}

class InOrder implements Values {
  readonly #lookup: Lookup;
  #index = 0;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  next(): Value {
    if (this.#index >= this.#lookup.count) throw soon();
    return this.#lookup.at(this.#index++);
  }

  skip(count: number): void {
    this.#index += count;
  }
}

class Numbers implements Values {
  readonly #numbers: Hybrid;

  constructor(numbers: Hybrid) {
    this.#numbers = numbers;
  }

  next(): number {
    return this.#numbers.next();
  }

  skip(count: number): void {
    this.#numbers.pass(count, 0);
  }
}

class FromDictionary implements Values {
  readonly #dictionary: Lookup;
  readonly #indices: Hybrid;

  constructor(dictionary: Lookup, places: Hybrid) {
    this.#dictionary = dictionary;
    this.#indices = places;
  }

  next(): Value {
    const index = this.#indices.next();
    if (index >= this.#dictionary.count)
      throw new Unreadable("it names a value that its dictionary does not have");
    return this.#dictionary.at(index);
  }

  skip(count: number): void {
    this.#indices.pass(count, 0);
  }
}

/** Where each value stands in its dictionary. */
function indices(bytes: Uint8Array, start: number): Hybrid {
  const width = bytes[start];
  // A page of nulls alone may hold nothing at all.
  if (width === undefined) return new Hybrid(bytes, start, start, 1);
  return new Hybrid(bytes, start + 1, bytes.length, width);
}

/** Bytes behind their lengths. */
class PlainBytes implements Values {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  next(): Uint8Array {
    const start = this.#at + 4;
    this.skip(1);
    return this.#bytes.subarray(start, this.#at);
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.#at += 4 + lengthAt(this.#bytes, this.#at);
  }
}

/** All lengths first, then the bytes. */
class DeltaLengthBytes implements Values {
  readonly #bytes: Uint8Array;
  readonly #lengths: DeltaInts;
  #at: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#lengths = new DeltaInts(bytes, start, 32);
    this.#at = DeltaInts.endOf(bytes, start);
  }

  next(): Uint8Array {
    const length = this.#lengths.next() as number;
    if (length < 0 || length > this.#bytes.length - this.#at) throw soon();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.next();
  }
}

/**
 * Each begins with so many bytes of the one before it. They share a buffer, so that a value costs
 * its own new bytes, and not all that it repeats; it is valid until the next one.
 */
class DeltaBytes implements Values {
  readonly #prefixes: DeltaInts;
  readonly #suffixes: DeltaLengthBytes;
  #buffer = new Uint8Array(0);
  #length = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#prefixes = new DeltaInts(bytes, start, 32);
    this.#suffixes = new DeltaLengthBytes(bytes, DeltaInts.endOf(bytes, start));
  }

  next(): Uint8Array {
    const prefix = this.#prefixes.next() as number;
    const suffix = this.#suffixes.next();
    if (prefix < 0 || prefix > this.#length) throw soon();
    this.#length = prefix + suffix.length;
    if (this.#length > this.#buffer.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#buffer.subarray(0, prefix));
      this.#buffer = larger;
    }
    this.#buffer.set(suffix, prefix);
    return this.#buffer.subarray(0, this.#length);
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.next();
  }
}

function lengthAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw soon();
  const length =
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0;
  if (length > bytes.length - at - 4) throw soon();
  return length;
}

function soon(): Unreadable {
  return new Unreadable("its values end too soon");
}
