import { addTally, emptyTally, meanReward } from "@assay/grading";
import type { Rejection, Tally } from "@assay/schema";
import { EXIT } from "./exit.ts";
import { printable, table } from "./output.ts";

/** One row of the closing table. */
export interface Row {
  readonly name: string;
  readonly tally: Tally;
}

/** The closing table: what was graded, how it ended, and by which verifiers. */
export function closingTable(rows: readonly Row[], seconds: number): string {
  const all = total(rows);
  const shown = rows.length > 1 ? [...rows, { name: "all", tally: all }] : rows;
  const sources = table([
    ["", "lines", "records", "scored", "abstained", "error", "mean reward"],
    ...shown.map(({ name, tally }) => [
      printable(name),
      count(tally.lines),
      count(tally.trajectories),
      count(tally.counts.scored),
      count(tally.counts.abstained),
      count(tally.counts.error),
      meanReward(tally)?.toFixed(4) ?? "-",
    ]),
  ]);
  const verifiers = Object.entries(all.verifiers)
    .sort()
    .map(([name, times]) => `${name} ${count(times)}`);
  const rate = count(Math.round(all.lines / Math.max(seconds, 1e-3)));
  const spoke = verifiers.length === 0 ? "" : `${verifiers.join(", ")}; `;
  return `${sources}\n${spoke}${seconds.toFixed(2)} s, ${rate} lines/s`;
}

/** The same for programs, with what was rejected where something was. */
export function summaryJson(
  job: string,
  rows: readonly Row[],
  seconds: number,
  rejected: readonly (Pick<Rejection, "reason" | "message"> & { readonly name: string })[] = [],
): string {
  const describe = (tally: Tally) => ({
    lines: tally.lines,
    trajectories: tally.trajectories,
    counts: tally.counts,
    mean_reward: meanReward(tally),
    verifiers: tally.verifiers,
  });
  const sources = rows.map(({ name, tally }) => ({ name, ...describe(tally) }));
  return JSON.stringify({
    job,
    ...describe(total(rows)),
    seconds,
    sources,
    ...(rejected.length === 0 ? {} : { rejected }),
  });
}

export function exitStatus(rows: readonly Row[]): number {
  return total(rows).counts.error > 0 ? EXIT.errors : EXIT.done;
}

function total(rows: readonly Row[]): Tally {
  const tally = emptyTally();
  for (const row of rows) addTally(tally, row.tally);
  return tally;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
