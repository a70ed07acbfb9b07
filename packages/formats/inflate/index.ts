import { type Bounds, bounded } from "./bounds.ts";
import { gunzip } from "./gzip.ts";
import { ofSomeSize } from "./of-some-size.ts";
import { Pieces } from "./pieces.ts";
import { unzstd } from "./zstd.ts";

export type Compression = "gz" | "zst";

/**
 * The uncompressed bytes of a file, as they are asked for, in constant memory. Where the file is
 * cut off or damaged, throws `Unreadable` after everything before the break: the same bytes however
 * the input is chunked and however busy the machine. What `chunks` throws passes through unchanged.
 *
 * Members and frames may follow one another; zeros that pad the end are passed over; anything else
 * behind the last member is a break, since it may be lines that somebody appended uncompressed.
 */
export async function* inflate(
  chunks: AsyncIterable<Uint8Array>,
  format: Compression,
  bounds?: Bounds,
): AsyncGenerator<Uint8Array> {
  const pieces = new Pieces(chunks);
  try {
    const inflated = format === "gz" ? gunzip(pieces) : unzstd(pieces);
    yield* ofSomeSize(bounded(inflated, pieces, bounds));
  } finally {
    await pieces.close();
  }
}
