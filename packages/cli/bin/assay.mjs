#!/usr/bin/env node
// The sources run as they are, which takes Node 24. Under `npx` that is the pinned one; anywhere
// else this finds it.
import { spawnSync } from "node:child_process";
import module from "node:module";
import { dirname } from "node:path";

if (Number(process.versions.node.split(".")[0]) >= 24) {
  // Halves the start from the second run on, of worker threads and handlers too.
  module.enableCompileCache();
  const cache = module.getCompileCacheDir();
  if (cache !== undefined) process.env.NODE_COMPILE_CACHE ??= dirname(cache);
  await import("../main.ts");
} else {
  const node = module.createRequire(import.meta.url).resolve("node/bin/node");
  const { signal, status } = spawnSync(node, process.argv.slice(1), { stdio: "inherit" });
  if (signal) process.kill(process.pid, signal);
  process.exitCode = status ?? 1;
}
