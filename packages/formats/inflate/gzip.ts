import zlib from "node:zlib";
import { cutOff, damaged, garbage, notThis, wrongSum } from "./damage.ts";
import { DECODER_OPTIONS, Decoder } from "./decoder.ts";
import type { Pieces } from "./pieces.ts";

/**
 * How much goes to zlib at once. By measurement: less costs speed in round trips, more gains none.
 * Where one is damaged, it is gone through a byte at a time, at some 15 µs each.
 */
const SLICE_BYTES = 32 * 1024;
/**
 * How much input is kept for the second decompressor, which need not run before there is more. Most
 * files end before that, and so are inflated once; larger ones take twice the CPU, on two threads.
 */
const KEPT_BYTES = 16 * 1024 * 1024;

/**
 * The bytes of a gzip file. Node's zlib loses, when it comes upon damage, what it had inflated of
 * that write, and says neither how much nor where: how much depends on timing and on buffers. So
 * a second decompressor follows some slices behind, its output unread. On damage it is taken up to
 * the damaged slice, and through that a byte at a time: each byte's output comes before the next.
 */
export async function* gunzip(pieces: Pieces): AsyncGenerator<Uint8Array> {
  const leader = new Decoder(zlib.createGunzip(DECODER_OPTIONS));
  const follower = new Follower();
  try {
    for (;;) {
      const start = pieces.at;
      const slice = await pieces.fill(follower.buffer());
      if (start === 0 && !(slice[0] === 0x1f && (slice.length === 1 || slice[1] === 0x8b)))
        throw notThis("gzip", slice);
      if (slice.length === 0) break;
      const following = follower.keep(slice);
      // Awaited below; were it to fail before, nobody would be listening.
      following.catch(() => {});
      try {
        yield* leader.push(slice);
      } catch (error) {
        if (!isDamage(error)) throw error;
        await following;
        return yield* follower.upToDamage(leader.made, error);
      }
      await following;
      if (leader.consumed < pieces.at) return await padding(pieces, slice, leader.consumed);
    }
    await leader.end().catch((error) => {
      throw isDamage(error) ? cutOff("gzip", pieces.at) : error;
    });
  } finally {
    leader.close();
    follower.close();
  }
}

/** Node stops where a zero follows a member. */
async function padding(pieces: Pieces, slice: Uint8Array, end: number): Promise<void> {
  const rest = slice.subarray(slice.length - (pieces.at - end));
  const zeros = rest.findIndex((byte) => byte !== 0);
  if (zeros >= 0) throw garbage("gzip", end + zeros);
  if (!(await pieces.onlyZerosLeft())) throw garbage("gzip", pieces.at);
}

/** A decompressor that stays behind, at the start of the oldest slice that is kept. */
class Follower {
  readonly #decoder = new Decoder(zlib.createGunzip(DECODER_OPTIONS));
  readonly #kept: Uint8Array[] = [];
  /** The buffer of a slice that was worked off: its memory is used again, not left to the collector. */
  #free: Uint8Array | undefined;
  #at = 0;

  /** A buffer for the next slice. */
  buffer(): Uint8Array {
    return this.#free ?? new Uint8Array(SLICE_BYTES);
  }

  /** Keeps one slice more, and works off one for which there is no room. */
  async keep(slice: Uint8Array): Promise<void> {
    this.#free = undefined;
    this.#kept.push(slice);
    if (this.#kept.length > KEPT_BYTES / SLICE_BYTES) this.#free = await this.#workOff();
  }

  /** What the leader left out, from `made` bytes on, of the last slice; then throws. */
  async *upToDamage(made: number, cause: unknown): AsyncGenerator<Uint8Array> {
    while (this.#kept.length > 1) await this.#workOff();
    const [slice = new Uint8Array(0)] = this.#kept;
    let error = cause;
    try {
      for (let i = 0; i < slice.length; i++, this.#at++) {
        for await (const bytes of this.#decoder.push(slice.subarray(i, i + 1))) {
          const fresh = Math.min(bytes.length, this.#decoder.made - made);
          if (fresh > 0) yield bytes.subarray(bytes.length - fresh);
        }
      }
    } catch (found) {
      if (!isDamage(found)) throw found;
      error = found;
    }
    throw named(error, this.#at);
  }

  close(): void {
    this.#decoder.close();
  }

  async #workOff(): Promise<Uint8Array> {
    const slice = this.#kept.shift() ?? new Uint8Array(0);
    for await (const _ of this.#decoder.push(slice));
    this.#at += slice.length;
    return slice;
  }
}

function named(error: unknown, at: number): Error {
  const { message } = error as Error;
  if (/^incorrect (data|length) check$/.test(message)) return wrongSum("gzip", at, error);
  // The file's own beginning was looked at already.
  if (message === "incorrect header check") return garbage("gzip", at);
  return damaged("gzip", at, error);
}

/** Whether zlib speaks of its input; anything else, as want of memory, is not the file's fault. */
function isDamage(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "Z_DATA_ERROR" || code === "Z_BUF_ERROR";
}
