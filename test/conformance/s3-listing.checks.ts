import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeBucket, md5, objectsIn, refusalOf, s3 } from "./target.ts";

const Bucket = await makeBucket();
const { put } = objectsIn(Bucket);
const list = (more: Partial<ListObjectsV2CommandInput>) =>
  s3.send(new ListObjectsV2Command({ Bucket, ...more }));

/** Keys and common prefixes of a listing, in the form of a test's expectation. */
async function names(more: Partial<ListObjectsV2CommandInput>) {
  const { CommonPrefixes = [], Contents = [] } = await list(more);
  return [...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)];
}

const TREE = [
  "tree/a.txt",
  "tree/b/1.txt",
  "tree/b/2.txt",
  "tree/b/deep/3.txt",
  "tree/c.txt",
  "tree/d/4.txt",
];
await Promise.all(TREE.map((key) => put(key, "x")));
/** More than a page. */
const MANY = Array.from({ length: 1003 }, (_, n) => `many/${String(n).padStart(4, "0")}`);
for (let at = 0; at < MANY.length; at += 40)
  await Promise.all(MANY.slice(at, at + 40).map((key) => put(key, "")));

describe.concurrent("a listing", () => {
  it("of an empty bucket has no keys", async () => {
    const empty = await s3.send(new ListObjectsV2Command({ Bucket: await makeBucket() }));
    expect(empty).toMatchObject({ KeyCount: 0, IsTruncated: false, MaxKeys: 1000 });
    expect(empty.Contents ?? []).toEqual([]);
  });

  it("tells size, ETag, time and storage class of every object", async () => {
    await put("told", "hello");
    const { Contents } = await list({ Prefix: "told" });
    expect(Contents).toMatchObject([
      { Key: "told", Size: 5, ETag: `"${md5("hello")}"`, StorageClass: "STANDARD" },
    ]);
    expect(Contents?.[0]?.LastModified).toBeInstanceOf(Date);
  });

  it("has the keys that begin with the prefix, in order", async () => {
    expect(await names({ Prefix: "tree/" })).toEqual(TREE);
    expect(await names({ Prefix: "tree/b" })).toEqual(TREE.slice(1, 4));
    expect(await names({ Prefix: "tree/none" })).toEqual([]);
  });

  it("is in the order of UTF-8 bytes, not of UTF-16 units, letters or locales", async () => {
    const ordered = ["B", "a", "b", "~", "é", "ￂ", "😀"].map((name) => `order/${name}`);
    await Promise.all(ordered.toReversed().map((key) => put(key, "x")));
    expect(await names({ Prefix: "order/" })).toEqual(ordered);
  });

  it("rolls up at a delimiter what lies behind it", async () => {
    expect(await names({ Prefix: "tree/", Delimiter: "/" })).toEqual([
      "tree/a.txt",
      "tree/c.txt",
      "tree/b/",
      "tree/d/",
    ]);
    expect(await names({ Prefix: "tree", Delimiter: "/" })).toEqual(["tree/"]);
  });

  it("takes a delimiter of several characters", async () => {
    await Promise.all(["multi/a--1", "multi/a--2", "multi/b-3"].map((key) => put(key, "x")));
    expect(await names({ Prefix: "multi/", Delimiter: "--" })).toEqual(["multi/b-3", "multi/a--"]);
  });

  it("begins after a key, whether that is there or not", async () => {
    expect(await names({ Prefix: "tree/", StartAfter: "tree/b/2.txt" })).toEqual(TREE.slice(3));
    expect(await names({ Prefix: "tree/", StartAfter: "tree/b/1" })).toEqual(TREE.slice(1));
    expect(await names({ Prefix: "tree/", StartAfter: "a" })).toEqual(TREE);
  });

  it("that begins inside of a common prefix still has it", async () => {
    const found = await names({ Prefix: "tree/", Delimiter: "/", StartAfter: "tree/b/1.txt" });
    expect(found).toEqual(["tree/c.txt", "tree/b/", "tree/d/"]);
  });

  it("has a thousand keys a page, whatever more is asked for", async () => {
    for (const more of [{}, { MaxKeys: 5000 }]) {
      const page = await list({ Prefix: "many/", ...more });
      expect(page).toMatchObject({ KeyCount: 1000, IsTruncated: true });
      expect(page.Contents?.map(({ Key }) => Key)).toEqual(MANY.slice(0, 1000));
      expect(
        await names({ Prefix: "many/", ContinuationToken: page.NextContinuationToken }),
      ).toEqual(MANY.slice(1000));
    }
  });

  it("in pages has every key once", async () => {
    const seen: (string | undefined)[] = [];
    const pages = paginateListObjectsV2({ client: s3, pageSize: 250 }, { Bucket, Prefix: "many/" });
    for await (const { Contents = [] } of pages) seen.push(...Contents.map(({ Key }) => Key));
    expect(seen).toEqual(MANY);
  });

  it("in pages has every common prefix once, and counts it as one", async () => {
    const seen: (string | undefined)[] = [];
    const options = { Bucket, Prefix: "tree/", Delimiter: "/" };
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 1 }, options)) {
      expect(page.KeyCount).toBe(1);
      seen.push(page.Contents?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix);
    }
    expect(seen).toEqual(["tree/a.txt", "tree/b/", "tree/c.txt", "tree/d/"]);
  });

  it("whose last page is full says that there is none to come", async () => {
    const page = await list({ Prefix: "tree/", MaxKeys: TREE.length });
    expect([page.IsTruncated, page.NextContinuationToken]).toEqual([false, undefined]);
  });

  it("of no keys at all may be asked for", async () => {
    expect(await list({ Prefix: "tree/", MaxKeys: 0 })).toMatchObject({
      KeyCount: 0,
      IsTruncated: false,
    });
  });

  it("names the owners only for whoever asks", async () => {
    const without = await list({ Prefix: "tree/a" });
    expect(without.Contents?.[0]?.Owner).toBeUndefined();
    const withOwner = await list({ Prefix: "tree/a", FetchOwner: true });
    expect(withOwner.Contents?.[0]?.Owner?.ID).toBeTruthy();
  });

  it("percent-encodes keys and prefixes for whoever asks", async () => {
    await put("encoded/a b+ü/1", "x");
    const found = await list({ Prefix: "encoded/a ", Delimiter: "/", EncodingType: "url" });
    expect(found.EncodingType).toBe("url");
    const prefix = found.CommonPrefixes?.[0]?.Prefix ?? "";
    expect(prefix).toMatch(/^encoded\/a(\+|%20)b%2B%C3%BC\/$/);
  });

  it("refuses a token that it never gave, and a negative count", async () => {
    expect(await refusalOf(list({ ContinuationToken: "no token !" }))).toBe("InvalidArgument 400");
    expect(await refusalOf(list({ MaxKeys: -1 }))).toBe("InvalidArgument 400");
  });

  it("shows an object as soon as it is written, and no more once it is deleted", async () => {
    const bucket = await makeBucket();
    const objects = objectsIn(bucket);
    for (let n = 1; n <= 5; n++) {
      await objects.put(`key-${n}`, "x");
      const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      expect(KeyCount).toBe(n);
    }
  });
});

