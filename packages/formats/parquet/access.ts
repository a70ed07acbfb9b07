import { Unreadable } from "../unreadable.ts";

const NOTHING: Uint8Array = new Uint8Array(0);

/** Random access to one immutable object. */
export interface RandomAccess {
  readonly size: number;
  /** The bytes [start, end). Throws as it likes: what it throws is passed on as it is. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}

/** `head` and the bytes [start, end) behind it, in one piece. */
export async function readExactly(
  file: RandomAccess,
  start: number,
  end: number,
  head: Uint8Array = NOTHING,
): Promise<Uint8Array> {
  let whole: Uint8Array | undefined;
  let length = head.length;
  const wanted = length + end - start;
  for await (const part of file.read(start, end)) {
    // One part that is all is taken as it is.
    if (length === 0 && part.length === wanted) whole = part;
    else if (length + part.length <= wanted) {
      whole ??= Buffer.allocUnsafeSlow(wanted);
      if (length === head.length) whole.set(head);
      whole.set(part, length);
    }
    length += part.length;
  }
  // No fault of the file, whose size is known: whoever reads it has not kept to what was asked.
  if (length !== wanted)
    throw new Error(`asked for bytes ${start} to ${end} and got ${length - head.length} of them`);
  return whole ?? head;
}

/** `file`, of which [start, end) is fetched at once and then held. */
export async function preloaded(
  file: RandomAccess,
  start: number,
  end: number,
): Promise<RandomAccess> {
  const held = await readExactly(file, start, end);
  return {
    size: file.size,
    async *read(from, to) {
      if (from < start || to > end) yield* file.read(from, to);
      else yield held.subarray(from - start, to - start);
    },
  };
}

/** The bytes [at, end) of a file one after another, fetched some way ahead. */
export class ReadAhead {
  readonly #file: RandomAccess;
  readonly #end: number;
  readonly #step: number;
  /** What is fetched and not yet taken: it begins at `at`. */
  #held = NOTHING;
  #at: number;

  /** `step`: so many bytes are fetched at once. */
  constructor(file: RandomAccess, start: number, end: number, step: number) {
    this.#file = file;
    this.#at = start;
    this.#end = end;
    this.#step = step;
  }

  get at(): number {
    return this.#at;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#end - this.#at;
  }

  /** The next bytes, `length` of them or what is left, and maybe more; they are not taken. */
  peek(length: number): Promise<Uint8Array> {
    return this.#hold(Math.min(length, this.left), this.#step);
  }

  async take(length: number): Promise<Uint8Array> {
    if (length > this.left) throw new Unreadable("it reaches beyond its column");
    // A long page is fetched to its end only, so that what is held is one page and no more.
    const step = length > this.#step ? 0 : this.#step;
    const taken = (await this.#hold(length, step)).subarray(0, length);
    this.skip(length);
    return taken;
  }

  async #hold(length: number, step: number): Promise<Uint8Array> {
    if (this.#held.length < length) {
      const from = this.#at + this.#held.length;
      const to = Math.min(this.#end, Math.max(this.#at + length, from + step));
      this.#held = await readExactly(this.#file, from, to, this.#held);
    }
    return this.#held;
  }

  /** Passes over `length` bytes; what of them is not fetched yet never is. */
  skip(length: number): void {
    if (length > this.left) throw new Unreadable("it reaches beyond its column");
    this.#at += length;
    this.#held = this.#held.subarray(Math.min(length, this.#held.length));
  }
}
