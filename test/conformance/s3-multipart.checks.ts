import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  type UploadPartCommandInput,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { describe, expect, it } from "vitest";
import { makeBucket, md5, objectsIn, refusalOf, s3 } from "./target.ts";

const Bucket = await makeBucket();
const { get, put, text } = objectsIn(Bucket);

/** The least that a part but the last may have. */
const MIN = 5 * 1024 ** 2;
const first = randomBytes(MIN);
const last = Buffer.from("the end");

async function begin(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  const upload = { Bucket, Key, UploadId };
  return {
    upload,
    part: (PartNumber: number, Body: Buffer, extra: Partial<UploadPartCommandInput> = {}) =>
      s3.send(new UploadPartCommand({ ...upload, PartNumber, Body, ...extra })),
    complete: (
      parts: readonly (readonly [number, string | undefined])[],
      extra: Partial<CompleteMultipartUploadCommandInput> = {},
    ) =>
      s3.send(
        new CompleteMultipartUploadCommand({
          ...upload,
          MultipartUpload: { Parts: parts.map(([PartNumber, ETag]) => ({ PartNumber, ETag })) },
          ...extra,
        }),
      ),
    abort: () => s3.send(new AbortMultipartUploadCommand(upload)),
    parts: (more: object = {}) => s3.send(new ListPartsCommand({ ...upload, ...more })),
  };
}

/** An upload of one small part, which is also its last. */
async function beginSmall(Key: string, body = "x") {
  const upload = await begin(Key);
  const { ETag } = await upload.part(1, Buffer.from(body));
  return { ...upload, finish: (extra = {}) => upload.complete([[1, ETag]], extra) };
}

