import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  DeleteObjectsCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeBucket, md5, objectsIn, refusalOf, s3, uniqueName } from "./target.ts";

const Bucket = await makeBucket();
const { get, put, text } = objectsIn(Bucket);
const HOUR_MS = 3_600_000;

const described = {
  ContentType: "application/jsonl",
  CacheControl: "no-store",
  Metadata: { job: "run-7" },
};
const { ETag } = await put("source", "hello world", { ...described, Tagging: "kind=drop" });
const copy = (Key: string, more: Partial<CopyObjectCommandInput> = {}) =>
  s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/source`, ...more }));

describe.concurrent("a copy", () => {
  it("carries bytes, ETag, headers, metadata and tags", async () => {
    const { CopyObjectResult } = await copy("copied");
    expect(CopyObjectResult?.ETag).toBe(ETag);
    expect(CopyObjectResult?.LastModified).toBeInstanceOf(Date);
    const found = await get("copied");
    expect(found).toMatchObject({ ...described, TagCount: 1 });
    expect(found.bytes.toString()).toBe("hello world");
  });

  it("takes other headers and metadata in place of all the old ones", async () => {
    await copy("redescribed", {
      MetadataDirective: "REPLACE",
      ContentType: "text/plain",
      Metadata: { other: "1" },
    });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "redescribed" }));
    expect(head).toMatchObject({ ContentType: "text/plain", Metadata: { other: "1" } });
    expect(head.CacheControl).toBeUndefined();
  });

  it("ignores other metadata unless told to replace", async () => {
    await copy("undirected", { Metadata: { other: "1" } });
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket, Key: "undirected" }));
    expect(Metadata).toEqual(described.Metadata);
  });

  it("takes other tags", async () => {
    await copy("retagged", { TaggingDirective: "REPLACE", Tagging: "other=1" });
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "retagged" }));
    expect(TagSet).toEqual([{ Key: "other", Value: "1" }]);
  });

  it("onto itself is refused unless something changes", async () => {
    await put("itself", "x");
    const CopySource = `${Bucket}/itself`;
    expect(await refusalOf(copy("itself", { CopySource }))).toBe("InvalidRequest 400");
    await copy("itself", { CopySource, MetadataDirective: "REPLACE", Metadata: { a: "1" } });
    const { bytes, Metadata } = await get("itself");
    expect([bytes.toString(), Metadata]).toEqual(["x", { a: "1" }]);
  });

  it("goes from bucket to bucket", async () => {
    const other = await makeBucket();
    await copy("there", { Bucket: other });
    expect(await objectsIn(other).text("there")).toBe("hello world");
  });

  it("of a larger object is independent of its source", async () => {
    const body = Buffer.alloc(300_000, "large");
    await put("large-source", body);
    await copy("large-copy", { CopySource: `${Bucket}/large-source` });
    await put("large-source", "overwritten");
    expect((await get("large-copy")).bytes.equals(body)).toBe(true);
  });

  it.each(["a b+c%20d", "ü/日本 & <x>", "emoji 😀?versionId=1"])("comes from %j", async (key) => {
    await put(`odd/${key}`, key);
    await copy(`odd copy/${key}`, { CopySource: `${Bucket}/${encodeURIComponent(`odd/${key}`)}` });
    expect(await text(`odd copy/${key}`)).toBe(key);
  });

  it("of a version brings that version", async () => {
    const versioned = await makeBucket({ versioning: true });
    const { VersionId } = await objectsIn(versioned).put("a", "first");
    await objectsIn(versioned).put("a", "second");
    const CopySource = `${versioned}/a?versionId=${VersionId}`;
    const copied = await copy("a", { Bucket: versioned, CopySource });
    expect(copied.CopySourceVersionId).toBe(VersionId);
    expect(await objectsIn(versioned).text("a")).toBe("first");
  });

  it("of what is not there is NoSuchKey or NoSuchBucket", async () => {
    const from = (CopySource: string) => refusalOf(copy("nowhere", { CopySource }));
    expect(await from(`${Bucket}/none`)).toBe("NoSuchKey 404");
    expect(await from(`${uniqueName()}/none`)).toBe("NoSuchBucket 404");
  });

  it.each([
    ["if it has the ETag", { CopySourceIfMatch: ETag }, "no refusal"],
    ["if it has another ETag", { CopySourceIfMatch: '"0123"' }, "PreconditionFailed 412"],
    ["unless it has the ETag", { CopySourceIfNoneMatch: ETag }, "PreconditionFailed 412"],
    [
      "if modified within an hour",
      { CopySourceIfModifiedSince: new Date(Date.now() - HOUR_MS) },
      "no refusal",
    ],
    [
      "if unmodified for an hour",
      { CopySourceIfUnmodifiedSince: new Date(Date.now() - HOUR_MS) },
      "PreconditionFailed 412",
    ],
  ])("of its source %s is made or refused", async (condition, more, expected) => {
    expect(await refusalOf(copy(`conditional/${condition}`, more))).toBe(expected);
  });
});

describe.concurrent("a deletion of many", () => {
  const remove = (keys: readonly string[], Quiet?: boolean, bucket = Bucket) =>
    s3.send(
      new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Objects: keys.map((Key) => ({ Key })), Quiet },
      }),
    );

  it("deletes them, and names those too that were not there", async () => {
    await put("many/a", "x");
    await put("many/b", "x");
    const { Deleted = [], Errors = [] } = await remove(["many/a", "many/b", "many/none"]);
    expect(Deleted.map(({ Key }) => Key).sort()).toEqual(["many/a", "many/b", "many/none"]);
    expect(Errors).toEqual([]);
    expect(await refusalOf(get("many/a"))).toBe("NoSuchKey 404");
  });

  it("says nothing of those that are gone when asked to be quiet", async () => {
    await put("quiet", "x");
    const { Deleted = [] } = await remove(["quiet"], true);
    expect(Deleted).toEqual([]);
    expect(await refusalOf(get("quiet"))).toBe("NoSuchKey 404");
  });

  it("takes keys that are odd in XML", async () => {
    const keys = ["odd & <xml>", `odd "quote'`, "odd ü 😀", " odd blanks ", "odd%20percent"];
    await Promise.all(keys.map((key) => put(key, "x")));
    const { Deleted = [] } = await remove(keys);
    expect(Deleted.map(({ Key }) => Key).sort()).toEqual(keys.toSorted());
    const refusals = await Promise.all(keys.map((key) => refusalOf(get(key))));
    expect(refusals).toEqual(keys.map(() => "NoSuchKey 404"));
  });

  it("takes a thousand keys, and no more", async () => {
    const keys = Array.from({ length: 1001 }, (_, n) => `thousand/${n}`);
    expect((await remove(keys.slice(1))).Deleted).toHaveLength(1000);
    expect(await refusalOf(remove(keys))).toBe("MalformedXML 400");
  });

  it("makes markers of keys and deletes versions for good", async () => {
    const versioned = await makeBucket({ versioning: true });
    const { VersionId } = await objectsIn(versioned).put("a", "first");
    await objectsIn(versioned).put("b", md5("b"));
    const { Deleted = [] } = await s3.send(
      new DeleteObjectsCommand({
        Bucket: versioned,
        Delete: { Objects: [{ Key: "a", VersionId }, { Key: "b" }] },
      }),
    );
    expect(Deleted.find(({ Key }) => Key === "a")).toMatchObject({ VersionId });
    expect(Deleted.find(({ Key }) => Key === "b")).toMatchObject({ DeleteMarker: true });
    const { DeleteMarkers = [], Versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: versioned }),
    );
    expect([DeleteMarkers.map(({ Key }) => Key), Versions.map(({ Key }) => Key)]).toEqual([
      ["b"],
      ["b"],
    ]);
  });
});
