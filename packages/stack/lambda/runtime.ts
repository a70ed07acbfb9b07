import { flushCompileCache } from "node:module";
import { pathToFileURL } from "node:url";
import type { Failure, Invocation, Reply, Setup } from "./protocol.ts";
import { watchParent } from "./watchdog.ts";

/** The main program of a function's process: loads the handler, then answers one invocation at a
 * time, as Lambda's own runtime does. */

type Handler = (event: unknown, context: object) => unknown;

watchParent();
const setup = JSON.parse(process.argv[2] ?? "") as Setup;

try {
  const handler = await loadHandler();
  process.on("message", (message: Invocation) => {
    void handle(handler, message);
  });
  await tell({ type: "ready" });
  // This process may be killed at any time, and then nothing is written on the way out.
  flushCompileCache();
} catch (error) {
  await tell({ type: "broken", failure: describe(error) });
  process.exit(1);
}

async function loadHandler(): Promise<Handler> {
  const module = (await import(pathToFileURL(setup.modulePath).href)) as Record<string, unknown>;
  const handler = module[setup.exportName];
  if (typeof handler !== "function")
    throw new Error(`${setup.modulePath} exports no function named ${setup.exportName}`);
  return handler as Handler;
}

async function handle(handler: Handler, { requestId, event, remainingMs }: Invocation) {
  const deadline = performance.now() + remainingMs;
  try {
    const result = await handler(JSON.parse(event), {
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      functionName: setup.functionName,
      functionVersion: "$LATEST",
      invokedFunctionArn: setup.functionArn,
      memoryLimitInMB: String(setup.memoryMb),
      logGroupName: `/aws/lambda/${setup.functionName}`,
      logStreamName: setup.logStream,
      getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
    });
    await tell({ type: "result", requestId, result: JSON.stringify(result) });
  } catch (error) {
    await tell({ type: "failure", requestId, failure: describe(error) });
  }
}

function tell(reply: Reply): Promise<void> {
  return new Promise((resolve) => {
    // An error here means that the stack is gone, and then this process goes too.
    process.send?.(reply, undefined, {}, () => resolve());
  });
}

function describe(error: unknown): Failure {
  if (!(error instanceof Error))
    return { errorType: typeof error, errorMessage: String(error), stack: [] };
  const stack = (error.stack ?? "").split("\n").slice(0, 50);
  return { errorType: error.name, errorMessage: error.message, stack };
}
