import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

/**
 * S3 and SQS servers side by side: `stack-speed.ts NAME=WHAT…`, where WHAT is the URL of one that
 * runs, or a command that starts one, with {port} and {dir} in it. Without any it is the embedded
 * stack alone. Sides take turns. Of a server that it started it also tells, on Linux, the start, the
 * memory, and the server's own processor time a call: the client takes most of a call's time, so
 * rates alone would make all servers look alike.
 */

const ROUNDS = 3;
const SECONDS = 2;
const BODY = Buffer.alloc(10_000, "assay ");
const MESSAGE = "m".repeat(300);
const IN_FLIGHT = [1, 16];
const LARGE_BYTES = 1024 ** 3;
const CHUNK = Buffer.alloc(1024 ** 2, "large ");
/** Messages that wait before any is received, by what can be sent meanwhile: no receive is to find
 * none, and receive and delete are two calls. */
const AHEAD = 1.5;
const START_MS = 30_000;
const LARGE_MS = 120_000;
/** Clock ticks a second in /proc, as on every Linux that Node runs on. */
const TICKS = 100;
const OURS = `${process.execPath} ${join(import.meta.dirname, "stack-server.ts")} {dir} {port}`;

const out = (text: string) => process.stdout.write(`${text}\n`);
const OPERATIONS = ["put 10 KB", "get 10 KB", "send", "receive + delete"] as const;
type Operation = (typeof OPERATIONS)[number];

class Side {
  readonly name: string;
  readonly url: string;
  readonly #child: ChildProcess | undefined;
  readonly #s3: S3Client;
  readonly #sqs: SQSClient;
  readonly #dir: string | undefined;
  readonly startMs: number | undefined;
  readonly rates = new Map<string, number[]>();
  readonly cpuUs = new Map<string, number[]>();
  #queue = "";
  #ahead = 0;
  #next = 0;

  private constructor(
    name: string,
    url: string,
    started: { child: ChildProcess; dir: string; ms: number } | undefined,
  ) {
    this.name = name;
    this.url = url;
    this.#child = started?.child;
    this.#dir = started?.dir;
    this.startMs = started?.ms;
    const config = {
      endpoint: url,
      region: "us-east-1",
      credentials: {
        accessKeyId: process.env["AWS_ACCESS_KEY_ID"] ?? "assay-local-access-key",
        secretAccessKey: process.env["AWS_SECRET_ACCESS_KEY"] ?? "assay-local-secret-key",
      },
      maxAttempts: 1,
    };
    this.#s3 = new S3Client({ ...config, forcePathStyle: true });
    this.#sqs = new SQSClient(config);
  }

  static async open(argument: string): Promise<Side> {
    const at = argument.indexOf("=");
    const name = argument.slice(0, at);
    const what = argument.slice(at + 1);
    if (/^https?:/.test(what)) return new Side(name, what, undefined);
    const port = await freePort();
    const dir = mkdtempSync(join(tmpdir(), "assay-speed-"));
    const command = what.replaceAll("{port}", String(port)).replaceAll("{dir}", dir);
    const began = performance.now();
    const child = spawn("sh", ["-c", `exec ${command}`], { stdio: "ignore" });
    const url = `http://127.0.0.1:${port}`;
    while (!(await answers(url))) {
      if (child.exitCode !== null || performance.now() - began > START_MS)
        throw new Error(`${name} does not start: ${command}`);
      await sleep(5);
    }
    return new Side(name, url, { child, dir, ms: performance.now() - began });
  }

  async prepare(): Promise<void> {
    await this.#s3.send(new CreateBucketCommand({ Bucket: "speed" }));
    await this.#s3.send(new PutObjectCommand({ Bucket: "speed", Key: "standing", Body: BODY }));
    const { QueueUrl = "" } = await this.#sqs.send(new CreateQueueCommand({ QueueName: "speed" }));
    this.#queue = QueueUrl;
  }

