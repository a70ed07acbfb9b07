import { setTimeout as sleep } from "node:timers/promises";

/** For tests: a handler that does what a message's body says. */

interface Event {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

interface Context {
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  getRemainingTimeInMillis(): number;
}

process.stdout.write(`loaded by ${process.pid}\n`);

export async function handler({ Records }: Event, context: Context) {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of Records) {
    const [verb, argument] = body.split(" ");
    if (verb === "fail") batchItemFailures.push({ itemIdentifier: messageId });
    else if (verb === "throw") throw new TypeError("as asked");
    else if (verb === "exit") process.exit(3);
    else if (verb === "sleep") await sleep(Number(argument));
    else if (verb === "loop") {
      process.stdout.write(`looping ${process.pid}\n`);
      for (;;);
    } else if (verb === "show") {
      const { functionName, invokedFunctionArn, memoryLimitInMB } = context;
      const left = context.getRemainingTimeInMillis();
      const { AWS_REGION, AWS_LAMBDA_FUNCTION_NAME, _HANDLER, OWN, SHELL } = process.env;
      const env = { AWS_REGION, AWS_LAMBDA_FUNCTION_NAME, _HANDLER, OWN, SHELL };
      const shown = { functionName, invokedFunctionArn, memoryLimitInMB, left, env };
      process.stdout.write(`shown ${JSON.stringify(shown)}\n`);
    }
  }
  return { batchItemFailures };
}

export const notAFunction = 1;
