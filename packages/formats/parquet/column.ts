import { crc32 } from "node:zlib";
import { Unreadable } from "../unreadable.ts";
import { type RandomAccess, ReadAhead } from "./access.ts";
import { decompress } from "./codecs.ts";
import type { Chunk } from "./footer.ts";
import type { Held } from "./held.ts";
import { openPage, type Page } from "./page.ts";
import { findPage, type PageHeader, takeHeader } from "./page-header.ts";
import type { Leaf } from "./schema.ts";
import { type Lookup, readDictionary, type Value } from "./values.ts";

/**
 * One column of one row group, a value after another. In memory is a page, and the dictionary;
 * more only where the items of one row lie in several pages. A null or an empty list is a value too,
 * of a lower level of definition. All but `load` is done without waiting.
 */
export class Column {
  /** The levels of what stands next. At the end of what is loaded: those of a new row. */
  rep = 0;
  def = -1;
  /** The rows below this one are loaded whole. */
  complete = 0;

  readonly #leaf: Leaf;
  readonly #chunk: Chunk;
  readonly #rows: number;
  readonly #held: Held;
  readonly #file: RandomAccess;
  readonly #step: number;
  #from: ReadAhead;
  #dictionary: Lookup | undefined;
  readonly #pages: Page[] = [];
  /** The row of what stands next. */
  #row = -1;
  /** The rows below this one have begun. */
  #known = 0;
  #valuesLeft: number;
  /** Whether pages begin with rows. */
  #isAligned = false;

  /** `rows`: of the row group. `step`: so many bytes are fetched at once. */
  constructor(
    leaf: Leaf,
    chunk: Chunk,
    rows: number,
    file: RandomAccess,
    step: number,
    held: Held,
  ) {
    this.#leaf = leaf;
    this.#chunk = chunk;
    this.#rows = rows;
    this.#file = file;
    this.#step = step;
    this.#held = held;
    this.#from = new ReadAhead(file, chunk.start, chunk.end, step);
    this.#valuesLeft = chunk.values;
  }

  /** Loads until `row` is there whole, and passes over what is before it. */
  async load(row: number): Promise<void> {
    let at = this.#from.at;
    try {
      if (this.#known === 0 && row > 0 && this.#from.left > this.#step) await this.#jump(row);
      while (this.complete <= row) {
        if (this.#isEnded())
          throw new Unreadable(`it ends after ${this.#known} of ${this.#rows} rows`);
        at = this.#from.at;
        await this.#nextPage(row);
        this.skipTo(row);
      }
    } catch (error) {
      throw this.#named(error, `, at byte ${at}`);
    }
  }

  /** The value that stands next, whose level says that there is one; goes on behind it. */
  take(): Value {
    try {
      const value = (this.#pages[0] as Page).values.next();
      this.#next();
      return value;
    } catch (error) {
      throw this.#named(error);
    }
  }

  /** Goes on behind what stands next, a null or an empty list. */
  pass(): void {
    try {
      this.#next();
    } catch (error) {
      throw this.#named(error);
    }
  }

  /** Goes on to the first value of `row`, or to the end of what is loaded. */
  skipTo(row: number): void {
    for (let page = this.#pages[0]; page !== undefined && this.#row < row; page = this.#pages[0]) {
      // What stands next was taken off the levels already.
      const { definitions, left, repetitions } = page;
      const rows = row - this.#row;
      const { found, passed } = repetitions?.pass(left, 0, rows) ?? {
        passed: Math.min(left, rows),
        found: Math.min(left, rows),
      };
      const isFound = found === rows;
      const skipped = isFound ? passed - 1 : passed;
      const { maxDef } = this.#leaf;
      const behind = definitions?.pass(skipped, maxDef).found ?? skipped;
      page.values.skip(behind + (this.def === maxDef ? 1 : 0));
      this.#row += found;
      page.left -= passed;
      if (!isFound) this.#next();
      else {
        this.rep = 0;
        this.def = definitions?.next() ?? 0;
      }
    }
  }

  #next(): void {
    const page = this.#pages[0] as Page;
    if (page.left > 0) {
      this.#look(page);
      return;
    }
    this.#pages.shift();
    this.#held.remove(page.bytes, page.total);
    this.#begin();
  }

  #begin(): void {
    const [page] = this.#pages;
    this.rep = 0;
    this.def = -1;
    if (page === undefined) return;
    this.#row = page.firstRow - 1;
    this.#look(page);
  }

  #look(page: Page): void {
    const { maxDef, maxRep } = this.#leaf;
    page.left -= 1;
    this.rep = page.repetitions?.next() ?? 0;
    this.def = page.definitions?.next() ?? 0;
    if (this.rep > maxRep || this.def > maxDef) throw new Unreadable("its levels are corrupt");
    if (this.rep === 0) this.#row += 1;
  }

