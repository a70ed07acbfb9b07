import zlib from "node:zlib";
import { Unreadable } from "../unreadable.ts";
import { cutOff, damaged, garbage, notThis, SHOWN_BYTES, wrongSum } from "./damage.ts";
import { DECODER_OPTIONS, Decoder } from "./decoder.ts";
import type { Pieces } from "./pieces.ts";
import {
  beginning,
  HEADER_START_BYTES,
  headerLength,
  little,
  MAGIC_BYTES,
  readHeader,
} from "./zstd-frame.ts";

/**
 * The largest window, which the decompressor holds in memory: zstd's own bound, and enough for all
 * that it makes unless asked for a `--long` above 27; `--ultra -22` just reaches it.
 */
const MAX_WINDOW_LOG = 27;
const MAX_WINDOW_BYTES = 2 ** MAX_WINDOW_LOG;
/** The format's own bound. */
const MAX_BLOCK_BYTES = 128 * 1024;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const SKIPPABLE_SIZE_BYTES = 4;
/** A repeated byte stands as one; the size is that of the run. */
const RUN = 1;

/**
 * The bytes of a zstd file. Node's decompressor ends silently with the first frame where more
 * follow in the same write, and loses on damage what it had made of that write. So frames are
 * walked here, which their headers allow, and it gets a block at a time: what a block holds comes
 * before the next is looked at, and zstd itself gives a block whole or not at all.
 */
export async function* unzstd(pieces: Pieces): AsyncGenerator<Uint8Array> {
  const decoder = new Decoder(
    zlib.createZstdDecompress({
      ...DECODER_OPTIONS,
      params: { [zlib.constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
    }),
  );
  try {
    for (;;) {
      const start = pieces.at;
      const magic = await pieces.take(MAGIC_BYTES);
      if (magic.length === 0 && start > 0) return;
      const kind = magic.length === 0 ? undefined : beginning(magic);
      if (kind !== undefined && magic.length < MAGIC_BYTES) throw cutOff("zstd", pieces.at);
      if (kind === "frame") yield* frame(pieces, decoder, magic);
      else if (kind === "skippable") await skippable(pieces);
      else if (start === 0)
        throw notThis("zstd", Buffer.concat([magic, await pieces.take(SHOWN_BYTES)]));
      else if (magic.some((byte) => byte !== 0)) throw garbage("zstd", start);
      else if (await pieces.onlyZerosLeft()) return;
      else throw garbage("zstd", pieces.at);
    }
  } finally {
    decoder.close();
  }
}

async function skippable(pieces: Pieces): Promise<void> {
  const size = little(await whole(pieces, SKIPPABLE_SIZE_BYTES), 0, SKIPPABLE_SIZE_BYTES);
  if ((await pieces.skip(size)) < size) throw cutOff("zstd", pieces.at);
}

async function* frame(
  pieces: Pieces,
  decoder: Decoder,
  magic: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const at = pieces.at - MAGIC_BYTES;
  const start = Buffer.concat([magic, await whole(pieces, HEADER_START_BYTES - MAGIC_BYTES)]);
  const more = await whole(pieces, headerLength(start) - HEADER_START_BYTES);
  const header = Buffer.concat([start, more]);
  const { window, dictionary, content, checksum } = readHeader(header);
  if (window > MAX_WINDOW_BYTES) throw wideWindow(window, at);
  if (dictionary !== 0) throw withDictionary(dictionary, at);
  const made = decoder.made;
  // The header goes with the first block: a round trip less for writers that end a frame each line.
  let last = yield* block(pieces, decoder, header);
  while (!last) last = yield* block(pieces, decoder);
  // zstd itself does not look where the last block is empty, as after a flush.
  if (content !== undefined && content !== decoder.made - made)
    throw damaged("zstd", at, `${decoder.made - made} bytes where it says ${content}`);
  if (!checksum) return;
  const sumAt = pieces.at;
  yield* decoded(decoder, await whole(pieces, CHECKSUM_BYTES), sumAt);
}

/** Reads one block, and says whether it is its frame's last. */
async function* block(
  pieces: Pieces,
  decoder: Decoder,
  before: Uint8Array = new Uint8Array(0),
): AsyncGenerator<Uint8Array, boolean> {
  const at = pieces.at;
  const header = await whole(pieces, BLOCK_HEADER_BYTES);
  const word = little(header, 0, BLOCK_HEADER_BYTES);
  const size = word >> 3;
  if (size > MAX_BLOCK_BYTES) throw damaged("zstd", at, `a block of ${size} bytes`);
  const length = ((word >> 1) & 0b11) === RUN ? 1 : size;
  const body = await pieces.take(length);
  yield* decoded(decoder, Buffer.concat([before, header, body]), at);
  if (body.length < length) throw cutOff("zstd", pieces.at);
  return (word & 1) === 1;
}

async function* decoded(
  decoder: Decoder,
  bytes: Uint8Array,
  at: number,
): AsyncGenerator<Uint8Array> {
  try {
    yield* decoder.push(bytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ZSTD_error_checksum_wrong") throw wrongSum("zstd", at, error);
    // Whatever else it says of its input; want of memory is not the file's fault.
    if (!code.startsWith("ZSTD_error_") || code === "ZSTD_error_memory_allocation") throw error;
    throw damaged("zstd", at, error);
  }
}

async function whole(pieces: Pieces, length: number): Promise<Uint8Array> {
  const bytes = await pieces.take(length);
  if (bytes.length < length) throw cutOff("zstd", pieces.at);
  return bytes;
}

const wideWindow = (window: number, at: number): Unreadable =>
  new Unreadable(
    `the zstd frame at compressed byte ${at} needs a window of ${window} bytes, more than ${MAX_WINDOW_BYTES}: compress it with --long=${MAX_WINDOW_LOG} or less`,
  );

const withDictionary = (dictionary: number, at: number): Unreadable =>
  new Unreadable(
    `the zstd frame at compressed byte ${at} was compressed with dictionary ${dictionary}, which is not in the file: compress it without one`,
  );
