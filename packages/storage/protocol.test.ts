import { type Manifest, RewardRecord, ShardMessage } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { lineThat, outage } from "../grading/testing/verifiers.ts";
import { listManifests } from "./jobs.ts";
import { manifestKey, partsPrefix } from "./keys.ts";
import { type MemoryWorld, memoryWorld } from "./memory.ts";
import { parkMessage } from "./park.ts";
import { planSubmission } from "./plan.ts";
import { SMALLEST_SHARD_BYTES, TRY_DEAD_MS } from "./policy.ts";
import { isRetry, newestTally, readRecords, readReplacements } from "./records.ts";
import { retryJob } from "./retry.ts";
import { inlineGrader } from "./testing/inline-grader.ts";
import { drain, drop, expectWhole, KEY, plan, stored, verify } from "./testing/walk.ts";

const some = (n: number) =>
  Array.from({ length: n }, (_, i) => lineThat("accept", { id: `t${i}` }));
const padded = (n: number) =>
  some(n).map((line, i) => line.replace('"r"', `"${"x".repeat(90_000 + i)}"`));

async function dropped(lines: readonly string[], options: { now?: () => number } = {}) {
  const world = memoryWorld(options);
  world.trajectories.put(KEY, `${lines.join("\n")}\n`);
  await plan(world, drop(world));
  return world;
}

describe("the path", () => {
  it("of a small source is one shard, one part, one manifest, and no plan or done", async () => {
    const world = await dropped(some(20));
    await drain(world);
    expectWhole(world, some(20));
    expect(stored(world).keys.filter((key) => key.startsWith("protocol/"))).toEqual([]);
  });

  it("of a large source is many shards that tile it", async () => {
    const lines = padded(40);
    const world = await dropped(lines);
    expect(world.shards.messages.length).toBe(4);
    await drain(world);
    expectWhole(world, lines);
    expect(stored(world).manifests[0]?.shards).toBe(4);
  });

  it("closes a shard in which no line begins", async () => {
    const lines = [
      lineThat("accept", { response: "y".repeat(3 * SMALLEST_SHARD_BYTES) }),
      ...some(2),
    ];
    const world = await dropped(lines);
    await drain(world);
    expectWhole(world, lines);
  });

  it("gives an empty source its manifest at once", async () => {
    const world = memoryWorld();
    world.trajectories.put(KEY, "");
    await plan(world, drop(world));
    expect(stored(world).manifests).toMatchObject([{ lines: 0, shards: 0, parts: [] }]);
  });

  it("takes submissions: by key, and inline", async () => {
    const world = memoryWorld();
    world.trajectories.put("elsewhere/a.jsonl", some(3).join("\n"));
    await plan(
      world,
      JSON.stringify({ job: "k", source: { key: "elsewhere/a.jsonl" }, reply_to: "replies" }),
    );
    const trajectories = some(2).map((line) => JSON.parse(line));
    await plan(world, JSON.stringify({ job: "k", trajectories }));
    await plan(world, JSON.stringify({ job: "k", trajectories }), "again");
    await drain(world);
    expect(stored(world).records).toHaveLength(5);
    expect(world.replies.messages.length).toBeGreaterThan(1);
    expect(
      [...world.trajectories.objects.keys()].filter((key) => key.startsWith("inline/k/")),
    ).toHaveLength(1);
  });
});

