import { goodLine } from "./line-case.ts";
import type { Case, Outcome } from "./outcome.ts";

/** A file, graded among others. */
export interface FileCase extends Case {
  readonly file: string;
  /** Made only when it is written, since some are large. */
  readonly bytes: () => Uint8Array;
  readonly outcome: Extract<Outcome, { graded: number } | { rejected: string }>;
}

/** Three good lines. */
export const GOOD = ["a", "b", "c"].map(goodLine);
export const GOOD_TEXT = textOf(GOOD);

export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

export function fileCase(
  input: string,
  file: string,
  bytes: () => Uint8Array | string,
  outcome: FileCase["outcome"],
  note?: string,
): FileCase {
  return {
    input,
    file,
    bytes: () => Buffer.from(bytes()),
    outcome,
    ...(note === undefined ? {} : { note }),
  };
}
