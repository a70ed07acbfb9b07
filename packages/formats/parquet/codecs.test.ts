import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CODEC_NAMES, decompress, isKnownCodec } from "./codecs.ts";

const [SNAPPY, GZIP, BROTLI, ZSTD, LZ4_RAW] = [1, 2, 4, 6, 7] as const;
const MEGABYTES = Buffer.alloc(5_000_000);

describe("a codec", () => {
  it.each<[string, number, (bytes: Uint8Array) => Uint8Array]>([
    ["GZIP", GZIP, gzipSync],
    ["GZIP as zlib writes it", GZIP, deflateSync],
    ["BROTLI", BROTLI, brotliCompressSync],
    ["ZSTD", ZSTD, zstdCompressSync],
    ["SNAPPY", SNAPPY, snappyOf],
    ["LZ4_RAW", LZ4_RAW, lz4Of],
  ])("gives back what was compressed, and no more than it should: %s", (_, codec, compress) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 3 }), (unit, repeats) => {
        const bytes = Buffer.concat(Array.from({ length: repeats }, () => unit));
        const packed = compress(bytes);
        expect(Buffer.from(decompress(codec, packed, bytes.length))).toEqual(bytes);
        expect(() => decompress(codec, packed, bytes.length + 1)).toThrow(/it has|corrupt|hold/);
        if (bytes.length > 0)
          expect(() => decompress(codec, packed, bytes.length - 1)).toThrow(/it has|corrupt/);
      }),
    );
  });

  it.each([
    ["GZIP", GZIP, gzipSync(MEGABYTES)],
    ["BROTLI", BROTLI, brotliCompressSync(MEGABYTES)],
    ["ZSTD", ZSTD, zstdCompressSync(MEGABYTES)],
  ] as const)("unpacks a bomb no further than it says: %s", (name, codec, packed) => {
    expect(() => decompress(codec, packed, 1_000)).toThrow(`its ${name} is corrupt`);
    expect(decompress(codec, packed, MEGABYTES.length)).toHaveLength(MEGABYTES.length);
  });

  it("makes no room for what cannot be in so few bytes", () => {
    for (const codec of [SNAPPY, GZIP, LZ4_RAW])
      expect(() => decompress(codec, Buffer.alloc(10), 2 ** 28)).toThrow(
        "its 10 bytes cannot hold 268435456",
      );
  });

  it("is one of those that are read", () => {
    expect(CODEC_NAMES.map((_, codec) => isKnownCodec(codec))).toEqual([
      true,
      true,
      true,
      false,
      true,
      false,
      true,
      true,
    ]);
    for (const codec of [-1, 8, NaN]) expect(isKnownCodec(codec)).toBe(false);
  });

  it.each<[string, number[]]>([
    ["a literal beyond the end", [10, 0xf0, 200]],
    ["a literal of a negative length", [1, 0xfc, 0, 0, 0, 0x80, 0]],
    ["a copy from before the start", [4, 0x00, 0x61, 0x01, 0x05]],
    ["a copy of nothing", [4, 0x00, 0x61, 0x01, 0x00]],
    ["too little", [4, 0x00, 0x61]],
    ["too much", [4, 0x1c, 1, 2, 3, 4, 5, 6, 7, 8]],
    ["a length without end", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])("refuses Snappy with %s", (_, bytes) => {
    expect(() => decompress(SNAPPY, Buffer.from(bytes), 4)).toThrow("compression is corrupt");
  });

  it.each<[string, number[]]>([
    ["a literal beyond the end", [0xf0, 200, 1]],
    ["a length without end", [0xf0, 255, 255]],
    ["a copy from before the start", [0x10, 0x61, 5, 0]],
    ["a copy of nothing", [0x10, 0x61, 0, 0]],
    ["half a copy", [0x10, 0x61, 1]],
    ["too little", [0x10, 0x61]],
  ])("refuses LZ4 with %s", (_, bytes) => {
    expect(() => decompress(LZ4_RAW, Buffer.from(bytes), 8)).toThrow("compression is corrupt");
  });
});

/** Where the bytes repeat from, and how long: at least four bytes, as both formats want it. */
function* sequences(bytes: Uint8Array) {
  let literal = 0;
  for (let at = 1; at < bytes.length; ) {
    const back = at - bytes.lastIndexOf(bytes[at] as number, at - 1);
    let length = 0;
    while (
      back <= at &&
      at + length < bytes.length - 5 &&
      bytes[at + length] === bytes[at + length - back]
    )
      length++;
    if (length < 4) {
      at += 1;
      continue;
    }
    yield { literals: bytes.subarray(literal, at), back, length };
    at += length;
    literal = at;
  }
  yield { literals: bytes.subarray(literal), back: 0, length: 0 };
}

function snappyOf(bytes: Uint8Array): Buffer {
  const out: number[] = [];
  for (let left = bytes.length; ; left >>= 7) {
    out.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    if (left <= 0x7f) break;
  }
  for (const { back, length, literals } of sequences(bytes)) {
    if (literals.length > 60)
      out.push(61 << 2, (literals.length - 1) & 255, (literals.length - 1) >> 8);
    else if (literals.length > 0) out.push((literals.length - 1) << 2);
    out.push(...literals);
    for (let left = length; left > 0; left -= 64) {
      const part = Math.min(64, left);
      // Each of the three kinds of copies, where it can be.
      if (part >= 4 && part <= 11 && back < 2_048)
        out.push(1 | ((part - 4) << 2) | ((back >> 8) << 5), back & 255);
      else if (part % 2 === 0) out.push(2 | ((part - 1) << 2), back & 255, back >> 8);
      else out.push(3 | ((part - 1) << 2), back & 255, back >> 8, 0, 0);
    }
  }
  return Buffer.from(out);
}

function lz4Of(bytes: Uint8Array): Buffer {
  const out: number[] = [];
  const rest = (length: number) => {
    if (length < 15) return;
    let left = length - 15;
    for (; left >= 255; left -= 255) out.push(255);
    out.push(left);
  };
  for (const { back, length, literals } of sequences(bytes)) {
    const match = length === 0 ? 0 : length - 4;
    out.push((Math.min(15, literals.length) << 4) | Math.min(15, match));
    rest(literals.length);
    out.push(...literals);
    if (length === 0) break;
    out.push(back & 255, back >> 8);
    rest(match);
  }
  return Buffer.from(out);
}
