import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** What `node --cpu-prof` writes, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const ROOT = dirname(import.meta.dirname);

/** Milliseconds by source file. What has no file of its own (regular expressions, Node's insides)
 * counts for the file that called it; what nobody called stands under V8's own name for it. */
export function byFile({ nodes, samples, timeDeltas }: CpuProfile): Map<string, number> {
  const owners = new Map<number, string>();
  // Parents stand before their children.
  for (const { id, callFrame, children } of nodes) {
    const called = callFrame.url.startsWith("node:") ? "(node)" : callFrame.functionName;
    const owner = owners.get(id) ?? called;
    const own = callFrame.url.startsWith("file:") ? named(callFrame.url) : owner;
    owners.set(id, own);
    // The root owns nothing: its children are named by themselves.
    if (own !== "(root)") for (const child of children ?? []) owners.set(child, own);
  }
  const times = new Map<string, number>();
  for (const [i, sample] of samples.entries()) {
    const owner = owners.get(sample) ?? "(unknown)";
    times.set(owner, (times.get(owner) ?? 0) + (timeDeltas[i] ?? 0) / 1_000);
  }
  return times;
}

export function byFolder(profile: CpuProfile): Map<string, number> {
  const times = new Map<string, number>();
  for (const [file, ms] of byFile(profile)) {
    const folder = file.includes("/") ? dirname(file) : file;
    times.set(folder, (times.get(folder) ?? 0) + ms);
  }
  return times;
}

/** Relative to the repository; of a dependency, only its package. */
function named(url: string): string {
  const path = relative(ROOT, fileURLToPath(url)).split(sep);
  const at = path.lastIndexOf("node_modules");
  if (at < 0) return path.join("/");
  return path.slice(at, path[at + 1]?.startsWith("@") ? at + 3 : at + 2).join("/");
}
