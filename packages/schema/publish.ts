import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { inputPage } from "./input-page.ts";
import { RewardRecord } from "./record.ts";
import { Line } from "./trajectory.ts";
import { Announcement, Manifest, ShardMessage, Submission } from "./wire.ts";

const published = { Line, RewardRecord, Manifest, Submission, ShardMessage, Announcement };

/** Every published JSON Schema, by file name. */
export function jsonSchemas(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, schema] of Object.entries(published)) {
    const file = `${name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.json`;
    files.set(file, `${JSON.stringify(z.toJSONSchema(schema, { io: "input" }), null, 2)}\n`);
  }
  return files;
}

/** Where they stand: `schemas/` at the root of the repository. */
export const SCHEMAS_FOLDER = join(import.meta.dirname, "../../schemas");

/** What people read of them. */
export const INPUT_PAGE = join(import.meta.dirname, "../../docs/input.md");

if (import.meta.main) {
  mkdirSync(SCHEMAS_FOLDER, { recursive: true });
  for (const [file, text] of jsonSchemas()) writeFileSync(join(SCHEMAS_FOLDER, file), text);
  mkdirSync(dirname(INPUT_PAGE), { recursive: true });
  writeFileSync(INPUT_PAGE, inputPage());
}
