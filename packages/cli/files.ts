import { accessSync, constants, statSync } from "node:fs";
import { basename } from "node:path";
import { EXPECTED, formatOf, withoutExtension } from "@assay/formats";
import { JobName } from "@assay/schema";
import { DROPS } from "@assay/storage/keys";
import { UsageError } from "./exit.ts";

/** A file that a command was given, and the key that it is dropped under. */
export interface InputFile {
  readonly path: string;
  readonly name: string;
  readonly key: string;
}

/** Checks the files that a command was given. Throws `UsageError`, which names the file. */
export function inputFiles(paths: readonly string[], job: string): InputFile[] {
  const byName = new Map<string, string>();
  return paths.map((path) => {
    const name = basename(path);
    if (formatOf(name) === undefined)
      throw new UsageError(`${path}: unknown format, expected ${EXPECTED}`);
    const info = statSync(path, { throwIfNoEntry: false });
    if (info === undefined) throw new UsageError(`${path}: no such file`);
    if (!info.isFile()) throw new UsageError(`${path}: not a file`);
    if (!isReadable(path)) throw new UsageError(`${path}: this user may not read it`);
    const twin = byName.get(name);
    if (twin !== undefined)
      throw new UsageError(
        `${twin} and ${path} would both be drops/${job}/${name}: rename one, or grade each as a job of its own`,
      );
    byName.set(name, path);
    return { path, name, key: `${DROPS}${job}/${name}` };
  });
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The job that was named, or the first file's base name made safe. */
export function jobName(named: string | undefined, paths: readonly string[]): string {
  const job = named ?? safeName(stem(paths[0] ?? ""));
  const parsed = JobName.safeParse(job);
  if (parsed.success) return job;
  throw new UsageError(`--job ${job}: ${parsed.error.issues[0]?.message}`);
}

/** A base name less its extensions; a name that is nothing else stays as it is. */
export function stem(path: string): string {
  const name = basename(path);
  return withoutExtension(name) || name;
}

function safeName(name: string): string {
  const safe = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  return safe.slice(0, 64) || "job";
}
