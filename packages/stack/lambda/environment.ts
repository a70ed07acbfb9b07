import { dirname, parse } from "node:path";
import { StackError } from "../errors.ts";

/** Of this process's own variables a function sees only these: what it finds here by chance it
 * would miss when deployed. */
const INHERITED = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "NODE_EXTRA_CA_CERTS"];

export interface HandlerReference {
  readonly modulePath: string;
  readonly exportName: string;
}

/** Reads `/abs/path/verify.ts#handler`. */
export function readHandler(reference: string): HandlerReference {
  const at = reference.lastIndexOf("#");
  const modulePath = reference.slice(0, at);
  const exportName = reference.slice(at + 1);
  if (at < 1 || exportName === "" || parse(modulePath).root === "")
    throw new StackError(`a handler is /absolute/path/module.ts#export, not ${reference}`);
  return { modulePath, exportName };
}

export function buildEnvironment(options: {
  readonly handler: HandlerReference;
  readonly functionName: string;
  readonly memoryMb: number;
  readonly logStream: string;
  readonly stackEnv: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}): Record<string, string> {
  const { handler, functionName, memoryMb, logStream } = options;
  const environment: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return {
    ...environment,
    LANG: "en_US.UTF-8",
    TZ: "UTC",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    LAMBDA_TASK_ROOT: dirname(handler.modulePath),
    _HANDLER: `${parse(handler.modulePath).name}.${handler.exportName}`,
    ...options.stackEnv,
    ...options.env,
  };
}
