import type { ErrorInfo, Tally } from "@assay/schema";
import type { Origin } from "./record.ts";

/** Places in the memory that a worker shares with its pool. */
export const SHARED = {
  /** Where in the batch the line begins that is being graded. */
  position: 0,
  /** Counts lines, so that the pool sees when one line lasts. */
  lines: 1,
  /** Not 0: stop before the next line. */
  stop: 2,
} as const;

export interface WorkerStart {
  readonly shared: SharedArrayBuffer;
  /** A module that exports `registry`, and `ports` where its verifiers need any. */
  readonly verifiers: string | undefined;
}

export interface Work {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the first line begins in its source. */
  readonly offset: number;
  /** Whether places are rows, one a line. */
  readonly rows?: boolean;
  readonly origin: Origin;
  /** Write retryable errors too; otherwise stop before the line that has one. */
  readonly settle: boolean;
  /** Grade nothing: every line gets this error. */
  readonly blame?: ErrorInfo;
}

export interface Done {
  readonly records: Uint8Array<ArrayBuffer>;
  readonly tally: Tally;
  /** How many bytes of the batch have their records. */
  readonly consumed: number;
  /** A retryable error that was met: the last one written, or the one that it stopped at. */
  readonly passing: string | undefined;
}
