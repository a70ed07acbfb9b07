import { createHash } from "node:crypto";
import { request } from "node:http";
import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, refusalOf, startFixture } from "../fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  fixture.stack.createBucket("objects");
});
afterAll(() => fixture[Symbol.asyncDispose]());

const Bucket = "objects";
const put = (Key: string, Body: NonNullable<PutObjectCommandInput["Body"]>, more = {}) =>
  fixture.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Key: string, more = {}) => {
  const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
};
const head = (Key: string, more = {}) =>
  fixture.s3.send(new HeadObjectCommand({ Bucket, Key, ...more }));
const md5 = (data: string | Uint8Array) => createHash("md5").update(data).digest("hex");
/** Long enough to lie in a file, and different everywhere. */
const long = Buffer.from(Array.from({ length: 60_000 }, (_, index) => `${index},`).join(""));

test("what is put is what is got, with its headers and metadata", async () => {
  const { ETag, ChecksumCRC32 } = await put("a", "hello world", {
    ContentType: "text/plain",
    ContentEncoding: "gzip",
    CacheControl: "no-store",
    Metadata: { run: "r-1" },
  });
  expect(ETag).toBe(`"${md5("hello world")}"`);
  expect(ChecksumCRC32).toBe("DUoRhQ==");
  const got = await get("a");
  expect(got).toMatchObject({
    text: "hello world",
    ETag,
    ContentLength: 11,
    ContentType: "text/plain",
    ContentEncoding: "gzip",
    CacheControl: "no-store",
    Metadata: { run: "r-1" },
    ChecksumCRC32: "DUoRhQ==",
    LastModified: new Date("2027-01-02T03:04:05.000Z"),
  });
  expect(got.VersionId).toBeUndefined();
});

test("an object of no bytes is an object", async () => {
  await put("empty", "");
  expect((await get("empty")).text).toBe("");
});

test("long bodies, streamed in either direction, arrive whole", async () => {
  await put("long", long);
  expect((await get("long")).text).toBe(long.toString());
  const pieces = [long.subarray(0, 9001), long.subarray(9001, 200_001), long.subarray(200_001)];
  await put("streamed", Readable.from(pieces), { ContentLength: long.length });
  expect((await get("streamed")).text).toBe(long.toString());
  expect((await head("streamed")).ContentEncoding).toBeUndefined();
});

test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])(
  "%s is computed, kept and shown",
  async (algorithm) => {
    const sums: Record<string, string> = {
      CRC32C: "yZRlqg==",
      CRC64NVME: "jSnVw/bqjr4=",
      SHA1: createHash("sha1").update("hello world").digest("base64"),
      SHA256: createHash("sha256").update("hello world").digest("base64"),
      CRC32: "DUoRhQ==",
    };
    const name = `Checksum${algorithm}`;
    const key = `sums/${algorithm}`;
    const given = algorithm === "CRC64NVME" ? { [name]: sums[algorithm] } : {};
    await put(key, "hello world", { ChecksumAlgorithm: algorithm, ...given });
    expect(await head(key, { ChecksumMode: "ENABLED" })).toMatchObject({ [name]: sums[algorithm] });
    expect(await head(key)).not.toHaveProperty(name);
  },
);

test("a body that is not what the client said is refused and leaves nothing", async () => {
  const wrong = { ChecksumCRC32: "AAAAAA==" };
  expect(await refusalOf(put("torn", "hello", wrong))).toEqual(["BadDigest", 400]);
  const other = { ContentMD5: createHash("md5").update("x").digest("base64") };
  expect(await refusalOf(put("torn", long, other))).toEqual(["BadDigest", 400]);
  expect(await refusalOf(get("torn"))).toEqual(["NoSuchKey", 404]);
});

test("a checksum that is none, or is one of two, is refused as such", async () => {
  const refusal = (more: object) => refusalOf(put("claimed", "hello", more));
  expect(await refusal({ ContentMD5: "hello" })).toEqual(["InvalidDigest", 400]);
  expect(await refusal({ ChecksumCRC32: "hello" })).toEqual(["InvalidRequest", 400]);
  const two = { ChecksumCRC32: "NhCmhg==", ChecksumCRC32C: "mnG7TA==" };
  expect(await refusal(two)).toEqual(["InvalidRequest", 400]);
});

test("ranges are cut, suffixes too, and what lies outside is refused", async () => {
  await put("range", "0123456789");
  const middle = await get("range", { Range: "bytes=2-5" });
  expect(middle).toMatchObject({ text: "2345", ContentRange: "bytes 2-5/10", ContentLength: 4 });
  expect((await get("range", { Range: "bytes=-3" })).text).toBe("789");
  expect((await get("range", { Range: "bytes=7-" })).text).toBe("789");
  expect((await get("range", { Range: "bytes=7-99" })).text).toBe("789");
  expect(await refusalOf(get("range", { Range: "bytes=10-" }))).toEqual(["InvalidRange", 416]);
  await put("long", long);
  const cut = await get("long", { Range: "bytes=100000-299999" });
  expect(cut.text).toBe(long.toString("utf8", 100_000, 300_000));
});

