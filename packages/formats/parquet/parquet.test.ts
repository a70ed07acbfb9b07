import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readShape } from "./index.ts";
import type { Fetching } from "./rows.ts";
import { InMemory } from "./testing/bytes.ts";
import { readAll } from "./testing/read-all.ts";
import { firstDifference } from "./testing/same-rows.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");
const NAMES = readdirSync(FIXTURES).filter((name) => name.endsWith(".parquet"));

function fixture(name: string) {
  const bytes = readFileSync(join(FIXTURES, name));
  const expected = readFileSync(join(FIXTURES, name.replace(/\..*/, ".jsonl")), "utf8");
  return { bytes, lines: expected.split(/(?<=\n)/) };
}
const files = new Map(NAMES.map((name) => [name, fixture(name)]));
const anyFile = fc.constantFrom(...files.values());

/** Fetches in steps as small as may be, so that every place is the end of one. */
const anyFetching: fc.Arbitrary<Fetching> = fc
  .record({
    step: fc.integer({ min: 1, max: 600 }),
    wholeBytes: fc.constantFrom(0, 3_000, 2 ** 23),
  })
  .map(({ step, wholeBytes }) => ({
    wholeBytes,
    aheadBytes: step,
    minStepBytes: step,
    maxStepBytes: step,
  }));

describe("Parquet files", () => {
  it.each(NAMES)("%s has the rows that were written", async (name) => {
    const { bytes, lines } = files.get(name) as ReturnType<typeof fixture>;
    const { text, unreadable } = await readAll(bytes);
    expect(unreadable).toBeUndefined();
    expect(firstDifference(text, lines.join(""))).toBeUndefined();
  });

  it("give the rows from any one to any other, however they are fetched", async () => {
    const property = fc.asyncProperty(
      anyFile,
      fc.nat({ max: 160 }),
      fc.nat({ max: 30 }),
      anyFetching,
      fc.integer({ min: 1, max: 5_000 }),
      async ({ bytes, lines }, anyStart, count, fetching, pieceBytes) => {
        const start = anyStart % lines.length;
        const file = new InMemory(bytes, pieceBytes);
        const { text, unreadable } = await readAll(file, start, start + count, fetching);
        expect(unreadable).toBeUndefined();
        const expected = lines.slice(start, start + count).join("");
        expect(firstDifference(text, expected)).toBeUndefined();
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it("tell their row groups from the footer alone", async () => {
    const { bytes } = fixture("simple.pyarrow-groups.parquet");
    const file = new InMemory(bytes);
    const { groups, rows } = await readShape(file);
    expect(rows).toBe(24);
    expect(groups.map(({ end, start }) => [start, end])).toEqual([
      [0, 7],
      [7, 14],
      [14, 21],
      [21, 24],
    ]);
    const total = groups.reduce((sum, group) => sum + group.bytes, 0);
    expect(total).toBeLessThan(bytes.length);
    expect(total).toBeGreaterThan(bytes.length / 4);
    expect(file.reads).toHaveLength(1);
  });

  it("are fetched in one request behind that for the footer, if they are small", async () => {
    const file = new InMemory(fixture("simple.pyarrow-groups.parquet").bytes);
    await readAll(file);
    expect(file.reads).toHaveLength(2);
  });

  it("are not fetched from the beginning where an index says where a row is", async () => {
    const { bytes, lines } = fixture("messages.pyarrow-pages-index.parquet");
    const step = { wholeBytes: 0, aheadBytes: 64, minStepBytes: 64, maxStepBytes: 64 };
    const fetchedFor = async (row: number) => {
      const file = new InMemory(bytes);
      const { text } = await readAll(file, row, row + 1, step);
      expect(firstDifference(text, lines[row] as string)).toBeUndefined();
      return file.reads.reduce((sum, { end, start }) => sum + end - start, 0);
    };
    const [first, last] = [await fetchedFor(0), await fetchedFor(23)];
    expect(last).toBeLessThan(1.5 * first);
  });

  it("pass on what the store throws", async () => {
    const { bytes } = fixture("simple.pyarrow-groups.parquet");
    const file = new InMemory(bytes);
    const broken = {
      size: file.size,
      read: (start: number, end: number) => {
        if (start < 100) throw new TypeError("the line is down");
        return file.read(start, end);
      },
    };
    await expect(readAll(broken)).rejects.toThrow(new TypeError("the line is down"));
  });
});
