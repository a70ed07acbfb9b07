import { randomBytes } from "node:crypto";
import { closeSync, linkSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

/** Large enough that a read costs little beside its bytes, small enough to hold many at once. */
const READ_BYTES = 262_144;

/** One file that holds a run of an object's bytes. */
export interface Piece {
  readonly blob: string;
  readonly size: number;
}

export interface BlobWriter {
  readonly id: string;
  write(data: Uint8Array): void;
  close(): void;
  /** Leaves nothing behind. */
  discard(): void;
}

/** Bodies too large for the database, each a file that is written once and never changed. A file
 * that no row names is garbage of a process that died, and is swept at the next start. */
export class BlobStore {
  readonly #dir: string;
  /** Readers by file: what is deleted while it is read goes when its last reader is done. */
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true });
  }

  create(): BlobWriter {
    const id = randomBytes(16).toString("hex");
    const file = openSync(this.#path(id), "wx");
    let isOpen = true;
    const close = () => {
      if (isOpen) closeSync(file);
      isOpen = false;
    };
    return {
      id,
      write(data) {
        for (let at = 0; at < data.length; ) at += writeSync(file, data, at);
      },
      close,
      discard: () => {
        close();
        this.#delete(id);
      },
    };
  }

  /** The same bytes under other names, for an owner that may outlive the first. */
  link(pieces: readonly Piece[]): Piece[] {
    return pieces.map(({ blob, size }) => {
      const id = randomBytes(16).toString("hex");
      linkSync(this.#path(blob), this.#path(id));
      return { blob: id, size };
    });
  }

  remove(pieces: readonly Piece[]): void {
    for (const { blob } of pieces) {
      if (this.#readers.has(blob)) this.#doomed.add(blob);
      else this.#delete(blob);
    }
  }

  /** The bytes from `start` up to, not including, `end`. The files stay from this call on until
   * the reader is done, whatever happens to the object meanwhile. */
  read(pieces: readonly Piece[], start: number, end: number): AsyncGenerator<Buffer> {
    for (const { blob } of pieces) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    return this.#readPieces(pieces, start, end);
  }

  sweep(isKnown: (blob: string) => boolean): void {
    for (const blob of readdirSync(this.#dir)) if (!isKnown(blob)) this.#delete(blob);
  }

  async *#readPieces(pieces: readonly Piece[], start: number, end: number): AsyncGenerator<Buffer> {
    try {
      let offset = 0;
      for (const { blob, size } of pieces) {
        const from = Math.max(start - offset, 0);
        const to = Math.min(end - offset, size);
        offset += size;
        if (from < to) yield* this.#readFile(blob, from, to);
      }
    } finally {
      for (const { blob } of pieces) this.#release(blob);
    }
  }

  async *#readFile(blob: string, from: number, to: number): AsyncGenerator<Buffer> {
    const file = await open(this.#path(blob));
    try {
      for (let at = from; at < to; ) {
        const length = Math.min(READ_BYTES, to - at);
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
        if (bytesRead === 0) throw new Error(`the blob ${blob} is shorter than its row says`);
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
  }

  #release(blob: string): void {
    const readers = (this.#readers.get(blob) ?? 1) - 1;
    if (readers > 0) {
      this.#readers.set(blob, readers);
      return;
    }
    this.#readers.delete(blob);
    if (this.#doomed.delete(blob)) this.#delete(blob);
  }

  #delete(blob: string): void {
    rmSync(this.#path(blob), { force: true });
  }

  #path(blob: string): string {
    return join(this.#dir, blob);
  }
}
