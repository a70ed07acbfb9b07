import type { RewardRecord } from "@assay/schema";
import { afterAll, describe, expect, it } from "vitest";
import { batchesOf, GradingPool, type PoolOptions } from "./index.ts";
import { lineThat, VERIFIERS } from "./testing/verifiers.ts";

const origin = { job: "j", sid: "s", file: "drops/j/file.jsonl", queuedMs: 0 };
const pools: GradingPool[] = [];

function makePool(options: PoolOptions = {}): GradingPool {
  const pool = new GradingPool({ workers: 2, verifiers: VERIFIERS, ...options });
  pools.push(pool);
  return pool;
}

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

async function* chunks(text: string, size = 1 << 20): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function grade(pool: GradingPool, lines: readonly string[], settle = true, size?: number) {
  const records: RewardRecord[] = [];
  let last: { end: number; short: boolean; passing?: string } | undefined;
  const batches = batchesOf(chunks(lines.join("\n"), size), 0);
  for await (const graded of pool.grade(batches, { origin, settle })) {
    last = graded;
    for (const text of new TextDecoder().decode(graded.records).split("\n"))
      if (text !== "") records.push(JSON.parse(text));
  }
  return { records, last };
}

const summary = (records: readonly RewardRecord[]) =>
  records.map(({ error, outcome, reward }) => error?.class ?? `${outcome} ${reward}`);

describe("a pool of workers", () => {
  it("gives one record a line, in order, with the line's place", async () => {
    const lines = Array.from({ length: 2_000 }, (_, i) =>
      i % 3 === 0 ? lineThat("async", { id: `t${i}` }, 0) : lineThat("accept", { id: `t${i}` }),
    );
    const { records } = await grade(makePool(), lines, true, 4_096);
    expect(records.map((record) => record.trajectory_id)).toEqual(lines.map((_, i) => `t${i}`));
    let offset = 0;
    for (const [i, record] of records.entries()) {
      expect(record.source.offset).toBe(offset);
      offset += (lines[i]?.length ?? 0) + 1;
    }
    expect(new Set(records.map(({ id }) => id)).size).toBe(2_000);
  });

  it.each([
    ["loops for ever", "loop", "verifier_timeout"],
    ["backtracks for ever", "backtrack", "verifier_timeout"],
    ["waits for ever", "wait", "verifier_stalled"],
    ["fills the heap", "burst", "verifier_out_of_memory"],
    ["ends its thread", "exit", "verifier_crashed"],
  ])("kills a worker whose line %s, blames that line alone and goes on", async (_, does, error) => {
    const pool = makePool({
      hardCpuMs: 400,
      hardWallMs: does === "wait" ? 400 : 20_000,
      heapMb: 48,
    });
    const ok = (n: number) => Array.from({ length: n }, () => lineThat("accept"));
    const { records } = await grade(pool, [
      ...ok(40),
      lineThat(does, { id: "culprit" }),
      ...ok(40),
    ]);
    expect(summary(records)).toEqual([
      ...ok(40).map(() => "scored 1"),
      error,
      ...ok(40).map(() => "scored 1"),
    ]);
    expect(records[40]?.trajectory_id).toBe("culprit");
    expect(records[40]?.reward).toBeNull();
  });

  it("blames nobody for a worker that died between batches", async () => {
    const pool = makePool({ workers: 1 });
    expect(summary((await grade(pool, [lineThat("linger")])).records)).toEqual(["scored 1"]);
    for (let wait = 0; wait < 20; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(summary((await grade(pool, [lineThat("accept")])).records)).toEqual(["scored 1"]);
    }
  });

  it("turns whatever a verifier throws or wrongly returns into our error, never a 0", async () => {
    const does = ["throw", "nan", "undeclared", "port"];
    const { records } = await grade(
      makePool(),
      does.map((one) => lineThat(one)),
    );
    expect(summary(records)).toEqual([
      "verifier_failed",
      "verifier_failed",
      "verifier_failed",
      "port_failed",
    ]);
    expect(records.map(({ error }) => error?.retryable)).toEqual([false, false, false, true]);
  });

  it("stops before a line with a retryable error, unless it is to settle", async () => {
    const lines = [lineThat("accept"), lineThat("port"), lineThat("accept")];
    const { last, records } = await grade(makePool({ workers: 1 }), lines, false);
    expect(summary(records)).toEqual(["scored 1"]);
    expect(last).toMatchObject({
      short: true,
      end: (lines[0]?.length ?? 0) + 1,
      passing: "the sandbox is down",
    });
  });

  it("stops between lines when its time is up, and says how far it came", async () => {
    const lines = Array.from({ length: 500 }, () => lineThat("async", {}, 10));
    const pool = makePool({ workers: 1 });
    await pool.start();
    const batches = batchesOf(chunks(lines.join("\n")), 0);
    const signal = AbortSignal.timeout(300);
    let end = 0;
    let count = 0;
    for await (const graded of pool.grade(batches, { origin, settle: true, signal })) {
      expect(graded.tally.lines).toBeGreaterThanOrEqual(0);
      count += graded.tally.lines;
      end = graded.end;
    }
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(500);
    expect(end).toBe(lines.slice(0, count).reduce((sum, line) => sum + line.length + 1, 0));
  });

  it("answers what is graded while the source is still slow", async () => {
    const pool = makePool({ workers: 1 });
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(`${lineThat("accept")}\n`);
      await gate;
      yield new TextEncoder().encode(`${lineThat("accept")}\n`);
    }
    const graded = pool.grade(batchesOf(slow(), 0), { origin, settle: true });
    expect((await graded.next()).value?.tally.lines).toBe(1);
    release();
    expect((await graded.next()).value?.tally.lines).toBe(1);
    expect((await graded.next()).done).toBe(true);
  });

  it("hands a group's siblings to those verifiers that compare, and to nobody else", async () => {
    const group = JSON.stringify({
      task: { verifier: "misbehave", spec: { do: "siblings" } },
      rollouts: [{ response: "a" }, { response: "b" }, { response: "a", id: "third" }],
    });
    const { records } = await grade(makePool(), [group, lineThat("siblings")]);
    expect(records.map(({ reward }) => reward)).toEqual([2, 1, 2, null]);
    expect(records.map(({ source }) => source.index)).toEqual([0, 1, 2, 0]);
    expect(records.map((record) => record.trajectory_id)).toEqual([
      "file.jsonl@0",
      "file.jsonl@0.1",
      "third",
      `file.jsonl@${group.length + 1}`,
    ]);
    expect(records[3]?.outcome).toBe("abstained");
  });
});

