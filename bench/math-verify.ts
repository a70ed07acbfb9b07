import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import {
  claimOf,
  isOtherPolicy,
  mathFiles,
  noVectors,
  type Row,
  readRows,
} from "../test/parity/vectors.ts";
import { out, table } from "./print.ts";

/** A row as both sides are given it. */
export interface Pair {
  readonly id: string;
  readonly gold: string;
  readonly pred: string;
  readonly float_rounding?: number;
}

/** Which files are measured together. Not here: what is made to hang, which would only measure
 * time limits; and `math-latex2sympy-unconfirmed`, which holds what Math-Verify refuses. */
const GROUPS: readonly (readonly [title: string, file: RegExp])[] = [
  ["real outputs", /^math-outputs-/],
  ["unit cases", /^math-(mathverify(-new|-disabled)?|lighteval|probe)$/],
  // All of these are right by Math-Verify, or they would not be here.
  ["latex2sympy", /^math-latex2sympy$/],
];

const PYTHON = process.env["MATH_VERIFY_PYTHON"];
const NO_PYTHON = `MATH_VERIFY_PYTHON names no Python with Math-Verify. To make one:
  python3 -m venv mv-venv
  mv-venv/bin/pip install 'math-verify[antlr4_13_2]==0.9.0'
  MATH_VERIFY_PYTHON=mv-venv/bin/python npm run bench:math
`;

interface Side {
  readonly name: string;
  readonly command: readonly string[];
}

interface Pass {
  readonly seconds: number;
  readonly rows: readonly (readonly [id: string, verdict: 0 | 1 | null, ms: number])[];
}

interface Run {
  readonly versions: string;
  /** From the process's start to the end of its first pass. */
  readonly sinceStart: number;
  readonly first: Pass;
  readonly second: Pass;
}

const HERE = import.meta.dirname;

async function main(): Promise<void> {
  const files = mathFiles();
  if (files.length === 0) {
    process.stderr.write(noVectors);
    return;
  }
  if (PYTHON === undefined || !hasMathVerify(PYTHON)) {
    process.stderr.write(NO_PYTHON);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "assay-math-verify-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const sides: Side[] = [
    { name: "assay", command: [process.execPath, await bundled(folder)] },
    { name: "Math-Verify", command: [PYTHON, join(HERE, "../test/parity/math_verify_rows.py")] },
  ];
  const verdicts: Line[] = [VERDICTS];
  const speeds: Line[] = [SPEEDS];
  const versions = new Map<string, string>();
  for (const [title, pattern] of GROUPS) {
    const rows = files.filter((file) => pattern.test(file)).flatMap(comparable);
    for (const side of sides) {
      const run = await runOn(side, rows);
      versions.set(side.name, run.versions);
      verdicts.push([`${title}, ${side.name}`, ...agreement(rows, run)]);
      speeds.push([`${title}, ${side.name}, first pass`, ...speed(run.first, run.sinceStart)]);
      speeds.push([`${title}, ${side.name}, second pass`, ...speed(run.second)]);
    }
  }
  for (const [name, text] of versions) out(`${name}: ${text}`);
  out(`\nagainst the labels\n${table(verdicts)}`);
  out(`\none core each, in turn; a first pass counts from its process's start\n${table(speeds)}`);
}

/** Ours as it is deployed: one file, so that its start is what a cold function has. */
async function bundled(folder: string): Promise<string> {
  const outfile = join(folder, "ours.mjs");
  await build({
    entryPoints: [join(HERE, "math-verify-ours.ts")],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node24",
    logLevel: "error",
  });
  return outfile;
}

function hasMathVerify(python: string): boolean {
  return spawnSync(python, ["-c", "import math_verify"]).status === 0;
}

/** What both sides can be asked, by labels that hold for both. */
function comparable(file: string): (Row & { readonly gold: string })[] {
  return readRows(file).filter(
    (row): row is Row & { readonly gold: string } => row.gold !== undefined && !isOtherPolicy(row),
  );
}

/** A fresh process on one core. */
async function runOn({ name, command }: Side, rows: ReturnType<typeof comparable>): Promise<Run> {
  const pinned = hasTaskset ? ["taskset", "-c", "0", ...command] : command;
  const [program = "", ...args] = pinned;
  const started = performance.now();
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  // Math-Verify warns of each time limit that it meets: told only where the run fails.
  let words = "";
  child.stderr.on("data", (chunk) => {
    words += chunk;
  });
  child.stdin.end(
    rows
      .map(({ id, gold, pred, config }) => {
        const pair: Pair = {
          id,
          gold,
          pred,
          ...(config?.float_rounding === undefined
            ? {}
            : { float_rounding: config.float_rounding }),
        };
        return `${JSON.stringify(pair)}\n`;
      })
      .join(""),
  );
  const lines: { text: string; at: number }[] = [];
  for await (const text of createInterface(child.stdout))
    lines.push({ text, at: (performance.now() - started) / 1_000 });
  const [head, first, second] = lines;
  if (head === undefined || first === undefined || second === undefined)
    throw new Error(`${name} ended early: ${pinned.join(" ")}\n${words}`);
  return {
    versions: (JSON.parse(head.text) as { versions: string }).versions,
    sinceStart: first.at,
    first: JSON.parse(first.text) as Pass,
    second: JSON.parse(second.text) as Pass,
  };
}

const hasTaskset = spawnSync("taskset", ["-c", "0", "true"]).status === 0;

type Line = (string | number)[];

const VERDICTS: Line = ["", "rows", "labelled", "agree %", "FP", "FN", "abstained"];

function agreement(rows: readonly Row[], { first }: Run): Line {
  let [labelled, agree, fp, fn, abstained] = [0, 0, 0, 0, 0];
  for (const [i, row] of rows.entries()) {
    const claim = claimOf(row);
    const verdict = first.rows[i]?.[1];
    if (claim.kind !== "score") continue;
    labelled++;
    if (verdict === claim.score) agree++;
    else if (verdict === null) abstained++;
    else if (verdict === 1) fp++;
    else fn++;
  }
  return [rows.length, labelled, ((100 * agree) / labelled).toFixed(2), fp, fn, abstained];
}

const SPEEDS: Line = ["", "verdicts/s", "p50 ms", "p99 ms", "worst ms"];

function speed({ rows, seconds }: Pass, wall = seconds): Line {
  const sorted = rows.map(([, , ms]) => ms).sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(3);
  return [Math.round(rows.length / wall), at(0.5), at(0.99), at(1)];
}

if (import.meta.main) await main();
