import { math } from "./math.ts";
import { symmetry } from "./symmetry.ts";

/** Verifiers and properties that are held against labelled cases of others: `npm run parity -- NAME`. */
const RUNS: Record<string, (args: readonly string[]) => void> = {
  math,
  "math-symmetry": symmetry,
};

const [name = "", ...args] = process.argv.slice(2);
const run = Object.hasOwn(RUNS, name) ? RUNS[name] : undefined;
if (run !== undefined) run(args);
else {
  process.stderr.write(`usage: npm run parity -- NAME [--file NAME] [--json]\n`);
  process.stderr.write(`NAME is one of: ${Object.keys(RUNS).join(", ")}\n`);
  process.exitCode = 2;
}
