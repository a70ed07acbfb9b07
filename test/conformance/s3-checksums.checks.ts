import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  HeadObjectCommand,
  type PutObjectCommandInput,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeBucket, makeS3, objectsIn, refusalOf, s3 } from "./target.ts";

const Bucket = await makeBucket();
const { get, put, text } = objectsIn(Bucket);

/** What every table of checksums gives for these nine digits. */
const DIGITS = "123456789";
const VALUES: Readonly<Record<string, string>> = {
  CRC32: "cbf43926",
  CRC32C: "e3069283",
  CRC64NVME: "ae8b14860a799888",
  SHA1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
  SHA256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
};
const ALGORITHMS = Object.entries(VALUES).map(([name, hex]) => ({
  name: name as ChecksumAlgorithm,
  field: `Checksum${name}` as "ChecksumCRC32",
  value: Buffer.from(hex, "hex").toString("base64"),
  wrong: Buffer.from(hex.replace(/^./, "0"), "hex").toString("base64"),
}));

const head = (Key: string) =>
  s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));

describe.concurrent.each(ALGORITHMS)("a checksum by $name", ({ field, name, value, wrong }) => {
  it("that is right is kept, and told to whoever writes and asks", async () => {
    const written = await put(`right-${name}`, DIGITS, { [field]: value });
    expect(written).toMatchObject({ [field]: value, ChecksumType: "FULL_OBJECT" });
    expect(await head(`right-${name}`)).toMatchObject({ [field]: value });
    expect((await get(`right-${name}`))[field]).toBe(value);
    const { Checksum } = await s3.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: `right-${name}`,
        ObjectAttributes: ["Checksum"],
      }),
    );
    expect(Checksum?.[field]).toBe(value);
  });

  it("that is wrong is refused, and nothing is kept", async () => {
    const call = put(`wrong-${name}`, DIGITS, { [field]: wrong });
    expect(await refusalOf(call)).toBe("BadDigest 400");
    expect(await refusalOf(get(`wrong-${name}`))).toBe("NoSuchKey 404");
  });

  it("that follows a stream is kept", async () => {
    const ContentLength = DIGITS.length;
    const Body = Readable.from([Buffer.from(DIGITS)]);
    await put(`trailer-${name}`, Body, { ChecksumAlgorithm: name, ContentLength });
    expect(await head(`trailer-${name}`)).toMatchObject({ [field]: value });
    expect(await text(`trailer-${name}`)).toBe(DIGITS);
  });

  it("that follows a stream and is wrong is refused, and nothing is kept", async () => {
    const refusal = await putTampered(`wrong-trailer-${name}`, name, (sent) =>
      sent.replace(value, wrong),
    );
    expect(refusal).toBe("BadDigest 400");
    expect(await refusalOf(get(`wrong-trailer-${name}`))).toBe("NoSuchKey 404");
  });

  it("of a part that is wrong is refused", async () => {
    const Key = `wrong-part-${name}`;
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: name }),
    );
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: DIGITS, [field]: wrong };
    expect(await refusalOf(s3.send(new UploadPartCommand(part)))).toBe("BadDigest 400");
  });
});

