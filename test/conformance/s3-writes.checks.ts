import { CopyObjectCommand, DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeBucket, objectsIn, refusalOf, s3 } from "./target.ts";

const Bucket = await makeBucket();
const Versioned = await makeBucket({ versioning: true });
const { put, text } = objectsIn(Bucket);
const remove = (Key: string, IfMatch?: string) =>
  s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));

const WRITERS = 32;

describe.concurrent("a write with If-None-Match: *", () => {
  it("makes what is not there", async () => {
    await put("new", "first", { IfNoneMatch: "*" });
    expect(await text("new")).toBe("first");
  });

  it("leaves what is there", async () => {
    await put("standing", "first");
    expect(await refusalOf(put("standing", "second", { IfNoneMatch: "*" }))).toBe(
      "PreconditionFailed 412",
    );
    expect(await text("standing")).toBe("first");
  });

  it("succeeds again after a deletion", async () => {
    await put("again", "first", { IfNoneMatch: "*" });
    await remove("again");
    await put("again", "second", { IfNoneMatch: "*" });
    expect(await text("again")).toBe("second");
  });

  it("succeeds where a delete marker is the newest version", async () => {
    const Key = "marked";
    await s3.send(new PutObjectCommand({ Bucket: Versioned, Key, Body: "first" }));
    await s3.send(new DeleteObjectCommand({ Bucket: Versioned, Key }));
    await s3.send(new PutObjectCommand({ Bucket: Versioned, Key, Body: "2", IfNoneMatch: "*" }));
    expect(await objectsIn(Versioned).text(Key)).toBe("2");
  });

  it(`has one winner among ${WRITERS} at once, and the others see 412 or 409`, async () => {
    const calls = Array.from({ length: WRITERS }, (_, n) =>
      refusalOf(put("race", `writer ${n}`, { IfNoneMatch: "*" })),
    );
    const outcomes = await Promise.all(calls);
    const winners = outcomes.flatMap((outcome, n) => (outcome === "no refusal" ? [n] : []));
    expect(winners).toHaveLength(1);
    expect(await text("race")).toBe(`writer ${winners[0]}`);
    for (const outcome of outcomes)
      expect(outcome).toMatch(
        /^(no refusal|PreconditionFailed 412|ConditionalRequestConflict 409)$/,
      );
  });

  it("has one winner among large bodies too", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        refusalOf(put("large-race", Buffer.alloc(300_000, n), { IfNoneMatch: "*" })),
      ),
    );
    const winners = outcomes.flatMap((outcome, n) => (outcome === "no refusal" ? [n] : []));
    expect(winners).toHaveLength(1);
    const { bytes } = await objectsIn(Bucket).get("large-race");
    expect(bytes.equals(Buffer.alloc(300_000, winners[0]))).toBe(true);
  });

  it("takes no ETag in place of the star", async () => {
    expect(await refusalOf(put("starless", "x", { IfNoneMatch: '"0123"' }))).toBe(
      "NotImplemented 501",
    );
  });
});

describe.concurrent("a write with If-Match", () => {
  it("replaces what has the ETag", async () => {
    const { ETag } = await put("matched", "first");
    await put("matched", "second", { IfMatch: ETag });
    expect(await text("matched")).toBe("second");
  });

  it("leaves what has another ETag", async () => {
    const { ETag } = await put("stale", "first");
    await put("stale", "second");
    expect(await refusalOf(put("stale", "third", { IfMatch: ETag }))).toBe(
      "PreconditionFailed 412",
    );
    expect(await text("stale")).toBe("second");
  });

  it("is NoSuchKey where nothing is", async () => {
    expect(await refusalOf(put("absent", "x", { IfMatch: '"0123"' }))).toBe("NoSuchKey 404");
  });

  it("has one winner among writers that saw the same version", async () => {
    const { ETag } = await put("match-race", "first");
    const outcomes = await Promise.all(
      Array.from({ length: WRITERS }, (_, n) =>
        refusalOf(put("match-race", `writer ${n}`, { IfMatch: ETag })),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === "no refusal")).toHaveLength(1);
  });
});

describe.concurrent("a write", () => {
  it("takes an ETag for If-Match, and no star", async () => {
    await put("starred", "first");
    expect(await refusalOf(put("starred", "second", { IfMatch: "*" }))).toBe("NotImplemented 501");
  });

  it("takes one condition", async () => {
    const call = put("two-conditions", "x", { IfMatch: '"0123"', IfNoneMatch: "*" });
    expect(await refusalOf(call)).toBe("NotImplemented 501");
  });
});

describe.concurrent("a conditional deletion", () => {
  it("with a star deletes whatever is there", async () => {
    await put("delete-starred", "x");
    await remove("delete-starred", "*");
    expect(await refusalOf(text("delete-starred"))).toBe("NoSuchKey 404");
  });

  it("deletes what has the ETag", async () => {
    const { ETag } = await put("delete-matched", "x");
    await remove("delete-matched", ETag);
    expect(await refusalOf(text("delete-matched"))).toBe("NoSuchKey 404");
  });

  it("leaves what has another ETag", async () => {
    await put("delete-stale", "x");
    expect(await refusalOf(remove("delete-stale", '"0123"'))).toBe("PreconditionFailed 412");
    expect(await text("delete-stale")).toBe("x");
  });
});

describe.concurrent("a conditional copy", () => {
  const copy = (Key: string, more: object) =>
    s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/copy-source`, ...more }));

  it("with If-None-Match: * leaves what is there", async () => {
    await put("copy-source", "source");
    await put("copy-target", "standing");
    expect(await refusalOf(copy("copy-target", { IfNoneMatch: "*" }))).toBe(
      "PreconditionFailed 412",
    );
    expect(await text("copy-target")).toBe("standing");
    await copy("copy-new", { IfNoneMatch: "*" });
    expect(await text("copy-new")).toBe("source");
  });
});
