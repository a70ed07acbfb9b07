import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Manifest } from "@assay/schema";
import {
  type AwsWorld,
  isRetry,
  keys,
  listManifests,
  listRejections,
  newestTally,
  type Replacements,
  readRecords,
  readReplacements,
  retryJob,
} from "@assay/storage";
import { type DeploymentOptions, openDeployment } from "../deployment.ts";
import { EXIT, UsageError } from "../exit.ts";
import { inputFiles, jobName, stem } from "../files.ts";
import { say, write } from "../output.ts";
import { closingTable, exitStatus, type Row, summaryJson } from "../summary.ts";

/** File systems take names of 255 bytes; with room for what comes behind, and a file beside it. */
const MAX_NAME_BYTES = 200;

/** How often a deployment is looked at, in milliseconds: each look is a LIST that is billed. */
const LOOK_MS = 1_000;

/** Drops files into a deployment's bucket, which grades them by itself. */
export async function submit(
  paths: readonly string[],
  options: DeploymentOptions & { readonly job?: string },
): Promise<number> {
  const job = jobName(options.job, paths);
  const files = inputFiles(paths, job);
  const world = openDeployment(options);
  for (const { key, path } of files) {
    await world.trajectories.putFile(key, path);
    say(`${path} -> s3://${world.trajectories.name}/${key}`);
  }
  say(`job ${job}: \`assay watch ${job}\` shows when it is done`);
  return EXIT.done;
}

/** Waits until every object that was dropped for a job has its manifest or its rejection. */
export async function watch(
  job: string,
  options: DeploymentOptions & { readonly json?: boolean },
): Promise<number> {
  const world = openDeployment(options);
  const started = performance.now();
  const told = new Set<string>();
  for (;;) {
    const drops = await world.trajectories.list(`${keys.DROPS}${job}/`);
    const retries = await world.trajectories.list(keys.retriesPrefix(job));
    const objects = [...drops.objects, ...retries.objects];
    const manifests = await listManifests(world, job);
    const rejected = await listRejections(world, job);
    for (const [key, { message }] of rejected) if (!told.has(key)) say(`rejected: ${message}`);
    for (const { sid, source } of manifests) if (!told.has(sid)) say(`graded: ${source.key}`);
    for (const one of [...rejected.keys(), ...manifests.map(({ sid }) => sid)]) told.add(one);
    if (objects.length === 0 && manifests.length === 0 && rejected.size === 0)
      throw new UsageError(`job ${job}: nothing was submitted`);
    const graded = new Set(manifests.map(({ source }) => source.key));
    if (objects.filter(({ key }) => !graded.has(key)).length <= rejected.size) {
      const rows = await rowsOf(world, manifests);
      const seconds = (performance.now() - started) / 1_000;
      if (options.json) await write(`${summaryJson(job, rows, seconds)}\n`);
      else if (rows.length > 0) say(closingTable(rows, seconds));
      return exitStatus(rows);
    }
    await sleep(LOOK_MS);
  }
}

/** Grades anew the lines of a job that have a retryable error. */
export async function retry(job: string, options: DeploymentOptions): Promise<number> {
  const { gone, key, lines } = await retryJob(openDeployment(options), job);
  for (const source of gone) say(`${source}: its version is no more, its lines cannot be retried`);
  if (key === undefined) say(`job ${job}: no line has an error that a retry can mend`);
  else say(`job ${job}: ${lines} lines are graded anew; \`assay watch ${job}\` shows when`);
  return EXIT.done;
}

/** Writes a job's records, a file a source, or all of them to standard output. */
export async function fetch(
  job: string,
  options: DeploymentOptions & { readonly out?: string },
): Promise<number> {
  const world = openDeployment(options);
  const manifests = await listManifests(world, job);
  if (manifests.length === 0) throw new UsageError(`job ${job}: nothing is graded yet`);
  const replacements = await readReplacements(world, manifests);
  const sources = manifests.filter((manifest) => !isRetry(manifest));
  if (options.out === undefined)
    for (const manifest of sources)
      for await (const chunk of readRecords(world, manifest, replacements)) await write(chunk);
  else await writeRecordFiles(world, options.out, sources, replacements);
  return exitStatus(await rowsOf(world, manifests));
}

/** `<base name less extensions>.records.jsonl` in `out` for each source; where that is no name for a
 * file or is taken by another source, the source's id stands in its place. */
export async function writeRecordFiles(
  world: AwsWorld,
  out: string,
  manifests: readonly Manifest[],
  replacements?: Replacements,
): Promise<void> {
  mkdirSync(out, { recursive: true });
  const taken = new Set<string>();
  for (const manifest of manifests) {
    const wanted = stem(manifest.source.key);
    const name = isFileName(wanted) && !taken.has(wanted) ? wanted : manifest.sid;
    taken.add(name);
    const target = join(out, `${name}.records.jsonl`);
    await pipeline(
      Readable.from(readRecords(world, manifest, replacements)),
      createWriteStream(target),
    );
    say(`records: ${target}`);
  }
}

/** A row a source, with what retries made of it. */
async function rowsOf(world: AwsWorld, manifests: readonly Manifest[]): Promise<Row[]> {
  const replacements = await readReplacements(world, manifests);
  return await Promise.all(
    manifests
      .filter((manifest) => !isRetry(manifest))
      .map(async (manifest) => ({
        name: stem(manifest.source.key),
        tally: await newestTally(world, manifest, replacements),
      })),
  );
}

function isFileName(name: string): boolean {
  return Buffer.byteLength(name) <= MAX_NAME_BYTES && !/\p{Cc}/u.test(name);
}
