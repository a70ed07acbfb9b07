import { Unreadable } from "../unreadable.ts";
import type { Thrift } from "./thrift.ts";

/** The longest fixed-length value, in bytes. What has one (UUIDs, decimals, hashes) is short. */
const MAX_FIXED_BYTES = 64 * 1024;
/** The most digits behind a decimal's point: far more than any writer's 76. */
const MAX_SCALE = 1_000;

/** How values are stored. */
export const BOOLEAN = 0;
export const INT32 = 1;
export const INT64 = 2;
export const INT96 = 3;
export const FLOAT = 4;
export const DOUBLE = 5;
export const BYTE_ARRAY = 6;
export const FIXED = 7;

export const REQUIRED = 0;
export const OPTIONAL = 1;
export const REPEATED = 2;

/** What values mean. `digits` are those of a second's fraction. */
export type Meaning =
  | { readonly kind: "list" | "map" | "variant" }
  | { readonly kind: "plain" | "json" | "uuid" | "float16" | "unsigned" | "date" | "opaque" }
  | { readonly kind: "decimal"; readonly scale: number }
  | { readonly kind: "time"; readonly digits: number }
  | { readonly kind: "timestamp"; readonly digits: number; readonly zoned: boolean };

export interface SchemaElement {
  readonly name: string;
  /** Undefined: a group of `children`. */
  readonly type: number | undefined;
  readonly repetition: number;
  readonly children: number;
  /** The bytes of a fixed-length value. */
  readonly width: number;
  readonly meaning: Meaning;
}

export function readElement(thrift: Thrift): SchemaElement {
  let name = "";
  let type: number | undefined;
  let [repetition, children, width, converted, scale] = [REQUIRED, 0, 0, -1, 0];
  let logical: Meaning | undefined;
  thrift.struct((field) => {
    if (field === 1) type = thrift.integer();
    else if (field === 2) width = thrift.integer();
    else if (field === 3) repetition = thrift.integer();
    else if (field === 4) name = Buffer.from(thrift.binary()).toString();
    else if (field === 5) children = thrift.integer();
    else if (field === 6) converted = thrift.integer();
    else if (field === 7) scale = thrift.integer();
    else if (field === 10) logical = readLogical(thrift);
  });
  const meaning = logical ?? convertedMeaning(converted, scale);
  if (type !== undefined && (type < BOOLEAN || type > FIXED)) throw corrupt(name, "type");
  if (repetition < REQUIRED || repetition > REPEATED) throw corrupt(name, "repetition");
  if (children < 0) throw corrupt(name, "number of children");
  if (type === FIXED && (width <= 0 || width > MAX_FIXED_BYTES)) throw corrupt(name, "length");
  if (meaning.kind === "decimal" && (meaning.scale < 0 || meaning.scale > MAX_SCALE))
    throw corrupt(name, "scale");
  return { name, type, repetition, children, width, meaning };
}

/** Undefined where it says no more than how values are stored. */
function readLogical(thrift: Thrift): Meaning | undefined {
  let meaning: Meaning | undefined;
  thrift.struct((field) => {
    if (field === 2) meaning = { kind: "map" };
    else if (field === 3) meaning = { kind: "list" };
    else if (field === 5) meaning = readDecimal(thrift);
    else if (field === 6) meaning = { kind: "date" };
    else if (field === 7) meaning = { kind: "time", digits: readTime(thrift).digits };
    else if (field === 8) meaning = { kind: "timestamp", ...readTime(thrift) };
    else if (field === 10) meaning = readInteger(thrift);
    else if (field === 12) meaning = { kind: "json" };
    else if (field === 14) meaning = { kind: "uuid" };
    else if (field === 15) meaning = { kind: "float16" };
    else if (field === 16) meaning = { kind: "variant" };
    // BSON, geometry and geography. What is newer than this means no more than it is stored as.
    else if (field === 13 || field === 17 || field === 18) meaning = { kind: "opaque" };
  });
  return meaning;
}

function readDecimal(thrift: Thrift): Meaning {
  let scale = 0;
  thrift.struct((field) => {
    if (field === 1) scale = thrift.integer();
  });
  return { kind: "decimal", scale };
}

function readTime(thrift: Thrift): { digits: number; zoned: boolean } {
  let zoned = false;
  let digits = 3;
  thrift.struct((field) => {
    if (field === 1) zoned = thrift.boolean();
    else if (field === 2)
      thrift.struct((unit) => {
        digits = 3 * Math.min(3, unit);
      });
  });
  return { zoned, digits };
}

function readInteger(thrift: Thrift): Meaning {
  let signed = true;
  thrift.struct((field) => {
    if (field === 2) signed = thrift.boolean();
  });
  return { kind: signed ? "plain" : "unsigned" };
}

/** The older annotation, by its number. Of its times, all are UTC. */
function convertedMeaning(converted: number, scale: number): Meaning {
  if (converted === 1 || converted === 2) return { kind: "map" };
  if (converted === 3) return { kind: "list" };
  if (converted === 5) return { kind: "decimal", scale };
  if (converted === 6) return { kind: "date" };
  if (converted === 7 || converted === 8) return { kind: "time", digits: (converted - 6) * 3 };
  if (converted === 9 || converted === 10)
    return { kind: "timestamp", digits: (converted - 8) * 3, zoned: true };
  if (converted >= 11 && converted <= 14) return { kind: "unsigned" };
  if (converted === 19) return { kind: "json" };
  // BSON and intervals.
  if (converted === 20 || converted === 21) return { kind: "opaque" };
  return { kind: "plain" };
}

function corrupt(name: string, what: string): Unreadable {
  return new Unreadable(`its footer is corrupt: column "${name}" has an unknown ${what}`);
}
