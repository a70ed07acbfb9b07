import { GOOD_TEXT } from "./file-case.ts";
import type { Case, Outcome } from "./outcome.ts";

/** An object that is put into the bucket of trajectories. */
export interface DropCase extends Case {
  readonly key: string;
  readonly body: string;
  /** Its job, where it has one. */
  readonly job?: string;
}

const MAX_KEY_BYTES = 1_024;
const FORMATS = "expected .jsonl, .jsonl.gz, .jsonl.zst, .parquet";

/** The job of all drops that are graded to their end, and of those that are not. */
export const ODD_JOB = "odd";
export const BAD_JOB = "bad";
const GRADED = { graded: 3 };

function graded(input: string, name: string, note?: string): DropCase {
  const key = `drops/${ODD_JOB}/${name}`;
  const rest = note === undefined ? {} : { note };
  return { input, key, job: ODD_JOB, body: GOOD_TEXT, outcome: GRADED, ...rest };
}

function bad(input: string, key: string, outcome: Outcome, note?: string): DropCase {
  const rest = note === undefined ? {} : { note };
  const job = key.startsWith(`drops/${BAD_JOB}/`) && key.length > 10 ? { job: BAD_JOB } : {};
  return { input, key, body: GOOD_TEXT, outcome, ...job, ...rest };
}

const notADrop = (key: string) => ({
  rejected: "not_a_drop",
  message: `${key}: expected drops/<job>/<path>, the job as [a-z0-9][a-z0-9._-]{0,63}`,
});

function padded(start: string, bytes: number): string {
  return `${start}${"k".repeat(bytes - start.length - ".jsonl".length)}.jsonl`;
}

export const drops: readonly DropCase[] = [
  graded("a key with spaces", "a b  c.jsonl"),
  graded("a key with `+`", "a+b.jsonl"),
  graded("a key with `%`", "100%.jsonl"),
  graded("a key that looks percent-encoded", "a%20b%2Fc.jsonl"),
  graded("a key with `&`, `=`, `?`, `#`, quotes and brackets", `a&b=c?d#e"f'<g>.jsonl`),
  graded("a key with an emoji", "\u{1f600}.jsonl"),
  graded("a key with a newline and a tab", "a\nb\tc.jsonl"),
  graded(
    "a key with `..`",
    "../b.jsonl",
    "`..` is a name like any other; the job is that before it",
  ),
  graded("a key with `//`", "a//b.jsonl"),
  graded("a key that is an extension alone", ".jsonl"),
  graded("a key of 1,024 bytes", padded("", MAX_KEY_BYTES - `drops/${ODD_JOB}/`.length)),
  graded("the same bytes under another name", "a b  c (1).jsonl", "graded again: another source"),
  bad(
    "a key of 1,025 bytes",
    padded(`drops/${BAD_JOB}/`, MAX_KEY_BYTES + 1),
    { refused: "KeyTooLongError: Your key is too long" },
    "S3 refuses it",
  ),
  bad("a key without a path: `drops/bad/`", `drops/${BAD_JOB}/`, notADrop(`drops/${BAD_JOB}/`)),
  bad("a key without a job: `drops/a.jsonl`", "drops/a.jsonl", notADrop("drops/a.jsonl")),
  bad("an empty job: `drops//a.jsonl`", "drops//a.jsonl", notADrop("drops//a.jsonl")),
  bad("a job that is no name", "drops/Run 7/a.jsonl", notADrop("drops/Run 7/a.jsonl")),
  bad("a job named `..`", "drops/../a.jsonl", notADrop("drops/../a.jsonl")),
  bad(
    "a job of 65 characters",
    `drops/${"j".repeat(65)}/a.jsonl`,
    notADrop(`drops/${"j".repeat(65)}/a.jsonl`),
  ),
  bad("a key that is not under `drops/`", "rollouts/a.jsonl", { nothing: true }, "not looked at"),
  bad("a folder that a console makes: `drops/bad/sub/`", `drops/${BAD_JOB}/sub/`, {
    rejected: "format",
    message: `drops/${BAD_JOB}/sub/: unknown format, ${FORMATS}`,
  }),
  bad("another format", `drops/${BAD_JOB}/a.csv`, {
    rejected: "format",
    message: `drops/${BAD_JOB}/a.csv: unknown format, ${FORMATS}`,
  }),
  bad("an extension in capitals", `drops/${BAD_JOB}/A.JSONL`, {
    rejected: "format",
    message: `drops/${BAD_JOB}/A.JSONL: unknown format, ${FORMATS}`,
  }),
];
