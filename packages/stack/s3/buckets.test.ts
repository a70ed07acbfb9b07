import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, refusalOf, startFixture } from "../fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function fill(Bucket: string, keys: readonly string[]): Promise<void> {
  fixture.stack.createBucket(Bucket);
  await Promise.all(
    keys.map((Key) => fixture.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))),
  );
}
const list = (input: ConstructorParameters<typeof ListObjectsV2Command>[0]) =>
  fixture.s3.send(new ListObjectsV2Command(input));
const keysOf = ({ Contents = [] }: Awaited<ReturnType<typeof list>>) =>
  Contents.map(({ Key }) => Key);

test("buckets are created, found, listed and deleted when they are empty", async () => {
  await fixture.s3.send(new CreateBucketCommand({ Bucket: "first-bucket" }));
  await fixture.s3.send(new CreateBucketCommand({ Bucket: "first-bucket" }));
  await fixture.s3.send(new HeadBucketCommand({ Bucket: "first-bucket" }));
  const { Buckets } = await fixture.s3.send(new ListBucketsCommand());
  expect(Buckets?.map(({ Name }) => Name)).toContain("first-bucket");
  const location = await fixture.s3.send(new GetBucketLocationCommand({ Bucket: "first-bucket" }));
  expect(location.LocationConstraint).toBeUndefined();
  await fill("first-bucket", ["a"]);
  const remove = () => fixture.s3.send(new DeleteBucketCommand({ Bucket: "first-bucket" }));
  expect(await refusalOf(remove())).toEqual(["BucketNotEmpty", 409]);
  await fixture.s3.send(new DeleteObjectCommand({ Bucket: "first-bucket", Key: "a" }));
  await remove();
  const gone = fixture.s3.send(new HeadBucketCommand({ Bucket: "first-bucket" }));
  expect(await refusalOf(gone)).toEqual(["NotFound", 404]);
  const nowhere = fixture.s3.send(new GetObjectCommand({ Bucket: "nowhere", Key: "a" }));
  expect(await refusalOf(nowhere)).toEqual(["NoSuchBucket", 404]);
  const misnamed = fixture.s3.send(new CreateBucketCommand({ Bucket: "Bad_Name" }));
  expect(await refusalOf(misnamed)).toEqual(["InvalidBucketName", 400]);
});

test("an upload that was never completed goes with its bucket", async () => {
  const Bucket = "unfinished";
  const create = () => fixture.s3.send(new CreateBucketCommand({ Bucket }));
  await create();
  const start = new CreateMultipartUploadCommand({ Bucket, Key: "a" });
  const { UploadId } = await fixture.s3.send(start);
  const part = { Bucket, Key: "a", UploadId, PartNumber: 1, Body: "x" };
  await fixture.s3.send(new UploadPartCommand(part));
  await fixture.s3.send(new DeleteBucketCommand({ Bucket }));
  await create();
  const { Uploads } = await fixture.s3.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads).toBeUndefined();
  expect(readdirSync(join(fixture.dir, "blobs"))).toEqual([]);
});

