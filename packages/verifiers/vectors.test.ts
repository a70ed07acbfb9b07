import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Verifier } from "./define.ts";
import { registry } from "./shipped.ts";
import { grade } from "./testing/grade.ts";
import { verifierFolders } from "./walk.ts";

interface Vector {
  readonly id: string;
  readonly source: string;
  readonly spec: unknown;
  readonly response: string;
  readonly score: number;
}

/** Beside the repository on the machines where it is built, and nowhere else. */
const SHARED = join(import.meta.dirname, "../../../shared/vectors");
const shared = existsSync(SHARED);
const why = shared ? "" : ` (skipped: no ${SHARED} here)`;

function scoreOf(verifier: Verifier | undefined, spec: unknown, response: string): number | null {
  if (verifier === undefined) throw new Error("not shipped");
  const verdict = grade(verifier, spec, response);
  if (verdict instanceof Promise || verdict.outcome === "error") throw new Error("no verdict");
  return verdict.outcome === "scored" ? verdict.score : null;
}

describe.each(verifierFolders())("%s: the committed vectors", (folder) => {
  const file = join(import.meta.dirname, folder, "vectors.jsonl");
  const vectors = existsSync(file) ? (lines(readFileSync(file, "utf8")) as Vector[]) : [];

  it.runIf(vectors.length > 0)("agree, each with its source", () => {
    expect(new Set(vectors.map(({ id }) => id)).size).toBe(vectors.length);
    for (const { id, source, spec, response, score } of vectors) {
      expect(source, id).toMatch(/\((?:MIT|Apache-2\.0)/);
      expect(scoreOf(registry.find(folder), spec, response), id).toBeCloseTo(score, 12);
    }
  });
});

interface Labelled {
  readonly id: string;
  readonly gold: string;
  readonly pred: string;
  readonly expected: number | null;
  readonly truth?: number | null;
  readonly config?: {
    readonly float_rounding?: number;
    readonly match_types?: readonly string[];
  };
}

describe.skipIf(!shared)(`the shared vectors${why}`, () => {
  const math = registry.find("math");

  // What is left over is listed, with its reasons, by `npm run parity -- math`.
  it.each([
    ["math-mathverify", 0.99],
    ["math-mathverify-new", 0.95],
    ["math-latex2sympy", 0.99],
    ["math-lighteval", 0.96],
    ["math-probe", 0.97],
    ["math-outputs-gsm8k-openai-5276", 1],
    ["math-outputs-rho-gsm8k-5276", 1],
    ["math-outputs-rho-math500-2000", 0.998],
    ["math-outputs-rho-math500-extracted-2000", 0.998],
    ["math-outputs-math-test-self-5000", 1],
  ])("math: %s agree to at least %d", (name, least) => {
    const rows = (read(name) as Labelled[])
      .map((row) => ({ row, label: row.truth !== undefined ? row.truth : row.expected }))
      .filter(
        ({ row, label }) => label !== null && !row.config?.match_types?.includes("NativeLetters"),
      );
    const agree = rows.filter(({ row, label }) => {
      const decimals = row.config?.float_rounding ?? 6;
      return scoreOf(math, { answer: row.gold, decimals }, row.pred) === label;
    });
    expect(rows.length).toBeGreaterThan(40);
    expect(agree.length / rows.length).toBeGreaterThanOrEqual(least);
  });

  it("qa: every row agrees with SQuAD's own script, to the last bit", () => {
    for (const row of read("qa-em-f1") as QaRow[])
      for (const metric of ["em", "f1"] as const) {
        const spec = { answers: row.task.golds, metric };
        const score = scoreOf(registry.find("qa"), spec, row.response);
        expect(score, row.id).toBe(row.expected.squad_v1[metric]);
      }
  });

  it("choice: accepts what half of ten extractors accept, and little that none does", () => {
    const rows = (read("qa-mcq") as McqRow[]).map(({ id, task, response, expected }) => {
      const spec = { answer: task.expected_answer, options: task.options.flatMap(Object.values) };
      const votes = Object.values(expected.correct).filter(Boolean).length;
      return { id, votes, score: scoreOf(registry.find("choice"), spec, response) };
    });
    for (const { id, votes, score } of rows) if (votes >= 5) expect(score, id).toBe(1);
    const alone = rows.filter(({ votes, score }) => votes === 0 && score === 1);
    expect(alone.length / rows.length).toBeLessThan(0.05);
  });
});

interface QaRow {
  readonly id: string;
  readonly task: { readonly golds: readonly string[] };
  readonly response: string;
  readonly expected: { readonly squad_v1: { readonly em: number; readonly f1: number } };
}

interface McqRow {
  readonly id: string;
  readonly task: {
    readonly expected_answer: string;
    readonly options: readonly Readonly<Record<string, string>>[];
  };
  readonly response: string;
  readonly expected: { readonly correct: Readonly<Record<string, boolean>> };
}

function read(name: string): unknown[] {
  return lines(gunzipSync(readFileSync(join(SHARED, `${name}.jsonl.gz`))).toString("utf8"));
}

function lines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
