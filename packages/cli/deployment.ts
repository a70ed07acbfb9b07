import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AwsWorld, awsWorld } from "@assay/storage";
import { UsageError } from "./exit.ts";

/** Where `assay up` writes what it runs, in its folder; deploying writes the same kind of file. */
export const STACK_FILE = "stack.json";

/** What every command that talks to a deployment may be told. */
export interface DeploymentOptions {
  readonly stack?: string;
  readonly dir: string;
}

/** The deployment that `--stack` or ASSAY_STACK names, or else the one that runs here. */
export function openDeployment({ dir, stack }: DeploymentOptions): AwsWorld {
  const named = stack ?? process.env["ASSAY_STACK"];
  const file = named ?? join(dir, STACK_FILE);
  return worldOf(readStackFile(file, named === undefined));
}

/** A world by its environment, which the AWS SDK reads too. */
export function worldOf(env: Readonly<Record<string, string>>): AwsWorld {
  Object.assign(process.env, env);
  return awsWorld(env);
}

function readStackFile(file: string, local: boolean): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new UsageError(
      local
        ? `no embedded stack runs here (${file} is not there): start one with \`assay up\`, or name a deployment with --stack`
        : `${file}: no such file`,
    );
  }
  try {
    const { env } = JSON.parse(text) as { env: Record<string, string> };
    if (typeof env === "object" && env !== null) return env;
  } catch {}
  throw new UsageError(`${file}: expected {"env": {...}}, as deploying writes it`);
}
