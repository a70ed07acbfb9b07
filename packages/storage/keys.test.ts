import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeKey } from "./intake.ts";
import { jobOfDrop, partKey, sidOf, startOfPart } from "./keys.ts";

describe("keys", () => {
  it("name a source's version safely, and differently for each version", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "binary" }), fc.string(), (key, etag) => {
        const sid = sidOf({ bucket: "b", key, etag });
        expect(sid).toMatch(/^[A-Za-z0-9._-]{0,40}-[a-z2-7]{26}$/);
        expect(sidOf({ bucket: "b", key, etag: `${etag}x` })).not.toBe(sid);
        expect(sidOf({ bucket: "c", key, etag })).not.toBe(sid);
        expect(sidOf({ bucket: "b", key, etag, version: `v${etag}` })).not.toBe(sid);
      }),
    );
    // Pinned: a sid that changed would grade every source of every job anew.
    expect(sidOf({ bucket: "b", key: "drops/j/my file.jsonl", etag: "e" })).toMatchInlineSnapshot(
      `"my-file.jsonl-okffrf32v2kcqc55xub77tdvpg"`,
    );
  });

  it("sort parts as their starts do", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        expect(startOfPart(partKey("j", "s", a))).toBe(a);
        expect(partKey("j", "s", a) < partKey("j", "s", b)).toBe(a < b);
      }),
    );
  });

  it("tell the job of a drop", () => {
    expect(jobOfDrop("drops/run-1/a/b.jsonl")).toBe("run-1");
    for (const key of ["drops/Run/a", "drops/run", "drops/run/", "other/run/a", "drops//a"])
      expect(jobOfDrop(key), key).toBeUndefined();
  });

  it("are read out of S3 events as S3 writes them", () => {
    expect(decodeKey("drops/j/a+b%2Bc/%C3%A9%25.jsonl")).toBe("drops/j/a b+c/é%.jsonl");
    expect(decodeKey("%E0%A4%A")).toBeUndefined();
  });
});
