import { randomBytes } from "node:crypto";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeBucket, objectsIn, refusalOf, s3 } from "./target.ts";

const Bucket = await makeBucket();
const { get, put } = objectsIn(Bucket);

const { ETag = "" } = await put("digits", "0123456789");
await put("nothing", "");
const large = randomBytes(200_000);
await put("large", large);
const HOUR_MS = 3_600_000;
const past = new Date(Date.now() - HOUR_MS);
const head = (Key: string, more = {}) => s3.send(new HeadObjectCommand({ Bucket, Key, ...more }));

describe.concurrent("a range", () => {
  it.each([
    ["from one byte to another", "bytes=2-5", "2345", "bytes 2-5/10"],
    ["of one byte", "bytes=0-0", "0", "bytes 0-0/10"],
    ["from a byte on", "bytes=7-", "789", "bytes 7-9/10"],
    ["of the last bytes", "bytes=-3", "789", "bytes 7-9/10"],
    ["of more last bytes than there are", "bytes=-99", "0123456789", "bytes 0-9/10"],
    ["that ends behind the end", "bytes=8-99", "89", "bytes 8-9/10"],
  ])("%s gives them with 206", async (_, Range, expected, ContentRange) => {
    const found = await get("digits", { Range });
    expect(found.$metadata.httpStatusCode).toBe(206);
    expect(found.bytes.toString()).toBe(expected);
    expect(found.ContentRange).toBe(ContentRange);
    expect(found.ContentLength).toBe(expected.length);
  });

  it.each([
    ["that begins behind the end", "digits", "bytes=10-12"],
    ["of no last bytes", "digits", "bytes=-0"],
    ["of an empty object", "nothing", "bytes=0-0"],
  ])("%s is refused with 416", async (_, key, Range) => {
    expect(await refusalOf(get(key, { Range }))).toBe("InvalidRange 416");
  });

  it.each([
    ["is malformed", "bytes=five-six"],
    ["ends before it begins", "bytes=5-2"],
    ["is of another unit", "lines=1-2"],
  ])("that %s is taken for none", async (_, Range) => {
    const found = await get("digits", { Range });
    expect([found.$metadata.httpStatusCode, found.bytes.toString()]).toEqual([200, "0123456789"]);
  });

  it("of a larger object is exact on both sides", async () => {
    const { bytes } = await get("large", { Range: "bytes=65530-131080" });
    expect(bytes.equals(large.subarray(65_530, 131_081))).toBe(true);
  });

  it("can be asked of HEAD", async () => {
    const found = await head("digits", { Range: "bytes=2-5" });
    expect(found.$metadata.httpStatusCode).toBe(206);
    expect(found.ContentLength).toBe(4);
  });
});

describe.concurrent("a conditional read", () => {
  it.each([
    ["with the ETag it has", { IfMatch: ETag }, "no refusal"],
    ["with any ETag", { IfMatch: "*" }, "no refusal"],
    ["with one that it has not", { IfMatch: '"0123"' }, "412"],
    ["unless it has another ETag", { IfNoneMatch: '"0123"' }, "no refusal"],
    ["unless it has the ETag it has", { IfNoneMatch: ETag }, "304"],
    ["if modified since an hour ago", { IfModifiedSince: past }, "no refusal"],
    ["if modified since now", { IfModifiedSince: new Date() }, "304"],
    ["if unmodified since now", { IfUnmodifiedSince: new Date(Date.now() + 999) }, "no refusal"],
    ["if unmodified since an hour ago", { IfUnmodifiedSince: past }, "412"],
    [
      "with the ETag it has, though modified since",
      { IfMatch: ETag, IfUnmodifiedSince: past },
      "no refusal",
    ],
    [
      "unless it has the ETag it has, though modified since",
      { IfNoneMatch: ETag, IfModifiedSince: past },
      "304",
    ],
  ])("%s is answered alike by GET and HEAD", async (_, condition, expected) => {
    const refusals = [
      await refusalOf(get("digits", condition)),
      await refusalOf(head("digits", condition)),
    ];
    for (const refusal of refusals) expect(refusal.replace(/^\w+ (?=\d)/, "")).toBe(expected);
  });

  it("that fails is called PreconditionFailed", async () => {
    expect(await refusalOf(get("digits", { IfMatch: '"0123"' }))).toBe("PreconditionFailed 412");
  });

  it("of what is not there is NoSuchKey, whatever the condition", async () => {
    expect(await refusalOf(get("none", { IfMatch: "*" }))).toBe("NoSuchKey 404");
    expect(await refusalOf(get("none", { IfNoneMatch: ETag }))).toBe("NoSuchKey 404");
  });
});
