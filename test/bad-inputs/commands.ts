import { goodLine } from "./line-case.ts";
import { type Case, EXIT } from "./outcome.ts";

/** A command, in a folder that has the files below. */
export interface CommandCase extends Case {
  readonly args: readonly string[];
  readonly stdin?: string;
  /** All of standard error. */
  readonly outcome: { readonly refused: string };
}

const GOOD = `${goodLine("a")}\n`;

/** What the commands find: text is a file. */
export const FOLDER = {
  files: {
    "a.jsonl": GOOD,
    "x/a.jsonl": GOOD,
    "y/a.jsonl": GOOD,
    "a.json": GOOD,
    "A.JSONL": GOOD,
    "a.gz": GOOD,
    "secret.jsonl": GOOD,
    plain: "",
  },
  folder: "folder.jsonl",
  pipe: "pipe.jsonl",
  danglingLink: "link.jsonl",
  /** Of another user, and for nobody else to read. */
  unreadable: "secret.jsonl",
} as const;

const FORMATS = "expected .jsonl, .jsonl.gz, .jsonl.zst, .parquet";
const JOB = "expected a job name: [a-z0-9][a-z0-9._-]{0,63}";
const STDIN = "assay: no trajectories on standard input";

function refused(args: readonly string[], message: string, input?: string): CommandCase {
  const line = args.map((one) => (/^[\w./@{}-]+$/.test(one) ? one : `'${one}'`)).join(" ");
  return {
    input: input ?? `\`assay ${line}\``,
    args,
    outcome: { refused: message },
  };
}

const grade = (...args: readonly string[]) => ["grade", ...args];
const byChoice = (spec: string) => ["score", "--verifier", "choice", "--spec", spec];

/** Commands that are refused before anything begins. */
export const commands: readonly CommandCase[] = [
  refused(grade(), "error: missing required argument 'file'"),
  refused(grade("none.jsonl"), "assay: none.jsonl: no such file"),
  refused(grade("link.jsonl"), "assay: link.jsonl: no such file", "FILE is a link to nothing"),
  refused(grade("folder.jsonl"), "assay: folder.jsonl: not a file", "FILE is a directory"),
  refused(grade("pipe.jsonl"), "assay: pipe.jsonl: not a file", "FILE is a pipe"),
  refused(
    grade("secret.jsonl"),
    "assay: secret.jsonl: this user may not read it",
    "FILE is not for this user to read",
  ),
  refused(grade("a.json"), `assay: a.json: unknown format, ${FORMATS}`),
  refused(grade("a.gz"), `assay: a.gz: unknown format, ${FORMATS}`),
  refused(grade("A.JSONL"), `assay: A.JSONL: unknown format, ${FORMATS}`),
  refused(
    grade("x/a.jsonl", "y/a.jsonl"),
    "assay: x/a.jsonl and y/a.jsonl would both be drops/a/a.jsonl: rename one, or grade each as a job of its own",
  ),
  refused(
    grade("a.jsonl", "a.jsonl"),
    "assay: a.jsonl and a.jsonl would both be drops/a/a.jsonl: rename one, or grade each as a job of its own",
  ),
  refused(grade("a.jsonl", "--job", "Run 7"), `assay: --job Run 7: ${JOB}`),
  refused(grade("a.jsonl", "--job", ""), `assay: --job : ${JOB}`),
  refused(grade("a.jsonl", "--job", "../x"), `assay: --job ../x: ${JOB}`),
  refused(
    grade("a.jsonl", "--job", "j".repeat(65)),
    `assay: --job ${"j".repeat(65)}: ${JOB}`,
    "`--job` of 65 characters",
  ),
  refused(
    grade("a.jsonl", "--job", "a\nb\u001b[2J"),
    `assay: --job a\\u{a}b\\u{1b}[2J: ${JOB}`,
    "`--job` with a newline and a terminal's escape sequence",
  ),
  refused(
    grade("a.jsonl", "--out", "plain"),
    "assay: --out plain: it is no folder, and none can be made there (EEXIST)",
    "`--out` names a file",
  ),
  refused(
    grade("a.jsonl", "--dir", "plain"),
    "assay: the folder plain is no folder, or lies within what is none: choose another (--dir)",
    "`--dir` names a file",
  ),
  refused(grade("a.jsonl", "--nope"), "error: unknown option '--nope'"),
  refused(["grad"], "error: unknown command 'grad'\n(Did you mean grade?)"),
  refused(["verifiers", "maths"], "assay: no verifier maths: there are choice, …"),
  refused(
    ["fetch", "j"],
    "assay: no embedded stack runs here (.assay/stack.json is not there): start one with `assay up`, or name a deployment with --stack",
  ),
  refused(["watch", "j", "--stack", "none"], "assay: none: no such file"),
  refused(
    ["watch", "j", "--stack", "plain"],
    'assay: plain: expected {"env": {...}}, as deploying writes it',
    "`--stack` names another file",
  ),
  { ...refused(["score"], STDIN, "`assay score` of nothing"), stdin: "" },
  { ...refused(["score"], STDIN, "`assay score` of blank lines"), stdin: "\n \n" },
  refused(
    ["score", "a.jsonl"],
    "error: too many arguments for 'score'. Expected 0 arguments but got 1: a.jsonl.",
  ),
  refused(["score", "--spec", "{}"], "assay: --spec needs --verifier"),
  refused(["score", "--verifier", "maths"], "assay: no verifier maths: there are choice, …"),
  refused(
    byChoice("{answer:B}"),
    'assay: --spec: not JSON: column 2: expected a key in double quotes or "}", got answer:B} (keys have double quotes)',
  ),
  refused(byChoice("{}"), "assay: --spec: spec.answer: expected a string or an array, got nothing"),
  refused(
    ["score", "--workers", "0"],
    "error: option '--workers <n>' argument '0' is invalid. expected a number of threads, 1 to 256",
  ),
];

export const COMMAND_EXIT = EXIT.usage;
