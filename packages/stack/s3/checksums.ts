import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";

export const ALGORITHMS = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Base64 digests by algorithm. */
export type Checksums = Readonly<Partial<Record<Algorithm, string>>>;

export interface Checksum {
  update(data: Uint8Array): void;
  /** Base64, as S3's headers carry it. */
  digest(): string;
}

export function createChecksum(algorithm: Algorithm): Checksum {
  switch (algorithm) {
    case "crc32":
      return createCrc32();
    case "crc32c":
      return createCrc32c();
    case "crc64nvme":
      return createCrc64();
    default:
      return wrapHash(createHash(algorithm));
  }
}

export function readAlgorithm(name: string): Algorithm | undefined {
  const lower = name.toLowerCase();
  return ALGORITHMS.find((algorithm) => algorithm === lower);
}

function wrapHash(hash: Hash): Checksum {
  return { update: (data) => hash.update(data), digest: () => hash.digest("base64") };
}

function createCrc32(): Checksum {
  let crc = 0;
  return {
    update(data) {
      crc = crc32(data, crc);
    },
    digest: () => words(crc),
  };
}

/** Reversed polynomials, as their words from the lowest. */
const CRC32C = [0x82f63b78] as const;
const CRC64NVME = [0xac4bc9b5, 0x9a6c9329] as const;

/** Eight tables of 256 entries: the effect of a byte that is followed by 0 to 7 others, so that
 * eight bytes take eight look-ups and no loop over bits. High words are 0 for 32 bits. */
interface Tables {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

function buildTables(lowPolynomial: number, highPolynomial: number): Tables {
  const low = new Uint32Array(8 * 256);
  const high = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let l = byte;
    let h = 0;
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (carry === 1) {
        l ^= lowPolynomial;
        h ^= highPolynomial;
      }
    }
    low[byte] = l;
    high[byte] = h;
  }
  for (let index = 256; index < low.length; index++) {
    const l = low[index - 256] ?? 0;
    const h = high[index - 256] ?? 0;
    low[index] = ((l >>> 8) | (h << 24)) ^ (low[l & 255] ?? 0);
    high[index] = (h >>> 8) ^ (high[l & 255] ?? 0);
  }
  return { low, high };
}

let crc32cTables: Tables | undefined;
let crc64Tables: Tables | undefined;

function createCrc32c(): Checksum {
  crc32cTables ??= buildTables(CRC32C[0], 0);
  const table = crc32cTables.low;
  let crc = ~0;
  return {
    update(data) {
      let at = 0;
      for (const end = data.length - 7; at < end; at += 8) {
        crc = lookEight(table, crc ^ wordAt(data, at), wordAt(data, at + 4));
      }
      for (; at < data.length; at++) crc = look(table, 0, crc ^ (data[at] ?? 0)) ^ (crc >>> 8);
    },
    digest: () => words(~crc),
  };
}

function createCrc64(): Checksum {
  crc64Tables ??= buildTables(...CRC64NVME);
  const { low, high } = crc64Tables;
  let l = ~0;
  let h = ~0;
  return {
    update(data) {
      let at = 0;
      for (const end = data.length - 7; at < end; at += 8) {
        const a = l ^ wordAt(data, at);
        const b = h ^ wordAt(data, at + 4);
        l = lookEight(low, a, b);
        h = lookEight(high, a, b);
      }
      for (; at < data.length; at++) {
        const index = (l ^ (data[at] ?? 0)) & 255;
        l = ((l >>> 8) | (h << 24)) ^ (low[index] ?? 0);
        h = (h >>> 8) ^ (high[index] ?? 0);
      }
    },
    digest: () => words(~h, ~l),
  };
}

function lookEight(table: Uint32Array, a: number, b: number): number {
  return (
    look(table, 7, a) ^
    look(table, 6, a >>> 8) ^
    look(table, 5, a >>> 16) ^
    look(table, 4, a >>> 24) ^
    look(table, 3, b) ^
    look(table, 2, b >>> 8) ^
    look(table, 1, b >>> 16) ^
    look(table, 0, b >>> 24)
  );
}

function look(table: Uint32Array, following: number, value: number): number {
  return table[(following << 8) | (value & 255)] ?? 0;
}

function wordAt(data: Uint8Array, at: number): number {
  return (
    (data[at] ?? 0) |
    ((data[at + 1] ?? 0) << 8) |
    ((data[at + 2] ?? 0) << 16) |
    ((data[at + 3] ?? 0) << 24)
  );
}

/** Big-endian words in base64. */
function words(...values: number[]): string {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value >>> 0, index * 4);
  });
  return bytes.toString("base64");
}