describe("what can never be graded is written down and announced", () => {
  const cases: [string, string, string][] = [
    ["no JSON", "{", "malformed"],
    ["an unknown key", JSON.stringify({ job: "j", sauce: 1 }), "malformed"],
    ["a bad job", JSON.stringify({ job: "J!", source: { key: "a.jsonl" } }), "malformed"],
    [
      "an object that is missing",
      JSON.stringify({ job: "j", source: { key: "a.jsonl" } }),
      "source_gone",
    ],
    ["a format that is unknown", JSON.stringify({ job: "j", source: { key: "a.csv" } }), "format"],
    [
      "a stranger's queue",
      JSON.stringify({ job: "j", source: { key: "a.jsonl" }, reply_to: "x" }),
      "reply_to",
    ],
    ["an eval", JSON.stringify({ job: "j", eval: "nightly" }), "unsupported"],
  ];
  it.each(cases)("%s", async (_, body, reason) => {
    const world = memoryWorld();
    await plan(world, body, "id1");
    expect([...world.rewards.objects.keys()]).toEqual([
      expect.stringMatching(/^rejected\/(j|unknown)\/id1\.json$/),
    ]);
    expect(JSON.parse(world.results.messages[0]?.body ?? "")).toMatchObject({
      type: "rejected",
      reason,
    });
  });

  it("a drop that was overwritten before it was planned", async () => {
    const world = memoryWorld();
    world.trajectories.put(KEY, "1");
    const event = drop(world);
    world.trajectories.put(KEY, some(1)[0] ?? "");
    await plan(world, event);
    expect(world.shards.messages).toEqual([]);
    await plan(world, drop(world), "second");
    await drain(world);
    expect(stored(world).records).toHaveLength(1);
  });

  it("a source that is overwritten while it is graded", async () => {
    const world = await dropped(padded(40));
    const [first, ...rest] = world.shards.messages.splice(0);
    await verify(world, first?.body ?? "");
    world.trajectories.put(KEY, "other");
    for (const { body } of rest) expect((await verify(world, body)).disposition).toBe("ack");
    expect(world.results.messages.filter(({ body }) => body.includes('"rejected"'))).toHaveLength(
      3,
    );
    expect(stored(world).manifests).toEqual([]);
  });

  it("an event of several objects, each by itself", async () => {
    const world = memoryWorld();
    world.trajectories.put("drops/j/a.jsonl", some(1).join());
    world.trajectories.put("drops/j/b.jsonl", some(2).join("\n"));
    const record = (key: string) => ({
      eventName: "ObjectCreated:Put",
      s3: { bucket: { name: "trajectories" }, object: { key } },
    });
    const keys = [
      "drops/j/a.jsonl",
      "stray.jsonl",
      "drops/j/c.csv",
      "drops/j/%E0%A4%A",
      "drops/j/b.jsonl",
    ];
    await plan(world, JSON.stringify({ Records: keys.map(record) }), "id1");
    await drain(world);
    expect(stored(world).records).toHaveLength(3);
    expect(stored(world).keys.filter((key) => key.startsWith("rejected/"))).toEqual([
      "rejected/j/id1.2.json",
      "rejected/unknown/id1.1.json",
      "rejected/unknown/id1.3.json",
    ]);
  });

  it("but S3's test event is only acknowledged", async () => {
    const world = memoryWorld();
    await plan(world, JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "b" }));
    expect(world.rewards.objects.size).toBe(0);
  });
});

describe("messages that come again", () => {
  it("change nothing, whether a drop's or a shard's", async () => {
    const lines = padded(40);
    const world = await dropped(lines);
    const copies = structuredClone(world.shards.messages);
    await drain(world);
    const before = new Map(world.rewards.objects);
    for (const { body } of copies)
      for (const receives of [1, 2, 4]) await verify(world, body, { receives });
    await plan(world, drop(world), "again");
    expect(world.shards.messages).toEqual([]);
    expect([...world.rewards.objects.keys()]).toEqual([...before.keys()]);
    for (const [key, { body }] of before)
      expect(world.rewards.objects.get(key)?.body).toEqual(body);
    expectWhole(world, lines);
  });

  it("of a second planner keep the first one's shard size", async () => {
    const lines = padded(40);
    const world = await dropped(lines);
    const first = world.shards.messages.splice(0);
    await planSubmission(
      world,
      { id: "m2", body: drop(world) },
      { shardBytes: 3 * SMALLEST_SHARD_BYTES },
    );
    expect(world.shards.messages).toEqual(first);
  });

  it("are not acknowledged where another's part stands", async () => {
    const world = await dropped(some(5));
    const body = world.shards.messages[0]?.body ?? "";
    let raced = false;
    const slow = inlineGrader(() => {
      if (!raced) {
        raced = true;
        // Another worker is done meanwhile.
        world.rewards.put(
          `${partsPrefix("j", ShardMessage.parse(JSON.parse(body)).sid)}00000000000000.jsonl`,
          "",
          {
            writer: "another",
            end: "1",
            tally: JSON.stringify({
              lines: 1,
              trajectories: 1,
              counts: { scored: 1, abstained: 0, error: 0 },
              reward_sum: 0,
              verifiers: {},
            }),
          },
        );
      }
    });
    expect((await verify(world, body, {}, slow)).disposition).toBe("leave");
    expect(world.shards.messages).toHaveLength(1);
  });
});