test("of many writers with If-None-Match one wins", async () => {
  const racers = Array.from({ length: 20 }, (_, index) =>
    put("race", `${index}`, { IfNoneMatch: "*" }).then(
      () => "won",
      (error: Error) => error.name,
    ),
  );
  const ends = await Promise.all(racers);
  expect(ends.filter((end) => end === "won")).toHaveLength(1);
  expect(ends.filter((end) => end === "PreconditionFailed")).toHaveLength(19);
});

test("If-Match writes over what the client has seen, and nothing else", async () => {
  const { ETag } = await put("match", "1");
  await put("match", "2", { IfMatch: ETag });
  expect(await refusalOf(put("match", "3", { IfMatch: ETag }))).toEqual([
    "PreconditionFailed",
    412,
  ]);
  expect(await refusalOf(put("none", "3", { IfMatch: ETag }))).toEqual(["NoSuchKey", 404]);
  for (const more of [{ IfMatch: "*" }, { IfMatch: ETag, IfNoneMatch: "*" }])
    expect(await refusalOf(put("match", "3", more))).toEqual(["NotImplemented", 501]);
  expect((await get("match")).text).toBe("2");
});

test("a conditional write whose key is deleted meanwhile is a conflict", async () => {
  const { ETag } = await put("conflict", "1");
  const body = new Readable({ read() {} });
  const write = put("conflict", body, { ContentLength: 10_002, IfMatch: ETag });
  body.push(Buffer.alloc(10_000));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "conflict" }));
  body.push("34");
  body.push(null);
  expect(await refusalOf(write)).toEqual(["ConditionalRequestConflict", 409]);
});

test("conditional reads", async () => {
  const { ETag } = await put("read", "1");
  expect((await get("read", { IfMatch: ETag })).text).toBe("1");
  expect(await refusalOf(get("read", { IfMatch: '"x"' }))).toEqual(["PreconditionFailed", 412]);
  expect((await refusalOf(get("read", { IfNoneMatch: ETag })))[1]).toBe(304);
  const before = new Date("2027-01-01");
  const after = new Date("2027-01-03");
  expect((await refusalOf(get("read", { IfModifiedSince: after })))[1]).toBe(304);
  expect((await get("read", { IfModifiedSince: before })).text).toBe("1");
  expect((await refusalOf(get("read", { IfUnmodifiedSince: before })))[1]).toBe(412);
});

test("a delete may be conditional", async () => {
  const { ETag } = await put("gone", "1");
  const remove = (IfMatch?: string) =>
    fixture.s3.send(
      new DeleteObjectCommand({ Bucket, Key: "gone", ...(IfMatch !== undefined && { IfMatch }) }),
    );
  expect(await refusalOf(remove('"x"'))).toEqual(["PreconditionFailed", 412]);
  await remove(ETag);
  expect(await refusalOf(remove("*"))).toEqual(["PreconditionFailed", 412]);
  await remove();
  expect(await refusalOf(head("gone"))).toEqual(["NotFound", 404]);
});

test("keys of any characters, and keys that are prefixes of keys", async () => {
  const keys = [
    "a b/c d.txt",
    "日本語/ключ",
    "100%25/50%",
    "plus+and&=1?",
    `quote'"<>`,
    "😀",
    "a//b",
    "../../etc",
    "tab\tkey",
    "a",
    "a/b",
  ];
  for (const key of keys) await put(key, key);
  for (const key of keys) expect((await get(key)).text).toBe(key);
  const Objects = keys.map((Key) => ({ Key }));
  const { Deleted } = await fixture.s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
  );
  expect(Deleted?.map(({ Key }) => Key)).toEqual(keys);
  expect(await refusalOf(get("a"))).toEqual(["NoSuchKey", 404]);
  expect(await refusalOf(put("k".repeat(1025), ""))).toEqual(["KeyTooLongError", 400]);
});

test("tags", async () => {
  await put("tagged", "", { Tagging: "a=1&b=%20" });
  const { TagSet } = await fixture.s3.send(new GetObjectTaggingCommand({ Bucket, Key: "tagged" }));
  expect(TagSet).toEqual([
    { Key: "a", Value: "1" },
    { Key: "b", Value: " " },
  ]);
});

test("an object that is replaced or deleted while it is read is read to its end", async () => {
  const big = Buffer.alloc(8_000_000, "0123456789");
  await put("read-on", big);
  const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key: "read-on" }));
  await put("read-on", "new");
  await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "read-on" }));
  expect(md5((await answer.Body?.transformToByteArray()) ?? "")).toBe(md5(big));
});

test("without a signature, from another host or for a page elsewhere nothing is answered", async () => {
  const status = (headers: Record<string, string>) =>
    new Promise((resolve) => {
      request(`${fixture.stack.url}/objects`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
  expect(await status({})).toBe(403);
  expect(await status({ host: "evil.example" })).toBe(403);
  expect(await status({ origin: "https://evil.example" })).toBe(403);
});
