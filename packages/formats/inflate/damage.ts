import { Unreadable } from "../unreadable.ts";

/** How much of what stands in a file's place is shown. */
export const SHOWN_BYTES = 16;

/** What files begin with that people take for one another, in hex. */
const KINDS: readonly (readonly [begins: RegExp, kind: string, advice: string])[] = [
  [/^1f8b/, "gzip", "name it .jsonl.gz"],
  [/^(28b52ffd|5.2a4d18)/, "zstd", "name it .jsonl.zst"],
  [/^(efbbbf)?(09|0a|0d|20)*[57]b/, "plain JSON", "name it .jsonl, or compress it"],
  [/^50415231/, "Parquet", "name it .parquet"],
  [/^425a68/, "bzip2", "compress it with gzip or zstd"],
  [/^fd377a58/, "xz", "compress it with gzip or zstd"],
  [/^04224d18/, "lz4", "compress it with gzip or zstd"],
  [/^504b0304/, "zip", "compress it with gzip or zstd"],
  [/^(09|0a|0d|20)*3c/, "XML or HTML", "an error page may have been saved in its place"],
];

/** The file is of another kind than its name says. */
export function notThis(format: "gzip" | "zstd", begins: Uint8Array): Unreadable {
  if (begins.length === 0)
    return new Unreadable(`the file is empty, not even an empty ${format} file: write it again`);
  const hex = Buffer.from(begins.subarray(0, SHOWN_BYTES)).toString("hex");
  const kind = KINDS.find(([pattern]) => pattern.test(hex));
  const like = kind === undefined ? "" : `, which looks like ${kind[1]}: ${kind[2]}`;
  return new Unreadable(`not ${format}: begins with ${shown(begins)}${like}`);
}

/** The file ends too early. */
export function cutOff(format: "gzip" | "zstd", at: number): Unreadable {
  return new Unreadable(
    `the ${format} data is cut off: the file ends at compressed byte ${at}, in the middle of it, as when its writer or its upload is stopped; what came before was read; write or upload it again`,
  );
}

/** Whole data is followed by what is none. */
export function garbage(format: "gzip" | "zstd", at: number): Unreadable {
  return new Unreadable(
    `what follows at about compressed byte ${at} is not ${format}, though all before it is whole: something else was appended to the file; what came before was read`,
  );
}

/** The decompressor gives up. */
export function damaged(format: "gzip" | "zstd", at: number, cause: unknown): Unreadable {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Unreadable(
    `the ${format} data is damaged at about compressed byte ${at} (${why}); what came before was read; write or upload it again`,
    { cause },
  );
}

/** All was read, and some of it is wrong. */
export function wrongSum(format: "gzip" | "zstd", at: number, cause: unknown): Unreadable {
  return new Unreadable(
    `the checksum at about compressed byte ${at} of the ${format} data does not match: some of the bytes before it, which were read, are wrong; write or upload it again`,
    { cause },
  );
}

function shown(bytes: Uint8Array): string {
  const some = Buffer.from(bytes.subarray(0, SHOWN_BYTES));
  const text = some.toString("latin1");
  return /^[\t\n\r -~]*$/.test(text) ? JSON.stringify(text) : some.toString("hex");
}