describe.concurrent("a listing of the first version", () => {
  it("that begins inside of a common prefix goes on behind it", async () => {
    const { CommonPrefixes = [], Contents = [] } = await s3.send(
      new ListObjectsCommand({ Bucket, Prefix: "tree/", Delimiter: "/", Marker: "tree/b/1.txt" }),
    );
    expect(CommonPrefixes).toEqual([{ Prefix: "tree/d/" }]);
    expect(Contents.map(({ Key }) => Key)).toEqual(["tree/c.txt"]);
  });

  it("begins after its marker, and gives the next one only with a delimiter", async () => {
    const plain = await s3.send(
      new ListObjectsCommand({ Bucket, Prefix: "tree/", Marker: "tree/a.txt", MaxKeys: 2 }),
    );
    expect(plain.Contents?.map(({ Key }) => Key)).toEqual(TREE.slice(1, 3));
    expect([plain.IsTruncated, plain.NextMarker]).toEqual([true, undefined]);
    const options = { Bucket, Prefix: "tree/", Delimiter: "/", MaxKeys: 2 };
    const first = await s3.send(new ListObjectsCommand(options));
    expect([first.IsTruncated, first.NextMarker]).toEqual([true, "tree/b/"]);
    const second = await s3.send(new ListObjectsCommand({ ...options, Marker: first.NextMarker }));
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(["tree/c.txt"]);
    expect(second.CommonPrefixes).toEqual([{ Prefix: "tree/d/" }]);
  });
});
