import type { Case } from "./outcome.ts";

/** One line of a file, among good ones. */
export interface LineCase extends Case {
  readonly line: string | Uint8Array;
  /** How many records it has: one a rollout. */
  readonly records?: number;
  /** What its record says besides, as it is written there. */
  readonly shows?: string;
}

export const TASK = { verifier: "choice", spec: { answer: "B" } } as const;
const RESPONSE = "The answer is B.";

/** A line that scores 1, changed: what is undefined is left out. */
export function lineWith(change: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ id: "t", task: TASK, response: RESPONSE, ...change });
}

/** The same, with JSON that no `JSON.stringify` would write as the last field. */
export function lineEnding(rest: string): string {
  return `${lineWith().slice(0, -1)},${rest}}`;
}

/** A rollout a response, on one line. */
export function groupLine(change: Readonly<Record<string, unknown>>): string {
  return lineWith({ id: undefined, response: undefined, ...change });
}

/** The good line that stands on either side of a case. */
export function goodLine(id: string): string {
  return lineWith({ id });
}
