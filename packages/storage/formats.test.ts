import { gzipSync, zstdCompressSync } from "node:zlib";
import { GradingPool } from "@assay/grading";
import { afterAll, describe, expect, it } from "vitest";
import { parquetOf, plainText, textColumn } from "../formats/parquet/testing/write.ts";
import { lineThat, outage, VERIFIERS } from "../grading/testing/verifiers.ts";
import { cutRows } from "./cut.ts";
import { listManifests } from "./jobs.ts";
import { type MemoryWorld, memoryWorld } from "./memory.ts";
import { COMPRESSED_END, MAX_COMPRESSED_BYTES, MAX_SHARDS, SOLO_SPAN_ROWS } from "./policy.ts";
import { readReplacements } from "./records.ts";
import { retryJob } from "./retry.ts";
import { drain, drop, expectWhole, offsetsOf, plan, stored, verify } from "./testing/walk.ts";

const grader = new GradingPool({ workers: 1, verifiers: VERIFIERS });
afterAll(() => grader.close());

const lines = Array.from({ length: 300 }, (_, i) => lineThat("accept", { id: `t${i}` }, i / 512));
const text = lines.map((line) => `${line}\n`).join("");
const packed = { gz: gzipSync(text), zst: zstdCompressSync(text) };

async function dropped(key: string, body: Uint8Array): Promise<MemoryWorld> {
  const world = memoryWorld({ chunkBytes: 1_000 });
  world.trajectories.put(key, body);
  await plan(world, drop(world, key));
  return world;
}

describe.each(["gz", "zst"] as const)("a source in .jsonl.%s", (format) => {
  const key = `drops/j/file.jsonl.${format}`;

  it("is one shard, with the offsets that its lines have uncompressed, and no plan", async () => {
    const world = await dropped(key, packed[format]);
    expect(world.shards.messages).toHaveLength(1);
    await drain(world, grader);
    expectWhole(world, lines);
    const { keys, manifests } = stored(world);
    expect(keys.filter((one) => one.startsWith("protocol/"))).toEqual([]);
    expect(manifests[0]?.parts.at(-1)?.end).toBe(COMPRESSED_END);
  });

  it("goes on where an earlier invocation stopped", async () => {
    const world = await dropped(key, packed[format]);
    const { body } = world.shards.messages.shift() ?? { body: "" };
    // Line by line, and its time is up after some of them.
    const time = new AbortController();
    const stopping = {
      blame: grader.blame.bind(grader),
      async *grade(...of: Parameters<typeof grader.grade>) {
        yield* grader.grade(...of);
        if (stored(world).records.length > 0) time.abort();
      },
    };
    const delivery = { receives: 4, outOfTime: time.signal };
    expect((await verify(world, body, delivery, stopping)).disposition).toBe("ack");
    const before = stored(world).records.length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(lines.length);
    await drain(world, grader);
    expectWhole(world, lines);
  });

  it("that is cut short has all lines before the break graded, and the break one error", async () => {
    // Within a stored block, so that what lies before the break is known.
    const whole = format === "gz" ? gzipSync(text, { level: 0 }) : packed.zst;
    const world = await dropped(key, whole.subarray(0, whole.length - 5_00));
    await drain(world, grader);
    const { manifests, records } = stored(world);
    expect(manifests[0]?.counts).toMatchObject({ error: 1 });
    expect(records.at(-1)?.error).toMatchObject({ class: "unreadable", retryable: false });
    expect(records.map(({ source }) => source.offset)).toEqual(
      offsetsOf(lines).slice(0, records.length),
    );
    if (format === "gz") expect(records.length).toBeGreaterThan(200);
  });

  it("that is something else, or nothing, is one error in words", async () => {
    for (const [body, words] of [
      [Buffer.from(text), /plain JSON/],
      [new Uint8Array(0), /empty/],
    ] as const) {
      const world = await dropped(key, body);
      await drain(world, grader);
      const { records } = stored(world);
      expect(records).toHaveLength(1);
      expect(records[0]?.error).toMatchObject({
        class: "unreadable",
        message: expect.stringMatching(words),
      });
    }
  });

  it("has its failed lines tried again", async () => {
    const mixed = lines.map((line, i) =>
      i % 100 === 7 ? lineThat("port", { id: `t${i}` }) : line,
    );
    const body = mixed.map((line) => `${line}\n`).join("");
    const world = await dropped(key, format === "gz" ? gzipSync(body) : zstdCompressSync(body));
    await drain(world);
    outage.on = false;
    try {
      expect(await retryJob(world, "j")).toMatchObject({ lines: 3 });
      const [submitted] = world.submissions.messages;
      await plan(world, submitted?.body ?? "");
      await drain(world);
    } finally {
      outage.on = true;
    }
    const replacements = await readReplacements(world, await listManifests(world, "j"));
    expect(
      [...replacements.values()].map(({ record }) => [record.trajectory_id, record.reward]),
    ).toEqual([
      ["t7", 1],
      ["t107", 1],
      ["t207", 1],
    ]);
  });
});

