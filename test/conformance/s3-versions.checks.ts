import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeBucket, objectsIn, refusalOf, s3, setVersioning } from "./target.ts";

const Bucket = await makeBucket({ versioning: true });
const { get, put, text } = objectsIn(Bucket);
const remove = (Key: string, VersionId?: string) =>
  s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
const versionsOf = (Prefix: string, bucket = Bucket) =>
  s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix }));

describe.concurrent("in a bucket that keeps versions", () => {
  it("the status is Enabled", async () => {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    expect(Status).toBe("Enabled");
  });

  it("every write has a version of its own, and each can be read", async () => {
    const first = await put("read", "first");
    const second = await put("read", "second");
    expect(first.VersionId).toBeTruthy();
    expect(second.VersionId).not.toBe(first.VersionId);
    expect(await text("read")).toBe("second");
    expect(await text("read", { VersionId: first.VersionId })).toBe("first");
    const head = await s3.send(
      new HeadObjectCommand({ Bucket, Key: "read", VersionId: first.VersionId }),
    );
    expect([head.VersionId, head.ContentLength]).toEqual([first.VersionId, 5]);
    expect((await get("read")).VersionId).toBe(second.VersionId);
  });

  it("versions are listed newest first, the first of them as latest", async () => {
    const made = [];
    for (const body of ["1", "2", "3"]) made.unshift((await put("listed", body)).VersionId);
    const { Versions = [] } = await versionsOf("listed");
    expect(Versions.map(({ VersionId }) => VersionId)).toEqual(made);
    expect(Versions.map(({ IsLatest }) => IsLatest)).toEqual([true, false, false]);
  });

  it("a deletion puts a marker over the versions", async () => {
    const { VersionId } = await put("marked", "kept");
    const marker = await remove("marked");
    expect([marker.DeleteMarker, marker.VersionId !== VersionId]).toEqual([true, true]);
    expect(await refusalOf(get("marked"))).toBe("NoSuchKey 404");
    expect(await text("marked", { VersionId })).toBe("kept");
    const { DeleteMarkers = [], Versions = [] } = await versionsOf("marked");
    expect(DeleteMarkers).toMatchObject([{ VersionId: marker.VersionId, IsLatest: true }]);
    expect(Versions).toMatchObject([{ VersionId, IsLatest: false }]);
    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "marked" }));
    expect(KeyCount).toBe(0);
  });

  it("a deletion of what is not there makes a marker too", async () => {
    expect((await remove("never-there")).DeleteMarker).toBe(true);
  });

  it("a marker cannot be read", async () => {
    await put("unreadable", "x");
    const { VersionId } = await remove("unreadable");
    expect(await refusalOf(get("unreadable", { VersionId }))).toBe("MethodNotAllowed 405");
  });

  it("deleting the marker brings the object back", async () => {
    await put("restored", "back");
    const { VersionId } = await remove("restored");
    const gone = await remove("restored", VersionId);
    expect([gone.DeleteMarker, gone.VersionId]).toEqual([true, VersionId]);
    expect(await text("restored")).toBe("back");
  });

  it("deleting a version is for good, and the one before it becomes the latest", async () => {
    await put("purged", "first");
    const { VersionId } = await put("purged", "second");
    await remove("purged", VersionId);
    expect(await text("purged")).toBe("first");
    expect(await refusalOf(get("purged", { VersionId }))).toBe("NoSuchVersion 404");
  });

  it("deleting an older version leaves the latest", async () => {
    const { VersionId } = await put("older", "first");
    await put("older", "second");
    await remove("older", VersionId);
    expect(await text("older")).toBe("second");
    expect((await versionsOf("older")).Versions).toHaveLength(1);
  });

  it("versions are listed in pages, none twice and none left out", async () => {
    for (const key of ["paged/a", "paged/a", "paged/b", "paged/b", "paged/c"]) await put(key, "x");
    await remove("paged/b");
    const seen: string[] = [];
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    // Bounded, for servers that never come to an end.
    while (seen.length < 10) {
      const page = await s3.send(
        new ListObjectVersionsCommand({ Bucket, Prefix: "paged/", MaxKeys: 2, ...markers }),
      );
      const entries = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      expect(entries.length).toBeLessThanOrEqual(2);
      seen.push(...entries.map(({ Key, VersionId }) => `${Key} ${VersionId}`));
      if (page.IsTruncated !== true) break;
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
    expect([seen.length, new Set(seen).size]).toEqual([6, 6]);
  });

  it("versions are rolled up at a delimiter", async () => {
    for (const key of ["rolled/a/1", "rolled/a/1", "rolled/b"]) await put(key, "x");
    const { CommonPrefixes, Versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: "rolled/", Delimiter: "/" }),
    );
    expect(CommonPrefixes).toEqual([{ Prefix: "rolled/a/" }]);
    expect(Versions.map(({ Key }) => Key)).toEqual(["rolled/b"]);
  });
});

describe.concurrent("in a bucket that kept no versions yet", () => {
  it("the version is called null, and stays when versions are kept", async () => {
    const bucket = await makeBucket();
    const objects = objectsIn(bucket);
    expect((await objects.put("a", "old")).VersionId).toBeUndefined();
    expect((await versionsOf("a", bucket)).Versions).toMatchObject([{ VersionId: "null" }]);
    await setVersioning(bucket, "Enabled");
    await objects.put("a", "new");
    expect(await objects.text("a", { VersionId: "null" })).toBe("old");
    expect((await versionsOf("a", bucket)).Versions).toHaveLength(2);
  });
});

describe.concurrent("in a bucket whose versioning is suspended", () => {
  it("writes replace the null version and leave the others", async () => {
    const bucket = await makeBucket({ versioning: true });
    const objects = objectsIn(bucket);
    const { VersionId } = await objects.put("a", "kept");
    await setVersioning(bucket, "Suspended");
    await objects.put("a", "first");
    await objects.put("a", "second");
    const { Versions = [] } = await versionsOf("a", bucket);
    expect(Versions.map((one) => one.VersionId)).toEqual(["null", VersionId]);
    expect(await objects.text("a")).toBe("second");
    expect(await objects.text("a", { VersionId })).toBe("kept");
  });

  it("a deletion puts a null marker in place of the null version", async () => {
    const bucket = await makeBucket({ versioning: true });
    const objects = objectsIn(bucket);
    await objects.put("a", "kept");
    await setVersioning(bucket, "Suspended");
    await objects.put("a", "replaced");
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "a" }));
    const { DeleteMarkers, Versions } = await versionsOf("a", bucket);
    expect(DeleteMarkers).toMatchObject([{ VersionId: "null", IsLatest: true }]);
    expect(Versions).toHaveLength(1);
  });
});
