/** What a frame's header says (RFC 8878, 3.1.1.1). */
export interface FrameHeader {
  /** How many bytes back the frame may refer, which the decompressor keeps in memory. */
  readonly window: number;
  readonly dictionary: number;
  /** How many bytes the frame holds, where it says so. */
  readonly content: number | undefined;
  readonly checksum: boolean;
}

/** The fewest bytes from which `headerLength` can be told: magic and descriptor. */
export const HEADER_START_BYTES = 5;
export const MAGIC_BYTES = 4;

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** The first byte's last four bits are free. */
const SKIPPABLE_MAGIC = [0x50, 0x2a, 0x4d, 0x18];

/** What begins with these bytes, be they a part of a magic number. */
export function beginning(start: Uint8Array): "frame" | "skippable" | undefined {
  if (start.every((byte, i) => byte === MAGIC[i])) return "frame";
  const skippable = start.every((byte, i) => (i === 0 ? byte & 0xf0 : byte) === SKIPPABLE_MAGIC[i]);
  return skippable ? "skippable" : undefined;
}

/** A header's whole length, its magic with it. */
export function headerLength(start: Uint8Array): number {
  const { window, dictionary, size } = fields(start);
  return HEADER_START_BYTES + window + dictionary + size;
}

export function readHeader(header: Uint8Array): FrameHeader {
  const field = fields(header);
  const dictionaryAt = HEADER_START_BYTES + field.window;
  const size = little(header, dictionaryAt + field.dictionary, field.size);
  // Two bytes begin where one ends.
  const content = field.size === 2 ? size + 256 : size;
  return {
    // A frame without a window's size is its own window.
    window: field.window === 0 ? content : windowOf(header[HEADER_START_BYTES] ?? 0),
    dictionary: little(header, dictionaryAt, field.dictionary),
    content: field.size === 0 ? undefined : content,
    checksum: ((header[MAGIC_BYTES] ?? 0) & 0b100) !== 0,
  };
}

/** The lengths of the header's optional fields. */
function fields(start: Uint8Array): { window: number; dictionary: number; size: number } {
  const descriptor = start[MAGIC_BYTES] ?? 0;
  const single = (descriptor & 0b100000) !== 0;
  const sizeFlag = descriptor >> 6;
  return {
    window: single ? 0 : 1,
    dictionary: [0, 1, 2, 4][descriptor & 0b11] ?? 0,
    size: sizeFlag === 0 ? Number(single) : 2 ** sizeFlag,
  };
}

function windowOf(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 0b111);
}

/** An unsigned little-endian number. */
export function little(bytes: Uint8Array, at: number, length: number): number {
  let number = 0;
  for (let i = length - 1; i >= 0; i--) number = number * 256 + (bytes[at + i] ?? 0);
  return number;
}
