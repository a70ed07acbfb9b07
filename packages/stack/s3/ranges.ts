import { ApiError } from "../errors.ts";

export interface Range {
  readonly start: number;
  /** The first byte after it. */
  readonly end: number;
}

/** The part of `size` bytes that a Range header asks for; nothing where S3 ignores the header:
 * several ranges, another unit, or an end before the start. */
export function readRange(header: string | undefined, size: number): Range | undefined {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const start = first === "" ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(Number(last) + 1, size);
  if (start >= end)
    throw new ApiError(
      "InvalidRange",
      416,
      "The requested range is not satisfiable",
      { RangeRequested: header ?? "", ActualObjectSize: String(size) },
      { "content-range": `bytes */${size}` },
    );
  return { start, end };
}
