import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RewardRecord } from "@assay/schema";
import { expect, it } from "vitest";
import { EXAMPLES, type ExampleLine, examples } from "./examples/make.ts";
import { assay, makeFolder, readRecordsFile } from "./support/assay.ts";

/** Of these the bytes are another matter than what they hold: compressors differ. */
const COMPRESSED = /\.(gz|zst)$/;

const files = readdirSync(EXAMPLES).filter((name) => name !== "README.md");

it("are what is made of the verifiers' cases, and the README names each", () => {
  for (const [name, content] of examples())
    if (!COMPRESSED.test(name))
      expect(
        readFileSync(join(EXAMPLES, name)).equals(Buffer.from(content)),
        `${name}: npm run generate`,
      ).toBe(true);
  const readme = readFileSync(join(EXAMPLES, "README.md"), "utf8");
  for (const name of files) expect(readme, name).toContain(`\`${name}\``);
});

function told(records: readonly RewardRecord[]) {
  return records.map(({ components, metadata, reward, trajectory_id }) => ({
    id: trajectory_id,
    reward,
    reason: components[0]?.reason,
    metadata,
  }));
}

it("are graded without an error, as they say, and in every format alike", async () => {
  const folder = makeFolder();
  const paths = files.map((name) => join(EXAMPLES, name));
  const { status, stderr } = await assay(folder, ["grade", ...paths, "--out", "out"]);
  expect(status, stderr).toBe(0);
  const written = [...stderr.matchAll(/^records: (.*)$/gm)].map(([, path = ""]) => path);
  const graded = new Map(
    files.map((name, i) => [name, told(readRecordsFile(join(folder, written[i] ?? "")))]),
  );

  for (const [name, records] of graded) {
    expect(records.length, name).toBeGreaterThan(0);
    for (const { id, metadata, reason, reward } of records) {
      const { expect: expected } = metadata as Partial<ExampleLine["metadata"]>;
      if (expected !== undefined) expect({ reward, reason }, id).toEqual(expected);
    }
  }
  const [first, ...others] = files.filter((name) => name.startsWith("formats."));
  expect(others).toHaveLength(3);
  expect(graded.get(first ?? "")).toHaveLength(12);
  for (const name of others) expect(graded.get(name), name).toEqual(graded.get(first ?? ""));
  expect(graded.get("group.jsonl")?.map(({ reward }) => reward)).toEqual([1, 0, 1]);
  expect(graded.get("rubric.jsonl")?.map(({ reward }) => reward)).toEqual([1, 0.2, 0, 0]);
});
