import type { Source } from "@assay/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ShardLines } from "./lines.ts";
import { MemoryBucket } from "./memory.ts";
import type { Bucket } from "./ports.ts";

async function linesOf(bucket: Bucket, source: Source, start: number, end: number, step = 1) {
  const shard = new ShardLines(bucket, source, start, end);
  const lines: { offset: number; text: string }[] = [];
  while (await shard.hasMore())
    for await (const batch of shard.take(step))
      lines.push({ offset: batch.offset, text: Buffer.from(batch.bytes).toString() });
  return lines;
}

async function sourceOf(bucket: MemoryBucket, text: string): Promise<Source> {
  bucket.put("k", text);
  const info = await bucket.head("k");
  return { bucket: "b", key: "k", etag: info?.etag ?? "", size: info?.size ?? 0 };
}

describe("the lines of shards", () => {
  it("are those of the source that are not blank, each in the shard that holds its first byte", async () => {
    const unit = fc.constantFrom("a", "b", "\n", "\r\n", "é", " ", "\t");
    const text = fc.string({ unit, maxLength: 80 });
    const small = fc.integer({ min: 1, max: 12 });
    await fc.assert(
      fc.asyncProperty(text, small, small, async (body, shardBytes, chunkBytes) => {
        const bucket = new MemoryBucket("b", { chunkBytes });
        const source = await sourceOf(bucket, body);
        const found: { offset: number; text: string }[] = [];
        for (let start = 0; start < source.size; start += shardBytes) {
          const end = Math.min(source.size, start + shardBytes);
          const lines = await linesOf(bucket, source, start, end);
          for (const { offset } of lines) expect(offset >= start && offset < end).toBe(true);
          found.push(...lines);
        }
        let at = 0;
        const expected = body.split(/(?<=\n)/).map((line) => {
          const offset = at;
          at += Buffer.byteLength(line);
          return { offset, text: line };
        });
        expect(found).toEqual(expected.filter((line) => line.text.trim() !== ""));
      }),
    );
  });

  it("go on where a chain ended", async () => {
    const bucket = new MemoryBucket("b", { chunkBytes: 3 });
    const source = await sourceOf(bucket, "aa\nbbb\n\ncc\ndd");
    expect((await linesOf(bucket, source, 3, 9)).map(({ text }) => text)).toEqual([
      "bbb\n",
      "cc\n",
    ]);
    expect(await linesOf(bucket, source, 13, 13)).toEqual([]);
  });

  it("survive bodies that break off, and take up where they broke", async () => {
    const bucket = new MemoryBucket("b", { chunkBytes: 4 });
    const source = await sourceOf(bucket, "one\ntwo\nthree\nfour\nfive\n");
    let reads = 0;
    const torn: Bucket = Object.assign(Object.create(bucket), {
      async *read(of: Source, start: number, end: number) {
        reads++;
        let first = true;
        for await (const chunk of bucket.read(of, start, end)) {
          if (!first && reads < 3) throw new Error("torn");
          first = false;
          yield chunk;
        }
      },
    });
    const lines = await linesOf(torn, source, 0, source.size);
    expect(lines.map(({ text }) => text).join("")).toBe("one\ntwo\nthree\nfour\nfive\n");
    expect(reads).toBe(3);
  });
});