  #isEnded(): boolean {
    return this.#valuesLeft === 0 || this.#from.left === 0;
  }

  /** To the page of `row`, where an index says which it is. */
  async #jump(row: number): Promise<void> {
    const found = await findPage(this.#file, this.#chunk, row);
    if (found === undefined || found.row === 0) return;
    const header = await takeHeader(this.#from);
    if (header.kind === "dictionary") await this.#readDictionary(header);
    if (found.at < this.#from.at) throw new Unreadable("its index is corrupt");
    this.#from = new ReadAhead(this.#file, found.at, this.#chunk.end, this.#step);
    this.#known = found.row;
    // How many values came before is only known where each row has one.
    this.#valuesLeft = this.#leaf.maxRep === 0 ? this.#chunk.values - found.row : Infinity;
    this.#isAligned = true;
  }

  async #nextPage(row: number): Promise<void> {
    const header = await takeHeader(this.#from);
    if (header.kind === "dictionary") return this.#readDictionary(header);
    if (header.kind === "other" || header.values === 0) return this.#from.skip(header.stored);
    this.#valuesLeft -= header.values;
    if (this.#valuesLeft < 0) throw new Unreadable("it has more values than its footer says");
    const isFlat = this.#leaf.maxRep === 0;
    const isAligned = isFlat || this.#isAligned || header.kind === "data v2";
    const told = isFlat ? header.values : header.kind === "data v2" ? header.rows : undefined;
    if (told !== undefined && this.#known + told <= row) {
      this.#from.skip(header.stored);
      this.#know(told, isAligned);
      return;
    }
    this.#held.add(0, header.values);
    const page = await this.#read(header, (bytes) =>
      openPage(this.#leaf, header, this.#chunk.codec, bytes, this.#dictionary, this.#known),
    );
    if ((told ?? page.rows) !== page.rows || !(page.beginsRow || (!isAligned && this.#known > 0)))
      throw new Unreadable("its rows are corrupt");
    this.#pages.push(page);
    this.#know(page.rows, isAligned);
    if (this.#pages.length === 1) this.#begin();
  }

  /** Counts `rows` more that have begun. The last may go on in the next page. */
  #know(rows: number, isAligned: boolean): void {
    this.#known += rows;
    if (this.#known > this.#rows)
      throw new Unreadable(`it has more than the ${this.#rows} rows that its footer says`);
    this.complete = isAligned || this.#isEnded() ? this.#known : this.#known - 1;
  }

  async #readDictionary(header: PageHeader): Promise<void> {
    if (this.#dictionary !== undefined) throw new Unreadable("it has two dictionaries");
    const { encoding, size, values } = header;
    this.#dictionary = await this.#read(header, (bytes) => {
      const whole = decompress(this.#chunk.codec, bytes, size);
      return readDictionary(encoding, this.#leaf.stored, whole, values);
    });
    this.#held.add(this.#dictionary.extraBytes);
  }

  /** What `open` makes of the bytes behind a header; while it does, both are in memory. */
  async #read<T>(
    { checksum, size, stored }: PageHeader,
    open: (bytes: Uint8Array) => T,
  ): Promise<T> {
    this.#held.add(size + stored);
    const bytes = await this.#from.take(stored);
    if (checksum !== undefined && checksum !== crc32(bytes))
      throw new Unreadable("its checksum does not fit");
    const opened = open(bytes);
    this.#held.remove(stored);
    return opened;
  }

  #named(error: unknown, place = ""): unknown {
    if (!(error instanceof Unreadable)) return error;
    return new Unreadable(`column "${this.#leaf.path}"${place}: ${error.message}`, {
      cause: error,
    });
  }
}
