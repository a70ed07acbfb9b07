import { fileURLToPath } from "node:url";
import { startStack } from "./index.ts";

/** For tests that kill it: a program that runs a stack in the folder it is given and feeds the
 * queue `work` to the handler fixture, printing what that prints. */

const [, , dir = ""] = process.argv;
const stack = await startStack({ dir, onLog: (_, line) => process.stdout.write(`${line}\n`) });
const url = stack.createQueue("work", { visibilityTimeoutS: 600 });
stack.createQueue("events");
stack.createBucket("bucket", {
  notifications: [{ queue: "events", events: ["s3:ObjectCreated:*"] }],
});
stack.subscribe({
  functionName: "fixture",
  handler: `${fileURLToPath(new URL("./lambda/handler.fixture.ts", import.meta.url))}#handler`,
  queue: "work",
  batchSize: 1,
  maximumConcurrency: 1,
  timeoutMs: 600_000,
  reportBatchItemFailures: true,
  env: {},
});
process.stdout.write(`serving ${stack.url} ${url}\n`);
