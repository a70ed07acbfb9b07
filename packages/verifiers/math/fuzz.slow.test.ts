import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../shipped.ts";
import { grade } from "../testing/grade.ts";
import { type Kind, type Pair, pairs } from "./testing/pairs.ts";

/** Pairs of each kind, the same ones each time. `FUZZ_RUNS` makes it as many as one has time for,
 * `FUZZ_SEED` others: of a hundred thousand a few are towers of powers that agree to more bits than
 * are compared, or logarithms of a sine that is zero. */
const options = {
  numRuns: Number(process.env["FUZZ_RUNS"] ?? 1_500),
  seed: Number(process.env["FUZZ_SEED"] ?? 1),
};

const math = registry.find("math");

function score(gold: string, response: string): number | string {
  if (math === undefined) throw new Error("math is not shipped");
  const verdict = grade(math, { answer: gold }, response);
  if (verdict instanceof Promise) throw new Error("math answers at once");
  // Answers as small as these cost few steps.
  const isJudged = verdict.outcome === "scored" && verdict.reason !== "budget";
  return isJudged ? verdict.score : `${verdict.outcome}, ${verdict.reason}`;
}

describe("random answers", () => {
  const judged = ({ gold, response, isSame }: Pair) => {
    expect(score(gold, response)).toBe(isSame ? 1 : 0);
    expect(score(gold, response), "a second time").toBe(isSame ? 1 : 0);
  };
  const claims: readonly (readonly [string, Kind])[] = [
    ["equal themselves in any spelling", "spelled"],
    ["equal themselves in any algebra", "rewritten"],
    ["differ where one leaf does", "changed"],
  ];

  it.each(claims)("%s", { timeout: 600_000 }, (_, kind) => {
    fc.assert(fc.property(pairs(kind), judged), options);
  });

  it("are judged the same with task and response exchanged", { timeout: 600_000 }, () => {
    const any = fc.oneof(pairs("spelled"), pairs("rewritten"), pairs("changed"));
    fc.assert(
      fc.property(any, ({ left, right }) => {
        expect(score(left, right)).toBe(score(right, left));
      }),
      options,
    );
  });
});
