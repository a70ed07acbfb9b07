import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Manifest } from "@assay/schema";
import {
  type AwsWorld,
  isAbout,
  isRetry,
  keys,
  type ListedObject,
  listManifests,
  listRejections,
  newestTally,
  type Rejected,
  type Replacements,
  readRecords,
  readReplacements,
  retryJob,
} from "@assay/storage";
import { type DeploymentOptions, openDeployment } from "../deployment.ts";
import { EXIT, UsageError } from "../exit.ts";
import { inputFiles, jobName, stem } from "../files.ts";
import { printable, say, write } from "../output.ts";
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
    say(printable(`${path} -> s3://${world.trajectories.name}/${key}`));
  }
  say(`job ${job}: \`assay watch ${job}\` shows when it is done`);
  return EXIT.done;
}

/** Waits until every object that a job was given has its manifest or its rejection. */
export async function watch(
  job: string,
  options: DeploymentOptions & { readonly json?: boolean },
): Promise<number> {
  const world = openDeployment(options);
  const started = performance.now();
  const told = new Set<string>();
  const settled = new Set<string>();
  for (;;) {
    const prefixes = [`${keys.DROPS}${job}/`, keys.retriesPrefix(job), keys.inlinePrefix(job)];
    const listings = await Promise.all(prefixes.map((one) => world.trajectories.list(one)));
    // A folder that a console made has a key too, and is no drop.
    const objects = listings
      .flatMap((one) => one.objects)
      .filter(({ key }) => key !== `${keys.DROPS}${job}/`);
    const manifests = await listManifests(world, job);
    // Of an object that was overwritten, what was rejected before is no news.
    const rejected = [...(await listRejections(world, job))].filter(
      ([, one]) => !objects.some((object) => isAbout(one, object.key) && !settles(one, object)),
    );
    for (const [key, { message }] of rejected)
      if (!told.has(key)) say(printable(`rejected: ${message}`));
    for (const { sid, source } of manifests)
      if (!told.has(sid)) say(printable(`graded: ${source.key}`));
    for (const one of [...rejected.map(([key]) => key), ...manifests.map(({ sid }) => sid)])
      told.add(one);
    if (objects.length === 0 && manifests.length === 0 && rejected.length === 0)
      throw new UsageError(`job ${job}: nothing was submitted`);
    for (const object of objects) {
      const version = `${object.modifiedMs} ${object.key}`;
      if (settled.has(version)) continue;
      if (
        rejected.some(([, one]) => settles(one, object)) ||
        (await isGraded(world, object.key, manifests))
      )
        settled.add(version);
    }
    if (objects.every(({ key, modifiedMs }) => settled.has(`${modifiedMs} ${key}`))) {
      const rows = await rowsOf(world, manifests);
      const seconds = (performance.now() - started) / 1_000;
      if (options.json) await write(`${summaryJson(job, rows, seconds)}\n`);
      else if (rows.length > 0) say(closingTable(rows, seconds));
      return rejected.length > 0 ? EXIT.usage : exitStatus(rows);
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

/** Whether a rejection says that an object, as it stands, will not be graded. */
function settles(rejected: Rejected, { key, modifiedMs }: ListedObject): boolean {
  // What is gone is another version than the one that stands. On the wire, dates are whole seconds.
  return (
    rejected.reason !== "source_gone" &&
    isAbout(rejected, key) &&
    Math.floor(rejected.atMs / 1_000) >= Math.floor(modifiedMs / 1_000)
  );
}

/** Whether an object has its manifest: in the version that stands, or else is there no more. */
async function isGraded(
  world: AwsWorld,
  key: string,
  manifests: readonly Manifest[],
): Promise<boolean> {
  const manifest = manifests.find(({ source }) => source.key === key);
  if (manifest === undefined) return false;
  const standing = await world.trajectories.head(key);
  const bucket = world.trajectories.name;
  return standing === undefined || keys.sidOf({ bucket, ...standing }) === manifest.sid;
}

/** Writes a job's records, a file a source, or all of them to standard output. */
export async function fetch(
  job: string,
  options: DeploymentOptions & { readonly out?: string },
): Promise<number> {
  if (options.out !== undefined) makeOutFolder(options.out);
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

/** Throws `UsageError` where there is no such folder and none can be made. */
export function makeOutFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`--out ${out}: it is no folder, and none can be made there (${code})`);
  }
}

/** `<base name less extensions>.records.jsonl` in `out` for each source; where that is no name for a
 * file or is taken by another source, the source's id stands in its place. */
export async function writeRecordFiles(
  world: AwsWorld,
  out: string,
  manifests: readonly Manifest[],
  replacements?: Replacements,
): Promise<void> {
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
    say(printable(`records: ${target}`));
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
