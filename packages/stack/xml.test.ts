import fc from "fast-check";
import { expect, test } from "vitest";
import { childrenNamed, childText, parseXml, writeXml } from "./xml.ts";

test("what is written is what is read", () => {
  const text = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(text, text, (first, second) => {
      const source = writeXml("Root", [
        ["Key", first],
        ["List", [["Key", second], undefined, false]],
      ]);
      const root = parseXml(source);
      expect(childText(root, "Key")).toBe(first);
      expect(childrenNamed(root, "List").map((list) => childText(list, "Key"))).toEqual([second]);
    }),
  );
});

test("names lose their prefixes, and comments and empty elements are read", () => {
  const root = parseXml(
    `<?xml version="1.0"?><!-- x --><a:Root b="c"><Empty/><k>1&#x41;</k></a:Root>\n`,
  );
  expect(root.name).toBe("Root");
  expect(childText(root, "Empty")).toBe("");
  expect(childText(root, "k")).toBe("1A");
});

test.each([
  "",
  "text",
  "<a>",
  "<a></b>",
  "<a/><b/>",
  '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
  "<a>&unknown;</a>",
  "<a>".repeat(20) + "</a>".repeat(20),
])("%j is refused", (source) => {
  expect(() => parseXml(source)).toThrow("not well-formed");
});