describe("a worker that is stopped", () => {
  it("by the time writes what it has and queues the remainder", async () => {
    const lines = some(50);
    const world = await dropped(lines);
    const stop = new AbortController();
    let seen = 0;
    const grader = inlineGrader(() => {
      if (++seen === 10) stop.abort();
    });
    const body = world.shards.messages.shift()?.body ?? "";
    const handled = await verify(world, body, { outOfTime: stop.signal }, grader);
    expect(handled).toMatchObject({ disposition: "ack", tally: { lines: 10 } });
    expect(world.shards.messages).toHaveLength(1);
    await drain(world);
    expectWhole(world, lines);
  });

  it("with nothing written comes again", async () => {
    const world = await dropped(some(5));
    const body = world.shards.messages.shift()?.body ?? "";
    const handled = await verify(world, body, { outOfTime: AbortSignal.abort() });
    expect(handled.disposition).toBe("again");
    expect(stored(world).records).toEqual([]);
  });

  it("by a port that is down writes what precedes it, and an error only when deliveries are used up", async () => {
    const lines = [...some(3), lineThat("port"), ...some(2)];
    const world = await dropped(lines);
    const first = world.shards.messages.shift()?.body ?? "";
    expect(await verify(world, first)).toMatchObject({
      disposition: "ack",
      passing: "the sandbox is down",
    });
    const rest = world.shards.messages.shift()?.body ?? "";
    for (const receives of [1, 2, 3, 4])
      expect((await verify(world, rest, { receives })).disposition).toBe("again");
    expect(stored(world).records).toHaveLength(3);
    expect((await verify(world, rest, { receives: 5 })).disposition).toBe("ack");
    await drain(world);
    expectWhole(world, lines);
    expect(stored(world).records.map(({ error }) => error?.class)).toEqual([
      undefined,
      undefined,
      undefined,
      "port_failed",
      undefined,
      undefined,
    ]);
    expect(stored(world).keys.filter((key) => key.includes("/try/"))).toEqual([]);
  });

  it("by a line that takes its invocation down has that line alone as crashed", async () => {
    let now = 1e12;
    const lines = [...some(30), lineThat("accept", { id: "poison" }), ...some(30)];
    const world = await dropped(lines, { now: () => now });
    const died = new Error("killed");
    const deadly = inlineGrader((text) => {
      if (text.includes("poison")) throw died;
    });
    // An invocation that dies leaves its marks behind: it does not get to take them away.
    const remove = world.rewards.remove;
    world.rewards.remove = async () => {};
    let queue = world.shards.messages.splice(0).map(({ body }) => ({ body, receives: 1 }));
    for (let round = 0; queue.length > 0 && round < 60; round++) {
      const { body, receives } = queue.shift() as { body: string; receives: number };
      now += TRY_DEAD_MS + 1;
      try {
        await verify(world, body, { receives }, deadly);
      } catch (error) {
        expect(error).toBe(died);
        if (receives < 5) queue.push({ body, receives: receives + 1 });
        else await parkMessage(world, { body, rounds: 0 });
      }
      queue = [
        ...queue,
        ...world.shards.messages.splice(0).map(({ body }) => ({ body, receives: 1 })),
      ];
    }
    world.rewards.remove = remove;
    expectWhole(world, lines);
    expect(stored(world).records.map(({ error }) => error?.class ?? "fine")).toEqual([
      ...some(30).map(() => "fine"),
      "crashed",
      ...some(30).map(() => "fine"),
    ]);
  });
});

