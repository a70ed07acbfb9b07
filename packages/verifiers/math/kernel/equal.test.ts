import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Numeral } from "../tree.ts";
import { Budget } from "./budget.ts";
import { sameValue } from "./equal.ts";

const numerals = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.bigInt({ min: 1n, max: 10n ** 12n }),
    fc.boolean(),
  )
  .map(([num, den, decimal]): Numeral => ({ type: "num", num, den, decimal }));
const places = fc.integer({ min: 0, max: 12 });

const same = (a: Numeral, b: Numeral, decimals: number) =>
  sameValue(a, b, decimals, new Budget(1_000));

describe("equality of numbers", () => {
  it("is reflexive and symmetric", () => {
    fc.assert(
      fc.property(numerals, numerals, places, (a, b, decimals) => {
        expect(same(a, a, decimals)).toBe(true);
        expect(same(a, b, decimals)).toBe(same(b, a, decimals));
      }),
    );
  });

  it("of decimals never spans more than one step of rounding", () => {
    fc.assert(
      fc.property(numerals, numerals, places, (a, b, decimals) => {
        if (!same(a, b, decimals)) return;
        const distance = a.num * b.den - b.num * a.den;
        const size = distance < 0n ? -distance : distance;
        expect(size * 10n ** BigInt(decimals) <= a.den * b.den).toBe(true);
      }),
    );
  });
});
