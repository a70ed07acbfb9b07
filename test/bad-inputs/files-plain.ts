import { gzipSync, zstdCompressSync } from "node:zlib";
import { MAX_LINE_BYTES } from "@assay/schema";
import { type FileCase, fileCase, GOOD, GOOD_TEXT, textOf } from "./file-case.ts";
import { goodLine } from "./line-case.ts";
import { INVALID } from "./outcome.ts";
import { GOOD_PARQUET } from "./parquet.ts";

const MIB = 1024 ** 2;
const LONG_LINE_BYTES = 200 * MIB;
const ALL = { graded: GOOD.length };

const utf16 = (text: string) => Buffer.from(text, "utf16le");
/** One error, at the file's first line. */
const first = (message: string, graded = 0) => ({
  graded,
  errors: [{ at: 1, message, class: INVALID }],
});

const firstOfMore = (message: string) => ({ ...first(message), more: true });

/** Files of `.jsonl`: what is odd is the file and not a line. */
export const filesPlain: readonly FileCase[] = [
  fileCase("an empty file", "empty.jsonl", () => "", { graded: 0 }, "its manifest says so"),
  fileCase("blank lines alone", "blank.jsonl", () => "\n  \n\r\n\t\n", { graded: 0 }),
  fileCase(
    "blank lines in between",
    "gaps.jsonl",
    () => `\n${GOOD.join("\n\n \r\n")}\n\n`,
    ALL,
    "blank lines are none",
  ),
  fileCase("no newline at the end", "open.jsonl", () => GOOD.join("\n"), ALL),
  fileCase("CRLF", "crlf.jsonl", () => GOOD.join("\r\n"), ALL),
  fileCase("a UTF-8 byte order mark", "bom.jsonl", () => `\ufeff${GOOD_TEXT}`, ALL),
  fileCase("a byte order mark and nothing else", "bom-only.jsonl", () => "\ufeff", { graded: 0 }),
  fileCase(
    "UTF-16 with a byte order mark, little-endian",
    "utf16le.jsonl",
    () => utf16(`\ufeff${goodLine("a")}`),
    first("not UTF-8 (this is UTF-16: write UTF-8)"),
  ),
  fileCase(
    "UTF-16 with a byte order mark, big-endian",
    "utf16be.jsonl",
    () => utf16(`\ufeff${goodLine("a")}`).swap16(),
    first("not UTF-8 (this is UTF-16: write UTF-8)"),
  ),
  fileCase(
    "UTF-16 without a byte order mark",
    "utf16.jsonl",
    () => utf16(goodLine("a")),
    first(
      'not JSON: column 2: expected a key in double quotes or "}", got … (is this UTF-16? write UTF-8)',
    ),
  ),
  fileCase(
    "lines that end with CR alone, as old Macs wrote them",
    "cr.jsonl",
    () => GOOD.join("\r"),
    first("not JSON: column 93: expected the end of the line, got … (one object a line)"),
  ),
  fileCase(
    "pretty-printed JSON",
    "pretty.jsonl",
    () => JSON.stringify({ id: "a", response: "B" }, null, 2),
    {
      graded: 0,
      errors: [
        {
          at: 1,
          message:
            'not JSON: column 2: expected a key in double quotes or "}", got the end (one whole object a line, not over several)',
        },
        {
          at: 2,
          message:
            'not JSON: column 7: expected the end of the line, got : "a", (one whole object a line, not over several)',
        },
        {
          at: 3,
          message:
            'not JSON: column 13: expected the end of the line, got : "B" (one whole object a line, not over several)',
        },
        {
          at: 4,
          message:
            "not JSON: column 1: expected a value, got } (one whole object a line, not over several)",
        },
      ],
    },
  ),
  fileCase("an array over several lines", "array.jsonl", () => `[\n${GOOD.join(",\n")}\n]\n`, {
    graded: 1,
    errors: [
      {
        at: 1,
        message:
          'not JSON: column 2: expected a value or "]", got the end (one whole object a line, not over several)',
      },
      {
        at: 2,
        message:
          "not JSON: column 92: expected the end of the line, got , (one object a line, no comma between)",
      },
      {
        at: 3,
        message:
          "not JSON: column 92: expected the end of the line, got , (one object a line, no comma between)",
      },
      {
        at: 5,
        message:
          "not JSON: column 1: expected a value, got ] (one whole object a line, not over several)",
      },
    ],
  }),
  fileCase(
    "a last line cut short, as of a writer that was killed",
    "killed.jsonl",
    () => GOOD_TEXT + goodLine("d").slice(0, 40),
    {
      graded: 3,
      errors: [
        {
          at: 4,
          message:
            'not JSON: column 41: expected the closing ", got the end (the line ends too early: one whole object a line)',
        },
      ],
    },
  ),
  fileCase(
    "zeros at the end, as a full disk or a crash leaves them",
    "zeros.jsonl",
    () => GOOD_TEXT + "\0".repeat(4_096),
    {
      graded: 3,
      errors: [
        {
          at: 4,
          message: "not JSON: column 1: expected a value, got … (is this UTF-16? write UTF-8)",
        },
      ],
    },
  ),
  fileCase(
    "a line of 200 MB",
    "long.jsonl",
    () =>
      Buffer.concat([
        Buffer.from(GOOD_TEXT),
        Buffer.alloc(LONG_LINE_BYTES, "x"),
        Buffer.from(`\n${GOOD_TEXT}`),
      ]),
    { graded: 6, errors: [{ at: 4, message: `line longer than ${MAX_LINE_BYTES} bytes` }] },
    "it is passed over and never held whole",
  ),
  fileCase(
    "the same line over and over",
    "same.jsonl",
    () => textOf(Array(5).fill(goodLine("a"))),
    { graded: 5 },
    "each is graded; records tell them apart by `id` and `source.offset`",
  ),
  fileCase(
    "gzip named `.jsonl`",
    "gzip.jsonl",
    () => gzipSync(GOOD_TEXT),
    firstOfMore("not UTF-8 (this is gzip: its name must end in .jsonl.gz)"),
  ),
  fileCase(
    "zstd named `.jsonl`",
    "zstd.jsonl",
    () => zstdCompressSync(GOOD_TEXT),
    firstOfMore("not UTF-8 (this is Zstandard: its name must end in .jsonl.zst)"),
  ),
  fileCase(
    "Parquet named `.jsonl`",
    "parquet.jsonl",
    () => GOOD_PARQUET,
    firstOfMore("not UTF-8 (this is Parquet: its name must end in .parquet)"),
  ),
];