describe("a retry", () => {
  const group = JSON.stringify({
    task: { verifier: "misbehave", spec: { do: "port" } },
    rollouts: [{ response: "a" }, { id: "b", response: "b" }],
  });
  const lines = [...some(2), lineThat("port"), "{", group, ...some(1)];

  async function failedJob() {
    const world = await dropped(lines);
    // Every delivery is used up, at one line after the other.
    const again: { body: string; receives: number }[] = [];
    for (;;) {
      const next = world.shards.messages.shift();
      const one = next ? { body: next.body, receives: 1 } : again.shift();
      if (one === undefined) return world;
      const { disposition } = await verify(world, one.body, { receives: one.receives });
      if (disposition !== "ack") again.push({ body: one.body, receives: one.receives + 1 });
    }
  }

  async function readAll(world: MemoryWorld) {
    const manifests = await listManifests(world, "j");
    const replacements = await readReplacements(world, manifests);
    const [manifest] = manifests.filter((one) => !isRetry(one)) as [Manifest];
    const chunks = await Array.fromAsync(readRecords(world, manifest, replacements));
    const records = Buffer.concat(chunks).toString().split("\n").slice(0, -1);
    return {
      records: records.map((line) => RewardRecord.parse(JSON.parse(line))),
      tally: await newestTally(world, manifest, replacements),
    };
  }

  const classes = (records: readonly RewardRecord[]) =>
    records.map(({ error }) => error?.class ?? "fine");

  it("grades just the lines with a retryable error, and readers take the newest", async () => {
    const world = await failedJob();
    const before = await readAll(world);
    const expected = [
      "fine",
      "fine",
      "port_failed",
      "invalid_trajectory",
      "port_failed",
      "port_failed",
      "fine",
    ];
    expect(classes(before.records)).toEqual(expected);
    try {
      outage.on = false;
      expect(await retryJob(world, "j")).toMatchObject({ lines: 2, gone: [] });
      await plan(world, world.submissions.messages.shift()?.body ?? "", "retry");
      await drain(world);
    } finally {
      outage.on = true;
    }
    const after = await readAll(world);
    expect(classes(after.records)).toEqual([
      "fine",
      "fine",
      "fine",
      "invalid_trajectory",
      "fine",
      "fine",
      "fine",
    ]);
    expect(after.tally.counts).toEqual({ scored: 6, abstained: 0, error: 1 });
    expect(after.records.map((record) => record.trajectory_id)).toEqual(
      before.records.map((record) => record.trajectory_id),
    );
    const [, , old] = before.records;
    expect(after.records[2]?.retry_of).toEqual(old?.source);
    expect(await retryJob(world, "j")).toMatchObject({ lines: 0, key: undefined });
  });

  it("that fails again can be retried again", async () => {
    const world = await failedJob();
    for (const round of [1, 2]) {
      const { key, lines } = await retryJob(world, "j");
      expect(lines).toBe(2);
      expect(key).toMatch(new RegExp(`^retries/j/${round}-`));
      await plan(world, world.submissions.messages.shift()?.body ?? "", `retry${round}`);
      await drain(world);
    }
    expect(classes((await readAll(world)).records)[2]).toBe("port_failed");
  });

  it("says which sources are gone", async () => {
    const world = await failedJob();
    world.trajectories.put(KEY, "other");
    expect(await retryJob(world, "j")).toMatchObject({ lines: 0, gone: [KEY] });
  });
});

describe("dead letters", () => {
  it("are queued anew: shards to go alone, submissions unchanged, with their rounds", async () => {
    const world = await dropped(some(1));
    const body = world.shards.messages.shift()?.body ?? "";
    expect(await parkMessage(world, { body, rounds: 2 })).toBe(3);
    expect(JSON.parse(world.shards.messages[0]?.body ?? "")).toMatchObject({ solo: true });
    expect(world.shards.messages[0]).toMatchObject({ numbers: { rounds: 3 }, delayS: 120 });
    await parkMessage(world, { body: drop(world), rounds: 0 });
    expect(world.submissions.messages[0]?.body).toBe(drop(world));
    expect(world.rewards.objects.size).toBe(0);
  });
});

it("a manifest that stands is announced again to whoever asks again", async () => {
  const world = await dropped(some(2));
  await drain(world);
  await plan(world, JSON.stringify({ job: "j", source: { key: KEY }, reply_to: "replies" }));
  expect(JSON.parse(world.replies.messages[0]?.body ?? "")).toMatchObject({
    type: "source",
    lines: 2,
  });
  const [key] = stored(world).keys.filter((one) => one.startsWith("manifests/"));
  expect(key).toBe(manifestKey("j", stored(world).manifests[0]?.sid ?? ""));
});
