import fc from "fast-check";
import { expect, test } from "vitest";
import { ChunkDecoder } from "./chunked.ts";

function decode(pieces: readonly Buffer[], minBytes = 0) {
  const decoder = new ChunkDecoder(undefined, minBytes);
  const found: Buffer[] = [];
  for (const piece of pieces) decoder.push(piece, (data) => found.push(data));
  decoder.finish();
  return { text: Buffer.concat(found).toString("latin1"), trailers: decoder.trailers };
}

const encode = (chunks: readonly string[], trailer = "") =>
  Buffer.from(
    [
      ...chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`),
      `0\r\n${trailer}\r\n`,
    ].join(""),
    "latin1",
  );

test("chunks come out whole however they were cut on the way", () => {
  const content = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(content, fc.array(fc.nat(400), { maxLength: 8 }), (given, cuts) => {
      const chunks = given.map((text) => Buffer.from(text).toString("latin1"));
      const whole = encode(chunks, "x-amz-checksum-crc32:AAAA\r\n");
      const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b)];
      const pieces = places.map((at, index) => whole.subarray(at, places[index + 1]));
      expect(decode(pieces)).toEqual({
        text: chunks.join(""),
        trailers: { "x-amz-checksum-crc32": "AAAA" },
      });
    }),
  );
});

test("a body that ends early or is malformed is refused", () => {
  const whole = encode(["hello"]);
  expect(() => decode([whole.subarray(0, 6)])).toThrow("terminated unexpectedly");
  expect(() => decode([Buffer.from("5\r\nhello\r\n")])).toThrow("terminated unexpectedly");
  expect(() => decode([Buffer.from("xyz\r\nhello\r\n")])).toThrow("malformed");
  expect(() => decode([Buffer.from("5\r\nhelloo\r\n0\r\n\r\n")])).toThrow("malformed");
  expect(() => decode([Buffer.alloc(300, "1")])).toThrow("malformed");
});

test("only the last chunk may be small", () => {
  expect(decode([encode(["0123456789", "last"])], 10).text).toBe("0123456789last");
  expect(() => decode([encode(["012345678", "last"])], 10)).toThrow("Only the last chunk");
});