  async measure(operation: Operation, inFlight: number): Promise<void> {
    if (operation === "receive + delete") await this.#fill(inFlight);
    const cpuBefore = this.#cpuSeconds();
    const began = performance.now();
    const end = began + SECONDS * 1_000;
    let calls = 0;
    const lane = async () => {
      while (performance.now() < end) {
        await this.#call(operation);
        calls++;
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    const name = nameOf(operation, inFlight);
    push(this.rates, name, (calls * 1_000) / (performance.now() - began));
    const cpu = this.#cpuSeconds();
    if (cpu !== undefined && cpuBefore !== undefined)
      push(this.cpuUs, name, ((cpu - cpuBefore) * 1e6) / calls);
  }

  async #call(operation: Operation): Promise<void> {
    switch (operation) {
      case "put 10 KB": {
        const Key = `k/${this.#next++}`;
        await this.#s3.send(new PutObjectCommand({ Bucket: "speed", Key, Body: BODY }));
        return;
      }
      case "get 10 KB": {
        const input = { Bucket: "speed", Key: "standing" };
        const { Body } = await this.#s3.send(new GetObjectCommand(input));
        await Body?.transformToByteArray();
        return;
      }
      case "send":
        await this.#send();
        return;
      case "receive + delete": {
        const input = { QueueUrl: this.#queue };
        const { Messages } = await this.#sqs.send(new ReceiveMessageCommand(input));
        const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
        if (ReceiptHandle === undefined) throw new Error(`${this.name}: no message came`);
        await this.#sqs.send(new DeleteMessageCommand({ ...input, ReceiptHandle }));
        this.#ahead--;
      }
    }
  }

  async #send(): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#queue, MessageBody: MESSAGE }));
    this.#ahead++;
  }

  async #fill(inFlight: number): Promise<void> {
    const rate = Math.max(...(this.rates.get(nameOf("send", inFlight)) ?? []));
    const lane = async () => {
      while (this.#ahead < rate * SECONDS * AHEAD) await this.#send();
    };
    await Promise.all(Array.from({ length: 16 }, lane));
  }

  /** An object of 1 GB, up in one PUT and down again. */
  async large(): Promise<string> {
    this.#forgetPeak();
    const idle = this.memory("VmRSS");
    try {
      const signal = AbortSignal.timeout(LARGE_MS);
      const upBegan = performance.now();
      const Body = Readable.from(chunks(), { objectMode: false });
      const input = { Bucket: "speed", Key: "large", Body, ContentLength: LARGE_BYTES };
      await this.#s3.send(new PutObjectCommand(input), { abortSignal: signal });
      const up = (performance.now() - upBegan) / 1_000;
      const downBegan = performance.now();
      const answer = await this.#s3.send(new GetObjectCommand({ Bucket: "speed", Key: "large" }), {
        abortSignal: signal,
      });
      let bytes = 0;
      for await (const chunk of answer.Body as AsyncIterable<Buffer>) bytes += chunk.length;
      if (bytes !== LARGE_BYTES) throw new Error(`${bytes} bytes came back`);
      const down = (performance.now() - downBegan) / 1_000;
      const peak = this.memory("VmHWM");
      return `up ${up.toFixed(1)} s, down ${down.toFixed(1)} s, memory ${idle} before, ${peak} at most`;
    } catch (error) {
      return `fails: ${(error as Error).name}: ${(error as Error).message.slice(0, 100)} (memory at most ${this.memory("VmHWM")})`;
    }
  }

  memory(field: "VmRSS" | "VmHWM"): string {
    const status = this.#proc("status");
    const kib = new RegExp(`${field}:\\s+(\\d+) kB`).exec(status ?? "")?.[1];
    return kib === undefined ? "?" : `${Math.round(Number(kib) / 1024)} MB`;
  }

  #cpuSeconds(): number | undefined {
    const stat = this.#proc("stat");
    if (stat === undefined) return undefined;
    // The name in brackets may hold spaces; user and system time are the 12th and 13th after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  }

  #proc(file: string): string | undefined {
    if (this.#child === undefined || process.platform !== "linux") return undefined;
    return readFileSync(`/proc/${this.#child.pid}/${file}`, "utf8");
  }

  #forgetPeak(): void {
    if (this.#child !== undefined && process.platform === "linux")
      writeFileSync(`/proc/${this.#child.pid}/clear_refs`, "5");
  }

  async close(): Promise<void> {
    this.#s3.destroy();
    this.#sqs.destroy();
    if (this.#child !== undefined && this.#child.exitCode === null) {
      const exit = new Promise((resolve) => this.#child?.once("exit", resolve));
      this.#child.kill("SIGKILL");
      await exit;
    }
    if (this.#dir !== undefined) rmSync(this.#dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function* chunks(): Generator<Buffer> {
  for (let at = 0; at < LARGE_BYTES; at += CHUNK.length) yield CHUNK;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

const nameOf = (operation: Operation, inFlight: number) => `${operation}, ${inFlight} in flight`;

function push(map: Map<string, number[]>, name: string, value: number): void {
  map.set(name, [...(map.get(name) ?? []), value]);
}

function median(values: readonly number[] = []): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function report(sides: readonly Side[]): void {
  out(`\ncalls a second, median of ${ROUNDS} (range); µs of the server's processor a call`);
  for (const operation of OPERATIONS)
    for (const inFlight of IN_FLIGHT) {
      const name = nameOf(operation, inFlight);
      for (const side of sides) {
        const rates = side.rates.get(name) ?? [];
        const range = `${Math.round(Math.min(...rates))} to ${Math.round(Math.max(...rates))}`;
        const cpu = side.cpuUs.get(name);
        const cost = cpu === undefined ? "" : `${Math.round(median(cpu))} µs`;
        const rate = `${Math.round(median(rates))}/s`.padStart(8);
        out(`  ${name.padEnd(32)}${side.name.padEnd(12)}${rate} (${range})`.padEnd(76) + cost);
      }
    }
}

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  const sides: Side[] = [];
  try {
    for (const argument of given.length > 0 ? given : [`assay=${OURS}`])
      sides.push(await Side.open(argument.replace(/=ours$/, `=${OURS}`)));
    for (const side of sides) {
      await side.prepare();
      const start = side.startMs === undefined ? "" : `start ${side.startMs.toFixed(0)} ms, `;
      out(`${side.name}: ${start}memory ${side.memory("VmRSS")} idle`);
    }
    for (let round = 0; round < ROUNDS; round++)
      for (const operation of OPERATIONS)
        for (const inFlight of IN_FLIGHT)
          for (const side of sides) await side.measure(operation, inFlight);
    report(sides);
    out("\nmemory under that load, and an object of 1 GB");
    for (const side of sides) {
      const loaded = side.memory("VmHWM");
      out(`  ${side.name.padEnd(12)}${loaded} at most; 1 GB: ${await side.large()}`);
    }
  } finally {
    for (const side of sides) await side.close();
  }
}

await main();