describe("a source in .parquet", () => {
  const key = "drops/j/file.parquet";
  const column = (name: string, values: readonly string[]) =>
    textColumn(name, { values: values.length, bytes: plainText(...values) });
  const values = lines.map((line) => JSON.parse(line));
  const file = parquetOf(lines.length, [
    column(
      "id",
      values.map(({ id }) => id),
    ),
    column(
      "task",
      values.map(({ task }) => JSON.stringify(task)),
    ),
    column(
      "response",
      values.map(({ response }) => response),
    ),
  ]);
  const rows = lines.map((_, row) => row);

  it("has a record a row, whose offset is the row", async () => {
    const world = await dropped(key, file);
    await drain(world, grader);
    expectWhole(world, lines, rows);
    const { records } = stored(world);
    expect(records.map(({ reward }) => reward)).toEqual(rows.map((row) => row / 512));
    expect(records.map(({ trajectory_id }) => trajectory_id)).toEqual(rows.map((row) => `t${row}`));
  });

  it("may be shards of rows, and these may be parts of some rows each", async () => {
    const world = await dropped(key, file);
    const message = JSON.parse(world.shards.messages.shift()?.body ?? "");
    for (const [start, end] of [
      [0, 111],
      [111, 300],
    ])
      await verify(
        world,
        JSON.stringify({ ...message, shard: { start, of: 2 }, start, end }),
        { receives: 3 },
        grader,
      );
    expectWhole(world, lines, rows);
    expect(stored(world).manifests[0]).toMatchObject({ shards: 2 });
  });

  it("goes row by row where it must", async () => {
    const world = await dropped(key, file);
    const message = JSON.parse(world.shards.messages.shift()?.body ?? "");
    await verify(world, JSON.stringify({ ...message, solo: true }), {}, grader);
    expect(stored(world).records).toHaveLength(SOLO_SPAN_ROWS);
    await drain(world, grader);
    expectWhole(world, lines, rows);
  });

  it.each([
    ["is cut short", file.subarray(0, file.length - 9), "unreadable"],
    ["is something else", Buffer.from(text), "unreadable"],
    ["is empty", new Uint8Array(0), "unreadable"],
    ["has other columns", parquetOf(1, [column("data_source", ["gsm8k"])]), "unreadable"],
  ])("that %s is rejected whole, in words", async (_, body, reason) => {
    const world = await dropped(key, body);
    expect(world.shards.messages).toEqual([]);
    const [announced] = world.results.messages.map((one) => JSON.parse(one.body));
    expect(announced).toMatchObject({ type: "rejected", job: "j", reason });
    expect(announced.message).toMatch(/^drops\/j\/file\.parquet: /);
  });

  it("that is damaged in its middle has the rows before graded, and the break one error", async () => {
    const damaged = Buffer.from(file);
    const [at] = [damaged.indexOf('"value":0.5')];
    // A length that reaches beyond its page.
    damaged.writeUInt32LE(0x7fffffff, damaged.lastIndexOf('{"verifier"', at) - 4);
    const world = await dropped(key, damaged);
    await drain(world, grader);
    const { manifests, records } = stored(world);
    expect(records.map(({ source }) => source.offset)).toEqual(rows.slice(0, records.length));
    expect(records.at(-1)?.error).toMatchObject({ class: "unreadable" });
    expect(manifests[0]?.counts).toEqual({ scored: 256, abstained: 0, error: 1 });
  });

  it("is cut into shards between row groups", () => {
    const group = (start: number, end: number, bytes: number) => ({ start, end, bytes });
    const shape = {
      rows: 9,
      groups: [group(0, 2, 5), group(2, 3, 5), group(3, 3, 0), group(3, 8, 40), group(8, 9, 1)],
    };
    expect(cutRows(shape, 8)).toEqual([
      { start: 0, end: 3 },
      { start: 3, end: 8 },
      { start: 8, end: 9 },
    ]);
    expect(cutRows({ rows: 0, groups: [] }, 8)).toEqual([]);
    const many = Array.from({ length: 5_000 }, (_, i) => group(i, i + 1, 100));
    const cut = cutRows({ rows: 5_000, groups: many }, 8);
    expect(cut).toHaveLength(MAX_SHARDS);
    expect(cut.at(-1)).toEqual({ start: MAX_SHARDS - 1, end: 5_000 });
  });
});

it("a source that is larger than its format may be is refused before it is read", async () => {
  const world = memoryWorld();
  world.trajectories.put("drops/j/big.jsonl.gz", "");
  const head = world.trajectories.head.bind(world.trajectories);
  world.trajectories.head = async (key) => {
    const info = await head(key);
    return info && { ...info, size: MAX_COMPRESSED_BYTES + 1 };
  };
  await plan(world, drop(world, "drops/j/big.jsonl.gz"));
  expect(JSON.parse(world.results.messages[0]?.body ?? "")).toMatchObject({ reason: "too_large" });
});
