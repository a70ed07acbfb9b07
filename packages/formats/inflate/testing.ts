import { once } from "node:events";
import zlib from "node:zlib";
import fc from "fast-check";
import { Unreadable } from "../unreadable.ts";
import type { Bounds } from "./bounds.ts";
import { type Compression, inflate } from "./index.ts";

/** Cuts bytes into chunks of the sizes given, over and over. */
export async function* chunked(bytes: Uint8Array, sizes: readonly number[] = [65_536]) {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** What inflates, and the message of the break. Any error but `Unreadable` is thrown. */
export async function inflated(
  bytes: Uint8Array,
  format: Compression,
  sizes?: readonly number[],
  bounds?: Bounds,
): Promise<{ readonly text: Buffer; readonly broken: string | undefined }> {
  const chunks: Uint8Array[] = [];
  let broken: string | undefined;
  try {
    for await (const chunk of inflate(chunked(bytes, sizes), format, bounds)) chunks.push(chunk);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    broken = error.message;
  }
  return { text: Buffer.concat(chunks), broken };
}

/** One member or frame: its content, flushed between the parts, and how to compress it. */
export interface Member {
  readonly parts: readonly Uint8Array[];
  readonly level: number;
  /** Whether a zstd frame has a checksum; gzip always has. */
  readonly checked: boolean;
}

/** Several members or frames, one after another. */
export async function compressed(
  members: readonly Member[],
  format: Compression,
): Promise<Uint8Array> {
  const files: Uint8Array[] = [];
  for (const { parts, level, checked } of members) {
    const stream = format === "gz" ? zlib.createGzip({ level }) : zstdOf(level, checked);
    stream.on("data", (chunk) => files.push(chunk));
    for (const part of parts) {
      stream.write(part);
      await new Promise<void>((resolve) => stream.flush(resolve));
    }
    stream.end();
    await once(stream, "end");
  }
  return Buffer.concat(files);
}

const zstdOf = (level: number, checked: boolean) =>
  zlib.createZstdCompress({
    params: {
      [zlib.constants.ZSTD_c_compressionLevel]: level,
      [zlib.constants.ZSTD_c_checksumFlag]: Number(checked),
    },
  });

export const textOf = (members: readonly Member[]): Buffer =>
  Buffer.concat(members.flatMap((member) => member.parts));

/** A frame that carries nothing that counts. */
export function skippableFrame(bytes: Uint8Array, kind = 0): Uint8Array {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a50 + kind, 0);
  header.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

const word = fc.constantFrom('{"id":"t', '","response":"', "therefore ", "x^2 ", '"}\n', "é", "\n");
const part = fc.oneof(
  { weight: 4, arbitrary: fc.array(word, { maxLength: 200 }).map((words) => words.join("")) },
  { weight: 1, arbitrary: fc.tuple(word, fc.nat(40_000)).map(([one, n]) => one.repeat(n)) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 600 }) },
);
const member: fc.Arbitrary<Member> = fc.record({
  parts: fc.array(
    part.map((bytes) => Buffer.from(bytes)),
    { maxLength: 4 },
  ),
  level: fc.integer({ min: 0, max: 9 }),
  checked: fc.boolean(),
});
export const members = fc.array(member, { minLength: 1, maxLength: 4 });
export const format = fc.constantFrom<Compression>("gz", "zst");
export const sizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70_000 })),
  { minLength: 1, maxLength: 5 },
);
