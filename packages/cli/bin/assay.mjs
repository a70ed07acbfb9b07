#!/usr/bin/env node
// The sources run as they are, which takes Node 24. Under `npx` that is the pinned one; anywhere
// else this finds it.
import { spawnSync } from "node:child_process";
import module from "node:module";
import { dirname } from "node:path";

// V8's space for what is young, in MiB. With its default the embedded stack takes twice the memory,
// and is no quicker. It can be told only at a process's start.
const YOUNG = "--max-semi-space-size=2";

const isNew = Number(process.versions.node.split(".")[0]) >= 24;
if (isNew && process.execArgv.includes(YOUNG)) {
  // Halves the start from the second run on, of worker threads and handlers too.
  module.enableCompileCache();
  const cache = module.getCompileCacheDir();
  if (cache !== undefined) process.env.NODE_COMPILE_CACHE ??= dirname(cache);
  await import("../main.ts");
} else {
  const node = isNew
    ? process.execPath
    : module.createRequire(import.meta.url).resolve("node/bin/node");
  // glibc keeps what each thread has freed to itself; threads are many here, and bodies large.
  process.env.MALLOC_ARENA_MAX ??= "2";
  const args = [YOUNG, ...process.execArgv, ...process.argv.slice(1)];
  // In this process's place, where this Node can do that.
  if (process.execve !== undefined) {
    process.removeAllListeners("warning");
    process.execve(node, [node, ...args], process.env);
  }
  const { signal, status } = spawnSync(node, args, { stdio: "inherit" });
  if (signal) process.kill(process.pid, signal);
  process.exitCode = status ?? 1;
}
