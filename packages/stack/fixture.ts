import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, vi } from "vitest";
import { ManualClock, type Stack, type StackOptions, startStack } from "./index.ts";

/** For tests: a stack whose time stands still, and the clients that users have. */
export interface Fixture extends AsyncDisposable {
  readonly stack: Stack;
  readonly clock: ManualClock;
  readonly dir: string;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

/** Clients warn of what these tests do on purpose. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

export async function startFixture(options: Partial<StackOptions> = {}): Promise<Fixture> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "assay-stack-"));
  const clock = new ManualClock(Date.parse("2027-01-02T03:04:05.678Z"));
  const stack = await startStack({ clock, ...options, dir });
  const config = {
    endpoint: stack.url,
    region: "us-east-1",
    credentials: {
      accessKeyId: stack.env["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: stack.env["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
    maxAttempts: 1,
    logger: SILENT,
  };
  const s3 = new S3Client(config);
  const sqs = new SQSClient(config);
  return {
    stack,
    clock,
    dir,
    s3,
    sqs,
    async [Symbol.asyncDispose]() {
      s3.destroy();
      sqs.destroy();
      await stack.stop();
      if (options.dir === undefined) rmSync(dir, { recursive: true });
    },
  };
}

/** The name and the status of the error that a call ends in. */
export async function refusalOf(call: Promise<unknown>): Promise<[string, number | undefined]> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return [name, $metadata?.httpStatusCode];
  }
  throw new Error("the call was not refused");
}

/** Resolves once somebody waits for time to pass. */
export function untilWaiting(clock: ManualClock): Promise<void> {
  return vi.waitFor(() => expect(clock.timers).toBeGreaterThan(0), { interval: 2 });
}
