import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Manifest, RewardRecord } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { lineThat, VERIFIERS } from "../packages/grading/testing/verifiers.ts";
import {
  assay,
  idOf,
  killGroup,
  makeFolder,
  readRecordsFile,
  startAssay,
} from "./support/assay.ts";

/** Lines of a file, each with its own id and an answer that is right for every second. */
function choiceLines(count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      id: `t${i}`,
      task: { id: `k${i >> 2}`, verifier: "choice", spec: { answer: "B" } },
      response: `After some thought about case ${i}, the answer is (${i % 2 ? "B" : "C"}).`,
      metadata: { i },
    }),
  );
}

function writeLines(folder: string, lines: readonly string[], name = "rollouts.jsonl"): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/** One record a line, in order, in its place, with an id of its own. */
function expectWhole(records: readonly RewardRecord[], lines: readonly string[]): void {
  expect(records).toHaveLength(lines.length);
  let offset = 0;
  for (const [i, record] of records.entries()) {
    if (record.source.offset !== offset) expect(record.source.offset, `line ${i}`).toBe(offset);
    offset += Buffer.byteLength(lines[i] ?? "") + 1;
  }
  expect(new Set(records.map(({ id }) => id)).size).toBe(lines.length);
  for (const record of records.slice(0, 5)) {
    expect(RewardRecord.safeParse(record).error).toBeUndefined();
    expect(record.id).toBe(idOf(record));
  }
}

describe("assay grade", () => {
  it("gives one record a line, in order, and the same ones when it is run again", async () => {
    const folder = makeFolder();
    const lines = choiceLines(3_000);
    writeLines(folder, lines);
    const first = await assay(folder, ["grade", "rollouts.jsonl", "--out", "a", "--json"]);
    expect(first.stderr).not.toContain("Error");
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      job: "rollouts",
      lines: 3_000,
      counts: { scored: 3_000, abstained: 0, error: 0 },
      mean_reward: 0.5,
      verifiers: { "choice@1": 3_000 },
    });
    const records = readRecordsFile(join(folder, "a/rollouts.records.jsonl"));
    expectWhole(records, lines);
    expect(records.map(({ trajectory_id }) => trajectory_id)).toEqual(lines.map((_, i) => `t${i}`));
    expect(records[5]?.metadata).toEqual({ i: 5 });
    const second = await assay(folder, ["grade", "rollouts.jsonl", "--out", "b"]);
    expect(second.status).toBe(0);
    expect(readRecordsFile(join(folder, "b/rollouts.records.jsonl"))).toEqual(records);
  });

  it("ends whole after a SIGKILL to all of it, by the same command", async () => {
    const folder = makeFolder();
    const lines = choiceLines(60_000);
    writeLines(folder, lines);
    const command = ["grade", "rollouts.jsonl", "--out", "out"];
    // Small shards, so that the kill finds some done, some begun and some not.
    const env = { ASSAY_SHARD_BYTES: String(1024 * 1024) };
    const { child, finished } = startAssay(folder, command, env);
    await sleep(1_500);
    killGroup(child);
    expect((await finished).status).toBeNull();
    const again = await assay(folder, command, { env });
    expect(again.status, again.stderr).toBe(0);
    expectWhole(readRecordsFile(join(folder, "out/rollouts.records.jsonl")), lines);
  });

  it("tells by file and line what is no trajectory, and grades the rest", async () => {
    const folder = makeFolder();
    const [one = "", two = ""] = choiceLines(2);
    writeLines(folder, [one, "{", two, one.replace('"B"', "null")]);
    const { status, stderr } = await assay(folder, ["grade", "rollouts.jsonl"]);
    expect(status).toBe(2);
    expect(stderr).toContain("rollouts.jsonl:2: not JSON");
    expect(stderr).toContain("rollouts.jsonl:4: task.spec.answer: ");
  });

  it("refuses what it cannot grade before it starts", async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, "a.csv"), "");
    const cases = [
      [["grade", "a.csv"], "a.csv: unknown format"],
      [["grade", "none.jsonl"], "none.jsonl: no such file"],
      [["grade", "x/a.jsonl", "--job", "Nope"], "--job Nope: expected a job name"],
      [["grade"], "missing required argument"],
      [["fetch", "j"], "no embedded stack runs here"],
      [["verifiers", "nope"], "no verifier nope"],
    ] as const;
    for (const [args, words] of cases) {
      const { status, stderr } = await assay(folder, args);
      expect(stderr).toContain(words);
      expect(status).toBe(1);
    }
  });

  it("stops at Ctrl-C and says how to go on", async () => {
    const folder = makeFolder();
    writeLines(
      folder,
      Array.from({ length: 200 }, () => lineThat("async", {}, 50)),
    );
    const env = { ASSAY_VERIFIERS: VERIFIERS };
    const { child, finished, said } = startAssay(folder, ["grade", "rollouts.jsonl"], env);
    await sleep(1_500);
    child.kill("SIGINT");
    expect((await finished).status).toBe(130);
    expect(said()).toContain("the same command goes on from here");
  });

  it("blames a line that hangs or bursts, and no other", async () => {
    const folder = makeFolder();
    const lines = ["accept", "burst", "accept", "exit", "accept", "throw"].map((one) =>
      lineThat(one),
    );
    writeLines(folder, lines);
    const command = ["grade", "rollouts.jsonl", "--out", "out"];
    const { status } = await assay(folder, command, { env: { ASSAY_VERIFIERS: VERIFIERS } });
    expect(status).toBe(2);
    const records = readRecordsFile(join(folder, "out/rollouts.records.jsonl"));
    expect(records.map(({ error, reward }) => error?.class ?? reward)).toEqual([
      1,
      "verifier_out_of_memory",
      1,
      "verifier_crashed",
      1,
      "verifier_failed",
    ]);
  });
});

