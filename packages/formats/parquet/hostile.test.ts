import { MAX_LINE_BYTES } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { DeltaInts } from "./delta.ts";
import { Held } from "./held.ts";
import { Hybrid } from "./hybrid.ts";
import { readAll } from "./testing/read-all.ts";
import { levels, parquetOf, plainText, run, textColumn, varint } from "./testing/write.ts";

/** The most values that a page can claim. */
const MOST = 2 ** 31 - 1;

describe("a file that holds far more than its bytes", () => {
  it("gives a row that is too long for a line as a line that is too long, and goes on", async () => {
    const long = plainText("a", "x".repeat(MAX_LINE_BYTES), "c");
    const { text, unreadable } = await readAll(
      parquetOf(3, [textColumn("id", { values: 3, bytes: long })]),
    );
    const lines = text.split("\n");
    expect(lines.map((line) => line.length)).toEqual([10, MAX_LINE_BYTES + 1, 10, 0]);
    expect(unreadable).toBeUndefined();
  });

  it("cuts a list that takes no bytes where the line is too long, and goes on behind it", async () => {
    const items = 60_000_000;
    const item = "x".repeat(100);
    const bytes = Buffer.concat([
      levels(run(1, 0), run(items - 2, 1), run(1, 0)),
      levels(run(items, 1)),
      Buffer.from([1, ...run(items, 0)]),
    ]);
    const dictionary = { values: 1, bytes: plainText(item), isDictionary: true };
    const column = {
      schema: [{ 1: 6, 3: 2, 4: "messages" }],
      leaves: [{ type: 6, pages: [dictionary, { values: items, bytes, encoding: 8 }] }],
    };
    const { text, unreadable } = await readAll(parquetOf(2, [column]));
    expect(unreadable).toBeUndefined();
    const lines = text.split("\n");
    expect(lines[0]).toHaveLength(MAX_LINE_BYTES + 1);
    expect(lines.slice(1)).toEqual([`{"messages":["${item}"]}`, ""]);
  });

  it("cuts a list of nothing but nulls, which would take a minute and give no bytes", async () => {
    const items = 1_000_000;
    const bytes = Buffer.concat([levels(run(1, 0), run(items - 1, 1)), levels(run(items, 1))]);
    const names = Array.from({ length: 200 }, (_, i) => `f${i}`);
    const column = {
      schema: [
        { 3: 2, 4: "messages", 5: names.length },
        ...names.map((name) => ({ 1: 6, 3: 1, 4: name })),
      ],
      leaves: names.map(() => ({ type: 6, pages: [{ values: items, bytes }] })),
    };
    const { text, unreadable } = await readAll(parquetOf(1, [column]));
    expect(unreadable).toBeUndefined();
    expect(text).toHaveLength(MAX_LINE_BYTES + 2);
  });

  it("is refused where one page has more values than are held", async () => {
    const bytes = Buffer.concat([levels(run(1, 0), run(MOST - 1, 1)), levels(run(MOST, 0))]);
    const column = {
      schema: [{ 1: 6, 3: 2, 4: "messages" }],
      leaves: [{ type: 6, pages: [{ values: MOST, bytes }] }],
    };
    const { unreadable } = await readAll(parquetOf(1, [column]));
    expect(unreadable).toContain("(0 bytes, 2147483647 values)");
  });

  it("gives any of 200 million rows at once", async () => {
    const rows = 200_000_000;
    const bytes = Buffer.concat([levels(run(rows, 1)), Buffer.from([1, ...run(rows, 0)])]);
    const dictionary = { values: 1, bytes: plainText("x"), isDictionary: true };
    const column = {
      schema: [{ 1: 6, 3: 1, 4: "id" }],
      leaves: [{ type: 6, pages: [dictionary, { values: rows, bytes, encoding: 8 }] }],
    };
    const { text } = await readAll(parquetOf(rows, [column]), rows - 2);
    expect(text).toBe('{"id":"x"}\n{"id":"x"}\n');
  });

  it("is refused where its pages would take too much memory at once", () => {
    const held = new Held();
    held.add(500 * 1024 * 1024);
    held.remove(400 * 1024 * 1024);
    held.add(400 * 1024 * 1024);
    expect(() => held.add(100 * 1024 * 1024)).toThrow("write smaller pages, or smaller row groups");
    expect(() => new Held().add(0, 2 ** 29)).toThrow("(0 bytes, 536870912 values)");
  });

  it("costs its bytes, and not what each value repeats of the one before it", async () => {
    // Each value is one byte longer than the one before: 45 GB of text in all.
    const values = 300_000;
    const parts = [deltas(values, 0, 1), deltas(values, 1, 0), Buffer.alloc(values, "x")];
    const column = textColumn("id", { values, bytes: Buffer.concat(parts), encoding: 7 });
    const { text } = await readAll(parquetOf(values, [column]), values - 1);
    expect(text).toHaveLength(values + '{"id":""}\n'.length);
  });
});

/** Integers that differ by the same step, which takes next to no bytes. */
function deltas(count: number, first: number, step: number): Buffer {
  const out: number[] = [];
  for (const number of [8_192, 1, count, 2 * first]) varint(out, BigInt(number));
  for (let left = count - 1; left > 0; left -= 8_192) {
    varint(out, BigInt(2 * step));
    out.push(0);
  }
  return Buffer.from(out);
}

describe("what is packed", () => {
  it("is bounded by what is asked for: runs", () => {
    const bytes = Buffer.concat([run(2n ** 33n, 1), run(5, 0)]);
    const numbers = new Hybrid(bytes, 0, bytes.length, 1);
    expect(numbers.next()).toBe(1);
    expect(numbers.pass(2 ** 33, 0)).toEqual({ passed: 2 ** 33, found: 1 });
    expect(numbers.pass(4, 0, 2)).toEqual({ passed: 2, found: 2 });
    expect(numbers.pass(2, 0)).toEqual({ passed: 2, found: 2 });
    expect(() => numbers.next()).toThrow("its numbers end too soon");
    expect(() => new Hybrid(bytes, 0, 99, 1)).toThrow("reach beyond");
    expect(() => new Hybrid(bytes, 0, 9, 33)).toThrow("33 bits");
  });

  it("is bounded by its bytes: blocks of differences", () => {
    for (const head of [
      [128, 0],
      [0, 0],
      [100, 4],
      [2 ** 31, 1],
      [128, 2 ** 31],
    ]) {
      const out: number[] = [];
      for (const number of [...head, 5, 0]) varint(out, BigInt(number));
      expect(() => new DeltaInts(Buffer.from(out), 0, 32)).toThrow("miniblocks of");
    }
    const out: number[] = [];
    for (const number of [128, 4, 2 ** 40, 0, 0]) varint(out, BigInt(number));
    const ints = new DeltaInts(Buffer.from([...out, 65, 0, 0, 0]), 0, 64);
    expect(ints.next()).toBe(0n);
    expect(() => ints.next()).toThrow("packed in 65 bits");
    expect(() => DeltaInts.endOf(Buffer.from(out), 0)).toThrow("end too soon");
  });
});
