import { EXIT } from "../exit.ts";
import { inputFiles, jobName } from "../files.ts";
import { startLocal } from "../local.ts";
import { say } from "../output.ts";

export interface GradeOptions {
  readonly job?: string;
  readonly out?: string;
  readonly dir: string;
  readonly json?: boolean;
}

/** The whole path on the embedded stack: drop, plan, verify, manifest. */
export async function grade(paths: readonly string[], options: GradeOptions): Promise<number> {
  const job = jobName(options.job, paths);
  const files = inputFiles(paths, job);
  const local = await startLocal({ dir: options.dir });
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const { gradeFiles } = await import("../grade-files.ts");
    return await gradeFiles(local, job, files, options, interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    say("\nstopped; the same command goes on from here");
    return EXIT.interrupted;
  } finally {
    await local.stop();
  }
}
