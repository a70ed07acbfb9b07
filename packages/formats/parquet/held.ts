import { Unreadable } from "../unreadable.ts";

/** The most bytes of pages and dictionaries in memory at once. Pages of 1 MiB, which nearly all
 * writers cut, leave this far away; DuckDB's of 100 MB leave room for a few columns of long text. */
const MAX_HELD_BYTES = 512 * 1024 * 1024;

/** The most values in memory at once, nulls counted. Runs of them take no bytes, so bytes do not
 * bound them; but time they may take, where rows are passed over. */
const MAX_HELD_VALUES = 256 * 1024 * 1024;

/** Counts what the columns of a row group hold. */
export class Held {
  #bytes = 0;
  #values = 0;

  /** Throws before anything of that size is made. */
  add(bytes: number, values = 0): void {
    this.#bytes += bytes;
    this.#values += values;
    const isTooMuch = this.#bytes > MAX_HELD_BYTES || this.#values > MAX_HELD_VALUES;
    if (isTooMuch)
      throw new Unreadable(
        `the pages of all columns together are too large (${this.#bytes} bytes, ${this.#values} values): write smaller pages, or smaller row groups`,
      );
  }

  remove(bytes: number, values = 0): void {
    this.#bytes -= bytes;
    this.#values -= values;
  }
}
