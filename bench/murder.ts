import { type KeptPromises, murderFunctions } from "./murder/functions.ts";
import { murderLine } from "./murder/line.ts";
import { murderStack } from "./murder/stack.ts";
import { out } from "./print.ts";

/**
 * Kills what grades, and then holds what is there against what was promised, whatever dies:
 * `murder.ts [SEED] [stack|functions|line]`. The seed decides whom the kills hit and how long they
 * wait; what they hit at work is the machine's.
 */

const PARTS: Readonly<Record<string, (seed: number) => Promise<KeptPromises>>> = {
  stack: murderStack,
  functions: murderFunctions,
  line: murderLine,
};

const seed = Number(process.argv[2] ?? Date.now() % 1_000_000);
const only = process.argv[3];
out(`seed ${seed}`);
for (const [name, murder] of Object.entries(PARTS)) {
  if (only !== undefined && only !== name) continue;
  const started = performance.now();
  const { report, wrong } = await murder(seed);
  out(`\n${name}, ${Math.round((performance.now() - started) / 1_000)} s`);
  for (const line of report) out(`  ${line}`);
  for (const line of wrong.slice(0, 20)) out(`  WRONG ${line}`);
  out(`  ${wrong.length === 0 ? "every promise kept" : `${wrong.length} things are wrong`}`);
  if (wrong.length > 0) process.exitCode = 1;
}
