import { Unreadable } from "../unreadable.ts";
import { type RandomAccess, readExactly } from "./access.ts";
import { CODEC_NAMES, isKnownCodec } from "./codecs.ts";
import { readElement, type SchemaElement } from "./schema-element.ts";
import { Thrift } from "./thrift.ts";

/** The longest footer. One of 10,000 row groups with 20 columns each takes some 40 MB. */
const MAX_FOOTER_BYTES = 64 * 1024 * 1024;
/** So much is fetched at first: the whole footer of most files, in one request. */
const FIRST_LOOK_BYTES = 64 * 1024;
/** The most elements of a schema, groups included: every row walks all of them. */
const MAX_ELEMENTS = 8_192;
/** The most row groups and column chunks together: each is an object in memory. */
const MAX_CHUNKS = 1_000_000;
/** The most rows. Equal rows take no bytes at all, so the size of a file does not bound them. */
const MAX_ROWS = 1_000_000_000;

const MAGIC = "PAR1";
const ENCRYPTED_MAGIC = "PARE";
/** The magic stands at both ends; before the last there is the footer's length. */
const TAIL_BYTES = 8;
const HEAD_BYTES = 4;

/** Where the values of one column in one row group are. */
export interface Chunk {
  readonly type: number;
  readonly start: number;
  readonly end: number;
  readonly codec: number;
  /** How many values, nulls and empty lists counted. */
  readonly values: number;
  /** Where its offset index is, if it has one. */
  readonly index: { readonly start: number; readonly end: number } | undefined;
}

export interface Group {
  /** Its first row. */
  readonly start: number;
  readonly end: number;
  /** In the order of the schema's leaves. */
  readonly chunks: readonly Chunk[];
}

export interface Footer {
  readonly rows: number;
  /** The schema, depth first. */
  readonly elements: readonly SchemaElement[];
  readonly groups: readonly Group[];
}

export async function readFooter(file: RandomAccess): Promise<Footer> {
  const { bytes, start } = await footerBytes(file);
  const footer = parse(new Thrift(bytes));
  checkRanges(footer.groups, start);
  return footer;
}

async function footerBytes(file: RandomAccess): Promise<{ bytes: Uint8Array; start: number }> {
  const { size } = file;
  if (size < HEAD_BYTES + TAIL_BYTES) throw new Unreadable("it is too short to be a Parquet file");
  const from = Math.max(0, size - FIRST_LOOK_BYTES);
  const tail = Buffer.from(await readExactly(file, from, size));
  const magic = tail.toString("latin1", tail.length - MAGIC.length);
  if (magic === ENCRYPTED_MAGIC) throw encrypted();
  if (magic !== MAGIC)
    throw new Unreadable("it is no Parquet file, or was cut off: it does not end in PAR1");
  const length = tail.readUInt32LE(tail.length - TAIL_BYTES);
  const start = size - TAIL_BYTES - length;
  if (start < HEAD_BYTES)
    throw new Unreadable(`its footer claims ${length} bytes, more than the file has`);
  if (length > MAX_FOOTER_BYTES)
    throw new Unreadable(
      `its footer has ${length} bytes, and ${MAX_FOOTER_BYTES} are the most: write fewer and larger row groups`,
    );
  const whole = start >= from ? tail.subarray(start - from) : await readExactly(file, start, size);
  return { bytes: whole.subarray(0, length), start };
}

function parse(thrift: Thrift): Footer {
  const elements: SchemaElement[] = [];
  const groups: Group[] = [];
  let rows = 0;
  let chunks = 0;
  thrift.struct((field) => {
    if (field === 2)
      thrift.list(() => {
        elements.push(readElement(thrift));
        if (elements.length > MAX_ELEMENTS)
          throw new Unreadable(
            `its schema has more than ${MAX_ELEMENTS} fields: write "metadata" or "task" as JSON text`,
          );
      });
    else if (field === 4)
      thrift.list(() => {
        const group = readGroup(thrift, rows);
        rows = group.end;
        chunks += 1 + group.chunks.length;
        if (chunks > MAX_CHUNKS)
          throw new Unreadable(
            `it has more than ${MAX_CHUNKS} row groups and column chunks: write fewer and larger row groups`,
          );
        if (rows > MAX_ROWS) throw new Unreadable(`it has more than ${MAX_ROWS} rows`);
        groups.push(group);
      });
    else if (field === 8) throw encrypted();
  });
  return { rows, elements, groups };
}

function readGroup(thrift: Thrift, start: number): Group {
  const chunks: Chunk[] = [];
  let rows = 0;
  thrift.struct((field) => {
    if (field === 1) thrift.list(() => chunks.push(readChunk(thrift)));
    else if (field === 3) rows = size(thrift);
  });
  return { start, end: start + rows, chunks };
}

function readChunk(thrift: Thrift): Chunk {
  let inside: Omit<Chunk, "index"> | undefined;
  let indexStart = 0;
  let indexLength = 0;
  thrift.struct((field) => {
    if (field === 1) throw new Unreadable("it keeps columns in other files");
    else if (field === 3) inside = readChunkInside(thrift);
    else if (field === 4) indexStart = size(thrift);
    else if (field === 5) indexLength = size(thrift);
    else if (field === 8 || field === 9) throw encrypted();
  });
  if (inside === undefined)
    throw new Unreadable("its footer is corrupt: a column without its place");
  const index =
    indexLength === 0 ? undefined : { start: indexStart, end: indexStart + indexLength };
  return { ...inside, index };
}

function readChunkInside(thrift: Thrift): Omit<Chunk, "index"> {
  let [type, codec, values, length, data, dictionary] = [-1, -1, 0, 0, 0, 0];
  thrift.struct((field) => {
    if (field === 1) type = thrift.integer();
    else if (field === 4) codec = thrift.integer();
    else if (field === 5) values = size(thrift);
    else if (field === 7) length = size(thrift);
    else if (field === 9) data = size(thrift);
    else if (field === 11) dictionary = size(thrift);
  });
  if (!isKnownCodec(codec))
    throw new Unreadable(
      `it is compressed as ${CODEC_NAMES[codec] ?? `codec ${codec}`}, which is not read: write it with zstd or snappy`,
    );
  // Some writers say 0 where there is no dictionary.
  const start = dictionary > 0 ? Math.min(dictionary, data) : data;
  return { type, start, end: start + length, codec, values };
}

/** A number that counts bytes, values or rows. */
function size(thrift: Thrift): number {
  const value = thrift.integer();
  if (value < 0) throw new Unreadable("its footer is corrupt: it counts below zero");
  return value;
}

/**
 * Each chunk lies between the magic and the footer, and none over another: with chunks that share
 * their bytes, a small file could hold any amount.
 */
function checkRanges(groups: readonly Group[], footer: number): void {
  const chunks = groups.filter(({ end, start }) => end > start).flatMap(({ chunks }) => chunks);
  const isOrdered = chunks.every(({ start }, i) => start >= (chunks[i - 1]?.end ?? HEAD_BYTES));
  const ordered = isOrdered ? chunks : chunks.toSorted((a, b) => a.start - b.start);
  let last = HEAD_BYTES;
  for (const { end, start } of ordered) {
    if (start < last) throw new Unreadable("its footer is corrupt: columns lie over one another");
    if (end > footer || end === start)
      throw new Unreadable("its footer is corrupt: a column lies outside of the file");
    last = end;
  }
}

function encrypted(): Unreadable {
  return new Unreadable("it is encrypted");
}
