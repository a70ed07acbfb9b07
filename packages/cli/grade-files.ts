import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Manifest, Rejection } from "@assay/schema";
import {
  isAbout,
  keys,
  listRejections,
  type ObjectInfo,
  readRecords,
  SourceProgress,
  type World,
} from "@assay/storage";
import { makeOutFolder, writeRecordFiles } from "./commands/jobs.ts";
import { showErrors } from "./error-lines.ts";
import { EXIT } from "./exit.ts";
import type { InputFile } from "./files.ts";
import type { Local } from "./local.ts";
import { printable, say, write } from "./output.ts";
import { ProgressBar } from "./progress.ts";
import { closingTable, exitStatus, summaryJson } from "./summary.ts";

/** How often the rewards are looked at, in milliseconds, where no function has said anything. */
const LOOK_MS = 500;
/** And how often the rejections, which are rare. */
const LOOK_FOR_REJECTIONS_MS = 500;

interface Graded extends InputFile {
  readonly progress: SourceProgress;
  rejection?: Rejection;
}

/** Drops files into the local deployment, waits until each has its manifest or is rejected, and
 * tells what came of them. Gives the exit status. Rejects where `signal` is aborted. */
export async function gradeFiles(
  local: Local,
  job: string,
  files: readonly InputFile[],
  options: { readonly json?: boolean; readonly out?: string },
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now();
  // Before there is anything to lose by it.
  if (options.out !== undefined) makeOutFolder(options.out);
  // Taken before the first drop: a rejection may come while the others are on their way.
  const before = await listRejections(local.world, job);
  const graded = await dropAll(local, job, files, [...before.values()]);
  await finished(local, job, graded, new Set(before.keys()), signal);
  const seconds = (performance.now() - started) / 1_000;
  const rows = graded
    .filter(({ rejection }) => rejection === undefined)
    .map(({ name, progress }) => ({ name, tally: progress.tally }));
  const rejected = graded.flatMap(({ key, name, path, rejection }) =>
    rejection === undefined
      ? []
      : [
          {
            name,
            path,
            reason: rejection.reason,
            message: rejection.message.slice(key.length + 2),
          },
        ],
  );
  for (const { path, progress } of graded)
    if (progress.manifest !== undefined && progress.tally.counts.error > 0)
      await showErrors(
        path,
        readRecords(local.world, progress.manifest),
        progress.tally.counts.error,
      );
  for (const { message, path, reason } of rejected)
    say(`${printable(path)}: ${message} (${reason})`);
  if (options.json) {
    const told = rejected.map(({ message, name, reason }) => ({ name, reason, message }));
    await write(`${summaryJson(job, rows, seconds, told)}\n`);
  } else if (rows.length > 0) say(closingTable(rows, seconds));
  if (options.out !== undefined)
    await writeRecordFiles(local.world, options.out, manifestsOf(graded));
  return rejected.length > 0 ? EXIT.usage : exitStatus(rows);
}

/** Drops the files, save those that stand there already, byte for byte, and are graded or on
 * their way: what an earlier run left in the queues goes on by itself. */
async function dropAll(
  local: Local,
  job: string,
  files: readonly InputFile[],
  rejections: readonly Rejection[],
): Promise<Graded[]> {
  const { world } = local;
  const waiting = (await world.submissions.depth()) + (await world.shards.depth()) > 0;
  return await Promise.all(
    files.map(async (file) => {
      const standing = await world.trajectories.head(file.key);
      const same = standing !== undefined && standing.etag === (await md5Of(file.path));
      if (same) {
        const progress = progressOf(job, world.trajectories.name, standing);
        await progress.update(world);
        const onItsWay = waiting && !rejections.some((one) => isAbout(one, file.key));
        if (onItsWay || progress.manifest !== undefined) return { ...file, progress };
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
  { news, world }: Local,
  job: string,
  graded: readonly Graded[],
  known: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const bar = new ProgressBar();
  let looked = performance.now();
  try {
    for (;;) {
      signal.throwIfAborted();
      // Taken before the look: what is said during it is news too.
      const more = news();
      const open = graded.filter(
        ({ progress, rejection }) => progress.manifest === undefined && rejection === undefined,
      );
      if (open.length === 0) return;
      await Promise.all(open.map(({ progress }) => progress.update(world)));
      bar.show(sum(graded.map(({ progress }) => progress)));
      if (performance.now() - looked > LOOK_FOR_REJECTIONS_MS) {
        looked = performance.now();
        for (const [key, rejection] of await listRejections(world, job, known)) {
          known.add(key);
          for (const one of open)
            if (isAbout(rejection, one.key) && (await isAgainst(world, one, rejection)))
              one.rejection = rejection;
        }
      }
      await Promise.race([more, sleep(LOOK_MS, undefined, { signal, ref: false })]);
    }
  } finally {
    bar.clear();
  }
}

/** Whether a rejection is of the very version that was dropped: what an earlier run left in the
 * queues may be of one that this run has overwritten. */
async function isAgainst(
  world: World,
  { key, progress }: Graded,
  { reason }: Rejection,
): Promise<boolean> {
  if (reason !== "source_gone") return true;
  const standing = await world.trajectories.head(key);
  return standing?.etag !== progress.source.etag;
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
