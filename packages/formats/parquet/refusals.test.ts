import { describe, expect, it } from "vitest";
import { Unreadable } from "../unreadable.ts";
import { readShape } from "./index.ts";
import { InMemory } from "./testing/bytes.ts";
import { readAll } from "./testing/read-all.ts";
import {
  type ColumnOf,
  levels,
  type PageOf,
  parquetOf,
  plainText,
  run,
  type ThriftStruct,
  textColumn,
} from "./testing/write.ts";

const ID: ColumnOf = textColumn("id", { values: 2, bytes: plainText("a", "b") });
const GOOD = parquetOf(2, [ID]);

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await readShape(new InMemory(bytes));
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}

/** The good file, its only column chunk described otherwise. */
function withChunk(chunk: ThriftStruct, outside: ThriftStruct = {}): Buffer {
  return parquetOf(2, [ID], (footer) => {
    const [group] = footer[4] as ThriftStruct[];
    const [column] = (group as ThriftStruct)[1] as ThriftStruct[];
    const inside = { ...((column as ThriftStruct)[3] as ThriftStruct), ...chunk };
    return { ...footer, 4: [{ ...group, 1: [{ ...outside, 3: inside }] }] };
  });
}

describe("a file is refused in words", () => {
  it("unless it is good", async () => {
    expect(await readAll(GOOD)).toEqual({
      text: '{"id":"a"}\n{"id":"b"}\n',
      unreadable: undefined,
    });
  });

  it("that is no Parquet, or was cut off", async () => {
    expect(await refusal(Buffer.from('{"id": "a"}\n'))).toContain("it is no Parquet file");
    expect(await refusal(GOOD.subarray(0, -1))).toContain("or was cut off");
    expect(await refusal(Buffer.from("PAR1"))).toContain("too short");
  });

  it("whose footer claims more bytes than there are, or than are read", async () => {
    const bytes = Buffer.from(GOOD);
    bytes.writeUInt32LE(0x7fffffff, bytes.length - 8);
    expect(await refusal(bytes)).toContain("claims 2147483647 bytes, more than the file has");
    const claims = Buffer.alloc(8, "PAR1");
    claims.writeUInt32LE(65 * 1024 * 1024);
    const huge = {
      size: 2 ** 40,
      async *read(start: number, end: number) {
        yield Buffer.concat([Buffer.alloc(end - start - 8), claims]);
      },
    };
    await expect(readShape(huge)).rejects.toThrow("write fewer and larger row groups");
  });

  it("that is encrypted, whole or in part", async () => {
    const whole = Buffer.from(GOOD);
    whole.write("PARE", whole.length - 4);
    expect(await refusal(whole)).toBe("it is encrypted");
    expect(await refusal(parquetOf(2, [ID], (footer) => ({ ...footer, 8: { 1: {} } })))).toBe(
      "it is encrypted",
    );
    expect(await refusal(withChunk({}, { 8: { 1: {} } }))).toBe("it is encrypted");
  });

  it("with a codec that is not read", async () => {
    expect(await refusal(withChunk({ 4: 3 }))).toContain("compressed as LZO, which is not read");
    expect(await refusal(withChunk({ 4: 77 }))).toContain("codec 77");
  });

  it("with columns that no trajectory has, naming them and those it may have", async () => {
    const odd = [textColumn("reward"), textColumn("id"), textColumn("data_source")];
    expect(await refusal(parquetOf(0, odd))).toBe(
      'no trajectory has the columns "reward", "data_source": the columns are id, group, task, prompt, policy_step, deadline, metadata, response, messages, rollouts, and data of your own goes under "metadata"',
    );
    const index = [textColumn("id"), textColumn("__index_level_0__")];
    expect(await readAll(parquetOf(0, index))).toEqual({ text: "", unreadable: undefined });
  });

  it("with two columns of one name, or none", async () => {
    expect(await refusal(parquetOf(0, [textColumn("id"), textColumn("id")]))).toContain(
      'two of its columns are called "id"',
    );
    expect(await refusal(parquetOf(0, []))).toBe("it has no columns");
  });

  it("with columns outside of the file, over one another, or elsewhere", async () => {
    for (const chunk of [{ 7: 1e12 }, { 9: 1e12 }, { 7: 0 }])
      expect(await refusal(withChunk(chunk))).toContain("a column lies outside of the file");
    expect(await refusal(withChunk({ 9: 0 }))).toContain("columns lie over one another");
    const twice = parquetOf(2, [ID], (footer) => {
      const [group] = footer[4] as ThriftStruct[];
      return { ...footer, 4: [group as ThriftStruct, group as ThriftStruct] };
    });
    expect(await refusal(twice)).toContain("columns lie over one another");
    expect(await refusal(withChunk({}, { 1: "other.parquet" }))).toContain("in other files");
  });

  it("with counts that are negative, absurd, or do not add up", async () => {
    for (const chunk of [{ 5: -1 }, { 7: -1 }, { 9: -1 }, { 11: -1 }])
      expect(await refusal(withChunk(chunk))).toContain("below zero");
    expect(await refusal(withChunk({ 7: 2n ** 62n }))).toContain("a number is absurd");
    for (const chunk of [{ 5: 3 }, { 1: 1 }])
      expect(await refusal(withChunk(chunk))).toContain("do not fit its schema");
    const rows = (count: number) =>
      parquetOf(2, [ID], (footer) => {
        const [group] = footer[4] as ThriftStruct[];
        return { ...footer, 4: [{ ...group, 3: count }] };
      });
    expect(await refusal(rows(2e9))).toContain("more than 1000000000 rows");
    expect(await refusal(rows(3))).toContain("do not fit its schema");
  });

  it("whose schema is too wide, too deep, or not all there", async () => {
    const field = (name: string, children?: number): ThriftStruct =>
      children === undefined ? { 1: 6, 3: 1, 4: name } : { 3: 1, 4: name, 5: children };
    const schema = (...elements: ThriftStruct[]) =>
      parquetOf(0, [], (footer) => ({ ...footer, 2: elements }));
    const many = Array.from({ length: 3_000 }, (_, i) => field(`f${i}`));
    expect(await refusal(schema(field("s", 1), field("metadata", 3_000), ...many))).toContain(
      'more than 2048 columns, those in structs counted: write "metadata" or "task" as JSON text',
    );
    const more = Array.from({ length: 9_000 }, (_, i) => field(`f${i}`));
    expect(await refusal(schema(field("s", 9_000), ...more))).toContain("more than 8192 fields");
    const deep = Array.from({ length: 200 }, () => field("metadata", 1));
    expect(await refusal(schema(field("s", 1), ...deep, field("f")))).toContain("nests deeper");
    expect(await refusal(schema(field("s", 2), field("id")))).toContain("does not add up");
    expect(await refusal(schema(field("s", 1), field("id"), field("group")))).toContain("add up");
    expect(await refusal(schema())).toContain("does not add up");
  });

  it("where a footer's bytes claim lists and structs without end", async () => {
    const nested = Buffer.alloc(100_000, 0x1c);
    const endless = Buffer.alloc(100_000, 0xf9);
    for (const footer of [nested, Buffer.concat([Buffer.from([0x19]), endless])]) {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(footer.length);
      const bytes = Buffer.concat([Buffer.from("PAR1"), footer, length, Buffer.from("PAR1")]);
      expect(await refusal(bytes)).toContain("its structure is corrupt");
    }
  });
});

