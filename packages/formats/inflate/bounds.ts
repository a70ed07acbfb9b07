import { Unreadable } from "../unreadable.ts";
import type { Pieces } from "./pieces.ts";

/** A compressed file is one shard, and each invocation inflates it from its start: 4 GiB of gzip
 * take up to half a minute of the two that it has. */
export const MAX_INFLATED_BYTES = 4 * 1024 ** 3;
/** So much may come of however little: it costs a second. */
export const UNSUSPECTED_BYTES = 256 * 1024 ** 2;
/**
 * How many bytes one compressed byte may stand for beyond that. Gzip ends at 1,032; zstd of rollouts
 * that repeat a context of 1 MB and answer in 1 KB was measured at 1,650; one line over and over
 * gives 11,700, and zeros 31,000.
 */
export const MAX_RATIO = 4_000;

export interface Bounds {
  readonly bytes: number;
  readonly unsuspectedBytes: number;
  readonly ratio: number;
}
const BOUNDS: Bounds = {
  bytes: MAX_INFLATED_BYTES,
  unsuspectedBytes: UNSUSPECTED_BYTES,
  ratio: MAX_RATIO,
};

/**
 * Passes on what is within the bounds, to the byte, then throws. `pieces.at` moves by steps that
 * depend on the file alone, so the break does too.
 */
export async function* bounded(
  inflated: AsyncIterable<Uint8Array>,
  pieces: Pick<Pieces, "at">,
  bounds = BOUNDS,
): AsyncGenerator<Uint8Array> {
  let made = 0;
  for await (const bytes of inflated) {
    const plausible = Math.max(bounds.unsuspectedBytes, bounds.ratio * pieces.at);
    const most = Math.min(bounds.bytes, plausible);
    if (made + bytes.length <= most) yield bytes;
    else {
      yield bytes.subarray(0, most - made);
      throw new Unreadable(most === bounds.bytes ? tooLong(most) : tooGood(bounds, pieces.at));
    }
    made += bytes.length;
  }
}

const tooLong = (bytes: number): string =>
  `it inflates to more than ${bytes} bytes, the most that a compressed file may hold: split it into several files, or send it uncompressed`;

const tooGood = (bounds: Bounds, at: number): string =>
  `its first ${at} bytes inflate to more than ${bounds.ratio} times as many, which looks like a decompression bomb: beyond ${bounds.unsuspectedBytes} bytes that is the most a compressed file may do; send it uncompressed`;
