/** What a file that is no text begins with, in latin1, and what to do about it. */
const BEGINNINGS: readonly (readonly [magic: string, hint: string])[] = [
  ["\xff\xfe", "this is UTF-16: write UTF-8"],
  ["\xfe\xff", "this is UTF-16: write UTF-8"],
  ["\x1f\x8b", "this is gzip: its name must end in .jsonl.gz"],
  ["\x28\xb5\x2f\xfd", "this is Zstandard: its name must end in .jsonl.zst"],
  ["PAR1", "this is Parquet: its name must end in .parquet"],
];

/** What to say of a line that is not UTF-8. `offset` is its place in the source. */
export function explainBytes(line: Buffer, offset: number): string {
  const beginning = offset === 0 ? line.toString("latin1", 0, 4) : "";
  const hint = BEGINNINGS.find(([magic]) => beginning.startsWith(magic))?.[1];
  if (hint !== undefined) return `not UTF-8 (${hint})`;
  // Decoding marks what it could not read by U+FFFD.
  const readable = line.toString().split("\uFFFD", 1)[0] ?? "";
  return `not UTF-8 near byte ${Buffer.byteLength(readable)} of the line`;
}
