import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STACK_FILE } from "../deployment.ts";
import { openDoors } from "../doors.ts";
import { EXIT } from "../exit.ts";
import { chaosFaults, startLocal, toUsageError } from "../local.ts";
import { say } from "../output.ts";

export interface UpOptions {
  readonly awsPort: number;
  readonly port: number;
  readonly dir: string;
  readonly chaos?: number;
}

/** The embedded stack kept running, until Ctrl-C. */
export async function up({ awsPort, chaos, dir, port }: UpOptions): Promise<number> {
  const faults = chaos === undefined ? {} : { faults: chaosFaults(chaos) };
  const local = await startLocal({ dir, awsPort, ...faults });
  const file = join(dir, STACK_FILE);
  try {
    const doors = await openDoors(port);
    try {
      writeStackFile(dir, file, local.env);
      say(`S3 and SQS  ${local.stack.url}`);
      say(`HTTP doors  ${doors.url}`);
      say(`state       ${dir} (logs: ${local.logFile})`);
      if (chaos !== undefined)
        say(
          `chaos       seed ${chaos}: S3 and SQS now refuse, wait, lose answers, tear bodies, and deliver twice or late`,
        );
      say("");
      for (const [name, value] of Object.entries(local.env)) say(`export ${name}=${value}`);
      say("\nCtrl-C stops it; what is not graded yet goes on at the next start.");
      await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
    } finally {
      await doors.close();
    }
  } finally {
    rmSync(file, { force: true });
    await local.stop();
  }
  return EXIT.done;
}

function writeStackFile(dir: string, file: string, env: Readonly<Record<string, string>>): void {
  try {
    writeFileSync(file, `${JSON.stringify({ env }, null, 2)}\n`);
  } catch (error) {
    throw toUsageError(dir, error);
  }
}
