import { Unreadable } from "../unreadable.ts";
import { copyBack } from "./snappy.ts";

const MIN_MATCH = 4;
/** A length of this much in the token goes on in the bytes behind it. */
const LONG = 15;

/** Decompresses one block of LZ4; `out` has the exact size. */
export function lz4Into(bytes: Uint8Array, out: Uint8Array): void {
  let at = 0;
  let to = 0;
  const byte = (): number => {
    if (at >= bytes.length) throw corrupt();
    return bytes[at++] as number;
  };
  const length = (short: number): number => {
    if (short < LONG) return short;
    let long = short;
    for (let more = 255; more === 255; long += more) more = byte();
    return long;
  };
  while (at < bytes.length) {
    const token = byte();
    const literals = length(token >>> 4);
    if (literals > bytes.length - at || literals > out.length - to) throw corrupt();
    out.set(bytes.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence is literals alone.
    if (at === bytes.length) break;
    const back = byte() | (byte() << 8);
    to = copyBack(out, to, back, length(token & 0x0f) + MIN_MATCH);
  }
  if (to !== out.length) throw corrupt();
}

function corrupt(): Unreadable {
  return new Unreadable("its compression is corrupt");
}