describe("a row that cannot be read", () => {
  const two = (...pages: PageOf[]) => parquetOf(2, [textColumn("id", ...pages)]);
  const page = (text: string): PageOf => ({ values: 1, bytes: plainText(text) });

  it("leaves those before it, and the message names row, column and place", async () => {
    const broken = two(page("a"), { values: 1, bytes: Buffer.from([9, 0, 0, 0, 0x62]) });
    expect(await readAll(broken)).toEqual({
      text: '{"id":"a"}\n',
      unreadable: 'its row 1 cannot be read: column "id": its values end too soon',
    });
    const checked = two(page("a"), { ...page("b"), header: { 4: 12345 } });
    const { text, unreadable } = await readAll(checked);
    expect(text).toBe('{"id":"a"}\n');
    expect(unreadable).toMatch(
      /^its row 1 cannot be read: column "id", at byte \d+: its checksum does not fit$/,
    );
  });

  it.each<[string, Partial<PageOf>]>([
    ["it reaches beyond its column", { header: { 3: 1_000 } }],
    ["write smaller pages", { header: { 2: 2 ** 30 } }],
    ["its header is corrupt: it counts below zero", { header: { 3: -1 } }],
    ["it has 5 bytes uncompressed, and should have 7", { header: { 2: 7 } }],
    ["it has no dictionary", { encoding: 8 }],
    ["its values are encoded in a way that is not read (number 42)", { encoding: 42 }],
    ["its structure is corrupt", { header: { 5: { 1: "one" } } }],
  ])("says why: %s", async (why, change) => {
    const { text, unreadable } = await readAll(two(page("a"), { ...page("b"), ...change }));
    expect(text).toBe('{"id":"a"}\n');
    expect(unreadable).toContain(why);
  });

  it("is one that its dictionary does not have", async () => {
    const dictionary = { values: 1, bytes: plainText("a"), isDictionary: true };
    const places = { values: 2, bytes: Buffer.from([1, ...run(1, 0), ...run(1, 1)]), encoding: 8 };
    const { text, unreadable } = await readAll(two(dictionary, places));
    expect(text).toBe('{"id":"a"}\n');
    expect(unreadable).toContain("it names a value that its dictionary does not have");
  });

  it("is one whose columns do not agree on how many items there are", async () => {
    const leaf = (items: number) => ({
      type: 6,
      pages: [
        {
          values: items,
          bytes: Buffer.concat([
            levels(run(1, 0), run(items - 1, 1)),
            levels(run(items, 1)),
            plainText(...Array.from({ length: items }, () => "x")),
          ]),
        },
      ],
    });
    const schema = [
      { 3: 2, 4: "messages", 5: 2 },
      { 1: 6, 3: 0, 4: "role" },
      { 1: 6, 3: 0, 4: "content" },
    ];
    const messages = (a: number, b: number) =>
      readAll(parquetOf(1, [{ schema, leaves: [leaf(a), leaf(b)] }]));
    const item = '{"role":"x","content":"x"}';
    expect((await messages(2, 2)).text).toBe(`{"messages":[${item},${item}]}\n`);
    for (const [a, b] of [
      [2, 3],
      [3, 2],
    ] as const)
      expect((await messages(a, b)).unreadable).toContain("they do not agree on what is there");
  });
});
