import type { RewardRecord } from "@assay/schema";
import { expect } from "vitest";
import { alike, type Case, INVALID, type LineError, type Outcome } from "./outcome.ts";

/** Compares what was found of each case with what its table says, all at once. */
export function expectTable<T extends Case>(
  cases: readonly T[],
  found: (one: T) => unknown,
  expected: (one: T) => unknown = ({ outcome }) => withClasses(outcome),
): void {
  const wanted = new Map(cases.map((one) => [one.input, expected(one)]));
  expect(wanted.size, "each input has a name of its own").toBe(cases.length);
  const seen = cases.map((one) => [one.input, alike(wanted.get(one.input), found(one))] as const);
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(wanted));
}

/** Errors of which the table names no class are of the usual one. */
export function withClasses(outcome: Outcome): Outcome {
  if ("error" in outcome) return { class: INVALID, ...outcome };
  if (!("graded" in outcome) || outcome.errors === undefined) return outcome;
  return { ...outcome, errors: outcome.errors.map((one) => ({ class: INVALID, ...one })) };
}

/** A record, as the table has it. */
export function outcomeOf({ components, error, outcome, reward }: RewardRecord): Outcome {
  const reason = components[0]?.reason ?? "";
  if (outcome === "scored") return { scored: reward ?? Number.NaN, reason };
  if (outcome === "abstained") return { abstained: reason };
  return { error: error?.message ?? "", class: error?.class ?? "" };
}

/** The records of a file, as the table has it. */
export function outcomeOfAll(graded: number, errors: readonly LineError[]): Outcome {
  return errors.length === 0 ? { graded } : { graded, errors };
}

/** What the command line says of a file's lines. */
export function errorLines(stderr: string, file: string): LineError[] {
  return stderr.split("\n").flatMap((line) => {
    if (!line.startsWith(`${file}:`)) return [];
    const [, at, message, kind] = /^(\d+): (.*) \((\w+)\)$/.exec(line.slice(file.length + 1)) ?? [];
    return message === undefined || kind === undefined
      ? []
      : [{ at: Number(at), message, class: kind }];
  });
}

/** JSON lines, each with its text. */
export function readRecords(jsonLines: string): { record: RewardRecord; text: string }[] {
  const lines = jsonLines.split("\n").slice(0, -1);
  return lines.map((text) => ({ text, record: JSON.parse(text) }));
}
