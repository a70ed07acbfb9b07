import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Batch, batchesOf, cutBatch, endOf } from "./batch.ts";

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

const text = fc.string({ unit: fc.constantFrom("a", "\n", "é", " "), maxLength: 60 });
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

describe("batches of lines", () => {
  it("are the source again, whole lines each, however the bytes come", async () => {
    await fc.assert(
      fc.asyncProperty(text, sizes, async (source, pieces) => {
        const bytes = new TextEncoder().encode(source);
        const batches = await Array.fromAsync(batchesOf(cut(bytes, pieces), 100));
        expect(Buffer.concat(batches.map((batch) => batch.bytes)).toString()).toBe(source);
        let at = 100;
        for (const [i, batch] of batches.entries()) {
          expect(batch.offset).toBe(at);
          at += batch.bytes.length;
          if (i < batches.length - 1) expect(batch.bytes.at(-1)).toBe(0x0a);
        }
      }),
    );
  });

  it("give a line beyond the bound as unread, and its neighbours as they are, however the bytes come", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 12, max: 80 }), async (pieces, length) => {
        const source = `ab\n${"x".repeat(length)}\ncd\n`;
        const bytes = new TextEncoder().encode(source);
        const batches = await Array.fromAsync(batchesOf(cut(bytes, pieces), 0, 11));
        const long = batches.find((batch) => batch.unread) as Batch;
        expect(long.offset).toBe(3);
        expect(long.unread?.end).toBe(3 + length + 1);
        const rest = batches.filter((batch) => !batch.unread);
        expect(Buffer.concat(rest.map((batch) => batch.bytes)).toString()).toBe("ab\ncd\n");
      }),
    );
  });

  it("take a line that is as long as it may be", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (pieces) => {
        const bytes = new TextEncoder().encode(`ab\n${"x".repeat(11)}\ncd\n`);
        const batches = await Array.fromAsync(batchesOf(cut(bytes, pieces), 0, 11));
        expect(batches.filter((batch) => batch.unread)).toEqual([]);
      }),
    );
  });

  it("whose places are rows begin and end by the count of their lines, however they are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 5 })),
        fc.integer({ min: 1, max: 30 }),
        (rows, target) => {
          const text = rows.map((row) => `${row.replaceAll("\n", "")}\n`).join("");
          let rest: Batch | undefined = {
            offset: 7,
            bytes: new TextEncoder().encode(text),
            rows: true,
          };
          let at = 7;
          while (rest !== undefined) {
            let piece: Batch;
            [piece, rest] = cutBatch(rest, target);
            expect(piece.offset).toBe(at);
            at = endOf(piece);
          }
          expect(at).toBe(7 + rows.length);
        },
      ),
    );
  });

  it("are cut between lines, at least one a piece", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 70 }), (source, target) => {
        let rest: Batch | undefined = { offset: 0, bytes: new TextEncoder().encode(source) };
        let joined = "";
        while (rest !== undefined) {
          let piece: Batch;
          [piece, rest] = cutBatch(rest, target);
          joined += Buffer.from(piece.bytes).toString();
          if (rest !== undefined) expect(piece.bytes.at(-1)).toBe(0x0a);
        }
        expect(joined).toBe(source);
      }),
    );
  });
});
