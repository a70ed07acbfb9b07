import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeBucket, objectsIn, refusalOf, region, s3, uniqueName } from "./target.ts";

describe.concurrent("a bucket", () => {
  it("is there for HEAD and in the list once it is made", async () => {
    const Bucket = await makeBucket();
    const { $metadata } = await s3.send(new HeadBucketCommand({ Bucket }));
    expect($metadata.httpStatusCode).toBe(200);
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const found = Buckets.find(({ Name }) => Name === Bucket);
    expect(found?.CreationDate).toBeInstanceOf(Date);
  });

  it("can be made again by its owner in us-east-1, and nowhere else", async () => {
    const Bucket = await makeBucket();
    await objectsIn(Bucket).put("kept", "x");
    const call = s3.send(new CreateBucketCommand({ Bucket }));
    expect(await refusalOf(call)).toBe(
      region === "us-east-1" ? "no refusal" : "BucketAlreadyOwnedByYou 409",
    );
    expect(await objectsIn(Bucket).text("kept")).toBe("x");
  });

  it.each([
    ["capital letters", "Assay-Conformance"],
    ["two letters", "ab"],
    ["an underscore", "assay_conformance"],
    ["the form of an address", "192.168.5.4"],
    ["two dots in a row", "assay..conformance"],
    ["a hyphen at its end", "assay-conformance-"],
    ["64 letters", "a".repeat(64)],
  ])("is refused a name with %s", async (_, Bucket) => {
    const call = s3.send(new CreateBucketCommand({ Bucket }));
    expect(await refusalOf(call)).toBe("InvalidBucketName 400");
  });

  it("that is none is a NotFound to HEAD", async () => {
    const call = s3.send(new HeadBucketCommand({ Bucket: uniqueName() }));
    expect(await refusalOf(call)).toBe("NotFound 404");
  });

  it("that is none is a NoSuchBucket to whoever reads, writes, lists or deletes in it", async () => {
    const Bucket = uniqueName();
    const refusals = await Promise.all(
      [
        s3.send(new GetObjectCommand({ Bucket, Key: "a" })),
        s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x" })),
        s3.send(new ListObjectsV2Command({ Bucket })),
        s3.send(new DeleteObjectCommand({ Bucket, Key: "a" })),
        s3.send(new DeleteBucketCommand({ Bucket })),
      ].map(refusalOf),
    );
    expect(refusals).toEqual(Array(5).fill("NoSuchBucket 404"));
  });

  it("goes when it is empty", async () => {
    const Bucket = await makeBucket();
    const { $metadata } = await s3.send(new DeleteBucketCommand({ Bucket }));
    expect($metadata.httpStatusCode).toBe(204);
    expect(await refusalOf(s3.send(new HeadBucketCommand({ Bucket })))).toBe("NotFound 404");
  });

  it("stays while there is an object in it", async () => {
    const Bucket = await makeBucket();
    await objectsIn(Bucket).put("a", "x");
    const call = s3.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusalOf(call)).toBe("BucketNotEmpty 409");
  });

  it("stays while there are versions in it, though none can be listed as current", async () => {
    const Bucket = await makeBucket({ versioning: true });
    await objectsIn(Bucket).put("a", "x");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    const call = s3.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusalOf(call)).toBe("BucketNotEmpty 409");
  });

  it("in us-east-1 has no location constraint, elsewhere its region", async () => {
    const Bucket = await makeBucket();
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint).toBe(region === "us-east-1" ? undefined : region);
  });

  it("that never kept versions has no versioning status", async () => {
    const Bucket = await makeBucket();
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    expect(Status).toBeUndefined();
  });

  it("is found among others by the prefix of its name", async () => {
    const [Bucket = "", other] = [await makeBucket(), await makeBucket()];
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({ Prefix: Bucket.slice(0, -1) }));
    expect(Buckets.map(({ Name }) => Name)).toContain(Bucket);
    expect(Buckets.map(({ Name }) => Name)).not.toContain(other);
  });

  it("comes once in a list that is read in pages", async () => {
    const made = await Promise.all([makeBucket(), makeBucket(), makeBucket()]);
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(new ListBucketsCommand({ MaxBuckets: 2, ContinuationToken }));
      expect(page.Buckets?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.Buckets ?? []).map(({ Name }) => Name));
      ContinuationToken = page.ContinuationToken;
    } while (ContinuationToken !== undefined);
    for (const name of made) expect(seen.filter((one) => one === name)).toEqual([name]);
  });
});
