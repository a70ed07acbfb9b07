import type { Component } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { combine } from "./rubric.ts";

type Short = Partial<Component> & { optional?: boolean };

function end(how: "mean" | "sum", ...parts: Short[]) {
  const components = parts.map(
    ({ optional: _, ...part }): Component => ({
      name: "n",
      verifier: "v@1",
      outcome: part.score === undefined || part.score === null ? "abstained" : "scored",
      score: null,
      weight: 1,
      gate: false,
      reason: "r",
      detail: {},
      ms: 0,
      ...part,
    }),
  );
  const rubric = { combine: how, components: parts.map(({ optional = false }) => ({ optional })) };
  return combine(components, rubric);
}

const failed = (retryable: boolean): Short => ({
  outcome: "error",
  error: { class: `c${retryable}`, message: "m", retryable },
});

describe("a rubric", () => {
  it("takes the weighted mean", () => {
    expect(end("mean", { score: 1, weight: 3 }, { score: 0, weight: 1 }).reward).toBe(0.75);
    expect(end("mean", { score: 1, weight: 0 }, { score: 0.5 }).reward).toBe(0.5);
  });

  it("takes the weighted sum, with penalties", () => {
    expect(end("sum", { score: 1 }, { score: 1, weight: -0.25 }).reward).toBe(0.75);
  });

  it("gives 0 where a gate scores 0, and leaves gates out of the arithmetic", () => {
    expect(end("mean", { score: 1 }, { score: 0, gate: true, weight: 0 }).reward).toBe(0);
    expect(end("mean", { score: 0.5 }, { score: 1, gate: true, weight: 0 }).reward).toBe(0.5);
  });

  it("abstains or errs where a component does: nothing is renormalised in silence", () => {
    expect(end("mean", { score: 1 }, {}).outcome).toBe("abstained");
    expect(end("mean", { score: 1 }, {}, failed(false)).outcome).toBe("error");
    expect(end("mean", { score: 0, gate: true }, failed(true)).outcome).toBe("error");
  });

  it("leaves out optional components that abstain or err", () => {
    expect(end("mean", { score: 1 }, { optional: true }).reward).toBe(1);
    expect(end("sum", { score: 0.5 }, { ...failed(true), optional: true }).reward).toBe(0.5);
  });

  it("abstains where nothing with a weight is left", () => {
    expect(end("mean", { optional: true }).outcome).toBe("abstained");
    expect(end("mean", { score: 1, weight: 0 }).outcome).toBe("abstained");
    expect(end("sum", { score: 1, gate: true }).outcome).toBe("abstained");
  });

  it("is retryable where anything in it is", () => {
    expect(end("mean", failed(false), failed(true))).toMatchObject({
      error: { class: "ctrue", retryable: true },
    });
  });

  it("never gives a reward that is not finite", () => {
    expect(end("sum", { score: 1e308, weight: 1e308 })).toMatchObject({ outcome: "error" });
  });
});
