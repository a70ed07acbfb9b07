import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFooter } from "./footer.ts";
import { InMemory } from "./testing/bytes.ts";
import { readAll } from "./testing/read-all.ts";

/** How many damaged files are read. More by hand: FUZZ_RUNS=1000000, of more: FUZZ_FILES=FOLDER. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 1_500);
/** The most that one of them may take, in milliseconds: they are small. */
const MAX_MS = 3_000;
/** The most memory that all of this may take, in bytes. */
const MAX_RSS_BYTES = 2 ** 31;

const FOLDER = process.env["FUZZ_FILES"] ?? join(import.meta.dirname, "fixtures");
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".parquet"))
  .map((name) => readFileSync(join(FOLDER, name)));

/** Where headers begin: what stands there decides most. */
const places = await Promise.all(
  files.map(async (bytes) => {
    const { groups } = await readFooter(new InMemory(bytes));
    const starts = groups.flatMap(({ chunks }) => chunks.map(({ start }) => start));
    const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
    return { starts, footer };
  }),
);

interface Damage {
  readonly kind: "byte" | "bit" | "header" | "footer" | "cut" | "move" | "fill";
  readonly at: number;
  readonly value: number;
  readonly length: number;
}

const anyDamage: fc.Arbitrary<Damage> = fc.record({
  // What is wrong with a footer ends everything, so most damage is done elsewhere.
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("byte", "bit", "move", "fill") },
    { weight: 4, arbitrary: fc.constant("header") },
    { weight: 2, arbitrary: fc.constantFrom("footer", "cut") },
  ),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  value: fc.oneof(fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xfe, 0xff), fc.nat({ max: 255 })),
  length: fc.nat({ max: 40 }),
});

function damaged(index: number, damages: readonly Damage[]): Uint8Array {
  let bytes = Buffer.from(files[index] as Buffer);
  const { footer, starts } = places[index] as (typeof places)[number];
  for (const { at, kind, length, value } of damages) {
    const anywhere = Math.floor(at * bytes.length);
    if (kind === "byte") bytes[anywhere] = value;
    else if (kind === "bit") bytes[anywhere] = (bytes[anywhere] as number) ^ (1 << (value & 7));
    else if (kind === "header")
      bytes[(starts[Math.floor(at * starts.length)] as number) + length] = value;
    else if (kind === "footer") bytes[footer + Math.floor(at * (bytes.length - footer))] = value;
    else if (kind === "cut") bytes = bytes.subarray(0, Math.max(1, anywhere));
    else if (kind === "move") bytes.copyWithin(anywhere, value * 8, value * 8 + length);
    else bytes.fill(value, anywhere, Math.min(bytes.length, anywhere + length));
  }
  return bytes;
}

describe("a damaged file", () => {
  it("gives rows or says why not, soon and in little memory", { timeout: 0 }, async () => {
    let [read, refused, broke, slowest] = [0, 0, 0, 0];
    const property = fc.asyncProperty(
      fc.nat({ max: files.length - 1 }),
      fc.array(anyDamage, { minLength: 1, maxLength: 3 }),
      fc.nat({ max: 20 }),
      async (index, damages, start) => {
        const began = performance.now();
        const { text, unreadable } = await readAll(damaged(index, damages), start, start + 200);
        const ms = performance.now() - began;
        slowest = Math.max(slowest, ms);
        if (unreadable === undefined) read += 1;
        else if (unreadable.startsWith("its row")) broke += 1;
        else refused += 1;
        const lines = text.split("\n");
        expect(lines.pop()).toBe("");
        expect(lines.length).toBeLessThanOrEqual(200);
        for (const line of lines) expect(JSON.parse(line)).toBeTypeOf("object");
        expect(ms).toBeLessThan(MAX_MS);
      },
    );
    await fc.assert(property, { numRuns: RUNS });
    const rss = process.memoryUsage().rss;
    expect(rss).toBeLessThan(MAX_RSS_BYTES);
    // Damage of all depths was tried.
    for (const count of [read, refused, broke]) expect(count).toBeGreaterThan(RUNS / 100);
    if (process.env["FUZZ_RUNS"] !== undefined)
      process.stdout.write(
        `${read} read, ${refused} refused, ${broke} broken off; slowest ${Math.round(slowest)} ms, ${Math.round(rss / 2 ** 20)} MiB\n`,
      );
  });
});
