import { isUtf8 } from "node:buffer";
import { MAX_LINE_BYTES } from "@assay/schema";

const FIRST_BYTES = 512 * 1024;
/** Strings are escaped piece by piece, with room for the worst each time. */
const PIECE_BYTES = 4 * 1024;
/** The longest that a byte becomes: \\u001f. */
const MAX_ESCAPED_BYTES = 6;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

/** How JSON writes each byte that it does not write as it is. */
const ESCAPES: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  byte < SPACE || byte === QUOTE || byte === BACKSLASH
    ? JSON.stringify(String.fromCharCode(byte)).slice(1, -1)
    : undefined,
);

/** Thrown where a line grows longer than a line may be, or takes as long. */
export class Overlong extends Error {
  override name = "Overlong";
}

/** JSON lines as bytes. */
export class LineBuffer {
  #bytes = new Uint8Array(FIRST_BYTES);
  #lineStart = 0;
  length = 0;
  /** How many texts of this line were to be JSON and are none. */
  notJson = 0;

  /** The whole lines, which are handed over. */
  take(): Uint8Array {
    const lines = this.#bytes.slice(0, this.#lineStart);
    const rest = this.#bytes.subarray(this.#lineStart, this.length);
    // What a long line made large is not kept large.
    if (this.#bytes.length > FIRST_BYTES) this.#bytes = new Uint8Array(FIRST_BYTES + rest.length);
    this.#bytes.set(rest);
    this.length = rest.length;
    this.#lineStart = 0;
    return lines;
  }

  /** The bytes of whole lines. */
  get lines(): number {
    return this.#lineStart;
  }

  endLine(): void {
    this.#reserve(1);
    this.#bytes[this.length++] = NEWLINE;
    this.#lineStart = this.length;
    this.notJson = 0;
  }

  /** Drops the line that was begun. */
  dropLine(): void {
    this.length = this.#lineStart;
  }

  /** Ends a line that grew too long where it is too long for certain: whoever keeps the limit
   * finds it kept to nowhere, as in any other file. */
  cutLine(): void {
    const length = MAX_LINE_BYTES + 1;
    this.#reserve(Math.max(0, length - (this.length - this.#lineStart)));
    this.length = this.#lineStart + length;
    this.endLine();
  }

  /** ASCII that needs no escaping, or none any more. */
  ascii(text: string): void {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    let { length } = this;
    for (let i = 0; i < text.length; i++) bytes[length++] = text.charCodeAt(i);
    this.length = length;
    this.#checkLength();
  }

  /** JSON text, on one line. */
  json(text: Uint8Array): void {
    this.room(text.length);
    const bytes = this.#bytes;
    let { length } = this;
    // Valid JSON has newlines between its tokens alone.
    for (const byte of text) bytes[length++] = byte === NEWLINE || byte === RETURN ? SPACE : byte;
    this.length = length;
    this.#checkLength();
  }

  /** A string; false, and nothing written, where `text` is no UTF-8. */
  string(text: Uint8Array): boolean {
    const { length: start } = this;
    this.room(text.length);
    this.ascii('"');
    let high = 0;
    for (let at = 0; at < text.length; at += PIECE_BYTES)
      high |= this.#escape(text, at, Math.min(text.length, at + PIECE_BYTES));
    if (high >= 0x80 && !isUtf8(text)) {
      this.length = start;
      return false;
    }
    this.ascii('"');
    return true;
  }

  /** Gives the bits that any of the bytes has. */
  #escape(text: Uint8Array, from: number, to: number): number {
    this.#reserve((to - from) * MAX_ESCAPED_BYTES);
    const bytes = this.#bytes;
    let { length } = this;
    let high = 0;
    for (let at = from; at < to; at++) {
      const byte = text[at] as number;
      high |= byte;
      if (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH) bytes[length++] = byte;
      else {
        const escaped = ESCAPES[byte] as string;
        for (let i = 0; i < escaped.length; i++) bytes[length++] = escaped.charCodeAt(i);
      }
    }
    this.length = length;
    this.#checkLength();
    return high;
  }

  /** Makes what was written since `start` a string, if it is none. */
  quote(start: number): void {
    if (this.#bytes[start] === QUOTE) return;
    const text = this.#bytes.slice(start, this.length);
    this.length = start;
    this.string(text);
  }

  /** Room for a value, unless it is longer than all that a line may have. */
  room(bytes: number): void {
    if (this.length - this.#lineStart + bytes > MAX_LINE_BYTES) throw new Overlong();
    this.#reserve(bytes);
  }

  #reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * needed);
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
  }

  #checkLength(): void {
    if (this.length - this.#lineStart > MAX_LINE_BYTES) throw new Overlong();
  }
}
