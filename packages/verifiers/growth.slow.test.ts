import { describe, expect, it } from "vitest";
import { registry } from "./shipped.ts";
import { grade, specsOf } from "./testing/grade.ts";
import { growth, HOSTILE, MOST_GROWTH } from "./testing/hostile.ts";

/** A quarter of a megabyte against a megabyte. */
const SIZE = 250_000;
/** Below this the machine's noise is larger than what is measured. */
const FLOOR_MS = 10;

const verifiers = registry.all().filter(({ needs }) => needs === undefined);

const all = verifiers.flatMap((verifier) =>
  specsOf(verifier).map((spec) => ({ verifier, name: verifier.name, spec })),
);

describe.each(all)("$name $spec", ({ verifier, spec }) => {
  it("takes four times as long for four times the input", { timeout: 300_000 }, async () => {
    for (const { name, make } of HOSTILE) {
      const grown = await growth((size) => grade(verifier, spec, make(size)), SIZE, FLOOR_MS);
      expect(grown, name).toBeLessThan(MOST_GROWTH);
    }
  });
});
