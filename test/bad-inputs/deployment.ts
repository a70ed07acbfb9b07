import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Announcement, Manifest, Rejection } from "@assay/schema";
import { isAbout, listRejections, readRecords } from "@assay/storage";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { type Local, startLocal } from "../../packages/cli/local.ts";
import { outcomeOf, outcomeOfAll, readRecords as parseRecords } from "./check.ts";
import type { Outcome } from "./outcome.ts";

const SETTLE_MS = 30_000;

/** A local deployment, used as others use one: through the SDK. */
export class Deployment {
  readonly local: Local;
  readonly #s3: S3Client;
  readonly #sqs: SQSClient;

  private constructor(local: Local) {
    this.local = local;
    // Names and credentials are in the environment by now.
    this.#s3 = new S3Client();
    this.#sqs = new SQSClient();
  }

  static async start(dir: string): Promise<Deployment> {
    const local = await startLocal({ dir });
    mkdirSync(dir, { recursive: true });
    // As `assay up` leaves it for the commands that talk to it.
    writeFileSync(join(dir, "stack.json"), JSON.stringify({ env: local.env }));
    return new Deployment(local);
  }

  async stop(): Promise<void> {
    this.#s3.destroy();
    this.#sqs.destroy();
    await this.local.stop();
  }

  /** Puts an object. Gives the refusal, if there is one. */
  async drop(key: string, body: string | Uint8Array): Promise<Outcome | undefined> {
    const put = new PutObjectCommand({ Bucket: "trajectories", Key: key, Body: body });
    return await refusalOf(this.#s3.send(put));
  }

  async remove(key: string): Promise<void> {
    await this.#s3.send(new DeleteObjectCommand({ Bucket: "trajectories", Key: key }));
  }

  /** Sends a message to `submissions`. Gives its id, or the refusal. */
  async submit(body: string): Promise<string | Outcome> {
    const QueueUrl = this.local.stack.queueUrl("submissions");
    let id = "";
    const sent = this.#sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
    const refusal = await refusalOf(
      sent.then(({ MessageId = "" }) => {
        id = MessageId;
      }),
    );
    return refusal ?? id;
  }

  /** Waits until nothing is under way. */
  async settle(): Promise<void> {
    const { shards, submissions } = this.local.world;
    // The planner sends shards before its message is gone: looked at in this order, none is missed.
    const depth = async () => (await submissions.depth()) + (await shards.depth());
    await expect.poll(depth, { timeout: SETTLE_MS, interval: 50 }).toBe(0);
  }

  /** Of how many sources of a job it was announced that they are complete. Takes all announcements. */
  async announced(job: string): Promise<number> {
    const QueueUrl = this.local.stack.queueUrl("results");
    for (let count = 0; ; ) {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return count;
      for (const { Body = "", ReceiptHandle } of Messages) {
        const told = JSON.parse(Body) as Announcement;
        if (told.type === "source" && told.job === job) count++;
        await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  async manifests(job = ""): Promise<Manifest[]> {
    const { objects } = await this.local.world.rewards.list(
      `manifests/${job === "" ? "" : `${job}/`}`,
    );
    return await Promise.all(objects.map(({ key }) => this.#readJson<Manifest>(key)));
  }

  async rejections(job: string): Promise<Rejection[]> {
    return [...(await listRejections(this.local.world, job)).values()];
  }

  /** The rejection of one message. */
  async rejectionOf(messageId: string, job = "unknown"): Promise<Rejection | undefined> {
    const body = await this.local.world.rewards.readSmall(`rejected/${job}/${messageId}.json`);
    return body === undefined ? undefined : JSON.parse(Buffer.from(body).toString());
  }

  /** What became of the object at a key. */
  async outcomeOfKey(key: string, job = "unknown"): Promise<Outcome> {
    const manifest = (await this.manifests(job)).find(({ source }) => source.key === key);
    if (manifest !== undefined) return await this.outcomeOf(manifest);
    const rejection = (await this.rejections(job)).find((one) => isAbout(one, key));
    return rejectedAs(rejection);
  }

  async outcomeOf(manifest: Manifest): Promise<Outcome> {
    const all = parseRecords(await this.recordsOf(manifest)).map(({ record }) => outcomeOf(record));
    const errors = all.flatMap((one, i) =>
      "error" in one ? [{ at: i + 1, message: one.error, class: one.class ?? "" }] : [],
    );
    return outcomeOfAll(manifest.counts.scored, errors);
  }

  async recordsOf(manifest: Manifest): Promise<string> {
    const chunks = await Array.fromAsync(readRecords(this.local.world, manifest));
    return Buffer.concat(chunks).toString();
  }

  async #readJson<T>(key: string): Promise<T> {
    const body = await this.local.world.rewards.readSmall(key);
    return JSON.parse(Buffer.from(body ?? []).toString());
  }
}

export function rejectedAs(rejection: Rejection | undefined): Outcome {
  if (rejection === undefined) return { nothing: true };
  return { rejected: rejection.reason, message: rejection.message };
}

async function refusalOf(call: Promise<unknown>): Promise<Outcome | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { message, name } = error as Error;
    return { refused: `${name}: ${message}` };
  }
}
