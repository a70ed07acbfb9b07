import { addTally, concat, emptyTally, type Graded } from "@assay/grading";
import type { Tally } from "@assay/schema";

/** Graded lines that wait to be written as one part. */
export class OpenPart {
  #records: Uint8Array[] = [];
  tally = emptyTally();
  bytes = 0;
  /** The first byte behind its lines. */
  end = 0;

  add(graded: Graded): void {
    this.#records.push(graded.records);
    this.bytes += graded.records.length;
    addTally(this.tally, graded.tally);
    this.end = graded.end;
  }

  /** Hands over what it holds, and begins anew. */
  close(): { records: Uint8Array; tally: Tally } {
    const closed = { records: concat(this.#records), tally: this.tally };
    this.#records = [];
    this.tally = emptyTally();
    this.bytes = 0;
    return closed;
  }
}
