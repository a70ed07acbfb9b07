import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@assay/stack";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Clients, type Count, Ledger, noCount, type Random } from "./stack-crash-ledger.ts";

/**
 * Kills the embedded stack at random moments under load, and holds what the next one has against
 * what the clients were told: `stack-crash.ts [KILLS] [SEED]`. The seed decides what every client
 * does and when the kill comes; how the requests meet is the machine's.
 */

const CLIENTS = 8;
/** A kill comes at most so long after the load began: every operation runs many times before. */
const MAX_LOAD_MS = 500;
/** Of so many kills one hits the start, which sweeps and lands what was in flight. */
const START_KILL_EVERY = 8;
const MAX_START_MS = 250;
/** A start that takes longer is a state that does not open. */
const OPEN_MS = 20_000;
const SERVER = join(import.meta.dirname, "stack-server.ts");

export interface CrashResult {
  readonly kills: number;
  readonly count: Count;
  /** The longest start after a kill, in milliseconds. */
  readonly slowestOpenMs: number;
  /** What was not as it was acknowledged; the run ends at the first. */
  readonly violations: readonly string[];
}

export async function crash(kills: number, seed: number): Promise<CrashResult> {
  const dir = mkdtempSync(join(tmpdir(), "assay-crash-"));
  const violations: string[] = [];
  const count = noCount();
  const ledger = new Ledger(CLIENTS, count, (text) => violations.push(text));
  let slowestOpenMs = 0;
  let done = 0;
  try {
    for (; done <= kills && violations.length === 0; done++) {
      const random = createRandom(seed * 100_003 + done);
      if (done % START_KILL_EVERY === START_KILL_EVERY - 1)
        await killAtStart(dir, random() * MAX_START_MS);
      const started = performance.now();
      const { child, url } = await open(dir);
      slowestOpenMs = Math.max(slowestOpenMs, performance.now() - started);
      const clients = connect(url);
      try {
        if (done === 0) await ledger.setUp(clients);
        else await ledger.verify(clients, random);
        // The last round only looks.
        if (done < kills) await loadUntilKilled(ledger, clients, child, random);
      } finally {
        clients.s3.destroy();
        clients.sqs.destroy();
        await kill(child);
      }
    }
    checkFile(dir, violations);
    return { kills: done - 1, count, slowestOpenMs, violations };
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function loadUntilKilled(
  ledger: Ledger,
  clients: Clients,
  child: ChildProcess,
  random: Random,
): Promise<void> {
  const isKilled = new AbortController();
  const load = Array.from({ length: CLIENTS }, (_, client) =>
    ledger.work(clients, client, createRandom(random() * 2 ** 32), isKilled.signal),
  );
  await sleep(random() * MAX_LOAD_MS);
  // Killed before the clients are told: they must be caught amid requests.
  const gone = kill(child);
  isKilled.abort();
  await Promise.all([...load, gone]);
}

async function open(dir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [SERVER, dir], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill("SIGKILL");
    }, OPEN_MS);
    lines.once("line", resolve);
    child.once("exit", () => reject(new Error(`the state does not open: ${errors}`)));
    lines.once("close", () => clearTimeout(late));
    lines.once("line", () => clearTimeout(late));
  });
  return { child, url };
}

async function killAtStart(dir: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [SERVER, dir], { stdio: "ignore" });
  await sleep(afterMs);
  await kill(child);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
}

function connect(endpoint: string): Clients {
  const config = {
    endpoint,
    region: "us-east-1",
    credentials: {
      accessKeyId: "assay-local-access-key",
      secretAccessKey: "assay-local-secret-key",
    },
    forcePathStyle: true,
    // A second try would blur what was acknowledged.
    maxAttempts: 1,
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  };
  return { s3: new S3Client(config), sqs: new SQSClient(config) };
}

function checkFile(dir: string, violations: string[]): void {
  const db = new DatabaseSync(join(dir, "stack.db"));
  const { integrity_check: verdict } = db.prepare("PRAGMA integrity_check").get() ?? {};
  db.close();
  if (verdict !== "ok") violations.push(`SQLite says of its file: ${verdict}`);
}

if (process.argv[1] === import.meta.filename) {
  const kills = Number(process.argv[2] ?? 200);
  const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
  const out = (text: string) => process.stdout.write(`${text}\n`);
  out(`${kills} kills, seed ${seed}`);
  const { count, slowestOpenMs, violations, kills: done } = await crash(kills, seed);
  out(
    `${done} kills, each followed by a start (slowest ${slowestOpenMs.toFixed(0)} ms) and a check`,
  );
  for (const [what, times] of Object.entries(count)) out(`  ${what.padEnd(28)} ${times}`);
  for (const text of violations) out(`VIOLATION ${text}`);
  if (violations.length > 0) process.exitCode = 1;
  else out("nothing that was acknowledged is missing, and nothing that was deleted is back");
}
