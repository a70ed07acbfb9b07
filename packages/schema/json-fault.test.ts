import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainJson } from "./json-fault.ts";
import { parseJson } from "./parse-json.ts";

const pieces = fc.constantFrom(
  ..."{}[],:\"'\\ \t01-.eE+",
  ...'true false null NaN 1.5 -0 1e9 01 "a" "\\u00e9" "\\x" \u0001 \ufeff // a'.split(" "),
);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("text that is no JSON", () => {
  it("is faulted where JSON.parse refuses it, and nowhere else", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (some) => {
        const text = some.join("");
        const said = explainJson(text);
        expect(/expected the end of the line, got the end/.test(said), `${text}: ${said}`).toBe(
          isJson(text),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it("is faulted at a column up to which it could have gone on as JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), pieces, (json, place, piece) => {
        const at = place % (json.length + 1);
        const text = json.slice(0, at) + piece + json.slice(at);
        if (isJson(text)) return;
        const column = Number(/^column (\d+)/.exec(explainJson(text))?.[1]);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual(text.length + 1);
        // What precedes an insertion is the beginning of something good, except for a number or an
        // escape that is cut in two, which is faulted where it begins.
        const cut = /[\\\w.+-]*$/.exec(json.slice(0, at))?.[0] ?? "";
        expect(column).toBeGreaterThan(at - cut.length);
      }),
    );
  });

  it.each([
    ['{"a": NaN}', "column 7: expected a value, got NaN} (JSON has no such number: write null)"],
    ['{"a": -Infinity}', "JSON has no such number"],
    ["{'a': 1}", "write with json.dumps, not str()"],
    ['{"a": None}', "write with json.dumps, not str()"],
    ['{"a": 1,}', "column 9: expected a key in double quotes, got } (no comma before it)"],
    ["[1, 2,]", "no comma before it"],
    ['{"a": 1} // b', "JSON has no comments"],
    ["{", "got the end (one whole object a line, not over several)"],
    ["[", "got the end (one whole object a line, not over several)"],
    ['  "id": "t1",', "one whole object a line, not over several"],
    ["},", "one whole object a line, not over several"],
    ['{"a": 1},', "one object a line, no comma between"],
    ['{"a": 1}{"b": 2}', "one object a line"],
    ['{"a": "b', 'expected the closing ", got the end (the line ends too early'],
    ['{"a": "\t"}', "write it as an escape"],
    ['{"a": "\\x41"}', "expected one of the escapes"],
    ['{\0"\0', "is this UTF-16? write UTF-8"],
    [
      '\ufeff{"a": 1}',
      '\\ufeff{"a": 1} (a byte order mark may stand at the start of a file alone)',
    ],
    ["{a: 1}", "keys have double quotes"],
    ['{"a": .5}', "numbers are written like -0.5e3"],
    ['{"a": 007}', "numbers are written like -0.5e3"],
    ["", "column 1: expected a value, got the end"],
  ])("such as %s is told in words that help", (text, words) => {
    expect(explainJson(text)).toContain(words);
  });

  it("is told in few words, however long it is and however deep", () => {
    for (const text of [`{"a": ${"k".repeat(1e6)}}`, "[".repeat(1e6), `{"${"\\u".repeat(1e5)}`])
      expect(() => parseJson(text)).toThrow(/^not JSON: column .{1,200}$/);
  });
});
