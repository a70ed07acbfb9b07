import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, refusalOf, startFixture } from "../fixture.ts";

const Bucket = "uploads";
const MIB = 1024 ** 2;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  fixture.stack.createBucket(Bucket);
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function begin(
  Key: string,
  more: Pick<
    CreateMultipartUploadCommandInput,
    "ChecksumAlgorithm" | "ChecksumType" | "Metadata"
  > = {},
) {
  const { UploadId } = await fixture.s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ...more }),
  );
  const part = async (PartNumber: number, Body: Buffer | string): Promise<CompletedPart> => {
    const answer = await fixture.s3.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }),
    );
    const { ETag, ChecksumCRC32, ChecksumSHA256 } = answer;
    return {
      PartNumber,
      ETag,
      ...(ChecksumCRC32 !== undefined && { ChecksumCRC32 }),
      ...(ChecksumSHA256 !== undefined && { ChecksumSHA256 }),
    };
  };
  const complete = (Parts: CompletedPart[], options = {}) =>
    fixture.s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts },
        ...options,
      }),
    );
  return { UploadId, part, complete };
}
async function read(Key: string, more = {}): Promise<Buffer> {
  const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
}

test("parts become one object, whatever their order of arrival", async () => {
  const upload = await begin("joined", { Metadata: { a: "b" } });
  const first = Buffer.alloc(5 * MIB, "abc");
  const second = Buffer.from("the end");
  const parts = [await upload.part(7, second), await upload.part(2, first)].reverse();
  const { ETag } = await upload.complete(parts);
  const digests = [first, second].map((part) => createHash("md5").update(part).digest());
  const digest = createHash("md5").update(Buffer.concat(digests)).digest("hex");
  expect(ETag).toBe(`"${digest}-2"`);
  expect((await read("joined")).equals(Buffer.concat([first, second]))).toBe(true);
  const Range = `bytes=${5 * MIB - 2}-${5 * MIB + 2}`;
  expect((await read("joined", { Range })).toString()).toBe("abthe");
  expect((await read("joined", { PartNumber: 2 })).toString()).toBe("the end");
  const head = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "joined" }));
  expect(head.Metadata).toEqual({ a: "b" });
  expect(await refusalOf(upload.complete(parts))).toEqual(["NoSuchUpload", 404]);
});

