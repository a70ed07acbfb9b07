import { isUtf8 } from "node:buffer";
import type { LineBuffer } from "./line-buffer.ts";
import type { Leaf } from "./schema.ts";
import { BOOLEAN, DOUBLE, FLOAT, INT32, INT64, INT96 } from "./schema-element.ts";
import type { Value } from "./values.ts";

/** The longest decimal, in bytes: 76 digits. More digits take ever more time each. */
const MAX_DECIMAL_BYTES = 32;
/** After so many texts of one line that are no JSON, the others are not tried: each costs some
 * microseconds, and the line, which may have millions, is refused for one of them. */
const MAX_NOT_JSON = 100;
/** Where the days of an INT96 begin, in days before 1970. */
const JULIAN_DAYS = 2_440_588n;
const DAY_NANOSECONDS = 86_400_000_000_000n;
const DAY_MS = 86_400_000;
/** The times that RFC 3339 can write, in seconds since 1970: its years have four digits. */
const FIRST_SECOND = BigInt(Date.parse("0000-01-01T00:00:00Z") / 1_000);
const LAST_SECOND = BigInt(Date.parse("9999-12-31T23:59:59Z") / 1_000);

/** Writes a value as JSON. False: it is JSON's null, and nothing was written. */
export type WriteValue = (out: LineBuffer, value: Value) => boolean;

export function writerOf({ isJson, meaning, stored: { type, width } }: Leaf): WriteValue {
  const isInteger = type === INT32 || type === INT64;
  const isBytes = type > DOUBLE;
  if (meaning.kind === "decimal" && (isInteger || isBytes))
    return written((value) => decimal(value, meaning.scale));
  if (meaning.kind === "timestamp" && type === INT64)
    return written((value) => timestamp(value as bigint, meaning.digits, meaning.zoned));
  if (meaning.kind === "time" && isInteger)
    return written((value) => `"${timeOfDay(BigInt(value as bigint), meaning.digits)}"`);
  if (meaning.kind === "date" && type === INT32) return written((value) => date(value as number));
  if (meaning.kind === "unsigned" && isInteger)
    return written((value) =>
      type === INT32
        ? String((value as number) >>> 0)
        : String(BigInt.asUintN(64, value as bigint)),
    );
  if (isInteger) return written(String);
  if (type === BOOLEAN) return written((value) => (value === 1 ? "true" : "false"));
  if (type === INT96)
    return written((value) => timestamp(nanoseconds(value as Uint8Array), 9, true));
  if (type === FLOAT || type === DOUBLE) return written((value) => float(value as number));
  if (meaning.kind === "float16" && width === 2)
    return written((value) => float(halfFloat(value as Uint8Array)));
  if (meaning.kind === "uuid" && width === 16) return written((value) => uuid(value as Uint8Array));
  if (meaning.kind === "opaque") return (out, value) => writeBytes(out, value as Uint8Array);
  return isJson
    ? (out, value) => writeJson(out, value as Uint8Array)
    : (out, value) => writeText(out, value as Uint8Array);
}

function written(toAscii: (value: Value) => string): WriteValue {
  return (out, value) => {
    out.ascii(toAscii(value));
    return true;
  };
}

function writeText(out: LineBuffer, text: Uint8Array): boolean {
  return out.string(text) || writeBytes(out, text);
}

/** Bytes that are no text. An object, so that a field that takes text refuses it by name. */
function writeBytes(out: LineBuffer, bytes: Uint8Array): boolean {
  out.room(bytes.length);
  out.ascii(`{"base64":"${buffer(bytes).toString("base64")}"}`);
  return true;
}

/** JSON text stands in its place as it is; what is none stays text, so that the field, which takes
 * no text, refuses it by name. */
function writeJson(out: LineBuffer, bytes: Uint8Array): boolean {
  out.room(bytes.length);
  if (!isUtf8(bytes)) return writeBytes(out, bytes);
  if (out.notJson >= MAX_NOT_JSON) return writeText(out, bytes);
  try {
    if (JSON.parse(buffer(bytes).toString()) === null) return false;
  } catch {
    out.notJson += 1;
    return writeText(out, bytes);
  }
  out.json(bytes);
  return true;
}

/** JSON has no NaN and no infinity. As text they are kept, and refused where a number is wanted. */
function float(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

function halfFloat(bytes: Uint8Array): number {
  const bits = new DataView(bytes.buffer, bytes.byteOffset, 2).getUint16(0, true);
  const sign = bits >>> 15 === 1 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1_024;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
}

/** All its digits. */
function decimal(value: Value, scale: number): string {
  if (typeof value === "object" && value.length > MAX_DECIMAL_BYTES)
    return `{"base64":"${buffer(value).toString("base64")}"}`;
  const unscaled = typeof value === "object" ? bigEndian(value) : BigInt(value);
  const sign = unscaled < 0n ? "-" : "";
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function bigEndian(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${buffer(bytes).toString("hex")}`));
}

function uuid(bytes: Uint8Array): string {
  const hex = buffer(bytes).toString("hex");
  return `"${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}"`;
}

function date(days: number): string {
  const seconds = BigInt(days) * 86_400n;
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return String(days);
  return `"${new Date(days * DAY_MS).toISOString().slice(0, 10)}"`;
}

/** An RFC 3339 time, if it is one: a time without a zone names no instant, and one beyond the year
 * 9999 stays a number. */
function timestamp(ticks: bigint, digits: number, zoned: boolean): string {
  const perSecond = 10n ** BigInt(digits);
  const perDay = 86_400n * perSecond;
  const inDay = ((ticks % perDay) + perDay) % perDay;
  const dayStart = (ticks - inDay) / perSecond;
  if (dayStart < FIRST_SECOND || dayStart > LAST_SECOND) return String(ticks);
  const day = new Date(Number(dayStart) * 1_000).toISOString().slice(0, 10);
  return `"${day}T${timeOfDay(inDay, digits)}${zoned ? "Z" : ""}"`;
}

/** Of a fraction, all digits or none. */
function timeOfDay(ticks: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = Number(ticks / perSecond);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const whole = parts.map((part) => String(part).padStart(2, "0")).join(":");
  const fraction = ticks % perSecond;
  return fraction === 0n ? whole : `${whole}.${String(fraction).padStart(digits, "0")}`;
}

function nanoseconds(int96: Uint8Array): bigint {
  const view = new DataView(int96.buffer, int96.byteOffset, 12);
  const days = BigInt(view.getUint32(8, true)) - JULIAN_DAYS;
  return days * DAY_NANOSECONDS + view.getBigUint64(0, true);
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
