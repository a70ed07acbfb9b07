import { randomBytes } from "node:crypto";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeBucket, md5, objectsIn, refusalOf, s3 } from "./target.ts";

const Bucket = await makeBucket();
const { get, put, text } = objectsIn(Bucket);

describe.concurrent("an object", () => {
  it("comes back as it was put, with the MD5 of its bytes as ETag", async () => {
    const { ETag } = await put("whole", "hello world");
    expect(ETag).toBe(`"${md5("hello world")}"`);
    const found = await get("whole");
    expect(found.bytes.toString()).toBe("hello world");
    expect(found.ETag).toBe(ETag);
    expect(found.ContentLength).toBe(11);
    expect(found.AcceptRanges).toBe("bytes");
  });

  it("may be empty", async () => {
    await put("empty", "");
    const { bytes, ContentLength, ETag } = await get("empty");
    expect([bytes.length, ContentLength, ETag]).toEqual([0, 0, `"${md5("")}"`]);
  });

  it.each([65_536, 65_537, 300_000, 8 * 1024 ** 2])("of %i random bytes is kept", async (size) => {
    const body = randomBytes(size);
    await put(`bytes-${size}`, body);
    const { bytes } = await get(`bytes-${size}`);
    expect(bytes.equals(body)).toBe(true);
  });

  it("is replaced by a later one, with all that hung on it", async () => {
    await put("replaced", "first", { Metadata: { old: "1" }, CacheControl: "no-store" });
    await put("replaced", "second");
    const { bytes, CacheControl, Metadata } = await get("replaced");
    expect([bytes.toString(), CacheControl, Metadata]).toEqual(["second", undefined, {}]);
  });

  it("was modified now, to the second", async () => {
    const before = Date.now();
    await put("modified", "x");
    const { LastModified } = await s3.send(new HeadObjectCommand({ Bucket, Key: "modified" }));
    // A minute for clocks that differ.
    expect(Math.abs((LastModified?.getTime() ?? 0) - before)).toBeLessThan(60_000);
    expect(LastModified?.getMilliseconds()).toBe(0);
  });

  it("that is none is NoSuchKey to GET and NotFound to HEAD", async () => {
    expect(await refusalOf(get("none"))).toBe("NoSuchKey 404");
    const head = s3.send(new HeadObjectCommand({ Bucket, Key: "none" }));
    expect(await refusalOf(head)).toBe("NotFound 404");
  });

  it("is gone once deleted, and deleting what is not there is no error", async () => {
    await put("deleted", "x");
    for (let time = 0; time < 2; time++) {
      const { $metadata } = await s3.send(new DeleteObjectCommand({ Bucket, Key: "deleted" }));
      expect($metadata.httpStatusCode).toBe(204);
    }
    expect(await refusalOf(get("deleted"))).toBe("NoSuchKey 404");
  });

  it("is binary/octet-stream where nothing says otherwise", async () => {
    // The client names a type for strings; for a copy with new metadata it names none.
    await put("typed", "x");
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: "untyped",
        CopySource: `${Bucket}/typed`,
        MetadataDirective: "REPLACE",
      }),
    );
    const { ContentType } = await s3.send(new HeadObjectCommand({ Bucket, Key: "untyped" }));
    expect(ContentType).toBe("binary/octet-stream");
  });

  it("keeps its system headers", async () => {
    const headers = {
      ContentType: "application/jsonl; charset=utf-8",
      CacheControl: "max-age=60",
      ContentDisposition: 'attachment; filename="a b.jsonl"',
      ContentEncoding: "gzip",
      ContentLanguage: "de-DE",
      ExpiresString: "Wed, 21 Oct 2026 07:28:00 GMT",
    };
    const { ExpiresString, ...given } = headers;
    await put("headers", "x", { ...given, Expires: new Date(ExpiresString) });
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "headers" }))).toMatchObject(headers);
  });

  it("keeps user metadata under lower-case names", async () => {
    await put("metadata", "x", { Metadata: { Run_Id: "r-1", "policy-step": "17", empty: "" } });
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket, Key: "metadata" }));
    expect(Metadata).toEqual({ run_id: "r-1", "policy-step": "17", empty: "" });
  });

  it("may carry 2 KB of user metadata, and no byte more", async () => {
    await put("metadata-full", "x", { Metadata: { a: "x".repeat(2047) } });
    const call = put("metadata-over", "x", { Metadata: { a: "x".repeat(2048) } });
    expect(await refusalOf(call)).toBe("MetadataTooLarge 400");
  });

  it("is given back under the headers that the reader asks for", async () => {
    await put("overridden", "x", { ContentType: "text/plain" });
    const found = await get("overridden", {
      ResponseContentType: "application/json",
      ResponseContentDisposition: 'attachment; filename="x.json"',
      ResponseCacheControl: "no-cache",
    });
    expect(found).toMatchObject({
      ContentType: "application/json",
      ContentDisposition: 'attachment; filename="x.json"',
      CacheControl: "no-cache",
    });
  });

  it("tells its size, ETag and storage class as attributes", async () => {
    await put("attributes", "hello world");
    const found = await s3.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: "attributes",
        ObjectAttributes: ["ETag", "ObjectSize", "StorageClass"],
      }),
    );
    expect(found).toMatchObject({
      ETag: md5("hello world"),
      ObjectSize: 11,
      StorageClass: "STANDARD",
    });
  });
});

