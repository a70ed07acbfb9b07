import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** `shipped.ts`: what the folders hold, as imports, since a bundle has no folders to walk. */
export const SHIPPED_FILE = join(import.meta.dirname, "shipped.ts");

/** The names of the folders here that hold a verifier, in order. */
export function verifierFolders(): string[] {
  return readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => existsSync(join(import.meta.dirname, name, "index.ts")))
    .sort();
}

/** The text that `shipped.ts` must have. */
export function shippedSource(folders: readonly string[] = verifierFolders()): string {
  const identifier = (name: string) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  const imports = folders.map((name) => `import ${identifier(name)} from "./${name}/index.ts";`);
  return [
    "// Made by `npm run generate` from the folders beside it; a test keeps it current.",
    ...imports,
    'import { Registry } from "./registry.ts";',
    "",
    "/** Every verifier that is shipped. */",
    `export const registry = new Registry([${folders.map(identifier).join(", ")}]);`,
    "",
  ].join("\n");
}

if (import.meta.main) writeFileSync(SHIPPED_FILE, shippedSource());
