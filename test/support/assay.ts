import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RewardRecord } from "@assay/schema";
import { onTestFinished } from "vitest";

export const ASSAY = join(import.meta.dirname, "../../packages/cli/bin/assay.mjs");

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of the test's own. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the command line as people do, in a process group of its own. */
export function startAssay(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [ASSAY, ...args], {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
  onTestFinished(async () => {
    killGroup(child);
    await finished;
  });
  return { child, finished, said: () => stderr };
}

export async function assay(
  cwd: string,
  args: readonly string[],
  { env, input = "" }: { input?: string | Uint8Array; env?: Record<string, string> } = {},
): Promise<Finished> {
  const { child, finished } = startAssay(cwd, args, env);
  child.stdin.end(input);
  return await finished;
}

/** SIGKILL to the process and all that it started. */
export function killGroup(child: ChildProcess): void {
  killProcess(child.pid ?? 0);
}

/** SIGKILL to the group that the process leads. False where it is gone, or too young to lead one. */
export function killProcess(pid: number): boolean {
  try {
    return process.kill(-pid, "SIGKILL");
  } catch {
    return false;
  }
}

export function readRecordsFile(path: string): RewardRecord[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** Hex SHA-256, by the contract's words: (sid, offset, index). */
export function idOf({ source: { index, offset, sid } }: RewardRecord): string {
  return createHash("sha256").update(`${sid}\n${offset}\n${index}`).digest("hex");
}
