import { describe, expect, it } from "vitest";
import { writerOf } from "./json-values.ts";
import { LineBuffer } from "./line-buffer.ts";
import type { Leaf } from "./schema.ts";
import {
  BOOLEAN,
  BYTE_ARRAY,
  DOUBLE,
  FIXED,
  INT32,
  INT64,
  INT96,
  type Meaning,
  OPTIONAL,
  REPEATED,
  REQUIRED,
} from "./schema-element.ts";
import { readAll } from "./testing/read-all.ts";
import {
  type ColumnOf,
  levels,
  parquetOf,
  plainText,
  run,
  type ThriftStruct,
  textColumn,
} from "./testing/write.ts";
import type { Value } from "./values.ts";

/** What becomes of one value; undefined: nothing. */
function json(
  type: number,
  meaning: Meaning,
  value: Value,
  change: Partial<Leaf> & { width?: number } = {},
): string | undefined {
  const { width = 0, ...leaf } = change;
  const stored = { type: type, width };
  const out = new LineBuffer();
  const path = "metadata";
  const whole = { path, stored, meaning, isJson: false, maxRep: 0, maxDef: 0, ...leaf };
  if (!writerOf(whole)(out, value)) return undefined;
  out.endLine();
  return Buffer.from(out.take()).toString().slice(0, -1);
}
const PLAIN: Meaning = { kind: "plain" };
const text = (value: string) => Buffer.from(value);

describe("a value", () => {
  it("keeps its digits", () => {
    expect(json(INT64, PLAIN, -(2n ** 63n))).toBe("-9223372036854775808");
    expect(json(INT64, { kind: "unsigned" }, -1n)).toBe("18446744073709551615");
    expect(json(INT32, { kind: "unsigned" }, -1)).toBe("4294967295");
    const decimal = (scale: number): Meaning => ({ kind: "decimal", scale });
    expect(json(INT32, decimal(2), -5)).toBe("-0.05");
    expect(json(INT64, decimal(0), 7n)).toBe("7");
    expect(json(BYTE_ARRAY, decimal(3), Buffer.from([0xff, 0x00]))).toBe("-0.256");
    expect(json(BYTE_ARRAY, decimal(1), Buffer.alloc(0))).toBe("0.0");
    expect(json(BYTE_ARRAY, decimal(1), Buffer.alloc(33))).toMatch(/^\{"base64":"A+"\}$/);
    expect(json(DOUBLE, PLAIN, 1e21)).toBe("1e+21");
    expect(json(BOOLEAN, PLAIN, 1)).toBe("true");
  });

  it("that JSON has no number for is text", () => {
    expect(json(DOUBLE, PLAIN, NaN)).toBe('"NaN"');
    expect(json(DOUBLE, PLAIN, -Infinity)).toBe('"-Infinity"');
    const half = (bits: number) =>
      json(FIXED, { kind: "float16" }, Buffer.from([bits & 255, bits >> 8]), { width: 2 });
    expect([0x3c00, 0xc000, 0x0001, 0x7c00, 0x7e00].map(half)).toEqual([
      "1",
      "-2",
      "5.960464477539063e-8",
      '"Infinity"',
      '"NaN"',
    ]);
  });

  it("is an RFC 3339 time, if it has a zone and a year of four digits", () => {
    const time = (digits: number, zoned: boolean): Meaning => ({
      kind: "timestamp",
      digits,
      zoned,
    });
    expect(json(INT64, time(3, true), 1_234n)).toBe('"1970-01-01T00:00:01.234Z"');
    expect(json(INT64, time(6, true), -1n)).toBe('"1969-12-31T23:59:59.999999Z"');
    expect(json(INT64, time(9, true), 10n ** 18n)).toBe('"2001-09-09T01:46:40Z"');
    expect(json(INT64, time(6, false), 0n)).toBe('"1970-01-01T00:00:00"');
    expect(json(INT64, time(3, true), 2n ** 60n)).toBe(String(2n ** 60n));
    expect(json(INT32, { kind: "date" }, -1)).toBe('"1969-12-31"');
    expect(json(INT32, { kind: "date" }, 2 ** 30)).toBe(String(2 ** 30));
    expect(json(INT32, { kind: "time", digits: 3 }, 3_723_004)).toBe('"01:02:03.004"');
    const int96 = Buffer.alloc(12);
    int96.writeBigUInt64LE(1_000_000_000n);
    int96.writeUInt32LE(2_440_589, 8);
    expect(json(INT96, PLAIN, int96)).toBe('"1970-01-02T00:00:01Z"');
  });

  it("of bytes is text where they are UTF-8, and else an object", () => {
    expect(json(BYTE_ARRAY, PLAIN, text('a"\\\n\u0001é🎉\u007f'))).toBe(
      '"a\\"\\\\\\n\\u0001é🎉\u007f"',
    );
    expect(json(BYTE_ARRAY, PLAIN, Buffer.from([0x61, 0xff]))).toBe('{"base64":"Yf8="}');
    expect(json(BYTE_ARRAY, { kind: "opaque" }, text("abc"))).toBe('{"base64":"YWJj"}');
    const uuid = Buffer.from("00112233445566778899aabbccddeeff", "hex");
    expect(json(FIXED, { kind: "uuid" }, uuid, { width: 16 })).toBe(
      '"00112233-4455-6677-8899-aabbccddeeff"',
    );
    const across = "é".repeat(5_000);
    expect(json(BYTE_ARRAY, PLAIN, text(`x${across}`))).toBe(`"x${across}"`);
  });

  it("that is to be JSON stands as it is written, on one line", () => {
    const place = (value: string) => json(BYTE_ARRAY, PLAIN, text(value), { isJson: true });
    expect(place('{\n  "n": 12345678901234567890,\r\n "s": "\\n"}')).toBe(
      '{   "n": 12345678901234567890,   "s": "\\n"}',
    );
    expect(place(" null\n")).toBeUndefined();
    expect(place('{"a": 1')).toBe('"{\\"a\\": 1"');
    expect(place("")).toBe('""');
    expect(json(BYTE_ARRAY, PLAIN, Buffer.from([0x22, 0xff, 0x22]), { isJson: true })).toBe(
      '{"base64":"Iv8i"}',
    );
  });
});

