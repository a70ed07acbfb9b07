/** What a user sees of an input. Where a text has `…`, anything may stand: what differs from one
 * machine or version to the next. */
export type Outcome =
  /** Of a line: a record that is scored. */
  | { readonly scored: number; readonly reason: string }
  | { readonly abstained: string }
  | { readonly error: string; readonly class?: string }
  /** Of a file: how many lines are scored, and what the records of the others say; of what is no
   * text, of the first of them, since chance decides how many lines it has. */
  | { readonly graded: number; readonly errors?: readonly LineError[]; readonly more?: boolean }
  /** Of a file or a submission: refused as a whole, by this reason. */
  | { readonly rejected: string; readonly message: string }
  /** Of a command, or of S3 or SQS: refused before anything begins. */
  | { readonly refused: string }
  /** Of a drop or a message: passed over. */
  | { readonly nothing: true };

/** An `error` record of a file's line or row, as the command line tells it. */
export interface LineError {
  readonly at: number;
  readonly message: string;
  readonly class?: string;
}

/** An input of the table, and what becomes of it. */
export interface Case {
  /** What it is, in the page's words. */
  readonly input: string;
  readonly outcome: Outcome;
  /** What the page says besides. */
  readonly note?: string;
  /** The exit status, where it is not what the outcome alone would give. */
  readonly exit?: number;
}

export const INVALID = "invalid_trajectory";

export const EXIT = { done: 0, usage: 1, errors: 2 } as const;

/** By the rule of README.md. */
export function exitOf(outcome: Outcome): number {
  if ("refused" in outcome || "rejected" in outcome) return EXIT.usage;
  if ("error" in outcome || ("graded" in outcome && outcome.errors !== undefined))
    return EXIT.errors;
  return EXIT.done;
}

/** What was found, with each text of it that is as expected put as it is expected. */
export function alike(expected: unknown, found: unknown): unknown {
  if (typeof found === "string")
    return typeof expected === "string" && isSaid(expected, found) ? expected : found;
  if (Array.isArray(found))
    return found.map((one, i) => alike((expected as unknown[] | undefined)?.[i], one));
  if (typeof found !== "object" || found === null) return found;
  const wanted = expected as Record<string, unknown> | undefined;
  return Object.fromEntries(
    Object.entries(found).map(([key, one]) => [key, alike(wanted?.[key], one)]),
  );
}

/** Whether `text` is `expected`, in which `…` stands for anything. */
function isSaid(expected: string, text: string): boolean {
  const parts = expected.split("…").map((part) => part.replace(/[^\w\s]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`).test(text);
}
