import { parseArgs } from "node:util";
import { out, table } from "../../bench/print.ts";
import { registry } from "../../packages/verifiers/shipped.ts";
import { type Outcome, timed } from "./timed.ts";
import { caseOf, mathFiles, noVectors, type Row, readRows } from "./vectors.ts";

/** A longer response is more than an answer, and makes no gold. */
const BARE_CHARS = 200;

interface Change {
  readonly id: string;
  readonly gold: string;
  readonly pred: string;
  readonly forth: string;
  readonly back: string;
}

interface Counts {
  readonly file: string;
  pairs: number;
  same: number;
  abstained: number;
  readonly changes: Change[];
}

/** Whether a verdict stays when the right answer and the response change places. */
export function symmetry(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: { file: { type: "string" }, json: { type: "boolean" } },
  });
  const files = mathFiles().filter((name) => name.includes(values.file ?? ""));
  if (files.length === 0) {
    process.stderr.write(noVectors);
    return;
  }
  const counts = files.map(countsOf);
  if (values.json) out(JSON.stringify(counts, null, 2));
  else print(counts);
}

function countsOf(file: string): Counts {
  const verifier = registry.find("math");
  if (verifier === undefined) throw new Error("math is not shipped");
  const counts: Counts = { file, pairs: 0, same: 0, abstained: 0, changes: [] };
  for (const row of readRows(file)) {
    const { id, gold, pred } = row;
    if (gold === undefined || gold.length > BARE_CHARS || pred.length > BARE_CHARS) continue;
    const swapped: Row = { ...row, gold: pred, pred: gold };
    const [forth, back] = [row, swapped].map((one) => {
      const { spec, response } = caseOf(one);
      return timed(verifier, spec, response).verdict;
    }) as [Outcome, Outcome];
    counts.pairs++;
    if (forth.outcome === "abstained" || back.outcome === "abstained") counts.abstained++;
    else if (scoreOf(forth) === scoreOf(back)) counts.same++;
    else counts.changes.push({ id, gold, pred, forth: words(forth), back: words(back) });
  }
  return counts;
}

function print(counts: readonly Counts[]): void {
  for (const { file, changes } of counts)
    for (const { id, gold, pred, forth, back } of changes)
      out(
        `${file}  ${id}  ${JSON.stringify(gold)} || ${JSON.stringify(pred)}  ${forth}; changed over ${back}`,
      );
  const rows = counts.map(({ file, pairs, same, abstained, changes }) => [
    file,
    pairs,
    same,
    changes.length,
    abstained,
  ]);
  const total = rows.reduce<(string | number)[]>(
    (sum, row) => sum.map((value, i) => (i === 0 ? value : Number(value) + Number(row[i]))),
    ["total", 0, 0, 0, 0],
  );
  out(table([["file", "bare pairs", "same", "changed", "abstained"], ...rows, total]));
}

function scoreOf(verdict: Outcome): number | string {
  return verdict.outcome === "scored" ? verdict.score : verdict.outcome;
}

function words(verdict: Outcome): string {
  return `${scoreOf(verdict)} ${verdict.reason}`;
}
