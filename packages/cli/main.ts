import { Command, InvalidArgumentError } from "commander";
import { EXIT, UsageError } from "./exit.ts";
import { printable, say } from "./output.ts";
import packageJson from "./package.json" with { type: "json" };

const DEFAULT_DIR = ".assay";
const AWS_PORT = 4566;
const DOORS_PORT = 8787;
/** What breaks an answer that has begun, of which the SDK makes no error of its own. */
const CONNECTION_ERRORS = new Set<unknown>(["ECONNRESET", "ECONNREFUSED", "ETIMEDOUT"]);
/** Seeds are 32 bits. */
const MAX_SEED = 2 ** 32 - 1;

/** Runs a command, imported only then, and keeps its exit status. */
function run<A extends unknown[]>(command: () => Promise<(...args: A) => Promise<number>>) {
  return async (...args: A): Promise<void> => {
    process.exitCode = await (await command())(...args);
  };
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError("expected a port, 0 to 65535");
}

function seed(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= MAX_SEED) return value;
  throw new InvalidArgumentError(`expected a seed, 0 to ${MAX_SEED}`);
}

function workers(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 256) return value;
  throw new InvalidArgumentError("expected a number of threads, 1 to 256");
}

const program = new Command("assay")
  .description("Turns RL trajectories into rewards that a trainer can trust")
  .version(packageJson.version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

program
  .command("score")
  .description("grade trajectories from standard input; records go to standard output")
  .option("--verifier <name>", "the verifier of lines that name no task")
  .option("--spec <json>", "its spec")
  .option("--workers <n>", "worker threads (default: one a core)", workers)
  .action(run(async () => (await import("./commands/score.ts")).score));

program
  .command("grade")
  .description("grade files on the embedded stack: drop, plan, verify, manifest")
  .argument("<file...>", "files of trajectories (.jsonl, .jsonl.gz, .jsonl.zst, .parquet)")
  .option("--job <name>", "the job (default: the first file's base name)")
  .option("--out <folder>", "where <file>.records.jsonl goes")
  .option("--dir <folder>", "where the stack keeps its state", DEFAULT_DIR)
  .option("--json", "print the summary as JSON on standard output")
  .action(run(async () => (await import("./commands/grade.ts")).grade));

program
  .command("up")
  .description("keep the embedded stack running, with S3, SQS and the HTTP doors")
  .option("--aws-port <port>", "S3 and SQS", port, AWS_PORT)
  .option("--port <port>", "HTTP doors", port, DOORS_PORT)
  .option("--dir <folder>", "where the stack keeps its state", DEFAULT_DIR)
  .option("--chaos <seed>", "make S3 and SQS fail on purpose, now and then, by this seed", seed)
  .action(run(async () => (await import("./commands/up.ts")).up));

deployed(
  program
    .command("submit")
    .description("drop files into a deployment")
    .argument("<file...>", "files of trajectories (.jsonl, .jsonl.gz, .jsonl.zst, .parquet)")
    .option("--job <name>", "the job (default: the first file's base name)"),
).action(run(async () => (await import("./commands/jobs.ts")).submit));

deployed(
  program
    .command("watch")
    .description("wait until a job is graded")
    .argument("<job>")
    .option("--json", "print the summary as JSON on standard output"),
).action(run(async () => (await import("./commands/jobs.ts")).watch));

deployed(
  program
    .command("fetch")
    .description("get a job's records: to standard output, or a file a source")
    .argument("<job>")
    .option("--out <folder>", "where <file>.records.jsonl goes"),
).action(run(async () => (await import("./commands/jobs.ts")).fetch));

deployed(
  program
    .command("retry")
    .description("grade anew the lines of a job that have a retryable error")
    .argument("<job>"),
).action(run(async () => (await import("./commands/jobs.ts")).retry));

program
  .command("verifiers")
  .description("list the verifiers, or show one's doc, spec and examples")
  .argument("[name]")
  .action(run(async () => (await import("./commands/verifiers.ts")).verifiers));

function deployed(command: Command): Command {
  return command
    .option(
      "--stack <file>",
      "the outputs of a deployment (default: $ASSAY_STACK, or the local one)",
    )
    .option("--dir <folder>", "where the local stack keeps its state", DEFAULT_DIR);
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // As `head` does.
  if (error.code === "EPIPE") process.exit(EXIT.pipeClosed);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof UsageError) {
    say(`assay: ${printable(error.message)}`);
    process.exitCode = EXIT.usage;
  } else if (
    error instanceof Error &&
    "code" in error &&
    String(error.code).startsWith("commander.")
  ) {
    // Commander has said what is wrong, or shown the help that was asked for.
    process.exitCode = (error as { exitCode?: number }).exitCode === 0 ? EXIT.done : EXIT.usage;
  } else if (error instanceof Error && "$metadata" in error) {
    // S3 or SQS refused, or did not answer: where in our code is of no use to whoever reads it.
    say(`assay: ${error.name}: ${error.message}`);
    process.exitCode = EXIT.usage;
  } else if (CONNECTION_ERRORS.has((error as { code?: unknown }).code)) {
    say(`assay: the connection to S3 or SQS broke (${(error as Error).message}): run it again`);
    process.exitCode = EXIT.usage;
  } else throw error;
}
