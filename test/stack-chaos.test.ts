import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RewardRecord } from "@assay/schema";
import { expect, it } from "vitest";
import { assay, makeFolder, startAssay } from "./support/assay.ts";

const LINES = 400;
/** A command whose every try is spoiled so often has another reason. */
const ATTEMPTS = 6;
/** Small shards, so that there are many calls and messages to spoil. */
const SHARD_BYTES = 1024 * 1024;
/** What makes the lines fill several shards. */
const PADDING = "and so on ".repeat(1_000);

/** Runs a command, again where its own calls were spoiled: it then says so, and exits 1. */
async function insist(folder: string, command: readonly string[]): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const { status, stderr, stdout } = await assay(folder, command);
    if (status === 0) return stdout;
    expect(stderr).toMatch(/^assay: /m);
    expect(stderr).not.toContain("    at ");
    expect(status).toBe(1);
    expect(attempt, stderr).toBeLessThan(ATTEMPTS);
  }
}

it.each([1, 2, 3])(
  "gives one record a line whatever fails on the way, seed %i",
  async (seed) => {
    const folder = makeFolder();
    const lines = Array.from({ length: LINES }, (_, i) =>
      JSON.stringify({
        id: `t${i}`,
        task: { id: `k${i >> 2}`, verifier: "choice", spec: { answer: "B" } },
        response: `${PADDING} the answer is (${i % 2 ? "B" : "C"}).`,
      }),
    );
    writeFileSync(join(folder, "rollouts.jsonl"), `${lines.join("\n")}\n`);
    const command = ["up", "--aws-port", "0", "--port", "0", "--chaos", String(seed)];
    const env = { ASSAY_SHARD_BYTES: String(SHARD_BYTES) };
    const { said } = startAssay(folder, command, env);
    await expect.poll(said, { timeout: 20_000 }).toContain("Ctrl-C stops it");
    expect(said()).toMatch(new RegExp(`^chaos +seed ${seed}: S3 and SQS now refuse`, "m"));

    await insist(folder, ["submit", "rollouts.jsonl", "--job", "j"]);
    const summary = JSON.parse(await insist(folder, ["watch", "j", "--json"]));
    expect(summary).toMatchObject({
      lines: LINES,
      counts: { scored: LINES, abstained: 0, error: 0 },
    });
    const fetched = await insist(folder, ["fetch", "j"]);
    const records: RewardRecord[] = fetched
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(records.map(({ trajectory_id }) => trajectory_id)).toEqual(lines.map((_, i) => `t${i}`));
    expect(new Set(records.map(({ id }) => id)).size).toBe(LINES);
    expect(records.map(({ reward }) => reward)).toEqual(lines.map((_, i) => i % 2));
    // A message whose every try was spoiled comes back after its visibility time-out of 6 minutes.
  },
  480_000,
);
