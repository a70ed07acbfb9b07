import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import type { Verifier } from "./define.ts";
import { registry } from "./shipped.ts";
import { grade } from "./testing/grade.ts";
import { SHIPPED_FILE, shippedSource, verifierFolders } from "./walk.ts";

/** What a verifier may import: its own folder, what all share, the schemas. */
const ALLOWED = /^(?:[\w-]+\/[\w/.-]+|(?:define|ports)\.ts|zod|@assay\/schema)$/;
const folders = verifierFolders();
const verifiers = await Promise.all(
  folders.map(async (folder) => {
    const module = (await import(`./${folder}/index.ts`)) as { default: Verifier };
    return { folder, verifier: module.default };
  }),
);

describe("the shipped list", () => {
  it("is what the folders hold", () => {
    expect(readFileSync(SHIPPED_FILE, "utf8")).toBe(shippedSource());
    expect(registry.all().map(({ name }) => name)).toEqual(folders);
  });
});

describe.each(verifiers)("$folder", ({ folder, verifier }) => {
  const { cases, doc, name, reasons } = verifier;
  const most = verifier.range?.[1] ?? 1;
  const least = Math.max(0, verifier.range?.[0] ?? 0);

  it("is named as its folder", () => {
    expect(name).toBe(folder);
    expect(Number.isInteger(verifier.version) && verifier.version >= 1).toBe(true);
  });

  it("says what it does and after whom", () => {
    for (const text of [doc.summary, doc.details, doc.source]) expect(text.trim()).not.toBe("");
    expect(doc.summary).toMatch(/^[A-Z].*\.$/);
    for (const meaning of Object.values(reasons)) expect(meaning.trim()).not.toBe("");
  });

  it.each(cases)("case: $name", async ({ spec, expect: want, ...trajectory }) => {
    const verdict = await grade(verifier, spec, trajectory);
    expect(verdict).toMatchObject({ outcome: want.outcome, reason: want.reason });
    if (want.answer !== undefined) expect(verdict).toMatchObject({ answer: want.answer });
    if (want.score !== undefined && verdict.outcome === "scored")
      expect(verdict.score).toBeCloseTo(want.score, 12);
    expect(await grade(verifier, spec, trajectory)).toEqual(verdict);
  });

  it("has cases that differ in name, and enough of each kind", () => {
    expect(new Set(cases.map((one) => one.name)).size).toBe(cases.length);
    expect(cases.filter((one) => one.expect.score === most).length).toBeGreaterThanOrEqual(5);
    expect(cases.filter((one) => one.expect.score === least).length).toBeGreaterThanOrEqual(5);
  });

  it("reaches every reason that it declares, and no other", () => {
    const reached = new Set(cases.map((one) => one.expect.reason));
    expect([...reached].sort()).toEqual(Object.keys(reasons).sort());
  });

  it("accepts the reference and refuses silence", async () => {
    const [first] = cases;
    const { label } = doc;
    expect(first.expect.score).toBe(most);
    if (label !== undefined) {
      const reference = [(first.spec as Record<string, string | string[]>)[label]].flat()[0] ?? "";
      expect(await grade(verifier, first.spec, reference)).toMatchObject({ score: most });
    }
    expect(await grade(verifier, first.spec, "")).toMatchObject({
      outcome: "scored",
      score: least,
    });
  });

  it("refuses a spec with an unknown key", () => {
    const spec = { ...(cases[0].spec as object), no_such_key: 1 };
    expect(verifier.spec.safeParse(spec).success).toBe(false);
  });

  it("imports nothing of the machine and no other verifier", () => {
    for (const file of sourcesOf(folder)) {
      const imports = [...readFileSync(file, "utf8").matchAll(/from "([^"]+)"/g)];
      for (const [, from = ""] of imports) {
        const isLocal = from.startsWith(".");
        const target = isLocal ? relative(import.meta.dirname, join(file, "..", from)) : from;
        expect(target).toMatch(ALLOWED);
        if (isLocal && !/^(?:define|ports|shared)\b/.test(target))
          expect(target.split("/")[0]).toBe(folder);
      }
    }
  });
});

function sourcesOf(folder: string): string[] {
  return readdirSync(join(import.meta.dirname, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|(?:^|\/)testing\//.test(file))
    .map((file) => join(import.meta.dirname, folder, file));
}
