import { createReadStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tally } from "@assay/schema";
import { afterAll, describe, expect, it } from "vitest";
import { lineNumbers } from "./error-lines.ts";
import { inputFiles, jobName, stem } from "./files.ts";
import { table } from "./output.ts";
import { describeProgress } from "./progress.ts";
import { closingTable, exitStatus, summaryJson } from "./summary.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tally(scored: number, abstained: number, error: number, reward_sum: number): Tally {
  const lines = scored + abstained + error;
  return {
    lines,
    trajectories: lines,
    counts: { scored, abstained, error },
    reward_sum,
    verifiers: { "math@2": scored },
  };
}

describe("progress", () => {
  it("shows share, lines, rate and time left", () => {
    const half = { lines: 5_000, bytes: 500, totalBytes: 1_000 };
    expect(describeProgress(half, 2)).toBe(
      "[############------------]   50 %  5,000 lines  2,500/s  2 s left",
    );
  });

  it("promises nothing before the first part, and no more than all", () => {
    expect(describeProgress({ lines: 0, bytes: 0, totalBytes: 10 }, 1)).toContain("waiting");
    expect(describeProgress({ lines: 1, bytes: 12, totalBytes: 10 }, 1)).toContain("100 %");
    expect(describeProgress({ lines: 0, bytes: 0, totalBytes: 0 }, 0)).toContain("100 %");
  });
});

describe("the closing table", () => {
  const rows = [
    { name: "a.jsonl", tally: tally(3, 1, 0, 1.5) },
    { name: "b.jsonl", tally: tally(1, 0, 1, 1) },
  ];

  it("has a row a source, and one for all of several", () => {
    expect(closingTable(rows, 2).split("\n")).toEqual([
      "         lines  records  scored  abstained  error  mean reward",
      "a.jsonl      4        4       3          1      0       0.5000",
      "b.jsonl      2        2       1          0      1       1.0000",
      "all          6        6       4          1      1       0.6250",
      "math@2 4; 2.00 s, 3 lines/s",
    ]);
  });

  it("is the same for programs", () => {
    expect(JSON.parse(summaryJson("j", rows, 2))).toMatchObject({
      job: "j",
      counts: { scored: 4, abstained: 1, error: 1 },
      mean_reward: 0.625,
      sources: [{ name: "a.jsonl", mean_reward: 0.5 }, { name: "b.jsonl" }],
    });
  });

  it("decides the exit status by errors alone", () => {
    expect(exitStatus(rows)).toBe(2);
    expect(exitStatus(rows.slice(0, 1))).toBe(0);
    expect(exitStatus([])).toBe(0);
  });

  it("has no mean where nothing is scored", () => {
    const [, row] = closingTable([{ name: "x", tally: tally(0, 0, 2, 0) }], 1).split("\n");
    expect(row).toMatch(/ -$/);
  });

  it("lines its columns up", () => {
    expect(
      table([
        ["a", "1"],
        ["bbb", "22"],
      ]),
    ).toBe("a     1\nbbb  22");
  });
});

describe("files", () => {
  const write = (name: string) => {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "");
    return path;
  };

  it("are dropped under the job and their base name", () => {
    const path = write("x/rollouts.jsonl");
    expect(inputFiles([path], "j")).toEqual([
      { path, name: "rollouts.jsonl", key: "drops/j/rollouts.jsonl" },
    ]);
  });

  it("of one base name are refused, as is what is no file", () => {
    const twins = [write("x/a.jsonl"), write("y/a.jsonl")];
    expect(() => inputFiles(twins, "j")).toThrow(/would both be drops\/j\/a.jsonl/);
    mkdirSync(join(folder, "d.jsonl"));
    expect(() => inputFiles([join(folder, "d.jsonl")], "j")).toThrow("not a file");
  });

  it("name the job where nobody does, made safe", () => {
    expect(jobName(undefined, ["/data/Step 12+.jsonl"])).toBe("step-12-");
    expect(jobName(undefined, ["/data/__.jsonl"])).toBe("job");
    expect(jobName("run-7", [])).toBe("run-7");
    expect(() => jobName("Run 7", [])).toThrow("--job Run 7: expected a job name");
    expect(stem("a/b.jsonl.gz")).toBe("b");
    expect(stem(".jsonl")).toBe(".jsonl");
  });

  it("have line numbers for their bytes", async () => {
    const path = join(folder, "lines.txt");
    writeFileSync(path, "a\n\nccc\nd");
    expect(await lineNumbers(createReadStream(path), [0, 2, 3, 7])).toEqual([1, 2, 3, 4]);
    expect(await lineNumbers(createReadStream(path), [])).toEqual([]);
  });
});
