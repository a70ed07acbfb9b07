import zlib from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Compression } from "./index.ts";
import { compressed, format, inflated, members, sizes, skippableFrame, textOf } from "./testing.ts";

/** `FUZZ_RUNS=100000` looks for hours; the default is a matter of a second. */
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 40);
const TIMEOUT_MS = 10_000 + numRuns * 1_000;

/** A place in a file, as a share of it. */
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const startsWith = (whole: Buffer, start: Buffer): boolean =>
  whole.subarray(0, start.length).equals(start);

/** What Node's zlib can get out of the beginning of a gzip file. */
const gunzipSome = (bytes: Uint8Array): Buffer =>
  bytes.length === 0
    ? Buffer.alloc(0)
    : zlib.gunzipSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH });

/** The byte that a message names. */
const placeIn = (message: string | undefined): number =>
  Number(/compressed byte (\d+)/.exec(message ?? "")?.[1]);

const extra = fc.record({
  skippable: fc.option(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(15))),
  padding: fc.oneof(fc.constant(0), fc.nat(3000)),
});

describe("inflating, whatever the file", () => {
  it(
    "undoes compressing, however it is split into members and chunks",
    () =>
      fc.assert(
        fc.asyncProperty(members, format, sizes, extra, async (content, kind, chunks, more) => {
          const parts = [await compressed(content, kind), Buffer.alloc(more.padding)];
          if (kind === "zst" && more.skippable !== null)
            parts.unshift(skippableFrame(...more.skippable));
          const result = await inflated(Buffer.concat(parts), kind, chunks);
          expect(result.broken).toBeUndefined();
          expect(result.text.equals(textOf(content))).toBe(true);
        }),
        { numRuns },
      ),
    TIMEOUT_MS,
  );

  it(
    "gives, of a file that is cut off anywhere, the same beginning whatever the chunks",
    () =>
      fc.assert(
        fc.asyncProperty(members, format, sizes, sizes, share, async (content, kind, a, b, at) => {
          const parts = await Promise.all(content.map((one) => compressed([one], kind)));
          const ends = parts.map((_, i) => Buffer.concat(parts.slice(0, i + 1)).length);
          const whole = Buffer.concat(parts);
          const cut = whole.subarray(0, Math.floor(whole.length * at));
          const result = await inflated(cut, kind, a);
          expect(startsWith(textOf(content), result.text)).toBe(true);
          if (kind === "gz") expect(result.text.equals(gunzipSome(cut))).toBe(true);
          expect(result.broken === undefined).toBe(ends.includes(cut.length));
          const again = await inflated(cut, kind, b);
          expect(again.broken).toBe(result.broken);
          expect(again.text.equals(result.text)).toBe(true);
        }),
        { numRuns },
      ),
    TIMEOUT_MS,
  );

  const change = fc.record({ at: share, to: fc.integer({ min: 1, max: 255 }) });
  it(
    "gives, of a file with a wrong byte, all before it, then a break or the whole",
    () =>
      fc.assert(
        fc.asyncProperty(
          members,
          format,
          sizes,
          sizes,
          change,
          async (content, kind, a, b, wrong) => {
            const sure = content.map((one) => ({ ...one, checked: true }));
            const file = Buffer.from(await compressed(sure, kind));
            const at = Math.floor(file.length * wrong.at);
            file[at] = (file[at] ?? 0) ^ wrong.to;
            const result = await inflated(file, kind, a);
            await expectAllBefore(file, kind, at, result.text);
            if (result.broken === undefined) expect(result.text.equals(textOf(content))).toBe(true);
            else await expectAllBefore(file, kind, placeIn(result.broken), result.text);
            const again = await inflated(file, kind, b);
            expect(again.broken).toBe(result.broken);
            expect(again.text.equals(result.text)).toBe(true);
          },
        ),
        { numRuns },
      ),
    TIMEOUT_MS,
  );

  it(
    "ends with a break or not, and nothing else, for any bytes behind any beginning",
    () =>
      fc.assert(
        fc.asyncProperty(
          members,
          format,
          share,
          fc.uint8Array(),
          async (content, kind, at, bytes) => {
            const whole = await compressed(content, kind);
            const kept = Math.floor(whole.length * at);
            const file = Buffer.concat([whole.subarray(0, kept), bytes]);
            const result = await inflated(file, kind);
            await expectAllBefore(file, kind, kept, result.text);
          },
        ),
        { numRuns },
      ),
    TIMEOUT_MS,
  );
});

async function expectAllBefore(file: Buffer, kind: Compression, at: number, text: Buffer) {
  const before = await inflated(file.subarray(0, at), kind);
  expect(startsWith(text, before.text)).toBe(true);
}
