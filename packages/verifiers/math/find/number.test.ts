import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grade } from "../../testing/grade.ts";
import math from "../index.ts";
import { MAX_DIGITS } from "../parse/digits.ts";
import { readBoxed, readPlain } from "./plain.ts";
import type { Rational } from "./rational.ts";

function read(text: string): Rational | undefined {
  const token = readBoxed(text);
  return token.failed === undefined ? token.value : undefined;
}

/** Whether `text` is read as exactly num/den. */
function reads(text: string, num: bigint, den = 1n): boolean {
  const value = read(text);
  return value !== undefined && value.num * den === num * value.den;
}

const integers = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const naturals = fc.bigInt({ min: 0n, max: 10n ** 30n });
const positives = fc.bigInt({ min: 1n, max: 10n ** 12n });

describe("a plain number", () => {
  it("is read from its digits, however they are grouped", () => {
    fc.assert(
      fc.property(integers, fc.constantFrom("", ",", "{,}", "\\,", "_", "\u00a0"), (n, mark) => {
        const digits = String(n < 0n ? -n : n).replace(/\B(?=(\d{3})+$)/g, mark);
        return reads(`${n < 0n ? "-" : ""}${digits}`, n);
      }),
    );
  });

  it("is exact as a decimal, as a fraction and in powers of ten", () => {
    fc.assert(
      fc.property(integers, positives, fc.integer({ min: 1, max: 40 }), (n, d, places) => {
        const sign = n < 0n ? "-" : "";
        const size = n < 0n ? -n : n;
        const padded = String(size).padStart(places + 1, "0");
        const decimal = `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
        expect(reads(decimal, n, 10n ** BigInt(places))).toBe(true);
        expect(reads(`${n}/${d}`, n, d)).toBe(true);
        expect(reads(`\\frac{${n}}{${d}}`, n, d)).toBe(true);
        expect(reads(`${sign}\\dfrac{${size}}{${d}}`, n, d)).toBe(true);
        expect(reads(`${n}e${places}`, n * 10n ** BigInt(places))).toBe(true);
        expect(reads(`${n} \\times 10^{-${places}}`, n, 10n ** BigInt(places))).toBe(true);
      }),
    );
  });

  it("is mixed only with a proper fraction", () => {
    fc.assert(
      fc.property(naturals, fc.integer({ min: 1, max: 99 }), positives, (whole, above, size) => {
        const below = (size % 99n) + 1n;
        const text = `${whole}\\frac{${above}}{${below}}`;
        const proper = BigInt(above) < below;
        return proper
          ? reads(text, whole * below + BigInt(above), below)
          : read(text) === undefined;
      }),
    );
  });

  it("keeps its value in any dressing", () => {
    const dressings = [
      "$%",
      "\\$%",
      "% dollars",
      "%\\text{ km/h}",
      "$%$",
      "\\(%\\)",
      "x = %",
      "\\left(%\\right)",
      "**%**",
      "%^\\circ",
      "€%",
      "%.",
      "\\boxed{%}",
      "% \\text{ cm}^2",
      "\\text{%}",
    ];
    fc.assert(
      fc.property(naturals, fc.constantFrom(...dressings), (n, dressing) =>
        reads(dressing.replace("%", String(n)), n),
      ),
    );
  });

  it("is none where more than dressing stands beside it", () => {
    for (const text of [
      "5x",
      "2xy",
      "5\\pi",
      "5\\sqrt{2}",
      "5^2",
      "5!",
      "x > 5",
      "x \\le 5",
      "5, 6",
      "5 or 6",
      "(5, 6)",
      "\\{5\\}",
      "5-6",
      "5 + 6",
      "1/2/3",
      "1:2",
      "5:30",
      "1.2.3",
      "1,2",
      "1,2345",
      "12,34",
      "--5",
      "1/0",
      "2 3",
      "5\\text{ and }6",
      "5 i",
      "x + y = 5",
      "2x = 5",
      "x = 5, y = 5",
      "5 m",
      "11 6/6",
      "",
      "five",
      "\\mathrm{e}",
      "5\\mathrm{e}",
      "5π",
    ])
      expect(read(text), text).toBeUndefined();
  });

  it("has no more digits than are read", () => {
    expect(readPlain("7".repeat(MAX_DIGITS), false).failed).toBeUndefined();
    expect(readPlain("7".repeat(MAX_DIGITS + 1), false).failed).toBe("over_limit");
    expect(readPlain(`0.${"7".repeat(MAX_DIGITS)}`, false).failed).toBe("over_limit");
    expect(readPlain(`1${",000".repeat(MAX_DIGITS)}`, false).failed).toBe("over_limit");
    expect(readPlain("1e1001", false).failed).toBe("over_limit");
    expect(readPlain("1e-1000", false).failed).toBeUndefined();
  });
});

describe("any text", () => {
  const pieces = fc.array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 5 }),
      fc.constantFrom(
        ..."\\boxed{ } \\frac{ { 1 23 , . / - = ^ _ $ % #### A: answer is Answer: \\text{ \\times 10 e9 ½ and or <answer> </answer> \n".split(
          " ",
        ),
        " ",
      ),
    ),
    { maxLength: 30 },
  );

  it("is scored without failing, and the same way twice", () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const response = parts.join("");
        const verdict = grade(math, { answer: "23" }, response);
        expect(verdict).toMatchObject({ outcome: "scored" });
        expect(grade(math, { answer: "23" }, response)).toEqual(verdict);
      }),
      { numRuns: 1_000 },
    );
  });

  it("as a task's answer is a number or the task's fault", () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const verdict = grade(math, { answer: parts.join("") }, "23");
        expect(["scored", "abstained"]).toContain("outcome" in verdict ? verdict.outcome : "");
      }),
    );
  });
});