describe.concurrent("an upload in parts", () => {
  it("becomes one object, whose ETag is over those of its parts", async () => {
    const { complete, part } = await begin("whole");
    const [one, two] = await Promise.all([part(1, first), part(2, last)]);
    const done = await complete([
      [1, one.ETag],
      [2, two.ETag],
    ]);
    const digests = Buffer.concat([first, last].map((body) => Buffer.from(md5(body), "hex")));
    expect(done).toMatchObject({ Bucket, Key: "whole", ETag: `"${md5(digests)}-2"` });
    const { bytes, ETag } = await get("whole");
    expect(bytes.equals(Buffer.concat([first, last]))).toBe(true);
    expect(ETag).toBe(done.ETag);
  });

  it("carries what was said at its beginning", async () => {
    const { complete, part } = await begin("described", {
      ContentType: "application/jsonl",
      Metadata: { job: "run-7" },
      Tagging: "kind=drop",
    });
    await complete([[1, (await part(1, last)).ETag]]);
    expect(await get("described")).toMatchObject({
      ContentType: "application/jsonl",
      Metadata: { job: "run-7" },
      TagCount: 1,
    });
  });

  it("cannot be seen before it is complete", async () => {
    const { finish } = await beginSmall("hidden");
    expect(await refusalOf(get("hidden"))).toBe("NoSuchKey 404");
    await finish();
    expect(await text("hidden")).toBe("x");
  });

  it("takes the later of two parts with one number", async () => {
    const { complete, part } = await begin("replaced");
    await part(1, Buffer.from("early"));
    const { ETag } = await part(1, Buffer.from("late"));
    await complete([[1, ETag]]);
    expect(await text("replaced")).toBe("late");
  });

  it("leaves out the parts that are not named at the end", async () => {
    const { complete, part } = await begin("chosen");
    const { ETag } = await part(7, Buffer.from("chosen"));
    await part(8, Buffer.from("left out"));
    await complete([[7, ETag]]);
    expect(await text("chosen")).toBe("chosen");
  });

  it("refuses parts out of order", async () => {
    const { complete, part } = await begin("disordered");
    const [one, two] = await Promise.all([part(1, first), part(2, last)]);
    const call = complete([
      [2, two.ETag],
      [1, one.ETag],
    ]);
    expect(await refusalOf(call)).toBe("InvalidPartOrder 400");
  });

  it("refuses a part that was never sent, and one with another ETag", async () => {
    const { complete, part } = await begin("unsent");
    const { ETag } = await part(1, last);
    expect(await refusalOf(complete([[2, ETag]]))).toBe("InvalidPart 400");
    expect(await refusalOf(complete([[1, `"${md5("another")}"`]]))).toBe("InvalidPart 400");
  });

  it("refuses a part below 5 MiB that is not the last", async () => {
    const { complete, part } = await begin("small");
    const [one, two] = await Promise.all([part(1, last), part(2, last)]);
    const call = complete([
      [1, one.ETag],
      [2, two.ETag],
    ]);
    expect(await refusalOf(call)).toBe("EntityTooSmall 400");
  });

  it("refuses to end without parts", async () => {
    const { complete } = await begin("partless");
    expect(await refusalOf(complete([]))).toMatch(/^(MalformedXML|InvalidRequest) 400$/);
  });

  it.each([0, 10_001])("has no part of number %i", async (number) => {
    const { part } = await begin(`number-${number}`);
    expect(await refusalOf(part(number, last))).toBe("InvalidArgument 400");
  });

  it("that was aborted, completed by another key or never begun is NoSuchUpload", async () => {
    const { abort, part, upload } = await begin("aborted");
    await part(1, last);
    const other = s3.send(new ListPartsCommand({ ...upload, Key: "another" }));
    expect(await refusalOf(other)).toBe("NoSuchUpload 404");
    expect((await abort()).$metadata.httpStatusCode).toBe(204);
    expect(await refusalOf(part(2, last))).toBe("NoSuchUpload 404");
    expect(await refusalOf(get("aborted"))).toBe("NoSuchKey 404");
  });

  it("lists its parts, in pages", async () => {
    const { part, parts } = await begin("parts");
    for (const number of [3, 1, 2]) await part(number, Buffer.from(`part ${number}`));
    expect((await parts()).Parts).toMatchObject(
      [1, 2, 3].map((number) => ({
        PartNumber: number,
        Size: 6,
        ETag: `"${md5(`part ${number}`)}"`,
      })),
    );
    const page = await parts({ MaxParts: 2 });
    expect([page.IsTruncated, page.NextPartNumberMarker]).toEqual([true, "2"]);
    const rest = await parts({ MaxParts: 2, PartNumberMarker: page.NextPartNumberMarker });
    expect(rest.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([3]);
    expect(rest.IsTruncated).toBe(false);
  });

  it("is listed among the bucket's uploads until it ends", async () => {
    const { abort, upload } = await begin("listed/a b");
    await begin("listed/c");
    const open = async () =>
      (await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "listed/" }))).Uploads ?? [];
    expect((await open()).map(({ Key }) => Key)).toEqual(["listed/a b", "listed/c"]);
    expect((await open())[0]?.UploadId).toBe(upload.UploadId);
    await abort();
    expect((await open()).map(({ Key }) => Key)).toEqual(["listed/c"]);
  });

  it("is listed in pages and rolled up at a delimiter", async () => {
    for (const key of ["rolled/a/1", "rolled/a/2", "rolled/b", "rolled/c"]) await begin(key);
    const seen: (string | undefined)[] = [];
    let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
    // Bounded, for servers that never come to an end.
    while (seen.length < 5) {
      const page = await s3.send(
        new ListMultipartUploadsCommand({
          Bucket,
          Prefix: "rolled/",
          Delimiter: "/",
          MaxUploads: 1,
          ...markers,
        }),
      );
      seen.push(page.Uploads?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix);
      if (page.IsTruncated !== true) break;
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
    expect(seen).toEqual(["rolled/a/", "rolled/b", "rolled/c"]);
  });

  it("can be read part by part", async () => {
    const { complete, part } = await begin("by-part");
    const [one, two] = await Promise.all([part(1, first), part(2, last)]);
    await complete([
      [1, one.ETag],
      [2, two.ETag],
    ]);
    const found = await get("by-part", { PartNumber: 2 });
    expect(found.bytes.toString()).toBe(last.toString());
    expect([found.$metadata.httpStatusCode, found.PartsCount]).toEqual([206, 2]);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "by-part", PartNumber: 1 }));
    expect(head.ContentLength).toBe(MIN);
  });

  it("takes parts from other objects, whole or in part", async () => {
    await put("copied from/ü", "0123456789");
    const { complete, upload } = await begin("copied");
    const CopySource = `${Bucket}/${encodeURIComponent("copied from/ü")}`;
    const copy = (PartNumber: number, CopySourceRange?: string) =>
      s3.send(new UploadPartCopyCommand({ ...upload, PartNumber, CopySource, CopySourceRange }));
    const whole = await copy(1);
    expect(whole.CopyPartResult?.ETag).toBe(`"${md5("0123456789")}"`);
    const part = await copy(2, "bytes=2-4");
    expect(part.CopyPartResult?.ETag).toBe(`"${md5("234")}"`);
    await complete([[2, part.CopyPartResult?.ETag]]);
    expect(await text("copied")).toBe("234");
  });

  it("is what the client makes of a stream without an end in sight", async () => {
    const body = randomBytes(12 * 1024 ** 2);
    const chunks = Array.from({ length: 12 }, (_, n) => body.subarray(n << 20, (n + 1) << 20));
    await new Upload({
      client: s3,
      params: { Bucket, Key: "streamed", Body: Readable.from(chunks), ContentType: "text/plain" },
    }).done();
    const { bytes, ContentType, ETag } = await get("streamed");
    expect(bytes.equals(body)).toBe(true);
    expect(ContentType).toBe("text/plain");
    expect(ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
  });

  it("is refused where its size is not the one that was said", async () => {
    const { finish } = await beginSmall("sized", "four");
    expect(await refusalOf(finish({ MpuObjectSize: 5 }))).toBe("InvalidRequest 400");
    await finish({ MpuObjectSize: 4 });
    expect(await text("sized")).toBe("four");
  });
});

describe.concurrent("a conditional completion", () => {
  it("with If-None-Match: * leaves what is there, and the upload can go on", async () => {
    await put("standing", "standing");
    const { abort, finish } = await beginSmall("standing");
    expect(await refusalOf(finish({ IfNoneMatch: "*" }))).toBe("PreconditionFailed 412");
    expect(await text("standing")).toBe("standing");
    expect((await abort()).$metadata.httpStatusCode).toBe(204);
  });

  it("with If-Match replaces only what has the ETag", async () => {
    const { ETag } = await put("matched", "standing");
    const { finish } = await beginSmall("matched", "new");
    expect(await refusalOf(finish({ IfMatch: '"0123"' }))).toBe("PreconditionFailed 412");
    await finish({ IfMatch: ETag });
    expect(await text("matched")).toBe("new");
  });

  it("has one winner among many at once", async () => {
    const uploads = await Promise.all(
      Array.from({ length: 8 }, (_, n) => beginSmall("race", `upload ${n}`)),
    );
    const outcomes = await Promise.all(
      uploads.map(({ finish }) => refusalOf(finish({ IfNoneMatch: "*" }))),
    );
    const winners = outcomes.flatMap((outcome, n) => (outcome === "no refusal" ? [n] : []));
    expect(winners).toHaveLength(1);
    expect(await text("race")).toBe(`upload ${winners[0]}`);
  });
});
