import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { md5, refusalOf, region, s3 } from "./target.ts";
import { filter, makeWatched } from "./watch.ts";

describe.concurrent("an event", () => {
  it("tells what was put, where and when", async () => {
    const { Bucket, put, queue } = await makeWatched();
    await put("a", "hello");
    const [record] = await queue.upTo("a");
    expect(record).toMatchObject({
      eventName: "ObjectCreated:Put",
      eventSource: "aws:s3",
      awsRegion: region,
      s3: {
        configurationId: "watch",
        bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}` },
        object: { key: "a", size: 5, eTag: md5("hello") },
      },
    });
    expect(Math.abs(Date.parse(record?.eventTime ?? "") - Date.now())).toBeLessThan(60_000);
    expect(record?.s3.object.sequencer).toMatch(/^[0-9A-F]+$/i);
  });

  it("names keys as in a form: percent-encoded, blanks as plus signs", async () => {
    const { put, queue } = await makeWatched();
    await put("a b+c/ü%😀.jsonl", "x");
    await put("last", "x");
    const [record] = await queue.upTo("last");
    expect(record?.s3.object.key).toBe("a+b%2Bc/%C3%BC%25%F0%9F%98%80.jsonl");
  });

  it("comes of keys with the prefix and the suffix only", async () => {
    const { put, queue } = await makeWatched({ more: filter("in/", ".jsonl") });
    for (const key of ["in/a.txt", "out/a.jsonl", "in/b.jsonl"]) await put(key, "x");
    const records = await queue.upTo("in/b.jsonl");
    expect(records.map(({ s3: { object } }) => object.key)).toEqual(["in/b.jsonl"]);
  });

  it("is of the kind that was asked for only", async () => {
    const { Bucket, put, queue } = await makeWatched({
      more: { Events: ["s3:ObjectCreated:Copy"] },
    });
    await put("a", "x");
    await s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
    const records = await queue.upTo("b");
    expect(records.map(({ eventName }) => eventName)).toEqual(["ObjectCreated:Copy"]);
  });

  it("comes of an upload in parts when that is complete, once", async () => {
    const { Bucket, put, queue } = await makeWatched();
    const upload = { Bucket, Key: "parts" };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload));
    const { ETag } = await s3.send(
      new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: "hello" }),
    );
    await s3.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );
    await put("last", "x");
    const [record, ...others] = await queue.upTo("last");
    expect(record).toMatchObject({
      eventName: "ObjectCreated:CompleteMultipartUpload",
      s3: { object: { key: "parts", size: 5 } },
    });
    expect(others).toHaveLength(1);
  });

  it("comes of deletions, one by one and many at once", async () => {
    const { Bucket, put, queue } = await makeWatched({ more: { Events: ["s3:ObjectRemoved:*"] } });
    for (const key of ["a", "b", "c"]) await put(key, "x");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    const Objects = [{ Key: "b" }, { Key: "c" }];
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    const records = await queue.upTo("a", "b", "c");
    const found = records.map(({ eventName, s3: { object } }) => `${eventName} ${object.key}`);
    // S3 promises no order.
    expect(found.sort()).toEqual([
      "ObjectRemoved:Delete a",
      "ObjectRemoved:Delete b",
      "ObjectRemoved:Delete c",
    ]);
  });

  it("of a versioned bucket names the version, and tells markers from deletions", async () => {
    const { Bucket, put, queue } = await makeWatched({ versioning: true });
    const { VersionId } = await put("a", "x");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId }));
    await put("last", "x");
    const records = await queue.upTo("last");
    expect(records.map(({ eventName }) => eventName)).toEqual([
      "ObjectCreated:Put",
      "ObjectRemoved:DeleteMarkerCreated",
      "ObjectRemoved:Delete",
      "ObjectCreated:Put",
    ]);
    expect(records[0]?.s3.object.versionId).toBe(VersionId);
    expect(records[2]?.s3.object.versionId).toBe(VersionId);
  });

  it("has a sequencer that grows with the writes of a key", async () => {
    const { put, queue } = await makeWatched();
    for (let n = 0; n < 3; n++) await put("a", `${n}`);
    await put("last", "x");
    const sequence = (await queue.upTo("last"))
      .filter((record) => record.s3.object.key === "a")
      .map((record) => record.s3.object.sequencer);
    expect(sequence).toHaveLength(3);
    expect(sequence).toEqual(sequence.toSorted());
  });

  it("does not come of a write that was refused", async () => {
    const { put, queue } = await makeWatched();
    await put("a", "x");
    await refusalOf(put("a", "y", { IfNoneMatch: "*" }));
    await refusalOf(put("b", "y", { ChecksumCRC32: "AAAAAA==" }));
    await put("last", "x");
    expect((await queue.upTo("last")).map((record) => record.s3.object.key)).toEqual(["a", "last"]);
  });
});
