import { Unreadable } from "../unreadable.ts";

/** Copies from here on are left to the engine; shorter ones are faster by hand. */
const LONG_COPY = 32;
const MAX_VARINT_BYTES = 5;

/** Decompresses Snappy's raw format; `out` has the exact size. */
export function snappyInto(bytes: Uint8Array, out: Uint8Array): void {
  let at = lengthBytes(bytes);
  let to = 0;
  while (at < bytes.length) {
    const tag = bytes[at++] as number;
    if ((tag & 3) === 0) {
      let length = (tag >>> 2) + 1;
      if (length > 60) {
        const width = length - 60;
        length = littleEndian(bytes, at, width) + 1;
        at += width;
      }
      if (length > bytes.length - at || length > out.length - to) throw corrupt();
      if (length < LONG_COPY)
        for (let i = 0; i < length; i++) out[to + i] = bytes[at + i] as number;
      else out.set(bytes.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    let length: number;
    let back: number;
    if ((tag & 3) === 1) {
      length = ((tag >>> 2) & 7) + 4;
      back = ((tag >>> 5) << 8) | littleEndian(bytes, at, 1);
      at += 1;
    } else {
      length = (tag >>> 2) + 1;
      const width = (tag & 3) === 2 ? 2 : 4;
      back = littleEndian(bytes, at, width);
      at += width;
    }
    to = copyBack(out, to, back, length);
  }
  if (to !== out.length) throw corrupt();
}

/** Repeats `length` bytes from `back` bytes before `to`; the two may overlap. Gives the new end. */
export function copyBack(out: Uint8Array, to: number, back: number, length: number): number {
  if (back === 0 || back > to || length > out.length - to) throw corrupt();
  if (length < LONG_COPY || back < length)
    for (let i = 0; i < length; i++) out[to + i] = out[to + i - back] as number;
  else out.copyWithin(to, to - back, to - back + length);
  return to + length;
}

/** The bytes of the length in front. It is not needed: the page's header has it too. */
function lengthBytes(bytes: Uint8Array): number {
  for (let count = 1; count <= MAX_VARINT_BYTES; count++)
    if ((bytes[count - 1] ?? 0xff) < 0x80) return count;
  throw corrupt();
}

function littleEndian(bytes: Uint8Array, at: number, width: number): number {
  if (width > bytes.length - at) throw corrupt();
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] as number);
  return value;
}

function corrupt(): Unreadable {
  return new Unreadable("its compression is corrupt");
}
