import { Worker } from "node:worker_threads";

/** How long a function may outlive the stack at most. */
const LOOK_EVERY_MS = 500;

/** Ends this process, with all that it started, once the stack's process is gone. The IPC channel
 * tells so at once while the main thread is free; a handler in an endless loop never hears it, so
 * a thread of its own looks at the parent's id. */
export function watchParent(): void {
  process.once("disconnect", () => process.kill(-process.pid, "SIGKILL"));
  const source = `
    const parent = ${process.ppid};
    setInterval(() => {
      if (process.ppid !== parent) process.kill(-process.pid, "SIGKILL");
    }, ${LOOK_EVERY_MS});`;
  // Plain JavaScript from a string starts faster than a file whose types must go first.
  const worker = new Worker(source, {
    eval: true,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
  });
  worker.unref();
}
