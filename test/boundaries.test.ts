import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** Who may import whom. What is not listed may not be imported; tests may import anything. */
const MAY_IMPORT: Record<string, { packages: string[]; libraries: RegExp }> = {
  "packages/schema": { packages: [], libraries: /^(zod|node:(fs|path))$/ },
  "packages/verifiers": { packages: ["schema"], libraries: /^zod$/ },
  "packages/grading": {
    packages: ["schema", "verifiers"],
    libraries: /^node:(buffer|crypto|os|path\/posix|worker_threads)$/,
  },
  "packages/formats": { packages: ["schema", "grading"], libraries: /^node:(buffer|zlib)$/ },
  "packages/storage": {
    packages: ["schema", "grading", "formats"],
    libraries: /^(zod|@aws-sdk\/client-(s3|sqs)|node:(buffer|crypto|fs|fs\/promises))$/,
  },
  "packages/stack": { packages: [], libraries: /^node:/ },
  "packages/cli": {
    packages: ["schema", "verifiers", "grading", "formats", "storage", "stack"],
    libraries: /^(node:|commander$|zod$)/,
  },
  functions: {
    packages: ["schema", "grading", "storage"],
    libraries: /^(@aws-lambda-powertools\/|aws-lambda$)/,
  },
};

/** What a verifier must not know: AWS, clock, network, randomness, environment. */
const IMPURE =
  /\b(Date|Math\.random|performance|process|setTimeout|setInterval|fetch|globalThis|crypto|require|eval|Function)\b\s*[.(]/;

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: string[];
}

function sourcesIn(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|mjs)$/.test(name) && !name.includes("node_modules"))
    .filter((name) => !/\.test\.ts$|(^|\/)(testing|model|[^/]*fixture[^/]*)(\/|\.ts$)/.test(name))
    .map((name) => {
      const path = join(ROOT, folder, name);
      const text = readFileSync(path, "utf8");
      const imports = [
        ...text.matchAll(/^\s*(?:import|export)\b[^;'"]*?\bfrom\s+["']([^"']+)["']/gms),
        ...text.matchAll(/^\s*import\s+["']([^"']+)["']/gm),
        ...text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g),
      ].map((match) => match[1] ?? "");
      return { path: relative(ROOT, path), text, imports };
    });
}

const owners = Object.keys(MAY_IMPORT);
const allFiles = new Map(owners.map((owner) => [owner, sourcesIn(owner)]));

describe("boundaries", () => {
  it("cover every package", () => {
    const packages = readdirSync(join(ROOT, "packages")).map((name) => `packages/${name}`);
    expect([...packages, "functions"].sort()).toEqual(owners.sort());
    for (const [owner, files] of allFiles) expect(files.length, owner).toBeGreaterThan(0);
  });

  it.each(owners)("%s imports what it may, and lists it", (owner) => {
    const { libraries, packages } = MAY_IMPORT[owner] as (typeof MAY_IMPORT)[string];
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(ROOT, owner, "package.json"), "utf8"),
    ) as { dependencies?: Record<string, string> };
    for (const { imports, path } of allFiles.get(owner) ?? [])
      for (const name of imports) {
        // A generator of lists is run by hand and shipped nowhere.
        if (path === "packages/verifiers/walk.ts") continue;
        if (name.startsWith(".")) {
          const target = join(path, "..", name);
          expect(target.startsWith(`${owner}/`), `${path} reaches into ${target}`).toBe(true);
          continue;
        }
        const own = /^@assay\/([a-z]+)/.exec(name)?.[1];
        const allowed = own === undefined ? libraries.test(name) : packages.includes(own);
        expect(allowed, `${path} imports ${name}`).toBe(true);
        const listed = name
          .split("/")
          .slice(0, name.startsWith("@") ? 2 : 1)
          .join("/");
        if (!name.startsWith("node:") && name !== "aws-lambda")
          expect(dependencies, `${path} imports ${name}`).toHaveProperty([listed]);
      }
  });

  it("keep the AWS SDK in storage", () => {
    for (const [owner, files] of allFiles)
      for (const { imports, path } of files)
        if (imports.some((name) => name.startsWith("@aws-sdk") || name.startsWith("@smithy")))
          expect(owner, path).toBe("packages/storage");
  });

  it("keep clock, network, randomness and environment out of verifiers", () => {
    for (const { path, text } of allFiles.get("packages/verifiers") ?? []) {
      if (path === "packages/verifiers/walk.ts") continue;
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|`[^`]*`|"(\\.|[^"])*"/g, "");
      expect(IMPURE.exec(code)?.[0], path).toBeUndefined();
    }
  });

  it("keep one verifier out of another", () => {
    for (const { imports, path } of allFiles.get("packages/verifiers") ?? []) {
      const folder = /^packages\/verifiers\/([^/]+)\//.exec(path)?.[1];
      if (folder === undefined || folder === "shared") continue;
      for (const name of imports.filter((one) => one.startsWith("."))) {
        const target = join(path, "..", name);
        const own = target.startsWith(`packages/verifiers/${folder}/`);
        if (!own)
          expect(target, path).toMatch(/^packages\/verifiers\/(?:shared\/|testing\/|[a-z-]+\.ts$)/);
      }
    }
  });

  it("keep handlers to wiring", () => {
    for (const { path, text } of allFiles.get("functions") ?? [])
      expect(text.split("\n").length, path).toBeLessThanOrEqual(60);
  });
});
