import type { Compression } from "./inflate/index.ts";

/** What a source is written in. */
export type Format = "jsonl" | Compression | "parquet";

const FORMATS: Readonly<Record<string, Format>> = {
  ".jsonl": "jsonl",
  ".jsonl.gz": "gz",
  ".jsonl.zst": "zst",
  ".parquet": "parquet",
};

/** The formats that can be graded, in words. */
export const EXPECTED = Object.keys(FORMATS).join(", ");

/** A source's format, by how its key ends; undefined where it is none that can be graded. */
export function formatOf(key: string): Format | undefined {
  return FORMATS[extensionOf(key) ?? ""];
}

/** Whether it can be read from its start only: no place in it is known before what precedes it. */
export function isCompressed(format: Format | undefined): format is Compression {
  return format === "gz" || format === "zst";
}

/** A file's name less what tells its format. */
export function withoutExtension(name: string): string {
  return name.slice(0, name.length - (extensionOf(name) ?? "").length);
}

function extensionOf(key: string): string | undefined {
  return Object.keys(FORMATS).find((extension) => key.endsWith(extension));
}