describe.concurrent("tags of an object", () => {
  const tagsOf = async (Key: string) =>
    (await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;

  it("come with it, and are counted when it is read", async () => {
    await put("tagged", "x", { Tagging: "job=run%207&kind=drop" });
    expect(await tagsOf("tagged")).toEqual(
      expect.arrayContaining([
        { Key: "job", Value: "run 7" },
        { Key: "kind", Value: "drop" },
      ]),
    );
    expect((await get("tagged")).TagCount).toBe(2);
  });

  it("are replaced as a whole, and removed", async () => {
    await put("retagged", "x", { Tagging: "a=1&b=2" });
    const TagSet = [{ Key: "c", Value: "3" }];
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: "retagged", Tagging: { TagSet } }));
    expect(await tagsOf("retagged")).toEqual(TagSet);
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "retagged" }));
    expect(await tagsOf("retagged")).toEqual([]);
  });

  it("are ten at most", async () => {
    const tags = (count: number) => Array.from({ length: count }, (_, n) => `k${n}=v`).join("&");
    await put("ten-tags", "x", { Tagging: tags(10) });
    expect(await refusalOf(put("eleven-tags", "x", { Tagging: tags(11) }))).toMatch(/ 400$/);
  });
});

describe.concurrent("a key", () => {
  it.each([
    "a b/c d.txt",
    " leading and trailing ",
    "日本語/ключ.txt",
    "e\u0301 is not \u00e9",
    "100%25/50%.txt",
    "plus+and&amp=1?x=2#y.txt",
    `quote'"<>&.txt`,
    "emoji-😀.json",
    "a//double///slash",
    "/leading/slash",
    "trailing/slash/",
    "k=v,x;y:z@!$()*~[]{}|^`\\back",
    "tab\tin\tkey",
    "line\nand\rreturn",
    "dots/../and/./dots",
  ])("may be %j", async (name) => {
    const Key = `odd/${name}`;
    await put(Key, name);
    expect(await text(Key)).toBe(name);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).toBe(
      Buffer.byteLength(name),
    );
    // Carriage returns and the like do not survive XML: this is what the encoding is there for.
    const { Contents = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: Key, EncodingType: "url" }),
    );
    const listed = Contents.map((one) => decodeURIComponent((one.Key ?? "").replaceAll("+", " ")));
    expect(listed).toEqual([Key]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await refusalOf(get(Key))).toBe("NoSuchKey 404");
  });

  it("may have 1,024 bytes of UTF-8, and no byte more", async () => {
    // In segments that every file system could hold, were they names of files.
    const Key = `long/${`${"ü".repeat(99)}/`.repeat(5)}${"x".repeat(24)}`;
    expect(Buffer.byteLength(Key)).toBe(1024);
    await put(Key, "x");
    expect(await text(Key)).toBe("x");
    expect(await refusalOf(put(`${Key}x`, "x"))).toBe("KeyTooLongError 400");
  });

  it("tells capital letters from small ones", async () => {
    await put("case/K", "large");
    await put("case/k", "small");
    expect([await text("case/K"), await text("case/k")]).toEqual(["large", "small"]);
  });

  it("may be the beginning of another, whichever came first", async () => {
    await put("tree/a", "1");
    await put("tree/a/b", "2");
    await put("other/x/y", "3");
    await put("other/x", "4");
    const found = await Promise.all(
      ["tree/a", "tree/a/b", "other/x/y", "other/x"].map((k) => text(k)),
    );
    expect(found).toEqual(["1", "2", "3", "4"]);
  });
});
