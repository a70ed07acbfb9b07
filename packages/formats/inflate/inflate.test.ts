import { randomBytes } from "node:crypto";
import zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflate } from "./index.ts";
import { chunked, inflated, skippableFrame } from "./testing.ts";

const LINES = '{"id":"a"}\n{"id":"b"}\n';
const gz = (text: string | Uint8Array, level = 6) => zlib.gzipSync(text, { level });
const zst = (text: string | Uint8Array, checksum = 1) =>
  zlib.zstdCompressSync(text, { params: { [zlib.constants.ZSTD_c_checksumFlag]: checksum } });
const both = [
  ["gz", gz],
  ["zst", zst],
] as const;

/** The same with one byte flipped, counted from the end where negative. */
function flipped(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const place = at < 0 ? copy.length + at : at;
  copy[place] = (copy[place] ?? 0) ^ 0xff;
  return copy;
}

describe.each(both)("a .%s file", (format, compress) => {
  const inflatedText = async (...parts: readonly (Uint8Array | string)[]) => {
    const file = Buffer.concat(parts.map((part) => Buffer.from(part)));
    const { text, broken } = await inflated(file, format);
    return { text: text.toString(), broken };
  };

  it("may be several, one after another, some of them empty", async () => {
    const found = await inflatedText(compress("a\n"), compress(""), compress("b\n"), compress(""));
    expect(found).toEqual({ text: "a\nb\n", broken: undefined });
  });

  it("may be a thousand within one chunk", async () => {
    const many = Array.from({ length: 1000 }, (_, i) => compress(`${i}\n`));
    expect((await inflatedText(...many)).text).toBe(
      Array.from({ length: 1000 }, (_, i) => `${i}\n`).join(""),
    );
  });

  it("may be padded with zeros, and with nothing behind them", async () => {
    const zeros = new Uint8Array(100_000);
    expect(await inflatedText(compress(LINES), zeros)).toEqual({ text: LINES, broken: undefined });
    const { text, broken } = await inflatedText(compress(LINES), zeros, compress(LINES));
    expect(text).toBe(LINES);
    expect(broken).toContain("something else was appended");
  });

  it("is read up to lines that somebody appended uncompressed", async () => {
    const { text, broken } = await inflatedText(compress(LINES), LINES);
    expect(text).toBe(LINES);
    expect(broken).toMatch(/something else was appended/);
  });

  it("is read whole where only its checksum is wrong", async () => {
    const file = flipped(compress(LINES), format === "gz" ? -8 : -1);
    const { text, broken } = await inflatedText(file);
    expect(text).toBe(LINES);
    expect(broken).toMatch(/checksum at about compressed byte \d+ .* does not match/);
  });

  it("is read up to where it was cut off", async () => {
    const file = Buffer.concat([compress(LINES), compress(LINES)]);
    const { text, broken } = await inflatedText(file.subarray(0, -3));
    expect(text).toBe(LINES + LINES);
    expect(broken).toContain(`is cut off: the file ends at compressed byte ${file.length - 3}`);
  });

  it("is cut off where it holds a part of its magic number", async () => {
    expect((await inflatedText(compress(LINES).subarray(0, 1))).broken).toContain("is cut off");
    const second = await inflatedText(compress(LINES), compress(LINES).subarray(0, 1));
    expect(second).toMatchObject({ text: LINES, broken: expect.stringContaining("is cut off") });
  });

  it("is not one where it is empty", async () => {
    expect(await inflatedText()).toEqual({ text: "", broken: expect.stringMatching("is empty") });
  });

  it("is told from what people take for it", async () => {
    const says = async (text: Uint8Array | string) => (await inflatedText(text)).broken;
    expect(await says(LINES)).toMatch(/begins with "\{.*looks like plain JSON: name it \.jsonl/);
    expect(await says("\ufeff {")).toContain("plain JSON");
    expect(await says("PAR1....")).toContain("Parquet");
    expect(await says("<?xml version='1.0'?><Error>")).toContain("XML or HTML");
    expect(await says("BZh91AY")).toContain("bzip2");
    expect(await says(Buffer.from("fd377a585a00", "hex"))).toContain("xz");
    const other = format === "gz" ? zst(LINES) : gz(LINES);
    const otherName = format === "gz" ? "zstd: name it .jsonl.zst" : "gzip: name it .jsonl.gz";
    expect(await says(other)).toContain(otherName);
    expect(await says("\0\0\0\0\0")).toMatch(/begins with 00000000/);
    expect(await says("no such thing")).toMatch(/begins with "no s/);
  });

  it("comes in chunks of some size, but for the last", async () => {
    const text = Buffer.concat(Array.from({ length: 40 }, () => randomBytes(30_000)));
    const file = Buffer.concat(
      Array.from({ length: 40 }, (_, i) => compress(text.subarray(i * 30_000, (i + 1) * 30_000))),
    );
    const chunks: number[] = [];
    for await (const chunk of inflate(chunked(file, [1000]), format)) chunks.push(chunk.length);
    for (const size of chunks.slice(0, -1)) expect(size).toBeGreaterThanOrEqual(65_536);
    expect(Math.max(...chunks)).toBeLessThanOrEqual(512 * 1024);
  });

  it("passes on the very error of its input, which is not the file's fault", async () => {
    const error = new Error("ECONNRESET");
    async function* broken() {
      yield compress(LINES).subarray(0, 20);
      throw error;
    }
    const reading = Array.fromAsync(inflate(broken(), format));
    await expect(reading).rejects.toBe(error);
  });

  it("lets go of its input when its reader has enough", async () => {
    let closed = false;
    let asked = 0;
    const file = compress(randomBytes(3_000_000));
    async function* input() {
      try {
        for await (const chunk of chunked(file, [10_000])) {
          asked += chunk.length;
          yield chunk;
        }
      } finally {
        closed = true;
      }
    }
    for await (const chunk of inflate(input(), format)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(closed).toBe(true);
    expect(asked).toBeLessThan(500_000);
  });

  it("is not read ahead of its reader", async () => {
    let asked = 0;
    async function* input() {
      for await (const chunk of chunked(compress(randomBytes(3_000_000)), [10_000])) {
        asked += chunk.length;
        yield chunk;
      }
    }
    const reading = inflate(input(), format);
    await reading.next();
    const before = asked;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBe(before);
    await reading.return(undefined);
  });

  it("may not hold more than so much, and gives just that", async () => {
    const bounds = { bytes: 100_000, unsuspectedBytes: 1e9, ratio: 1 };
    const { text, broken } = await inflated(compress("x".repeat(100_001)), format, [7], bounds);
    expect(text.length).toBe(100_000);
    expect(broken).toContain("more than 100000 bytes");
    const all = await inflated(compress("x".repeat(100_000)), format, [7], bounds);
    expect(all).toMatchObject({ broken: undefined, text: { length: 100_000 } });
  });

  it("may not be a bomb", async () => {
    const bounds = { bytes: 1e9, unsuspectedBytes: 1_000_000, ratio: 300 };
    const bomb = compress("x".repeat(10_000_000));
    const { text, broken } = await inflated(bomb, format, [1000], bounds);
    expect(text.length).toBe(Math.max(1_000_000, Math.min(bomb.length, 32 * 1024) * 300));
    expect(broken).toMatch(/more than 300 times .* bomb/);
    const honest = compress(randomBytes(2_000_000).toString("hex"));
    expect((await inflated(honest, format, [50_000], bounds)).broken).toBeUndefined();
  });
});

describe("a .gz file that is damaged", () => {
  it("gives the same, to the byte, wherever damage lies in what is inflated at once", async () => {
    const text = randomBytes(200_000);
    // Blocks that stand uncompressed, the lengths before them twice: the second time inverted.
    const blocks = [0, 1, 2, 3].map((i) => {
      const header = Buffer.from([Number(i === 3), 0, 0, 0, 0]);
      header.writeUInt16LE(50_000, 1);
      header.writeUInt16LE(65_535 - 50_000, 3);
      return Buffer.concat([header, text.subarray(i * 50_000, (i + 1) * 50_000)]);
    });
    const whole = Buffer.concat([gz("").subarray(0, 10), ...blocks]);
    const third = 10 + 2 * 50_005;
    const file = flipped(whole, third + 4);
    for (const sizes of [[1 << 20], [65_536], [1000, 3], [100_000, 1]]) {
      const { text: found, broken } = await inflated(file, "gz", sizes);
      expect(found.equals(text.subarray(0, 100_000))).toBe(true);
      expect(broken).toContain(`damaged at about compressed byte ${third + 4} (invalid stored`);
    }
  });

  it("gives all before the damage, though that lies far behind its beginning", async () => {
    const text = randomBytes(17_500_000);
    const file = gz(text, 1);
    const { text: found, broken } = await inflated(flipped(file, -6), "gz");
    expect(found.equals(text)).toBe(true);
    expect(broken).toContain(`checksum at about compressed byte ${file.length - 5}`);
  });
});

describe("a .zst file", () => {
  it("may hold frames to be skipped, anywhere and nothing else", async () => {
    const skipped = skippableFrame(randomBytes(200_000), 7);
    const file = Buffer.concat([skipped, zst("a\n"), skipped, zst("b\n", 0), skipped]);
    expect(await inflated(file, "zst", [30_000])).toMatchObject({ broken: undefined });
    expect((await inflated(file, "zst")).text.toString()).toBe("a\nb\n");
    expect(await inflated(skipped, "zst")).toMatchObject({ broken: undefined });
    const cut = await inflated(file.subarray(0, -1), "zst");
    expect(cut.text.toString()).toBe("a\nb\n");
    expect(cut.broken).toContain("is cut off");
  });

  it("is cut off in its last block too, where no checksum is missing", async () => {
    const { text, broken } = await inflated(zst("a\n", 0).subarray(0, -1), "zst");
    expect(text.toString()).toBe("a");
    expect(broken).toContain("is cut off");
  });

  it("holds as much as it says", async () => {
    const frame = (says: number) =>
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, says, 0x10, 0, 0, 0x61, 0x0a, 1, 0, 0]);
    expect(await inflated(frame(2), "zst")).toMatchObject({ broken: undefined });
    const { text, broken } = await inflated(frame(3), "zst");
    expect(text.toString()).toBe("a\n");
    expect(broken).toContain("2 bytes where it says 3");
  });

  it("may not ask for more memory than zstd's default", async () => {
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (28 - 10) << 3]);
    const { text, broken } = await inflated(Buffer.concat([zst("a\n"), header]), "zst");
    expect(text.toString()).toBe("a\n");
    expect(broken).toMatch(/window of 268435456 bytes, more than 134217728: .* --long=27/);
  });

  it("may not need a dictionary that nobody sent", async () => {
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x23, 42, 0, 0, 0, 5, 1, 0, 0]);
    expect((await inflated(header, "zst")).broken).toContain("with dictionary 42");
  });

  it("is read up to a block that is damaged", async () => {
    const text = randomBytes(300_000);
    const file = zst(text);
    // Blocks of random bytes stand as they are; the third header is made one of a reserved type.
    const third = 4 + 1 + 4 + 2 * (3 + 131_072);
    const wrong = Buffer.from(file);
    wrong[third] = (wrong[third] ?? 0) | 0b110;
    for (const sizes of [[1 << 20], [1000]]) {
      const { text: found, broken } = await inflated(wrong, "zst", sizes);
      expect(found.equals(text.subarray(0, 2 * 131_072))).toBe(true);
      expect(broken).toContain(`damaged at about compressed byte ${third}`);
    }
  });
});
