import { brotliDecompressSync, unzipSync, type ZlibOptions, zstdDecompressSync } from "node:zlib";
import { Unreadable } from "../unreadable.ts";
import { lz4Into } from "./lz4.ts";
import { snappyInto } from "./snappy.ts";

/** The least chunk that zlib takes. */
const MIN_ZLIB_CHUNK = 64;

/** Parquet's codecs by their numbers. */
export const CODEC_NAMES = [
  "UNCOMPRESSED",
  "SNAPPY",
  "GZIP",
  "LZO",
  "BROTLI",
  "LZ4 (in Hadoop's frames)",
  "ZSTD",
  "LZ4_RAW",
] as const;
const UNCOMPRESSED = 0;

/** How many times its size at most each codec can hold, a little more than its format allows. What
 * claims more is answered before there is room made for it. The others have no such bound. */
const MAX_RATIOS: Readonly<Record<number, number>> = { 1: 32, 2: 1_100, 7: 256 };

type Decompress = (bytes: Uint8Array, size: number) => Uint8Array;

const CODECS: Readonly<Record<number, Decompress>> = {
  1: (bytes, size) => into(size, (out) => snappyInto(bytes, out)),
  // Which also takes the zlib format that some writers put there.
  2: (bytes, size) => unzipSync(bytes, bounded(size)),
  4: (bytes, size) => brotliDecompressSync(bytes, bounded(size)),
  6: (bytes, size) => zstdDecompressSync(bytes, bounded(size)),
  7: (bytes, size) => into(size, (out) => lz4Into(bytes, out)),
};

export function isKnownCodec(codec: number): boolean {
  return codec === UNCOMPRESSED || Object.hasOwn(CODECS, codec);
}

/** The `size` bytes that `bytes` hold; whoever asks has bounded `size`. */
export function decompress(codec: number, bytes: Uint8Array, size: number): Uint8Array {
  let whole: Uint8Array;
  try {
    // Nothing may be stored as nothing, which no codec would write.
    if (size === 0 && bytes.length === 0) return bytes;
    if (size > bytes.length * (MAX_RATIOS[codec] ?? Infinity))
      throw new Unreadable(`its ${bytes.length} bytes cannot hold ${size}`);
    whole = codec === UNCOMPRESSED ? bytes : (CODECS[codec] as Decompress)(bytes, size);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(`its ${CODEC_NAMES[codec]} is corrupt`, { cause: error });
  }
  if (whole.length !== size)
    throw new Unreadable(`it has ${whole.length} bytes uncompressed, and should have ${size}`);
  return whole;
}

function into(size: number, fill: (out: Uint8Array) => void): Uint8Array {
  const out = Buffer.allocUnsafeSlow(size);
  fill(out);
  return out;
}

/** One byte over, so that zlib does it in one piece and never begins another. */
function bounded(size: number): Pick<ZlibOptions, "chunkSize" | "maxOutputLength"> {
  return { chunkSize: Math.max(MIN_ZLIB_CHUNK, size + 1), maxOutputLength: Math.max(1, size) };
}
