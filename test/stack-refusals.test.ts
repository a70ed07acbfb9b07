import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { assay, makeFolder, readRecordsFile, startAssay } from "./support/assay.ts";

const ASSAY = join(import.meta.dirname, "../packages/cli/bin/assay.mjs");
/** A user without rights of its own on every Unix. */
const NOBODY = 65_534;
const FREE = ["--aws-port", "0", "--port", "0"];

/** Refused in one line that says what is wrong and what would help, and nothing else. */
function expectRefusal(
  { status, stderr }: { status: number | null; stderr: string },
  words: string,
  option: string,
): void {
  expect(stderr.trimEnd()).toMatch(/^assay: [^\n]*$/);
  expect(stderr).toContain(words);
  expect(stderr).toContain(`(${option})`);
  expect(status).toBe(1);
}

async function startUp(folder: string, args: readonly string[] = FREE) {
  const started = startAssay(folder, ["up", ...args]);
  await expect.poll(started.said, { timeout: 20_000 }).toContain("Ctrl-C stops it");
  return started;
}

function choiceLines(count: number): string {
  const padding = "and so on ".repeat(50);
  return Array.from({ length: count }, (_, i) => {
    const task = { id: "k", verifier: "choice", spec: { answer: "B" } };
    return `${JSON.stringify({ id: `t${i}`, task, response: `${padding} the answer is (B).` })}\n`;
  }).join("");
}

it("refuses a folder that another one runs on, and leaves that one and its log alone", async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "a.jsonl"), choiceLines(20));
  await startUp(folder);
  await assay(folder, ["submit", "a.jsonl"]);
  await assay(folder, ["watch", "a"]);
  const log = readFileSync(join(folder, ".assay/functions.log"), "utf8");
  expect(log).not.toBe("");

  const second = await assay(folder, ["up", ...FREE]);
  expectRefusal(second, "the folder .assay is in use by another running stack", "--dir");
  expect(readFileSync(join(folder, ".assay/functions.log"), "utf8")).toContain(log);
  const fetched = await assay(folder, ["fetch", "a"]);
  expect(fetched.stdout.split("\n")).toHaveLength(21);
});

it("refuses a port that is in use, either one, by its option", async () => {
  const folder = makeFolder();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const words = `port ${port} is in use: stop what listens there, or choose another port`;
  const aws = await assay(folder, ["up", "--aws-port", String(port), "--port", "0"]);
  expectRefusal(aws, words, "--aws-port");
  const doors = await assay(folder, ["up", "--aws-port", "0", "--port", String(port)]);
  expectRefusal(doors, words, "--port");
  // What was refused holds nothing: the next one has the folder.
  expect(existsSync(join(folder, ".assay/stack.json"))).toBe(false);
  await startUp(folder);
});

it("refuses a folder that this user may not write, new or old", () => {
  const folder = makeFolder();
  const mine = join(folder, "mine");
  mkdirSync(mine);
  chmodSync(folder, 0o555);
  chmodSync(mine, 0o555);
  // Rights do not bind root: there somebody else is refused.
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  for (const dir of [mine, join(folder, "new")]) {
    const args = [ASSAY, "up", ...FREE, "--dir", dir];
    const refused = spawnSync(process.execPath, args, { ...user, encoding: "utf8" });
    expectRefusal(refused, `the folder ${dir} cannot be read and written by this user`, "--dir");
  }
  chmodSync(folder, 0o755);
  chmodSync(mine, 0o755);
});

it("refuses a folder that is none, or that is damaged", async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "file"), "");
  for (const dir of ["file", "file/below"])
    expectRefusal(await assay(folder, ["up", ...FREE, "--dir", dir]), "is no folder", "--dir");
  mkdirSync(join(folder, "damaged"));
  writeFileSync(join(folder, "damaged/stack.db"), "no database".repeat(1_000));
  const damaged = await assay(folder, ["up", ...FREE, "--dir", "damaged"]);
  expectRefusal(damaged, "the folder damaged is damaged", "--dir");
});

it("says that there is no room, and goes on whole once there is", async () => {
  const folder = makeFolder();
  const lines = 4_000;
  writeFileSync(join(folder, "a.jsonl"), choiceLines(lines));
  // No file may grow beyond so many KiB: the state opens, and the drop does not fit.
  const limited = spawnSync(
    "bash",
    ["-c", 'ulimit -f 512; exec "$@"', "-", process.execPath, ASSAY, "grade", "a.jsonl"],
    { cwd: folder, encoding: "utf8" },
  );
  expect(limited.stderr).toContain(
    "the folder .assay has no room left on its disk, or in its quota",
  );
  expect(limited.stderr).not.toContain("    at ");
  expect(limited.status).toBe(1);
  const again = await assay(folder, ["grade", "a.jsonl", "--out", "out"]);
  expect(again.status, again.stderr).toBe(0);
  expect(readRecordsFile(join(folder, "out/a.records.jsonl"))).toHaveLength(lines);
});
