import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createTables } from "../database.ts";
import { Lister, successor } from "./listing.ts";

function open(keys: Iterable<string>): Lister {
  const db = new DatabaseSync(":memory:");
  createTables(db);
  const insert = db.prepare(
    "INSERT INTO objects (bucket, key, version, latest, marker, size, etag, modified, meta, pieces) VALUES ('b', ?, 'null', 1, 0, 0, '', 0, '{}', '[]')",
  );
  for (const key of keys) insert.run(key);
  return new Lister(db);
}

/** The listing as its definition has it: keys, or what they roll up to, in the order of bytes. */
function expected(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const entries = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      return at < 0 ? key : key.slice(0, at + delimiter.length);
    });
  return [...new Set(entries)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

test("pages together give every entry once, in order", () => {
  const key = fc
    .array(fc.constantFrom("a", "b", "/", "é", "\uffff", "😀"), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(""));
  const choice = fc.constantFrom("", "a", "a/", "/", "😀");
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 20 }),
      choice,
      fc.constantFrom("", "/", "a", "//"),
      fc.integer({ min: 1, max: 5 }),
      (keys, prefix, delimiter, max) => {
        const lister = open(keys);
        const found: string[] = [];
        for (let after: string | undefined = ""; after !== undefined; ) {
          const page = lister.list({ bucket: "b", prefix, delimiter, after, max }, "current");
          const entries = [...page.rows.map((row) => row.key), ...page.commonPrefixes];
          expect(entries.length).toBeLessThanOrEqual(max);
          found.push(...entries);
          after = page.next?.after;
        }
        const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(found.sort(bytes)).toEqual(expected(keys, prefix, delimiter));
        expect(new Set(found).size).toBe(found.length);
      },
    ),
  );
});

test("the successor of a prefix is above all that begin with it", () => {
  expect(successor("a/")).toBe("a0");
  expect(successor("a\ud7ff")).toBe("a\ue000");
  expect(successor("a\u{10ffff}")).toBe("b");
  expect(successor("\u{10ffff}")).toBeUndefined();
});
