import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  eachItem,
  eachMember,
  endOfValue,
  keyOf,
  lastMemberSpan,
  memberSpan,
  numberSpans,
  onOneLine,
  pathTo,
  textDepthWithin,
} from "./json-text.ts";
import { anyJson, anyObject, meaningOf } from "./testing/json.ts";

describe("JSON text", () => {
  it("is cut into the members that JSON.parse finds, the last of several with one key", () => {
    fc.assert(
      fc.property(anyObject, (text) => {
        const found = new Map<string, unknown>();
        const end = eachMember(text, 0, (start, keyStart, keyEnd) => {
          const end = endOfValue(text, start);
          found.set(keyOf(text, keyStart, keyEnd), meaningOf(text.slice(start, end)));
          return end;
        });
        expect(text.slice(end).trim()).toBe("");
        expect([...found].sort(byKey)).toEqual(
          Object.entries(meaningOf(text) as object).sort(byKey),
        );
        for (const [key, value] of found) {
          const span = memberSpan(text, 0, key);
          expect(meaningOf(text.slice(span?.start, span?.end))).toEqual(value);
        }
      }),
    );
  });

  it("shows its last member without the rest, or nothing, but never another", () => {
    fc.assert(
      fc.property(anyObject, fc.constantFrom("a", "metadata", "__proto__"), (text, key) => {
        const span = lastMemberSpan(text, key);
        if (span !== undefined) expect(span).toEqual(memberSpan(text, 0, key));
      }),
    );
    const text = '{"a":{"metadata":1},"metadata" : {"b":"}"} } ';
    expect(lastMemberSpan(text, "metadata")).toEqual(memberSpan(text, 0, "metadata"));
  });

  it("is cut into the items that JSON.parse finds", () => {
    fc.assert(
      fc.property(fc.array(anyJson), (items) => {
        const text = ` [ ${items.join(" , ")} ] `;
        const found: unknown[] = [];
        const end = eachItem(text, 0, (start) => {
          const end = endOfValue(text, start);
          found.push(meaningOf(text.slice(start, end)));
          return end;
        });
        expect(text.slice(end).trim()).toBe("");
        expect(found).toEqual(meaningOf(text));
      }),
    );
  });

  it("shows its numbers, each with the path to it", () => {
    fc.assert(
      fc.property(anyJson, (json) => {
        // Each number another, so that it can be told where it came to.
        let count = 0;
        const text = json.replace(/"(?:[^"\\]|\\.)*"|-?\d[-+.\deE]*/g, (token) =>
          token.startsWith('"') ? token : `${count++}`,
        );
        const spans = [...numberSpans(text, { start: 0, end: text.length })];
        expect(spans.map(({ end, start }) => text.slice(start, end))).toEqual(
          Array.from({ length: count }, (_, i) => `${i}`),
        );
        for (const [path, number] of numbersOf(meaningOf(text)))
          expect(pathTo(text, 0, spans[number]?.start ?? -1)).toEqual(path);
      }),
    );
  });

  it("is as deep as it is written, also where a key hides a deeper value by standing twice", () => {
    const deep = `${"[".repeat(101)}${"]".repeat(101)}`;
    expect(textDepthWithin(deep, 101)).toBe(true);
    expect(textDepthWithin(deep, 100)).toBe(false);
    expect(textDepthWithin(`{"a":${deep},"a":1}`, 100)).toBe(false);
    expect(textDepthWithin(`{"a":"${"[".repeat(300)}"}`, 100)).toBe(true);
  });

  it("comes onto one line without another value", () => {
    expect(onOneLine('{"a":\r\n1}')).toBe('{"a":  1}');
  });
});

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function numbersOf(value: unknown, path: PropertyKey[] = []): [PropertyKey[], number][] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap((item, index) => numbersOf(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => numbersOf(item, [...path, key]));
}