describe("text is JSON where the schema takes no text", () => {
  it.each(["task", "metadata", "messages", "rollouts"])("in %s", async (name) => {
    const bytes = parquetOf(1, [textColumn(name, { values: 1, bytes: plainText('{"a":null}') })]);
    expect((await readAll(bytes)).text).toBe(`{"${name}":{"a":null}}\n`);
  });

  it.each(["id", "response", "prompt", "deadline"])("but not in %s", async (name) => {
    const bytes = parquetOf(1, [textColumn(name, { values: 1, bytes: plainText('{"a":1}') })]);
    expect((await readAll(bytes)).text).toBe(`{"${name}":"{\\"a\\":1}"}\n`);
  });

  it("and in any column of the type JSON", async () => {
    const column = textColumn("prompt", { values: 1, bytes: plainText('[{"role":"user"}]') });
    const schema = [{ ...(column.schema[0] as ThriftStruct), 6: 19 }];
    expect((await readAll(parquetOf(1, [{ ...column, schema }]))).text).toBe(
      '{"prompt":[{"role":"user"}]}\n',
    );
  });
});

describe("lists of older writers", () => {
  const LIST = 3;
  const field = (name: string, repetition = REQUIRED): ThriftStruct => ({
    1: BYTE_ARRAY,
    3: repetition,
    4: name,
  });
  const groupOf = (name: string, repetition: number, children: number): ThriftStruct => ({
    3: repetition,
    4: name,
    5: children,
  });
  const list = { ...groupOf("metadata", REQUIRED, 1), 6: LIST };
  /** Rows of two items, of one, and of none. */
  const leaf = {
    type: BYTE_ARRAY,
    pages: [
      {
        values: 4,
        bytes: Buffer.concat([
          levels(run(1, 0), run(1, 1), run(2, 0)),
          levels(run(3, 1), run(1, 0)),
          plainText("a", "b", "c"),
        ]),
      },
    ],
  };
  const rows = async (schema: ThriftStruct[], leaves: ColumnOf["leaves"] = [leaf]) => {
    const { text: lines, unreadable } = await readAll(parquetOf(3, [{ schema, leaves }]));
    expect(unreadable).toBeUndefined();
    return lines
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).metadata);
  };

  it("have no group around the item", async () => {
    expect(await rows([list, field("array", REPEATED)])).toEqual([["a", "b"], ["c"], []]);
  });

  it("have a group that is the item, by its name or its fields", async () => {
    const items = [[{ x: "a" }, { x: "b" }], [{ x: "c" }], []];
    for (const name of ["array", "metadata_tuple"])
      expect(await rows([list, groupOf(name, REPEATED, 1), field("x")])).toEqual(items);
    const two = [list, groupOf("list", REPEATED, 2), field("x"), field("y")];
    expect((await rows(two, [leaf, leaf]))[1]).toEqual([{ x: "c", y: "c" }]);
    const plain = [list, groupOf("list", REPEATED, 1), field("element")];
    expect(await rows(plain)).toEqual([["a", "b"], ["c"], []]);
  });

  it("are fields that repeat, and nothing says that they are lists", async () => {
    expect(await rows([field("metadata", REPEATED)])).toEqual([["a", "b"], ["c"], []]);
    const inside = [groupOf("metadata", REQUIRED, 1), field("x", REPEATED)];
    expect(await rows(inside)).toEqual([{ x: ["a", "b"] }, { x: ["c"] }, { x: [] }]);
  });

  it("may have nulls, which stay", async () => {
    const pages = [
      {
        values: 4,
        bytes: Buffer.concat([
          levels(run(1, 0), run(1, 1), run(2, 0)),
          levels(run(1, 2), run(2, 1), run(1, 0)),
          plainText("a"),
        ]),
      },
    ];
    const schema = [list, groupOf("list", REPEATED, 1), field("element", OPTIONAL)];
    const found = await rows(schema, [{ type: BYTE_ARRAY, pages }]);
    expect(found).toEqual([["a", null], [null], []]);
  });
});
