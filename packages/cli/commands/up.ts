import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STACK_FILE } from "../deployment.ts";
import { openDoors } from "../doors.ts";
import { EXIT } from "../exit.ts";
import { startLocal } from "../local.ts";
import { say } from "../output.ts";

export interface UpOptions {
  readonly awsPort: number;
  readonly port: number;
  readonly dir: string;
}

/** The embedded stack kept running, until Ctrl-C. */
export async function up({ awsPort, dir, port }: UpOptions): Promise<number> {
  const local = await startLocal({ dir, awsPort });
  const file = join(dir, STACK_FILE);
  try {
    const doors = await openDoors(port);
    try {
      writeFileSync(file, `${JSON.stringify({ env: local.env }, null, 2)}\n`);
      say(`S3 and SQS  ${local.stack.url}`);
      say(`HTTP doors  ${doors.url}`);
      say(`state       ${dir} (logs: ${local.logFile})`);
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
