import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalWords } from "./normalise.ts";
import { f1, normalise } from "./squad.ts";

const texts = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(
      fc.constantFrom("the ", "A", "an", "The", " cat", "Σ", "İ", "_", ".", "\u0301", "\u2028"),
    )
    .map((parts) => parts.join("")),
);

describe("the normal form", () => {
  it("is its own normal form", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const words = normalWords(text);
        expect(normalWords(words.join(" "))).toEqual(words);
      }),
    );
  });

  it("has neither ASCII punctuation nor capitals, articles or white space", () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const word of normalWords(text))
          expect(word).not.toMatch(/^(?:a|an|the)$|[A-Z!-/:-@ \t\n\u2028]/);
      }),
    );
  });

  it("follows Python where JavaScript differs", () => {
    expect(normalWords("a\u0301b")).toEqual(["\u0301b"]); // a mark is no word character: \b before it
    expect(normalWords("aé thé")).toEqual(["aé", "thé"]);
    expect(normalWords("the² a½")).toEqual(["the²", "a½"]);
    expect(normalWords("x\x1cy\x85z")).toEqual(["x", "y", "z"]);
    expect(normalWords("x\ufeffy")).toEqual(["x\ufeffy"]);
    expect(normalWords("ΟΔΟΣ")).toEqual(["οδος"]);
    expect(normalWords("t.h.e c_a_t")).toEqual(["cat"]);
  });
});

describe("f1", () => {
  it("lies in 0..1, does not mind which side is which, and is 1 for the same words", () => {
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        const [a, b] = [normalise(left), normalise(right)];
        expect(f1(a, b)).toBeGreaterThanOrEqual(0);
        expect(f1(a, b)).toBeLessThanOrEqual(1);
        expect(f1(a, b)).toBe(f1(b, a));
        expect(f1(a, a)).toBe(a.length === 0 ? 0 : 1);
      }),
    );
  });
});