test("keys are listed in the order of their bytes, page by page", async () => {
  const keys = ["B", "Z", "_", "a", "~", "é", "\uffee", "😀"];
  await fill("order", [...keys].reverse());
  expect(keysOf(await list({ Bucket: "order" }))).toEqual(keys);
  const found: (string | undefined)[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await list({
      Bucket: "order",
      MaxKeys: 3,
      ...(ContinuationToken !== undefined && { ContinuationToken }),
    });
    found.push(...keysOf(page));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  expect(found).toEqual(keys);
  expect(keysOf(await list({ Bucket: "order", StartAfter: "a" }))).toEqual(keys.slice(4));
  const last = await list({ Bucket: "order", MaxKeys: 8 });
  expect(last).toMatchObject({ IsTruncated: false, KeyCount: 8 });
});

test("a delimiter rolls keys up, across pages too", async () => {
  const keys = ["x/a/1", "x/a/2", "x/b", "x/c/1", "x/c/2", "x/d/1", "y"];
  await fill("rolled", keys);
  const all = await list({ Bucket: "rolled", Prefix: "x/", Delimiter: "/" });
  expect(keysOf(all)).toEqual(["x/b"]);
  const prefixes = ({ CommonPrefixes = [] }: typeof all) =>
    CommonPrefixes.map(({ Prefix }) => Prefix);
  expect(prefixes(all)).toEqual(["x/a/", "x/c/", "x/d/"]);
  const first = await list({ Bucket: "rolled", Prefix: "x/", Delimiter: "/", MaxKeys: 3 });
  expect([...prefixes(first), ...keysOf(first)]).toEqual(["x/a/", "x/c/", "x/b"]);
  const { NextContinuationToken = "" } = first;
  const second = await list({
    Bucket: "rolled",
    Prefix: "x/",
    Delimiter: "/",
    ContinuationToken: NextContinuationToken,
  });
  expect([...prefixes(second), ...keysOf(second)]).toEqual(["x/d/"]);
  const old = await fixture.s3.send(
    new ListObjectsCommand({ Bucket: "rolled", Prefix: "x/", Delimiter: "/", MaxKeys: 1 }),
  );
  expect(old).toMatchObject({ IsTruncated: true, NextMarker: "x/a/" });
  const rest = await fixture.s3.send(
    new ListObjectsCommand({ Bucket: "rolled", Prefix: "x/", Delimiter: "/", Marker: "x/a/" }),
  );
  expect(rest.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(["x/c/", "x/d/"]);
});

test("keys that XML cannot carry are listed as they are, or in URL encoding", async () => {
  const keys = ["<&>'\"", "a b+c%", "a\rb\nc\td"];
  await fill("odd-keys", keys);
  expect(keysOf(await list({ Bucket: "odd-keys" })).sort()).toEqual(keys.sort());
  const encoded = await list({ Bucket: "odd-keys", EncodingType: "url", Prefix: "a b" });
  expect(keysOf(encoded)).toEqual(["a%20b%2Bc%25"]);
});

test("a bucket that keeps versions keeps them, and shows deletions as markers", async () => {
  const Bucket = "versions";
  fixture.stack.createBucket(Bucket, { versioning: true });
  const { Status } = await fixture.s3.send(new GetBucketVersioningCommand({ Bucket }));
  expect(Status).toBe("Enabled");
  const put = (Body: string, more = {}) =>
    fixture.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body, ...more }));
  const read = async (VersionId?: string) => {
    const answer = await fixture.s3.send(
      new GetObjectCommand({ Bucket, Key: "k", ...(VersionId !== undefined && { VersionId }) }),
    );
    return answer.Body?.transformToString();
  };
  const remove = (VersionId?: string) =>
    fixture.s3.send(
      new DeleteObjectCommand({ Bucket, Key: "k", ...(VersionId !== undefined && { VersionId }) }),
    );
  const first = await put("1");
  const second = await put("2");
  expect(await read()).toBe("2");
  expect(await read(first.VersionId)).toBe("1");
  const marker = await remove();
  expect(marker.DeleteMarker).toBe(true);
  expect(await refusalOf(read())).toEqual(["NoSuchKey", 404]);
  expect((await refusalOf(read(marker.VersionId)))[1]).toBe(405);
  expect(keysOf(await list({ Bucket }))).toEqual([]);

  const third = await put("3", { IfNoneMatch: "*" });
  const versions = async (more = {}) =>
    fixture.s3.send(new ListObjectVersionsCommand({ Bucket, ...more }));
  const all = await versions();
  expect(all.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
    [third.VersionId, true],
    [second.VersionId, false],
    [first.VersionId, false],
  ]);
  expect(all.DeleteMarkers?.map(({ VersionId }) => VersionId)).toEqual([marker.VersionId]);
  const page = await versions({ MaxKeys: 3 });
  const next = await versions({
    KeyMarker: page.NextKeyMarker,
    VersionIdMarker: page.NextVersionIdMarker,
  });
  expect(next.Versions?.map(({ VersionId }) => VersionId)).toEqual([first.VersionId]);

  await remove(third.VersionId);
  expect(await refusalOf(read())).toEqual(["NoSuchKey", 404]);
  await remove(marker.VersionId);
  expect(await read()).toBe("2");
  expect(await refusalOf(read("unknown"))).toEqual(["NoSuchVersion", 404]);
});

test("what the stack does not do it refuses by name", async () => {
  fixture.stack.createBucket("plain");
  const acl = fixture.s3.send(new GetBucketAclCommand({ Bucket: "plain" }));
  await expect(acl).rejects.toThrow("does not implement GET /bucket?acl of S3");
  const object = fixture.s3.send(new GetObjectAclCommand({ Bucket: "plain", Key: "k" }));
  expect(await refusalOf(object)).toEqual(["NotImplemented", 501]);
});

test("buckets are listed in pages for whoever asks", async () => {
  for (const name of ["paged-a", "paged-b", "paged-c"]) fixture.stack.createBucket(name);
  const page = (more: object) =>
    fixture.s3.send(new ListBucketsCommand({ Prefix: "paged-", MaxBuckets: 2, ...more }));
  const first = await page({});
  expect(first.Buckets?.map(({ Name }) => Name)).toEqual(["paged-a", "paged-b"]);
  const second = await page({ ContinuationToken: first.ContinuationToken });
  expect(second.Buckets?.map(({ Name }) => Name)).toEqual(["paged-c"]);
  expect(second.ContinuationToken).toBeUndefined();
  expect(await refusalOf(page({ MaxBuckets: 10_001 }))).toEqual(["InvalidArgument", 400]);
});

test("a marker inside of a common prefix leads behind it, a start-after does not", async () => {
  await fill("marked", ["a/1", "a/2", "b/1"]);
  const options = { Bucket: "marked", Delimiter: "/" };
  const first = await fixture.s3.send(new ListObjectsCommand({ ...options, Marker: "a/1" }));
  expect(first.CommonPrefixes).toEqual([{ Prefix: "b/" }]);
  const second = await list({ ...options, StartAfter: "a/1" });
  expect(second.CommonPrefixes).toEqual([{ Prefix: "a/" }, { Prefix: "b/" }]);
});
