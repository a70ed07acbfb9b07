import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const STORAGE = join(import.meta.dirname, "..");
const COPIES = join(STORAGE, ".model");

/** The numbers of the protocol, small enough that a handful of lines meets all of them. */
const SMALL_NUMBERS: Readonly<Record<string, string>> = {
  SMALLEST_SHARD_BYTES: "8",
  SHARD_BYTES: "8",
  SOLO_RECEIVE: "3",
  MAX_RECEIVES: "6",
  STEP_FACTOR: "2",
  SOLO_SPAN_BYTES: "6",
  PART_BYTES: "60",
};

/** A change of one place in the code: what stands there, once, and what is to stand instead. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Protocol {
  readonly planSubmission: typeof import("../plan.ts")["planSubmission"];
  readonly gradeShard: typeof import("../shard.ts")["gradeShard"];
  readonly parkMessage: typeof import("../park.ts")["parkMessage"];
  readonly policy: typeof import("../policy.ts");
  /** The copy's own twin of the bucket: its errors are the ones that the copy knows. */
  readonly MemoryBucket: typeof import("../memory.ts")["MemoryBucket"];
}

/** The protocol's very code, in a copy with small numbers and with `edits`. Throws where an edit
 * does not fit the code: a mutant that is none must not pass for one. */
export async function loadProtocol(edits: readonly Edit[] = []): Promise<Protocol> {
  const name = createHash("sha256").update(JSON.stringify(edits)).digest("hex").slice(0, 12);
  const copy = join(COPIES, name);
  mkdirSync(copy, { recursive: true });
  for (const file of readdirSync(STORAGE))
    if (file.endsWith(".ts") && !file.endsWith(".test.ts"))
      cpSync(join(STORAGE, file), join(copy, file));
  const numbers = Object.entries(SMALL_NUMBERS).map(([constant, value]) => ({
    file: "policy.ts",
    from: new RegExp(`export const ${constant} = [^;]+;`),
    to: `export const ${constant} = ${value};`,
  }));
  for (const { file, from, to } of [...numbers, ...edits]) {
    const path = join(copy, file);
    const before = readFileSync(path, "utf8");
    const parts = before.split(from);
    if (parts.length !== 2)
      throw new Error(`${file}: ${from} stands there ${parts.length - 1} times, expected once`);
    writeFileSync(path, parts.join(to));
  }
  const load = (file: string) => import(join(copy, file));
  return {
    ...(await load("plan.ts")),
    ...(await load("shard.ts")),
    ...(await load("park.ts")),
    policy: await load("policy.ts"),
    ...(await load("memory.ts")),
  };
}
