import { Unreadable } from "../unreadable.ts";

/** How deep structs and lists may nest. Parquet's own go to 8. */
const MAX_DEPTH = 32;
/** The bytes of the longest varint, one of 64 bits. */
const MAX_VARINT_BYTES = 10;

/** Types of Thrift's compact protocol. */
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;
const UUID = 13;

/** The bytes end before what they say. */
export class Short extends Unreadable {
  override name = "Short";
}

/**
 * Reads Thrift's compact protocol as it goes, building nothing: a visitor takes what it knows, the
 * rest is passed over. So a hostile footer costs its own bytes and no more.
 */
export class Thrift {
  readonly #bytes: Uint8Array;
  #at: number;
  #depth = 0;
  /** The type of what stands next. */
  #type = STRUCT;
  #inList = false;
  /** Whether the visitor has left it. */
  #unread = true;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** The place of the first byte that was not read. */
  get at(): number {
    return this.#at;
  }

  /** Calls `visit` with each field's number. It reads the field, or leaves it. */
  struct(visit: (field: number) => void): void {
    this.#expect(this.#type === STRUCT);
    this.#enter();
    let field = 0;
    for (;;) {
      const head = this.#byte();
      if (head === 0) break;
      const step = head >> 4;
      this.#type = head & 0x0f;
      this.#inList = false;
      field = step === 0 ? this.#zigzag() : field + step;
      this.#unread = true;
      visit(field);
      if (this.#unread) this.#skip(head & 0x0f, false);
    }
    this.#leave();
  }

  /** Calls `visit` for each element. It reads the element, or leaves it. */
  list(visit: (index: number) => void): void {
    this.#expect(this.#type === LIST || this.#type === SET);
    this.#enter();
    const [size, type] = this.#listHead();
    for (let index = 0; index < size; index++) {
      this.#type = type;
      this.#inList = true;
      this.#unread = true;
      visit(index);
      if (this.#unread) this.#skip(type, true);
    }
    this.#leave();
  }

  integer(): number {
    this.#unread = false;
    if (this.#type === BYTE) return (this.#byte() << 24) >> 24;
    this.#expect(this.#type >= I16 && this.#type <= I64);
    return this.#zigzag();
  }

  boolean(): boolean {
    this.#unread = false;
    this.#expect(this.#type === TRUE || this.#type === FALSE);
    return this.#inList ? this.#byte() === TRUE : this.#type === TRUE;
  }

  /** Bytes, as a view of those read from. */
  binary(): Uint8Array {
    this.#unread = false;
    this.#expect(this.#type === BINARY);
    const length = this.#varint();
    this.#pass(length);
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #skip(type: number, inList: boolean): void {
    if (type === TRUE || type === FALSE) this.#pass(inList ? 1 : 0);
    else if (type === BYTE) this.#pass(1);
    else if (type >= I16 && type <= I64) this.#passVarint();
    else if (type === DOUBLE) this.#pass(8);
    else if (type === BINARY) this.#pass(this.#varint());
    else if (type === UUID) this.#pass(16);
    else if (type === STRUCT) this.#nested(type, () => this.struct(() => {}));
    else if (type === LIST || type === SET) this.#nested(type, () => this.list(() => {}));
    else if (type === MAP) this.#nested(type, () => this.#skipMap());
    else throw corrupt(`a field has the unknown type ${type}`);
  }

  #nested(type: number, skip: () => void): void {
    this.#type = type;
    skip();
  }

  #skipMap(): void {
    this.#enter();
    const size = this.#varint();
    this.#expect(size <= this.#bytes.length - this.#at);
    if (size > 0) {
      const types = this.#byte();
      for (let entry = 0; entry < size; entry++) {
        this.#skip(types >> 4, true);
        this.#skip(types & 0x0f, true);
      }
    }
    this.#leave();
  }

  #listHead(): [size: number, type: number] {
    const head = this.#byte();
    const size = head >> 4 === 15 ? this.#varint() : head >> 4;
    // An element has a byte at least: what claims more is answered before anything is made of it.
    if (size > this.#bytes.length - this.#at) throw short();
    return [size, head & 0x0f];
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < MAX_VARINT_BYTES; count++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80) scale *= 128;
      else if (value < Number.MAX_SAFE_INTEGER) return value;
      else break;
    }
    throw corrupt("a number is absurd");
  }

  /** Of a number that nobody asks for, any value goes. */
  #passVarint(): void {
    for (let count = 0; count < MAX_VARINT_BYTES; count++) if (this.#byte() < 0x80) return;
    throw corrupt("a number is absurd");
  }

  #byte(): number {
    this.#pass(1);
    return this.#bytes[this.#at - 1] as number;
  }

  #pass(length: number): void {
    if (length > this.#bytes.length - this.#at) throw short();
    this.#at += length;
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw corrupt("it nests absurdly deep");
  }

  #leave(): void {
    this.#depth -= 1;
    this.#unread = false;
  }

  #expect(holds: boolean): void {
    if (!holds) throw corrupt("a field has another type than it should");
  }
}

function corrupt(what: string): Unreadable {
  return new Unreadable(`its structure is corrupt: ${what}`);
}

function short(): Short {
  return new Short("its structure is corrupt: it ends too soon");
}
