import { Unreadable } from "../unreadable.ts";
import { type RandomAccess, type ReadAhead, readExactly } from "./access.ts";
import type { Chunk } from "./footer.ts";
import { Short, Thrift } from "./thrift.ts";

/** So much is looked at first: statistics aside, a header has some 30 bytes. */
const FIRST_LOOK_BYTES = 4 * 1024;
/** The longest header. Statistics in it may hold the least and the greatest value whole. */
const MAX_HEADER_BYTES = 1024 * 1024;
/** The largest page, compressed or not. Nearly all writers cut them near 1 MB; DuckDB cuts at 100 MB,
 * and its dictionaries grow with the row group. */
const MAX_PAGE_BYTES = 256 * 1024 * 1024;
/** The longest offset index: some ten bytes a page. */
const MAX_INDEX_BYTES = 16 * 1024 * 1024;

const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const DATA_PAGE_V2 = 3;
const LEVELS_BIT_PACKED = 4;

/** What precedes each page. */
export interface PageHeader {
  readonly kind: "data" | "data v2" | "dictionary" | "other";
  /** The bytes that follow, and those that they hold. */
  readonly stored: number;
  readonly size: number;
  /** The CRC-32 of the bytes that follow, if it is told. */
  readonly checksum: number | undefined;
  readonly values: number;
  readonly encoding: number;
  /** Version 1 alone: levels of a kind that is not read, if there are any. */
  readonly packedRepetition: boolean;
  readonly packedDefinition: boolean;
  /** Version 2 alone: its rows, and its levels, which stand uncompressed in front. */
  readonly rows: number;
  readonly repetitionBytes: number;
  readonly definitionBytes: number;
  readonly isCompressed: boolean;
}

/** Takes the next header. */
export async function takeHeader(from: ReadAhead): Promise<PageHeader> {
  for (let look = FIRST_LOOK_BYTES; ; look = MAX_HEADER_BYTES) {
    const bytes = await from.peek(look);
    try {
      const thrift = new Thrift(bytes);
      const header = read(thrift);
      from.skip(thrift.at);
      return header;
    } catch (error) {
      const isMore = bytes.length < from.left && bytes.length < MAX_HEADER_BYTES;
      if (!(error instanceof Short && isMore)) throw error;
    }
  }
}

function read(thrift: Thrift): PageHeader {
  let [type, size, stored] = [-1, -1, -1];
  let [values, encoding, rows, repetitionBytes, definitionBytes] = [0, -1, 0, 0, 0];
  let isCompressed = true;
  let checksum: number | undefined;
  let [packedDefinition, packedRepetition] = [false, false];
  thrift.struct((field) => {
    if (field === 1) type = thrift.integer();
    else if (field === 2) size = thrift.integer();
    else if (field === 3) stored = thrift.integer();
    // Written as a number that may be below zero.
    else if (field === 4) checksum = thrift.integer() >>> 0;
    else if (field === 5 || field === 7)
      thrift.struct((inner) => {
        if (inner === 1) values = thrift.integer();
        else if (inner === 2) encoding = thrift.integer();
        else if (field === 5 && inner === 3)
          packedDefinition = thrift.integer() === LEVELS_BIT_PACKED;
        else if (field === 5 && inner === 4)
          packedRepetition = thrift.integer() === LEVELS_BIT_PACKED;
      });
    else if (field === 8)
      thrift.struct((inner) => {
        if (inner === 1) values = thrift.integer();
        else if (inner === 3) rows = thrift.integer();
        else if (inner === 4) encoding = thrift.integer();
        else if (inner === 5) definitionBytes = thrift.integer();
        else if (inner === 6) repetitionBytes = thrift.integer();
        else if (inner === 7) isCompressed = thrift.boolean();
      });
  });
  const kind = kindOf(type);
  if (Math.min(size, stored, values, rows, repetitionBytes, definitionBytes) < 0)
    throw new Unreadable("its header is corrupt: it counts below zero");
  if (repetitionBytes + definitionBytes > Math.min(size, stored))
    throw new Unreadable("its header is corrupt: its levels are longer than all of it");
  if (Math.max(size, stored) > MAX_PAGE_BYTES)
    throw new Unreadable(
      `it has ${Math.max(size, stored)} bytes, and ${MAX_PAGE_BYTES} are the most: write smaller pages`,
    );
  return {
    kind,
    stored,
    size,
    checksum,
    values,
    encoding,
    packedRepetition,
    packedDefinition,
    rows,
    repetitionBytes,
    definitionBytes,
    isCompressed,
  };
}

function kindOf(type: number): PageHeader["kind"] {
  if (type === DATA_PAGE) return "data";
  if (type === DATA_PAGE_V2) return "data v2";
  return type === DICTIONARY_PAGE ? "dictionary" : "other";
}

/** Where to begin for `row` of a row group: the last page that begins at or before it. Undefined
 * without an index, or with one that makes no sense: the pages themselves tell, only slower. */
export async function findPage(
  file: RandomAccess,
  { end, index, start }: Chunk,
  row: number,
): Promise<{ at: number; row: number } | undefined> {
  if (index === undefined || index.end > file.size) return undefined;
  if (index.end - index.start > MAX_INDEX_BYTES) return undefined;
  const thrift = new Thrift(await readExactly(file, index.start, index.end));
  let found: { at: number; row: number } | undefined;
  try {
    thrift.struct((field) => {
      if (field !== 1) return;
      thrift.list(() => {
        const page = { at: -1, row: -1 };
        thrift.struct((inner) => {
          if (inner === 1) page.at = thrift.integer();
          else if (inner === 3) page.row = thrift.integer();
        });
        if (page.row >= 0 && page.row <= row && page.at >= start && page.at < end) found = page;
      });
    });
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
  return found;
}
