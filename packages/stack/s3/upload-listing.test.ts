import { expect, test } from "vitest";
import { pageUploads } from "./upload-listing.ts";
import type { Upload } from "./uploads.ts";

const all = ["a/1", "a/2", "b", "b", "c/1", "\u{ffff}", "\u{1f600}"].map(
  (key, index): Upload => ({
    id: `id-${index}`,
    bucket: "bucket",
    key,
    started: 0,
    metadata: { system: {}, user: {}, tags: {} },
    algorithm: undefined,
    checksumType: "FULL_OBJECT",
  }),
);

/** All entries, page by page: keys with their ids, and common prefixes. */
function walk(options: { prefix?: string; delimiter?: string; max: number }): string[] {
  const entries: string[] = [];
  let marker = { keyMarker: "", idMarker: "" };
  for (;;) {
    const page = pageUploads(all, { prefix: "", delimiter: "", ...options, ...marker });
    expect(page.uploads.length + page.commonPrefixes.length).toBeLessThanOrEqual(options.max);
    entries.push(...page.uploads.map(({ id, key }) => `${key} ${id}`), ...page.commonPrefixes);
    if (page.next === undefined) return entries;
    marker = { keyMarker: page.next.key, idMarker: page.next.id };
  }
}

test.each([1, 2, 3, 10])("pages of %i give every upload once", (max) => {
  expect(walk({ max })).toEqual(all.map(({ id, key }) => `${key} ${id}`));
  expect(walk({ max, prefix: "a/" })).toEqual(["a/1 id-0", "a/2 id-1"]);
});

test.each([1, 2, 3, 10])("pages of %i give every common prefix once", (max) => {
  expect(walk({ max, delimiter: "/" }).sort()).toEqual(
    ["a/", "b id-2", "b id-3", "c/", "\u{ffff} id-5", "\u{1f600} id-6"].sort(),
  );
});
