/** A value of Thrift's compact protocol. Structs are objects whose keys are field numbers. */
export type Thrift = number | bigint | boolean | string | readonly Thrift[] | ThriftStruct;
export interface ThriftStruct {
  readonly [field: number]: Thrift | undefined;
}

const TYPES = { true: 1, false: 2, i64: 6, binary: 8, list: 9, struct: 12 };

/** A struct as bytes: what real writers write, and what none would. */
export function thriftOf(value: ThriftStruct): Buffer {
  const out: number[] = [];
  writeStruct(out, value);
  return Buffer.from(out);
}

function writeStruct(out: number[], value: ThriftStruct): void {
  let last = 0;
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    out.push(((Number(key) - last) << 4) | typeOf(field));
    last = Number(key);
    if (typeof field !== "boolean") write(out, field);
  }
  out.push(0);
}

function write(out: number[], value: Thrift): void {
  if (typeof value === "number" || typeof value === "bigint") varint(out, zigzag(BigInt(value)));
  else if (typeof value === "string") {
    varint(out, BigInt(Buffer.byteLength(value)));
    out.push(...Buffer.from(value));
  } else if (isList(value)) {
    out.push(0xf0 | typeOf(value[0] ?? 0));
    varint(out, BigInt(value.length));
    for (const item of value) write(out, item);
  } else writeStruct(out, value as ThriftStruct);
}

function typeOf(value: Thrift): number {
  if (typeof value === "boolean") return value ? TYPES.true : TYPES.false;
  if (typeof value === "number" || typeof value === "bigint") return TYPES.i64;
  if (typeof value === "string") return TYPES.binary;
  return isList(value) ? TYPES.list : TYPES.struct;
}

function isList(value: Thrift): value is readonly Thrift[] {
  return Array.isArray(value);
}

function zigzag(value: bigint): bigint {
  return value < 0n ? -2n * value - 1n : 2n * value;
}

export function varint(out: number[], value: bigint): void {
  for (let left = value; ; left >>= 7n) {
    out.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
    if (left <= 0x7fn) return;
  }
}

/** A page: its values, and its bytes as they are. */
export interface PageOf {
  readonly values: number;
  readonly bytes: Uint8Array;
  /** PLAIN, unless told. */
  readonly encoding?: number;
  readonly isDictionary?: boolean;
  /** What its header says instead. */
  readonly header?: ThriftStruct;
}
export interface ColumnOf {
  /** Elements of the schema, depth first, as Thrift has them. */
  readonly schema: readonly ThriftStruct[];
  /** Of each leaf: its type, and its pages. */
  readonly leaves: readonly { readonly type: number; readonly pages: readonly PageOf[] }[];
}

/** A file of one row group, uncompressed. */
export function parquetOf(
  rows: number,
  columns: readonly ColumnOf[],
  change: (footer: ThriftStruct) => ThriftStruct = (footer) => footer,
): Buffer {
  const parts: Uint8Array[] = [Buffer.from("PAR1")];
  let at = 4;
  const chunks = columns
    .flatMap(({ leaves }) => leaves)
    .map(({ pages, type }) => {
      const start = at;
      for (const page of pages) {
        const { bytes, encoding = 0, isDictionary = false, values } = page;
        const own = isDictionary
          ? { 1: 2, 7: { 1: values, 2: encoding } }
          : { 1: 0, 5: { 1: values, 2: encoding, 3: 3, 4: 3 } };
        const header = thriftOf({ ...own, 2: bytes.length, 3: bytes.length, ...page.header });
        parts.push(header, bytes);
        at += header.length + bytes.length;
      }
      const values = pages.reduce((sum, page) => sum + (page.isDictionary ? 0 : page.values), 0);
      return { 3: { 1: type, 2: [0], 4: 0, 5: values, 7: at - start, 9: start } };
    });
  const root = { 4: "schema", 5: columns.length };
  const footer = thriftOf(
    change({
      1: 1,
      2: [root, ...columns.flatMap(({ schema }) => schema)],
      3: rows,
      4: [{ 1: chunks, 2: at, 3: rows }],
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, length, Buffer.from("PAR1")]);
}

/** Text behind its length, as PLAIN has it. */
export function plainText(...texts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.from(text).length);
      return [length, Buffer.from(text)];
    }),
  );
}

/** `count` times `value`, as levels and places in dictionaries are written. */
export function run(count: number | bigint, value: number): Buffer {
  const out: number[] = [];
  varint(out, BigInt(count) * 2n);
  return Buffer.from([...out, value]);
}

/** Behind their length, as levels stand in a page of version 1. */
export function levels(...runs: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(runs);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const REQUIRED = 0;
const BYTE_ARRAY = 6;

/** A column of text in which nothing is missing. */
export function textColumn(name: string, ...pages: readonly PageOf[]): ColumnOf {
  return {
    schema: [{ 1: BYTE_ARRAY, 3: REQUIRED, 4: name, 6: 0 }],
    leaves: [{ type: BYTE_ARRAY, pages }],
  };
}
