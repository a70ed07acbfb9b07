// Ours over labelled pairs, as `test/parity/math_verify_rows.py` does it: the same lines in and out.
import { text } from "node:stream/consumers";
import { registry } from "../packages/verifiers/shipped.ts";
import { grade } from "../packages/verifiers/testing/grade.ts";
import type { Pair } from "./math-verify.ts";
import { out } from "./print.ts";

const verifier = registry.find("math");
if (verifier === undefined) throw new Error("math is not shipped");

/** The task is prepared anew each time: the other side parses its gold anew too. */
function graded({ id, gold, pred, float_rounding }: Pair): [string, number | null, number] {
  if (verifier === undefined) throw new Error("math is not shipped");
  const started = performance.now();
  const decimals = float_rounding === undefined ? {} : { decimals: float_rounding };
  const verdict = grade(verifier, { answer: gold, ...decimals }, pred);
  if (verdict instanceof Promise) throw new Error("this verifier answers later");
  const score = verdict.outcome === "scored" ? verdict.score : null;
  return [id, score, performance.now() - started];
}

out(JSON.stringify({ versions: `math@${verifier.version}, Node ${process.versions.node}` }));
const lines = (await text(process.stdin)).split("\n").filter((line) => line !== "");
const pairs = lines.map((line) => JSON.parse(line) as Pair);
for (const pass of ["first", "second"]) {
  const started = performance.now();
  const rows = pairs.map(graded);
  out(JSON.stringify({ pass, seconds: (performance.now() - started) / 1_000, rows }));
}
