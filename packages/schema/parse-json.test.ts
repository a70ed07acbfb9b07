import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";
import { anyJson, meaningOf } from "./testing/json.ts";

describe("JSON of strangers", () => {
  it("is what JSON.parse makes of it, also where a key has a backslash", () => {
    fc.assert(
      fc.property(anyJson, (text) => {
        expect(parseJson(text)).toEqual(meaningOf(text));
        expect(parseJson(`{"\\\\":${text}}`)).toEqual({ "\\": meaningOf(text) });
      }),
    );
  });

  it("has its own keys, whatever was read before", () => {
    parseJson('{"a":1,"\\\\u":2}');
    parseJson('{"a":1,"b\\\\":2}');
    expect(parseJson('{"a":1,"\\u6e29\\u5ea6":2}')).toEqual({ a: 1, 温度: 2 });
    expect(parseJson('{"a":1,"b\\/":2}')).toEqual({ a: 1, "b/": 2 });
    expect(parseJson('[{"a":1,"b\\n":{"__proto__":3}}]')).toEqual([
      { a: 1, "b\n": JSON.parse('{"__proto__":3}') },
    ]);
  });

  it("is refused where a key has a backslash and another hides what no reader should recurse into", () => {
    const deep = `${"[".repeat(1e5)}${"]".repeat(1e5)}`;
    expect(() => parseJson(`{"\\\\":1,"a":${deep},"a":1}`)).toThrow(
      /^nested deeper than \d+ levels$/,
    );
  });

  it("is refused where an object has too many keys, by the first of them", () => {
    const members = (count: number) =>
      Array.from({ length: count }, (_, i) => `"k${i}":0`).join(",");
    expect(parseJson(`[{${members(65_536)}},{${members(65_536)}}]`)).toHaveLength(2);
    expect(() => parseJson(`[[{"a":{${members(65_537)}}}]]`)).toThrow(
      'expected at most 65536 keys in an object, got more in the one that begins with "k0"',
    );
  });

  it("is refused where it is too many values, unless they are numbers", () => {
    const list = (count: number, item: string) => `[${Array(count).fill(item)}]`;
    expect(parseJson(list(1_100_000, "1"))).toHaveLength(1_100_000);
    expect(parseJson(list(999_999, '""'))).toHaveLength(999_999);
    for (const item of ['""', "[]", "{}"])
      expect(() => parseJson(list(1_000_000, item))).toThrow(
        "expected at most 1000000 strings, arrays and objects on a line, got more",
      );
    // Neither is what is no JSON gone through for ever.
    for (const text of [`"${"a".repeat(2e6)}`, "[".repeat(2e6), `${list(9e5, "[]")}"`])
      expect(() => parseJson(text)).toThrow(/^(not JSON|expected at most)/);
  });
});