describe("assay score", () => {
  it("takes trajectories without a task where the command names one", async () => {
    const args = ["score", "--verifier", "choice", "--spec", '{"answer":"B"}'];
    const input = '{"response":"The answer is B"}\n{"response":"The answer is C"}\n';
    const { status, stdout } = await assay(makeFolder(), args, { input });
    expect(status).toBe(0);
    const records = stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(records.map(({ reward }) => reward)).toEqual([1, 0]);
    expect(records[0].source).toEqual({ sid: "stdin", offset: 0, index: 0 });
  });
});

describe("assay up", () => {
  it("takes drops, tells when they are graded, gives the records, and answers over HTTP", async () => {
    const folder = makeFolder();
    const lines = choiceLines(50);
    writeLines(folder, lines);
    const { child, finished, said } = startAssay(folder, ["up", "--aws-port", "0", "--port", "0"]);
    await expect.poll(said, { timeout: 20_000 }).toContain("Ctrl-C stops it");
    const doors = /HTTP doors\s+(\S+)/.exec(said())?.[1] ?? "";
    expect(await (await fetch(`${doors}/healthz`)).json()).toEqual({ status: "ok" });

    expect((await assay(folder, ["submit", "rollouts.jsonl", "--job", "j"])).status).toBe(0);
    const watched = await assay(folder, ["watch", "j", "--json"]);
    expect(JSON.parse(watched.stdout)).toMatchObject({ lines: 50, mean_reward: 0.5 });
    const fetched = await assay(folder, ["fetch", "j"]);
    expectWhole(
      fetched.stdout
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
      lines,
    );

    const retried = await assay(folder, ["retry", "j"]);
    expect(retried.stderr).toContain("no line has an error that a retry can mend");

    const post = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${doors}/v1/score`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", ...headers },
      });
    const trajectories = lines.slice(0, 2).map((line) => JSON.parse(line));
    const scored = await post(JSON.stringify({ trajectories }));
    const { records } = (await scored.json()) as { records: RewardRecord[] };
    expect(records.map(({ reward }) => reward)).toEqual([0, 1]);
    expect((await post("{}")).status).toBe(400);
    expect((await post("{}", { origin: "http://evil.example" })).status).toBe(403);
    expect((await post("{}", { "content-type": "text/plain" })).status).toBe(415);

    const second = await assay(folder, ["up", "--aws-port", "0", "--port", "0"]);
    expect(second.status).toBe(1);
    child.kill("SIGINT");
    expect((await finished).status).toBe(0);
  });
});

it("the manifest of a job is what the schema says", async () => {
  const folder = makeFolder();
  writeLines(folder, choiceLines(10));
  const { startLocal } = await import("../packages/cli/local.ts");
  await assay(folder, ["grade", "rollouts.jsonl"]);
  const local = await startLocal({ dir: join(folder, ".assay") });
  try {
    const { objects } = await local.world.rewards.list("manifests/rollouts/");
    expect(objects).toHaveLength(1);
    const body = await local.world.rewards.readSmall(objects[0]?.key ?? "");
    const manifest = Manifest.parse(JSON.parse(Buffer.from(body ?? []).toString()));
    expect(manifest).toMatchObject({ job: "rollouts", lines: 10, trajectories: 10, shards: 1 });
  } finally {
    await local.stop();
  }
});
