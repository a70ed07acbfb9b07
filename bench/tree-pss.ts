import { readdirSync, readFileSync } from "node:fs";

/** MiB of each process of a tree. What processes share counts once, a part in each. Linux only. */
export function treePss(root: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const [, parent = ""] = /\) \S (\d+)/.exec(read(`/proc/${pid}/stat`)) ?? [];
    parents.set(Number(parent), [...(parents.get(Number(parent)) ?? []), pid]);
  }
  const sizes: number[] = [];
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const [, kib = 0] = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`)) ?? [];
    sizes.push(Number(kib) / 1_024);
    open.push(...(parents.get(pid) ?? []));
  }
  return sizes;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It has ended.
    return "";
  }
}
