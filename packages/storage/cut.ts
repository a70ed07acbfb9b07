import {
  EXPECTED,
  type Format,
  formatOf,
  isCompressed,
  type ParquetShape,
  readShape,
  Unreadable,
} from "@assay/formats";
import type { Source } from "@assay/schema";
import { Unacceptable } from "./intake.ts";
import { accessTo, isSeekable } from "./lines.ts";
import * as policy from "./policy.ts";
import type { Bucket } from "./ports.ts";

/** A shard's range: bytes of the uncompressed source, or rows. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Whose source it is, for the refusal. */
interface Of {
  readonly job: string;
  readonly replyTo?: string;
}

/** Rule 2: the shards of a source, a pure function of its version and the shard size. Throws
 * `Unacceptable` where it can never be read. */
export async function cutSource(
  bucket: Bucket,
  source: Source,
  shardBytes: number,
  of: Of,
): Promise<Range[]> {
  switch (formatOf(source.key)) {
    case "jsonl":
      return cutBytes(source.size, shardBytes);
    case "parquet":
      return cutRows(await shapeOf(bucket, source, of), shardBytes);
    default:
      return [{ start: 0, end: policy.COMPRESSED_END }];
  }
}

/** Rule 2: whether another shard size could cut it otherwise. */
export function isSplit(source: Source): boolean {
  return isSeekable(source) && source.size > policy.SMALLEST_SHARD_BYTES;
}

/** Its format. Throws `Unacceptable` where it has none or is too large for it. */
export function checkFormat(key: string, size: number, of: Of): Format {
  const format = formatOf(key);
  if (format === undefined)
    throw new Unacceptable("format", `${key}: unknown format, expected ${EXPECTED}`, of);
  const compressed = isCompressed(format);
  const most = compressed ? policy.MAX_COMPRESSED_BYTES : policy.MAX_SOURCE_BYTES;
  if (size <= most) return format;
  const hint = compressed ? ", or send it uncompressed" : "";
  const message = `${key}: ${size} bytes, expected at most ${most}: split it into several files${hint}`;
  throw new Unacceptable("too_large", message, of);
}

function cutBytes(size: number, shardBytes: number): Range[] {
  return Array.from({ length: Math.ceil(size / shardBytes) }, (_, i) => ({
    start: i * shardBytes,
    end: Math.min((i + 1) * shardBytes, size),
  }));
}

/** Row groups together, until they come to a shard: a group that is larger is one. */
export function cutRows({ groups, rows }: ParquetShape, shardBytes: number): Range[] {
  const ranges: Range[] = [];
  let start = 0;
  let bytes = 0;
  for (const group of groups) {
    bytes += group.bytes;
    const isLast = ranges.length === policy.MAX_SHARDS - 1;
    if (group.end === start || bytes < shardBytes || isLast) continue;
    ranges.push({ start, end: group.end });
    start = group.end;
    bytes = 0;
  }
  if (start < rows) ranges.push({ start, end: rows });
  return ranges;
}

async function shapeOf(bucket: Bucket, source: Source, of: Of): Promise<ParquetShape> {
  try {
    return await readShape(accessTo(bucket, source));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Unacceptable("unreadable", `${source.key}: ${error.message}`, of);
  }
}
