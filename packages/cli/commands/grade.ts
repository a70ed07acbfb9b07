import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Manifest } from "@assay/schema";
import { keys, listRejections, type ObjectInfo, readRecords, SourceProgress } from "@assay/storage";
import { showErrors } from "../error-lines.ts";
import { EXIT, UsageError } from "../exit.ts";
import { type InputFile, inputFiles, jobName } from "../files.ts";
import { type Local, startLocal } from "../local.ts";
import { say, write } from "../output.ts";
import { ProgressBar } from "../progress.ts";
import { closingTable, exitStatus, summaryJson } from "../summary.ts";
import { writeRecordFiles } from "./jobs.ts";

/** How often the rewards are looked at, in milliseconds. */
const LOOK_MS = 50;
/** And how often the rejections, which are rare. */
const LOOK_FOR_REJECTIONS_MS = 500;

export interface GradeOptions {
  readonly job?: string;
  readonly out?: string;
  readonly dir: string;
  readonly json?: boolean;
}

interface Graded extends InputFile {
  readonly progress: SourceProgress;
}

/** The whole path on the embedded stack: drop, plan, verify, manifest. */
export async function grade(paths: readonly string[], options: GradeOptions): Promise<number> {
  const job = jobName(options.job, paths);
  const files = inputFiles(paths, job);
  const started = performance.now();
  const local = await startLocal({ dir: options.dir });
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const graded = await dropAll(local, job, files);
    await finished(local, job, graded, interrupted.signal);
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
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    say("\nstopped; the same command goes on from here");
    return EXIT.interrupted;
  } finally {
    await local.stop();
  }
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
  { logFile, world }: Local,
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
      const open = graded.filter(({ progress }) => progress.manifest === undefined);
      if (open.length === 0) return;
      await Promise.all(open.map(({ progress }) => progress.update(world)));
      bar.show(sum(graded.map(({ progress }) => progress)));
      if (performance.now() - looked > LOOK_FOR_REJECTIONS_MS) {
        looked = performance.now();
        for (const rejection of (await listRejections(world, job, known)).values())
          throw new UsageError(`${rejection.message} (${rejection.reason}; see ${logFile})`);
      }
      await sleep(LOOK_MS, undefined, { signal });
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
