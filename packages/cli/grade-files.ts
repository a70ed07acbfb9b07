import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Manifest } from "@assay/schema";
import { keys, listRejections, type ObjectInfo, readRecords, SourceProgress } from "@assay/storage";
import { writeRecordFiles } from "./commands/jobs.ts";
import { showErrors } from "./error-lines.ts";
import { UsageError } from "./exit.ts";
import type { InputFile } from "./files.ts";
import type { Local } from "./local.ts";
import { say, write } from "./output.ts";
import { ProgressBar } from "./progress.ts";
import { closingTable, exitStatus, summaryJson } from "./summary.ts";

/** How often the rewards are looked at, in milliseconds, where no function has said anything. */
const LOOK_MS = 500;
/** And how often the rejections, which are rare. */
const LOOK_FOR_REJECTIONS_MS = 500;

interface Graded extends InputFile {
  readonly progress: SourceProgress;
}

/** Drops files into the local deployment, waits for their manifests, and tells what came of them.
 * Gives the exit status. Rejects where `signal` is aborted. */
export async function gradeFiles(
  local: Local,
  job: string,
  files: readonly InputFile[],
  options: { readonly json?: boolean; readonly out?: string },
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now();
  const graded = await dropAll(local, job, files);
  await finished(local, job, graded, signal);
  const seconds = (performance.now() - started) / 1_000;
  const rows = graded.map(({ name, progress }) => ({ name, tally: progress.tally }));
  for (const { path, progress } of graded)
    if (progress.manifest !== undefined && progress.tally.counts.error > 0)
      await showErrors(
        path,
        readRecords(local.world, progress.manifest),
        progress.tally.counts.error,
      );
  if (options.json) await write(`${summaryJson(job, rows, seconds)}\n`);
  else say(closingTable(rows, seconds));
  if (options.out !== undefined)
    await writeRecordFiles(local.world, options.out, manifestsOf(graded));
  return exitStatus(rows);
}

/** Drops the files, save those that stand there already, byte for byte, and are graded or on
 * their way: what an earlier run left in the queues goes on by itself. */
async function dropAll(local: Local, job: string, files: readonly InputFile[]): Promise<Graded[]> {
  const { world } = local;
  const waiting = (await world.submissions.depth()) + (await world.shards.depth()) > 0;
  return await Promise.all(
    files.map(async (file) => {
      const standing = await world.trajectories.head(file.key);
      const same = standing !== undefined && standing.etag === (await md5Of(file.path));
      if (same) {
        const progress = progressOf(job, world.trajectories.name, standing);
        await progress.update(world);
        if (waiting || progress.manifest !== undefined) return { ...file, progress };
      }
      await world.trajectories.putFile(file.key, file.path);
      const dropped = await world.trajectories.head(file.key);
      if (dropped === undefined) throw new Error(`${file.key}: written, and not there`);
      return { ...file, progress: progressOf(job, world.trajectories.name, dropped) };
    }),
  );
}

function progressOf(
  job: string,
  bucket: string,
  { etag, key, size, version }: ObjectInfo,
): SourceProgress {
  const source = { bucket, key, etag, size, ...(version === undefined ? {} : { version }) };
  return new SourceProgress(job, keys.sidOf(source), source);
}

/** As S3 makes an object's etag, where it was written in one piece. */
async function md5Of(path: string): Promise<string> {
  const digest = createHash("md5");
  await pipeline(createReadStream(path), digest);
  return digest.digest("hex");
}

async function finished(
  { logFile, news, world }: Local,
  job: string,
  graded: readonly Graded[],
  signal: AbortSignal,
): Promise<void> {
  const bar = new ProgressBar();
  let looked = performance.now();
  const known = new Set((await listRejections(world, job)).keys());
  try {
    for (;;) {
      signal.throwIfAborted();
      // Taken before the look: what is said during it is news too.
      const more = news();
      const open = graded.filter(({ progress }) => progress.manifest === undefined);
      if (open.length === 0) return;
      await Promise.all(open.map(({ progress }) => progress.update(world)));
      bar.show(sum(graded.map(({ progress }) => progress)));
      if (performance.now() - looked > LOOK_FOR_REJECTIONS_MS) {
        looked = performance.now();
        for (const rejection of (await listRejections(world, job, known)).values())
          throw new UsageError(`${rejection.message} (${rejection.reason}; see ${logFile})`);
      }
      await Promise.race([more, sleep(LOOK_MS, undefined, { signal, ref: false })]);
    }
  } finally {
    bar.clear();
  }
}

function manifestsOf(graded: readonly Graded[]): Manifest[] {
  return graded.flatMap(({ progress }) => progress.manifest ?? []);
}

function sum(all: readonly SourceProgress[]) {
  return {
    lines: all.reduce((lines, { tally }) => lines + tally.lines, 0),
    bytes: all.reduce((bytes, progress) => bytes + progress.bytes, 0),
    totalBytes: all.reduce((bytes, { source }) => bytes + source.size, 0),
  };
}
