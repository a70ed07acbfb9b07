import { parseArgs } from "node:util";
import { out, table } from "../../bench/print.ts";
import type { Verifier } from "../../packages/verifiers/define.ts";
import { registry } from "../../packages/verifiers/shipped.ts";
import { type Cause, causeOf } from "./cause.ts";
import { type Outcome, type Timed, timed } from "./timed.ts";
import {
  type Claim,
  caseOf,
  claimOf,
  isOtherPolicy,
  mathFiles,
  noVectors,
  type Row,
  readRows,
} from "./vectors.ts";

/** As much of a text as fits a line with others. */
const CLIP = 80;

/** In the robustness files nearly all is policy: what counts is that every row ends, and soon. */
const STRESS = "math-stress";

type Kind = "FP" | "FN" | "abstained" | "read" | "error" | "timeout";

interface Disagreement {
  readonly id: string;
  readonly kind: Kind;
  readonly cause: Cause;
  readonly reason: string;
  readonly gold: string;
  /** The answer that was read; undefined where the verdict names none. */
  readonly answer: string | undefined;
  readonly pred: string;
  readonly note: string;
}

interface Report {
  readonly file: string;
  rows: number;
  scored: number;
  agree: number;
  fp: number;
  fn: number;
  abstained: number;
  errors: number;
  worst: { ms: number; id: string };
  /** Rows whose labels follow another policy, and how many of those agree all the same. */
  readonly other: { rows: number; agree: number };
  readonly disagreements: Disagreement[];
  /** What became of rows that nobody labelled, where that is the point of the file. */
  readonly outcomes: { id: string; ms: number; verdict: string; note: string }[];
}

export function math(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: { file: { type: "string" }, json: { type: "boolean" } },
  });
  const files = mathFiles();
  const chosen = files.filter((name) => name.includes(values.file ?? ""));
  if (files.length === 0) process.stderr.write(noVectors);
  else if (chosen.length === 0)
    process.stderr.write(`no such file; there are ${files.join(", ")}\n`);
  if (chosen.length === 0) return;
  const verifier = registry.find("math");
  if (verifier === undefined) throw new Error("math is not shipped");
  const reports = chosen.map((file) => reportOf(verifier, file));
  if (values.json) out(JSON.stringify({ files: reports, total: totalOf(reports) }, null, 2));
  else {
    for (const report of reports) printDetails(report);
    out(table([HEAD, ...[...reports, totalOf(reports)].map(figures)]));
    printCauses(reports);
  }
}

function reportOf(verifier: Verifier, file: string): Report {
  const report = emptyReport(file);
  for (const row of readRows(file)) {
    report.rows++;
    // What is read of one text, and not compared, no verdict tells.
    if (row.gold === undefined && row.expected !== "parse_error") continue;
    const { spec, response } = caseOf(row);
    const { verdict, ms } = timed(verifier, spec, response);
    if (ms > report.worst.ms) report.worst = { ms, id: row.id };
    const claim = claimOf(row);
    const kind = disagreement(claim, verdict);
    if (isOtherPolicy(row)) {
      report.other.rows++;
      if (kind === undefined) report.other.agree++;
      continue;
    }
    if (file === STRESS) report.outcomes.push(outcomeOf(row.id, { verdict, ms }, row.note));
    if (claim.kind !== "policy") report.scored++;
    if (kind === undefined) {
      if (claim.kind !== "policy") report.agree++;
      continue;
    }
    if (kind === "FP") report.fp++;
    else if (kind === "FN") report.fn++;
    else if (kind === "abstained") report.abstained++;
    else if (kind !== "read") report.errors++;
    report.disagreements.push({
      id: row.id,
      kind,
      cause: causeOf(verdict, row.pred),
      reason: verdict.reason,
      gold: row.gold ?? "",
      answer: verdict.outcome === "scored" ? verdict.answer : undefined,
      pred: row.pred,
      note: [message(verdict), narrowed(row), row.note ?? ""].join(" ").trim(),
    });
  }
  return report;
}