test("the checksum of the whole is that of the checksums, or of all bytes", async () => {
  const sum = (data: string | Buffer) => createHash("sha256").update(data).digest();
  const composite = await begin("composite", { ChecksumAlgorithm: "SHA256" });
  const answer = await composite.complete([await composite.part(1, "hello")]);
  expect(answer.ChecksumSHA256).toBe(`${sum(sum("hello")).toString("base64")}-1`);
  const whole = await begin("whole", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const parts = [await whole.part(1, "hello world")];
  const wrong = { ChecksumCRC32: "AAAAAA==" };
  expect(await refusalOf(whole.complete(parts, wrong))).toEqual(["BadDigest", 400]);
  expect((await whole.complete(parts)).ChecksumCRC32).toBe("DUoRhQ==");
});

test("wrong parts, wrong order and small parts are refused, and the upload stays", async () => {
  const upload = await begin("picky");
  const one = await upload.part(1, "small");
  const two = await upload.part(2, "last");
  expect(await refusalOf(upload.complete([two, one]))).toEqual(["InvalidPartOrder", 400]);
  expect(await refusalOf(upload.complete([one, two]))).toEqual(["EntityTooSmall", 400]);
  const unknown = { PartNumber: 3, ETag: two.ETag };
  expect(await refusalOf(upload.complete([unknown]))).toEqual(["InvalidPart", 400]);
  await upload.complete([two]);
  expect((await read("picky")).toString()).toBe("last");
});

test("what the whole must come to may be said at completion", async () => {
  const upload = await begin("whole", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const part = await upload.part(1, "hello world");
  const complete = (more: object) =>
    refusalOf(upload.complete([part], { ChecksumType: "FULL_OBJECT", ...more }));
  expect(await complete({ ChecksumCRC32: "AAAAAA==" })).toEqual(["BadDigest", 400]);
  expect(await complete({ MpuObjectSize: 12 })).toEqual(["InvalidRequest", 400]);
  await upload.complete([part], { ChecksumCRC32: "DUoRhQ==", MpuObjectSize: 11 });
  expect((await read("whole")).toString()).toBe("hello world");
});

test("completion may be conditional", async () => {
  await fixture.s3.send(new PutObjectCommand({ Bucket, Key: "taken", Body: "1" }));
  const upload = await begin("taken");
  const parts = [await upload.part(1, "2")];
  const condition = { IfNoneMatch: "*" };
  expect(await refusalOf(upload.complete(parts, condition))).toEqual(["PreconditionFailed", 412]);
  expect((await read("taken")).toString()).toBe("1");
});

test("uploads and their parts are listed until they are given up", async () => {
  const upload = await begin("listed");
  await upload.part(1, "a");
  await upload.part(2, "b");
  await upload.part(2, "bb");
  const { UploadId } = upload;
  const listing = { Bucket, Key: "listed", UploadId };
  const { Parts } = await fixture.s3.send(new ListPartsCommand(listing));
  expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  const page = await fixture.s3.send(new ListPartsCommand({ ...listing, MaxParts: 1 }));
  expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "1" });
  const find = async () => {
    const { Uploads } = await fixture.s3.send(
      new ListMultipartUploadsCommand({ Bucket, Prefix: "listed" }),
    );
    return Uploads?.map((one) => one.UploadId);
  };
  expect(await find()).toEqual([UploadId]);
  await fixture.s3.send(new AbortMultipartUploadCommand(listing));
  expect(await find()).toBeUndefined();
  expect(await refusalOf(upload.part(3, "c"))).toEqual(["NoSuchUpload", 404]);
});

test("copies keep what they are of, or take new metadata", async () => {
  const body = Buffer.alloc(200_000, "copy");
  const source = { Bucket, Key: "source é+1", Body: body, Metadata: { a: "1" } };
  const { ETag } = await fixture.s3.send(new PutObjectCommand(source));
  const CopySource = `${Bucket}/${encodeURIComponent("source é+1")}`;
  const copy = (Key: string, more = {}) =>
    fixture.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));
  await copy("copy");
  await copy("renamed", { MetadataDirective: "REPLACE", Metadata: { b: "2" } });
  await fixture.s3.send(new PutObjectCommand({ ...source, Body: "other" }));
  expect((await read("copy")).equals(body)).toBe(true);
  const head = (Key: string) => fixture.s3.send(new HeadObjectCommand({ Bucket, Key }));
  expect((await head("copy")).Metadata).toEqual({ a: "1" });
  expect((await head("renamed")).Metadata).toEqual({ b: "2" });
  const stale = { CopySourceIfMatch: ETag };
  expect(await refusalOf(copy("no", stale))).toEqual(["PreconditionFailed", 412]);
  expect(await refusalOf(copy("source é+1"))).toEqual(["InvalidRequest", 400]);
});

test("a part may be copied from a range of an object", async () => {
  await fixture.s3.send(new PutObjectCommand({ Bucket, Key: "from", Body: "0123456789" }));
  const upload = await begin("of-range");
  const copy = (CopySourceRange: string) =>
    fixture.s3.send(
      new UploadPartCopyCommand({
        Bucket,
        Key: "of-range",
        UploadId: upload.UploadId,
        PartNumber: 1,
        CopySource: `${Bucket}/from`,
        CopySourceRange,
      }),
    );
  expect(await refusalOf(copy("bytes=2-10"))).toEqual(["InvalidRange", 416]);
  expect(await refusalOf(copy("bytes=2-"))).toEqual(["InvalidArgument", 400]);
  const { CopyPartResult } = await copy("bytes=2-4");
  await upload.complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
  expect((await read("of-range")).toString()).toBe("234");
});
