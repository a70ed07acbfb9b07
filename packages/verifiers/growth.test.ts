import { describe, expect, it } from "vitest";
import { registry } from "./shipped.ts";
import { grade, specsOf } from "./testing/grade.ts";
import { growth, HOSTILE, MOST_GROWTH } from "./testing/hostile.ts";

/** Characters at which quadratic work takes ten seconds and linear work milliseconds, so that time
 * alone tells; `growth.slow.test.ts` measures the growth itself up to a megabyte. */
const SIZE = 100_000;
const UNSUSPECTED_MS = 40;

describe("the instrument", () => {
  it("tells linear work from quadratic", async () => {
    const spin = (steps: number) => {
      let sum = 0;
      for (let i = 0; i < steps; i++) sum = (sum + i) % 7;
      return sum;
    };
    expect(await growth((size) => spin(size * 20), SIZE, 0)).toBeLessThan(MOST_GROWTH);
    const quadratic = await growth((size) => spin((size / 80) ** 2), SIZE, 0);
    expect(quadratic).toBeGreaterThan(MOST_GROWTH);
  });
});

// What needs a sandbox or a model is judged elsewhere.
const verifiers = registry.all().filter(({ needs }) => needs === undefined);

const all = verifiers.flatMap((verifier) =>
  specsOf(verifier).map((spec) => ({ verifier, name: verifier.name, spec })),
);

describe.each(all)("$name $spec", ({ verifier, spec }) => {
  it("reads hostile responses in linear time", { timeout: 120_000 }, async () => {
    for (const { name, make } of HOSTILE) {
      const grown = await growth((size) => grade(verifier, spec, make(size)), SIZE, UNSUSPECTED_MS);
      expect(grown, name).toBeLessThan(MOST_GROWTH);
    }
  });

  it("never fails on hostile responses", async () => {
    for (const { name, make } of HOSTILE)
      expect(await grade(verifier, spec, make(1_000)), name).toMatchObject({ outcome: "scored" });
  });
});