describe("lines that are no trajectories", () => {
  it("have an error record each, in words, and cost nobody else", async () => {
    const latin1 = new Uint8Array([0x7b, 0x22, 0xe9, 0x22, 0x7d, 0x0a]);
    async function* source(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode("\uFEFF{\n\n  \t\r\n");
      yield latin1;
      yield new TextEncoder().encode(
        `${lineThat("accept", { id: "ok" })}\r\n${lineThat("accept", { task: { verifier: "nope", spec: {} } })}\n` +
          `${lineThat("bogus", { id: "named" })}\n5`,
      );
    }
    const records: RewardRecord[] = [];
    const options = { origin, settle: true };
    for await (const graded of makePool().grade(batchesOf(source(), 0), options))
      for (const text of new TextDecoder().decode(graded.records).split("\n"))
        if (text !== "") records.push(JSON.parse(text));
    expect(records.map(({ error }) => error?.message ?? "fine")).toEqual([
      expect.stringContaining("not JSON"),
      "not UTF-8 near byte 2 of the line",
      "fine",
      'task.verifier: unknown verifier "nope", expected one of misbehave@3',
      expect.stringContaining('task.spec.do: expected "accept" or '),
      "expected a JSON object, got a number",
    ]);
    expect(records[4]?.trajectory_id).toBe("named");
    expect(records.every(({ error }) => error === undefined || !error.retryable)).toBe(true);
  });

  it("are errors past their deadline", async () => {
    const { records } = await grade(makePool(), [
      lineThat("accept", { deadline: "2001-01-01T00:00:00Z" }),
      lineThat("accept", { deadline: "2999-01-01T00:00:00+01:00" }),
    ]);
    expect(summary(records)).toEqual(["deadline", "scored 1"]);
  });
});
