import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Counts, Rejection, RewardRecord } from "@assay/schema";
import { describe, expect, it } from "vitest";
import {
  errorLines,
  expectTable,
  outcomeOf,
  outcomeOfAll,
  readRecords,
  withClasses,
} from "./bad-inputs/check.ts";
import { FOLDER } from "./bad-inputs/commands.ts";
import type { FileCase } from "./bad-inputs/file-case.ts";
import { goodLine } from "./bad-inputs/line-case.ts";
import { type Case, EXIT, exitOf, type Outcome } from "./bad-inputs/outcome.ts";
import { BAD_INPUTS_PAGE, badInputsPage } from "./bad-inputs/page.ts";
import { commands, files, lines } from "./bad-inputs/table.ts";
import { ASSAY, assay, makeFolder, startAssay } from "./support/assay.ts";

/** As shells report it. */
const PIPE_CLOSED = 141;
/** A user without rights of its own on every Unix. */
const NOBODY = 65_534;

it("are told in docs/bad-inputs.md as they are here", () => {
  expect(readFileSync(BAD_INPUTS_PAGE, "utf8"), "npm run generate").toBe(badInputsPage());
});

describe("a line among good ones", () => {
  const cases = lines.map((one, i) => ({
    ...one,
    before: Buffer.from(`${goodLine(`before ${i}`)}\n`),
    bytes: Buffer.concat([Buffer.from(one.line), Buffer.from("\n")]),
  }));
  const file = Buffer.concat(cases.flatMap(({ before, bytes }) => [before, bytes]));

  function expectRecords(all: readonly { record: RewardRecord; text: string }[]): void {
    const byOffset = Map.groupBy(all, ({ record }) => record.source.offset);
    expect(byOffset.size).toBe(2 * cases.length);
    let at = 0;
    const found = new Map<Case, unknown>();
    for (const one of cases) {
      const good = byOffset.get(at)?.map(({ record }) => record.reward);
      const own = byOffset.get(at + one.before.length) ?? [];
      const records = own.map(({ record }) => outcomeOf(record));
      const shows = own.every(({ text }) => text.includes(one.shows ?? ""));
      found.set(one, { good, records, shows });
      at += one.before.length + one.bytes.length;
    }
    expectTable(
      cases,
      (one) => found.get(one),
      ({ outcome, records = 1 }) => ({
        good: [1],
        records: Array<Outcome>(records).fill(withClasses(outcome)),
        shows: true,
      }),
    );
  }

  it("has its own record, and its neighbours have theirs, from standard input", async () => {
    const { status, stdout } = await assay(makeFolder(), ["score"], { input: file });
    expectRecords(readRecords(stdout));
    expect(status).toBe(EXIT.errors);
  });

  it("is no matter to whoever reads the first records only", async () => {
    const { child, finished } = startAssay(makeFolder(), ["score"]);
    child.stdout.once("data", () => child.stdout.destroy());
    // It may end before it has read all.
    child.stdin.on("error", () => {});
    child.stdin.end(file);
    const { status, stderr } = await finished;
    expect(stderr).not.toContain("    at ");
    expect(status).toBe(PIPE_CLOSED);
  });

  it("has the same one from a file", async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, "lines.jsonl"), file);
    const args = ["grade", "lines.jsonl", "--out", "out"];
    const { status, stderr } = await assay(folder, args);
    expectRecords(readRecords(readFileSync(join(folder, "out/lines.records.jsonl"), "utf8")));
    expect(stderr).not.toContain("    at ");
    expect(status).toBe(EXIT.errors);
  });
});

describe("files that are graded together", () => {
  interface Summary {
    readonly sources: readonly { readonly name: string; readonly counts: Counts }[];
    readonly rejected?: readonly (Omit<Rejection, "job"> & { readonly name: string })[];
  }

  function seen(summary: Summary, stderr: string, { file, outcome }: FileCase): Outcome {
    const rejected = summary.rejected?.find(({ name }) => name === file);
    if (rejected !== undefined) {
      expect(stderr).toContain(`\n${file}: ${rejected.message} (${rejected.reason})\n`);
      return { rejected: rejected.reason, message: rejected.message };
    }
    const graded = summary.sources.find(({ name }) => name === file)?.counts.scored ?? Number.NaN;
    const errors = errorLines(stderr, file);
    if (!("more" in outcome)) return outcomeOfAll(graded, errors);
    return { graded, errors: errors.slice(0, outcome.errors?.length), more: true };
  }

  it.each(Object.entries(EXIT))("each end as they do alone, %s", async (_, exit) => {
    const folder = makeFolder();
    const cases = files.filter(({ outcome }) => exitOf(outcome) === exit);
    for (const { bytes, file } of cases) writeFileSync(join(folder, file), bytes());
    const args = ["grade", ...cases.map(({ file }) => file), "--json"];
    const { status, stderr, stdout } = await assay(folder, args);
    expect(stderr).not.toContain("    at ");
    const summary = JSON.parse(stdout);
    expectTable(cases, (one) => seen(summary, `\n${stderr}`, one));
    expect(status).toBe(exit);
  });
});

describe("a command that cannot be done", () => {
  /** As another user, where this one may read everything. */
  function asNobody(folder: string, args: readonly string[]): string {
    const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    const { status, stderr } = spawnSync(process.execPath, [ASSAY, ...args], {
      ...user,
      cwd: folder,
      encoding: "utf8",
    });
    expect(status).toBe(EXIT.usage);
    return stderr;
  }

  it("is refused before anything begins, in words", async () => {
    const folder = makeFolder();
    chmodSync(folder, 0o755);
    for (const [name, text] of Object.entries(FOLDER.files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    chmodSync(join(folder, FOLDER.unreadable), 0o000);
    mkdirSync(join(folder, FOLDER.folder));
    symlinkSync("nowhere", join(folder, FOLDER.danglingLink));
    expect(spawnSync("mkfifo", [join(folder, FOLDER.pipe)]).status).toBe(0);

    const said = new Map<Case, string>();
    const left = [...commands];
    // Two at a time: each is a process that loads all of it.
    const walk = async () => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        if (one.args.includes(FOLDER.unreadable)) said.set(one, asNobody(folder, one.args));
        else {
          const { status, stderr, stdout } = await assay(folder, one.args, {
            input: one.stdin ?? "",
          });
          said.set(one, stderr);
          expect(stdout, one.input).toBe("");
          expect(status, one.input).toBe(EXIT.usage);
        }
      }
    };
    await Promise.all([walk(), walk()]);
    expectTable(commands, (one) => ({ refused: said.get(one)?.trimEnd() }));
  });
});
