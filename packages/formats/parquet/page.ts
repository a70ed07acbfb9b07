import { Unreadable } from "../unreadable.ts";
import { decompress } from "./codecs.ts";
import { Hybrid } from "./hybrid.ts";
import type { PageHeader } from "./page-header.ts";
import type { Leaf } from "./schema.ts";
import { type Lookup, readValues, type Values } from "./values.ts";

/** A page of values, read as they are asked for. */
export interface Page {
  readonly repetitions: Hybrid | undefined;
  readonly definitions: Hybrid | undefined;
  /** Those that are no nulls and no empty lists. */
  readonly values: Values;
  /** How many rows begin in it. */
  readonly rows: number;
  readonly beginsRow: boolean;
  /** The row that the first of these is. */
  readonly firstRow: number;
  /** What it holds of memory. */
  readonly bytes: number;
  /** How many values there are, nulls and empty lists counted. */
  readonly total: number;
  /** How many of them have not come up. */
  left: number;
}

/** Where the numbers of a kind of level are. */
interface Levels {
  readonly in: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The greatest one. */
  readonly max: number;
}

export function openPage(
  leaf: Leaf,
  header: PageHeader,
  codec: number,
  bytes: Uint8Array,
  dictionary: Lookup | undefined,
  firstRow: number,
): Page {
  const { data, definition, repetition, start } =
    header.kind === "data"
      ? splitVersion1(leaf, header, decompress(codec, bytes, header.size))
      : splitVersion2(leaf, header, codec, bytes);
  const repetitions = numbers(repetition);
  return {
    repetitions,
    definitions: numbers(definition),
    values: readValues(header.encoding, leaf.stored, data, start, dictionary),
    rows: numbers(repetition)?.pass(header.values, 0).found ?? header.values,
    beginsRow: (numbers(repetition)?.next() ?? 0) === 0,
    firstRow,
    bytes: header.size,
    total: header.values,
    left: header.values,
  };
}

interface Split {
  readonly repetition: Levels | undefined;
  readonly definition: Levels | undefined;
  readonly data: Uint8Array;
  /** Where the values start in `data`. */
  readonly start: number;
}

/** Levels, each kind behind its length, and values are compressed together. */
function splitVersion1({ maxDef, maxRep }: Leaf, header: PageHeader, data: Uint8Array): Split {
  let start = 0;
  const levels = (max: number, isPacked: boolean): Levels | undefined => {
    if (max === 0) return undefined;
    if (isPacked) throw new Unreadable("its levels are encoded in a way that is not read");
    if (data.length - start < 4) throw new Unreadable("its levels end too soon");
    const length = new DataView(data.buffer, data.byteOffset + start).getUint32(0, true);
    start += 4 + length;
    return { in: data, start: start - length, end: start, max };
  };
  const repetition = levels(maxRep, header.packedRepetition);
  const definition = levels(maxDef, header.packedDefinition);
  if (start > data.length) throw new Unreadable("its levels end too soon");
  return { repetition, definition, data, start };
}

/** The levels stand in front, uncompressed; the header has their lengths. */
function splitVersion2(
  { maxDef, maxRep }: Leaf,
  header: PageHeader,
  codec: number,
  bytes: Uint8Array,
): Split {
  const { definitionBytes, isCompressed, repetitionBytes, size } = header;
  const start = repetitionBytes + definitionBytes;
  const values = bytes.subarray(start);
  return {
    repetition:
      maxRep === 0 ? undefined : { in: bytes, start: 0, end: repetitionBytes, max: maxRep },
    definition:
      maxDef === 0 ? undefined : { in: bytes, start: repetitionBytes, end: start, max: maxDef },
    data: isCompressed ? decompress(codec, values, size - start) : values,
    start: 0,
  };
}

function numbers(levels: Levels | undefined): Hybrid | undefined {
  if (levels === undefined) return undefined;
  return new Hybrid(levels.in, levels.start, levels.end, 32 - Math.clz32(levels.max));
}