describe.concurrent("a checksum", () => {
  it("is CRC32 where the client is left its choice", async () => {
    expect((await put("default", DIGITS)).ChecksumCRC32).toBe(ALGORITHMS[0]?.value);
  });

  it("is not told to whoever does not ask", async () => {
    await put("unasked", DIGITS);
    const client = makeS3({ responseChecksumValidation: "WHEN_REQUIRED" });
    const found = await client.send(new HeadObjectCommand({ Bucket, Key: "unasked" }));
    expect(found.ChecksumCRC32).toBeUndefined();
  });

  it("is of one kind: two are refused, though both are right", async () => {
    const [one, two] = ALGORITHMS.slice(3);
    const both = { [one?.field ?? ""]: one?.value, [two?.field ?? ""]: two?.value };
    expect(await refusalOf(put("two", DIGITS, both))).toBe("InvalidRequest 400");
  });

  it("that is no checksum at all is refused as such", async () => {
    const call = put("malformed", DIGITS, { ChecksumCRC32: "no base64!" });
    expect(await refusalOf(call)).toMatch(/^(InvalidRequest|InvalidDigest) 400$/);
  });

  it("catches a byte that changed on the way", async () => {
    const refusal = await putTampered("changed", "CRC32", (sent) =>
      sent.replace(DIGITS, "123456780"),
    );
    expect(refusal).toBe("BadDigest 400");
  });

  it.each([
    ["SHA256", "COMPOSITE"],
    ["CRC32", "COMPOSITE"],
    ["CRC32", "FULL_OBJECT"],
    ["CRC64NVME", "FULL_OBJECT"],
  ] as const)("by %s of an object in parts may be %s", async (name, ChecksumType) => {
    const { field, value } = ALGORITHMS.find((one) => one.name === name) ?? { field: "" };
    const Key = `parts-${name}-${ChecksumType}`;
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: name, ChecksumType }),
    );
    const part = await s3.send(
      new UploadPartCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber: 1,
        Body: DIGITS,
        ChecksumAlgorithm: name,
      }),
    );
    expect(part).toMatchObject({ [field]: value });
    const { ETag } = part;
    const done = await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        ChecksumType,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag, [field]: value }] },
      }),
    );
    const found = (done as unknown as Record<string, string>)[field];
    if (ChecksumType === "FULL_OBJECT") expect(found).toBe(value);
    else expect(found).toMatch(/^[A-Za-z0-9+/]+=*-1$/);
    if (name === "SHA256") {
      const digest = createHash("sha256").update(Buffer.from(value ?? "", "base64"));
      expect(found).toBe(`${digest.digest("base64")}-1`);
    }
    expect(await head(Key)).toMatchObject({ [field]: found, ChecksumType });
  });
});

describe.concurrent("a checksum of an object in parts", () => {
  it("may be given at its completion, and must be right then", async () => {
    const { field, value, wrong } = ALGORITHMS[0] ?? { field: "" };
    const upload = { Bucket, Key: "completed" };
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({
        ...upload,
        ChecksumAlgorithm: "CRC32",
        ChecksumType: "FULL_OBJECT",
      }),
    );
    const part = { ...upload, UploadId, PartNumber: 1, Body: DIGITS };
    const { ETag } = await s3.send(new UploadPartCommand({ ...part, ChecksumAlgorithm: "CRC32" }));
    const complete = (checksum: string | undefined) =>
      s3.send(
        new CompleteMultipartUploadCommand({
          ...upload,
          UploadId,
          ChecksumType: "FULL_OBJECT",
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
          [field]: checksum,
        }),
      );
    expect(await refusalOf(complete(wrong))).toBe("BadDigest 400");
    expect(await refusalOf(complete(value))).toBe("no refusal");
    expect(await text("completed")).toBe(DIGITS);
  });
});

describe.concurrent("a Content-MD5", () => {
  const md5 = (data: string) => createHash("md5").update(data).digest("base64");

  it("that is right is taken", async () => {
    await put("md5", DIGITS, { ContentMD5: md5(DIGITS) });
    expect(await text("md5")).toBe(DIGITS);
  });

  it("that is wrong is refused, and nothing is kept", async () => {
    expect(await refusalOf(put("md5-wrong", DIGITS, { ContentMD5: md5("other") }))).toBe(
      "BadDigest 400",
    );
    expect(await refusalOf(get("md5-wrong"))).toBe("NoSuchKey 404");
  });

  it("that is none at all is refused as such", async () => {
    expect(await refusalOf(put("md5-none", DIGITS, { ContentMD5: "digits" }))).toBe(
      "InvalidDigest 400",
    );
  });
});

/** Sends the digits as a stream with a checksum behind it, changed on their way to the server. */
async function putTampered(
  Key: string,
  ChecksumAlgorithm: ChecksumAlgorithm,
  change: (sent: string) => string,
): Promise<string> {
  const client = makeS3();
  let isChanged = false;
  client.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { body: AsyncIterable<Buffer> | Readable };
      const chunks: Buffer[] = [];
      for await (const chunk of request.body) chunks.push(Buffer.from(chunk));
      const sent = Buffer.concat(chunks).toString();
      const tampered = change(sent);
      isChanged = tampered !== sent && tampered.length === sent.length;
      request.body = Readable.from([Buffer.from(tampered)]);
      return next(args);
    },
    // After the signature, which does not cover such a body.
    { step: "deserialize", priority: "low" },
  );
  const input: Partial<PutObjectCommandInput> = { ChecksumAlgorithm, ContentLength: DIGITS.length };
  const refusal = await refusalOf(
    objectsIn(Bucket, client).put(Key, Readable.from([Buffer.from(DIGITS)]), input),
  );
  expect(isChanged).toBe(true);
  return refusal;
}
