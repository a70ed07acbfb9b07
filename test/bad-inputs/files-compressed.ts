import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { MAX_LINE_BYTES } from "@assay/schema";
import { skippableFrame } from "../../packages/formats/inflate/testing.ts";
import { type FileCase, fileCase, GOOD, GOOD_TEXT, textOf } from "./file-case.ts";

const MIB = 1024 ** 2;
const BOMB_MIB = 320;
/** Where the only block of a small gzip file, and of a small zstd frame, begins. */
const GZIP_BLOCK = 10;
const ZSTD_BLOCK = 6;

const ALL = { graded: GOOD.length };
/** What comes before is graded; then nothing more can be read. */
const broken = (graded: number, message: string) => ({
  graded,
  errors: [{ at: graded + 1, message, class: "unreadable" }],
});

/** Uncompressed blocks: what lies before a break is known to the line. */
const stored = (text: string) => gzipSync(text, { level: 0 });
/** As the command line of zstd writes it. */
const checked = (text: string) =>
  zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
const [TWO, LAST] = [textOf(GOOD.slice(0, 2)), textOf(GOOD.slice(2))];

function joined(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/** Another byte at a place, from the end where it is negative. */
function spoiled(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  return Uint8Array.from(bytes).with(at, byte);
}

/** Members or frames of 16 MiB each, all of one byte. */
function bomb(compress: (bytes: Uint8Array) => Uint8Array, byte: string): Uint8Array {
  const member = compress(Buffer.alloc(16 * MIB, byte));
  return joined(...Array<Uint8Array>(BOMB_MIB / 16).fill(member));
}

const members: readonly FileCase[] = [
  fileCase(
    "several gzip members",
    "members.jsonl.gz",
    () => joined(...GOOD.map((line) => gzipSync(`${line}\n`))),
    ALL,
  ),
  fileCase(
    "several zstd frames, and one to be skipped",
    "frames.jsonl.zst",
    () =>
      joined(
        skippableFrame(Buffer.from("note")),
        ...GOOD.map((line) => zstdCompressSync(`${line}\n`)),
      ),
    ALL,
  ),
  fileCase("gzip of nothing", "nothing.jsonl.gz", () => gzipSync(""), { graded: 0 }),
  fileCase("zstd of nothing", "nothing.jsonl.zst", () => zstdCompressSync(""), { graded: 0 }),
  fileCase(
    "zeros behind gzip, as tapes pad it",
    "padded.jsonl.gz",
    () => joined(gzipSync(GOOD_TEXT), Buffer.alloc(512)),
    ALL,
  ),
];

const damaged: readonly FileCase[] = [
  fileCase(
    "gzip cut short",
    "cut.jsonl.gz",
    () => stored(GOOD_TEXT).subarray(0, 150),
    broken(
      1,
      "the gzip data is cut off: the file ends at compressed byte 150, in the middle of it, as when its writer or its upload is stopped; what came before was read; write or upload it again",
    ),
  ),
  fileCase(
    "zstd cut short",
    "cut.jsonl.zst",
    () => joined(zstdCompressSync(TWO), zstdCompressSync(LAST).subarray(0, -20)),
    broken(2, "the zstd data is cut off: the file ends at compressed byte …"),
  ),
  fileCase(
    "gzip without its last 4 bytes",
    "tail.jsonl.gz",
    () => gzipSync(GOOD_TEXT).subarray(0, -4),
    broken(3, "the gzip data is cut off: the file ends at compressed byte …"),
  ),
  fileCase(
    "gzip damaged in its middle",
    "damaged.jsonl.gz",
    () => joined(gzipSync(TWO), spoiled(stored(LAST), GZIP_BLOCK + 1, 0xff)),
    broken(
      2,
      "the gzip data is damaged at about compressed byte … (invalid stored block lengths); what came before was read; write or upload it again",
    ),
  ),
  fileCase(
    "zstd damaged in its middle",
    "damaged.jsonl.zst",
    () => joined(zstdCompressSync(TWO), spoiled(zstdCompressSync(LAST), ZSTD_BLOCK, 0xff)),
    broken(2, "the zstd data is damaged at about compressed byte …"),
  ),
  fileCase(
    "gzip whose checksum does not match",
    "sum.jsonl.gz",
    () => spoiled(gzipSync(GOOD_TEXT), gzipSync(GOOD_TEXT).length - 6, 0),
    broken(
      3,
      "the checksum at about compressed byte … of the gzip data does not match: some of the bytes before it, which were read, are wrong; write or upload it again",
    ),
  ),
  fileCase(
    "zstd whose checksum does not match",
    "sum.jsonl.zst",
    () => spoiled(checked(GOOD_TEXT), checked(GOOD_TEXT).length - 1, 0),
    broken(3, "the checksum at about compressed byte … of the zstd data does not match: …"),
  ),
  fileCase(
    "something else behind gzip",
    "behind.jsonl.gz",
    () => joined(gzipSync(TWO), LAST),
    broken(
      2,
      "what follows at about compressed byte … is not gzip, though all before it is whole: something else was appended to the file; what came before was read",
    ),
  ),
  fileCase(
    "something else behind zstd",
    "behind.jsonl.zst",
    () => joined(zstdCompressSync(TWO), LAST),
    broken(2, "what follows at about compressed byte … is not zstd, though …"),
  ),
];

const misnamed: readonly FileCase[] = [
  fileCase(
    "gzip named `.jsonl.zst`",
    "gzip.jsonl.zst",
    () => gzipSync(GOOD_TEXT),
    broken(0, "not zstd: begins with 1f8b08…, which looks like gzip: name it .jsonl.gz"),
  ),
  fileCase(
    "zstd named `.jsonl.gz`",
    "zstd.jsonl.gz",
    () => zstdCompressSync(GOOD_TEXT),
    broken(0, "not gzip: begins with 28b52ffd…, which looks like zstd: name it .jsonl.zst"),
  ),
  fileCase(
    "plain JSON named `.jsonl.gz`",
    "plain.jsonl.gz",
    () => GOOD_TEXT,
    broken(
      0,
      'not gzip: begins with "{\\"id\\":\\"a\\",\\"task\\"", which looks like plain JSON: name it .jsonl, or compress it',
    ),
  ),
  fileCase(
    "an error page named `.jsonl.gz`",
    "page.jsonl.gz",
    () => "<html>404</html>",
    broken(
      0,
      'not gzip: begins with "<html>404</html>", which looks like XML or HTML: an error page may have been saved in its place',
    ),
  ),
  fileCase(
    "an empty file named `.jsonl.gz`",
    "empty.jsonl.gz",
    () => "",
    broken(0, "the file is empty, not even an empty gzip file: write it again"),
  ),
  fileCase(
    "an empty file named `.jsonl.zst`",
    "empty.jsonl.zst",
    () => "",
    broken(0, "the file is empty, not even an empty zstd file: write it again"),
  ),
];

const bombs: readonly FileCase[] = [
  fileCase(
    `10 KB of zstd that inflate to ${BOMB_MIB} MiB of zeros`,
    "bomb.jsonl.zst",
    () => bomb(zstdCompressSync, "\0"),
    broken(
      0,
      "its first … bytes inflate to more than 4000 times as many, which looks like a decompression bomb: beyond 268435456 bytes that is the most a compressed file may do; send it uncompressed",
    ),
  ),
  fileCase(
    `300 KB of gzip that inflate to one line of ${BOMB_MIB} MiB`,
    "line.jsonl.gz",
    () => bomb(gzipSync, "x"),
    { graded: 0, errors: [{ at: 1, message: `line longer than ${MAX_LINE_BYTES} bytes` }] },
  ),
  fileCase(
    `300 KB of gzip that inflate to ${BOMB_MIB} MiB of newlines`,
    "newlines.jsonl.gz",
    () => bomb(gzipSync, "\n"),
    { graded: 0 },
  ),
];

/** Files of `.jsonl.gz` and `.jsonl.zst`. */
export const filesCompressed: readonly FileCase[] = [...members, ...damaged, ...misnamed, ...bombs];
