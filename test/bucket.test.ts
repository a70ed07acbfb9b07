import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Source } from "@assay/schema";
import { startStack } from "@assay/stack";
import { type Bucket, SourceGone } from "@assay/storage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MemoryBucket } from "../packages/storage/memory.ts";
import { makeS3Client, S3Bucket } from "../packages/storage/s3-bucket.ts";

/** What the protocol rests on, asked of the real adapter and of its twin alike. */
interface Subject {
  readonly bucket: Bucket;
  put(key: string, body: string): Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), "assay-bucket-"));
let stop = async () => {};
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const subjects: Record<string, () => Promise<Subject>> = {
  MemoryBucket: async () => {
    const bucket = new MemoryBucket("b", { now: Date.now, chunkBytes: 7 });
    return { bucket, put: async (key, body) => bucket.put(key, body) };
  },
  S3Bucket: async () => {
    const stack = await startStack({ dir: folder });
    stop = () => stack.stop();
    stack.createBucket("bucket");
    Object.assign(process.env, stack.env);
    const client = makeS3Client();
    const bucket = new S3Bucket(client, "bucket");
    const { PutObjectCommand } = await import("@aws-sdk/client-s3");
    return {
      bucket,
      put: async (Key, Body) => {
        await client.send(new PutObjectCommand({ Bucket: "bucket", Key, Body }));
      },
    };
  },
};

async function text(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(chunks)).toString();
}

const bytes = (value: string) => new TextEncoder().encode(value);

describe.each(Object.keys(subjects))("%s", (name) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await (subjects[name] as () => Promise<Subject>)();
  });

  it("creates a key once, whoever else tries at the same time", async () => {
    const { bucket } = subject;
    const tries = Array.from({ length: 16 }, (_, i) => bucket.create("once", bytes(`${i}`)));
    const ends = await Promise.all(tries);
    expect(ends.filter((end) => end === "created")).toHaveLength(1);
    const winner = ends.indexOf("created");
    expect(Buffer.from((await bucket.readSmall("once")) ?? []).toString()).toBe(`${winner}`);
  });

  it("keeps metadata, and tells it with size and etag", async () => {
    const { bucket } = subject;
    await bucket.create("meta", bytes("12345"), { writer: "w", tally: '{"a":1}' });
    expect(await bucket.head("meta")).toMatchObject({
      key: "meta",
      size: 5,
      version: undefined,
      meta: { writer: "w", tally: '{"a":1}' },
    });
    expect((await bucket.head("meta"))?.etag).toMatch(/^[0-9a-f]{32}$/);
  });

  it("answers absent where nothing stands", async () => {
    expect(await subject.bucket.head("nothing")).toBeUndefined();
    expect(await subject.bucket.readSmall("nothing")).toBeUndefined();
    await subject.bucket.remove("nothing");
  });

  it("reads ranges of exactly the version that was named, and says when it is gone", async () => {
    const { bucket, put } = subject;
    await put("source", "0123456789abcdef");
    const etag = (await bucket.head("source"))?.etag ?? "";
    const source: Pick<Source, "key" | "etag"> = { key: "source", etag };
    expect(await text(bucket.read(source, 0, 16))).toBe("0123456789abcdef");
    expect(await text(bucket.read(source, 3, 12))).toBe("3456789ab");
    expect(await text(bucket.read(source, 5, 5))).toBe("");
    await put("source", "overwritten");
    await expect(text(bucket.read(source, 0, 4))).rejects.toThrow(SourceGone);
    await bucket.remove("source");
    await expect(text(bucket.read(source, 0, 4))).rejects.toThrow(SourceGone);
  });

  it("lists a range of keys in byte order, its first key taken in and its last left out", async () => {
    const { bucket } = subject;
    const keys = ["l/00000000000000.jsonl", "l/00000000000003.jsonl", "l/00000000000010.jsonl"];
    for (const key of [...keys].reverse()) await bucket.create(key, bytes("x"));
    await bucket.create("m/other", bytes("x"));
    const list = async (options = {}) =>
      (await bucket.list("l/", options)).objects.map(({ key }) => key);
    expect(await list()).toEqual(keys);
    expect(await list({ from: keys[1] })).toEqual(keys.slice(1));
    expect(await list({ before: keys[2] })).toEqual(keys.slice(0, 2));
    expect(await list({ from: keys[1], before: keys[2] })).toEqual([keys[1]]);
  });

  it("lists more than a page holds", async () => {
    const { bucket } = subject;
    const keys = Array.from({ length: 1_050 }, (_, i) => `many/${String(i).padStart(5, "0")}`);
    for (let i = 0; i < keys.length; i += 50)
      await Promise.all(keys.slice(i, i + 50).map((key) => bucket.create(key, bytes(""))));
    expect((await bucket.list("many/")).objects.map(({ key }) => key)).toEqual(keys);
  });

  it("tells its own clock, by which objects are dated", async () => {
    const { bucket } = subject;
    await bucket.create("dated", bytes("x"));
    const { nowMs, objects } = await bucket.list("dated");
    const [object] = objects;
    // Dates are whole seconds on the wire.
    expect(Math.abs(nowMs - (object?.modifiedMs ?? 0))).toBeLessThanOrEqual(2_000);
  });
});
