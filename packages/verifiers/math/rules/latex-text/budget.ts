/** The work that any text may cost. */
const LEAST = 100_000;
/** Beyond that, what a character may cost: it is read, mostly once, and written once for each group
 * around it. Only text made to be read anew again and again (`\sqrt[\sqrt[\sqrt[…`) costs more. */
const PER_CHAR = 16;
/** How deep groups may stand in each other: Python's own stack ends between 120 and 250 of them,
 * by their kind. */
export const MAX_DEPTH = 120;

/** Where pylatexenc raises, or would not come to an end. */
export class Unreadable extends Error {
  override name = "Unreadable";
}

export class Budget {
  #left: number;

  constructor(text: string) {
    this.#left = LEAST + PER_CHAR * text.length;
  }

  spend(work: number): void {
    this.#left -= work;
    if (this.#left < 0) throw new Unreadable("too much work");
  }
}