/** How a verdict goes against its label; errors and time-outs go against any. */
function disagreement(claim: Claim, verdict: Outcome): Kind | undefined {
  if (verdict.outcome === "error" || verdict.outcome === "timeout") return verdict.outcome;
  if (claim.kind === "policy") return undefined;
  if (claim.kind === "unreadable") return verdict.outcome === "abstained" ? undefined : "read";
  if (verdict.outcome === "abstained") return "abstained";
  if (verdict.score === claim.score) return undefined;
  return claim.score === 0 ? "FP" : "FN";
}

function outcomeOf(id: string, { verdict, ms }: Timed, note = ""): Report["outcomes"][number] {
  const score = verdict.outcome === "scored" ? ` ${verdict.score}` : "";
  return { id, ms, verdict: `${verdict.outcome}${score}, ${verdict.reason}`, note };
}

function emptyReport(file: string): Report {
  return {
    file,
    rows: 0,
    scored: 0,
    agree: 0,
    fp: 0,
    fn: 0,
    abstained: 0,
    errors: 0,
    worst: { ms: 0, id: "" },
    other: { rows: 0, agree: 0 },
    disagreements: [],
    outcomes: [],
  };
}

function totalOf(reports: readonly Report[]): Report {
  const total = emptyReport("total");
  for (const { other, worst, ...report } of reports) {
    for (const key of ["rows", "scored", "agree", "fp", "fn", "abstained", "errors"] as const)
      total[key] += report[key];
    if (worst.ms > total.worst.ms) total.worst = worst;
    total.other.rows += other.rows;
    total.other.agree += other.agree;
  }
  return total;
}

const HEAD = [
  "file",
  "rows",
  "scored",
  "agree %",
  "FP",
  "FN",
  "abstained",
  "errors",
  "other policy",
  "worst ms",
];

function figures(report: Report): (string | number)[] {
  const { rows, scored, agree, fp, fn, abstained, errors, other, worst } = report;
  return [
    report.file,
    rows,
    scored,
    scored === 0 ? "-" : ((100 * agree) / scored).toFixed(2),
    fp,
    fn,
    abstained,
    errors,
    other.rows === 0 ? "-" : `${other.agree} of ${other.rows}`,
    worst.ms.toFixed(1),
  ];
}

function printDetails({ file, disagreements, outcomes, worst }: Report): void {
  if (disagreements.length + outcomes.length === 0) return;
  out(`${file}: worst ${worst.ms.toFixed(1)} ms, ${worst.id}`);
  for (const { id, kind, cause, reason, gold, answer, pred, note } of disagreements)
    out(
      [
        `  ${id}`,
        kind,
        `${cause}/${reason}`,
        `gold ${clip(gold)}`,
        answer === undefined
          ? `read nothing of ${clip(pred.slice(-CLIP))}`
          : `read ${clip(answer)}`,
        note,
      ]
        .filter((part) => part !== "")
        .join("  "),
    );
  for (const { id, ms, verdict, note } of outcomes)
    out(`  ${id}  ${ms.toFixed(1)} ms  ${verdict}  ${note}`);
  out("");
}

function printCauses(reports: readonly Report[]): void {
  const counts = new Map<string, number>();
  for (const { kind, cause, reason } of reports.flatMap(({ disagreements }) => disagreements)) {
    const key = `${kind}  ${cause}/${reason}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const ordered = [...counts].sort(([, a], [, b]) => b - a);
  if (ordered.length > 0) out(`\n${table([["cause", "rows"], ...ordered])}`);
}

function message(verdict: Outcome): string {
  return verdict.outcome === "error" ? `[${verdict.error.message}]` : "";
}

/** A grader that read only LaTeX, or only plain expressions, may have been right by its narrowness. */
function narrowed({ config }: Row): string {
  return config?.match_types?.length === 1 ? `[read as ${config.match_types} alone]` : "";
}

function clip(text: string): string {
  return JSON.stringify(text.length > CLIP ? `${text.slice(0, CLIP)}…` : text);
}
