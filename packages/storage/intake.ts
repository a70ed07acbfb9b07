import { createHash } from "node:crypto";
import { itemTexts, JobName, parse, parseJson, SchemaError, Submission } from "@assay/schema";
import * as z from "zod";
import { inlineKey, jobOfDrop } from "./keys.ts";
import type { World } from "./ports.ts";

const DROP = "drops/<job>/<path>, the job as [a-z0-9][a-z0-9._-]{0,63}";

/** What every submission may have; what it asks for stands beside it. */
const COMMON_KEYS: ReadonlySet<string> = new Set(["job", "reply_to"]);

/** An object that a submission asks to be graded. */
export interface Wanted {
  readonly job: string;
  readonly bucket: string;
  readonly key: string;
  /** The version that was announced, where one was: any other is not this submission's. */
  readonly version?: string | undefined;
  readonly etag?: string | undefined;
  readonly replyTo: string | undefined;
}

/** A submission that can never be graded. */
export class Unacceptable extends Error {
  override name = "Unacceptable";
  readonly job: string | null;
  readonly reason: string;
  readonly replyTo: string | undefined;
  constructor(reason: string, message: string, of: { job?: string; replyTo?: string } = {}) {
    super(message);
    this.reason = reason;
    this.job = of.job ?? null;
    this.replyTo = of.replyTo;
  }
}

/** As much of an S3 event as matters here. */
const S3Event = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({
          key: z.string(),
          eTag: z.string().optional(),
          versionId: z.string().optional(),
        }),
      }),
    }),
  ),
});

/** Reads a message of the queue `submissions`. Trajectories sent inline become an object first. An
 * S3 event may tell of several objects, of which each may be unacceptable by itself. Throws
 * `Unacceptable` where nothing of the message can ever be graded. */
export async function readSubmission(
  world: World,
  body: string,
): Promise<(Wanted | Unacceptable)[]> {
  const value = parseObject(body);
  if ("Event" in value && value["Event"] === "s3:TestEvent") return [];
  if ("Records" in value) return readS3Event(value);
  if (Object.keys(value).every((key) => COMMON_KEYS.has(key)))
    throw new Unacceptable(
      "malformed",
      'expected "job", and one of "trajectories", "source" and "eval"',
      jobIn(value),
    );
  const submission = parseAs(Submission, value);
  const { job, reply_to: replyTo } = submission;
  if (replyTo !== undefined && world.replyTo(replyTo) === undefined)
    throw new Unacceptable("reply_to", `reply_to: ${replyTo} is not a queue that may be answered`, {
      job,
    });
  if ("eval" in submission)
    throw new Unacceptable("unsupported", "eval: this version runs no evals", {
      job,
      ...(replyTo === undefined ? {} : { replyTo }),
    });
  if ("source" in submission) {
    const { bucket = world.trajectories.name, key } = submission.source;
    return [{ job, bucket, key, replyTo }];
  }
  // As they are written: what is under `metadata` comes out so.
  const lines = itemTexts(body, "trajectories")
    .map((one) => `${one}\n`)
    .join("");
  const key = inlineKey(job, createHash("sha256").update(lines).digest("hex"));
  await world.trajectories.create(key, new TextEncoder().encode(lines));
  return [{ job, bucket: world.trajectories.name, key, replyTo }];
}

function readS3Event(value: object): (Wanted | Unacceptable)[] {
  return parseAs(S3Event, value)
    .Records.filter(({ eventName }) => /^(s3:)?ObjectCreated:/.test(eventName))
    .map(({ s3: { bucket, object } }) => {
      const key = decodeKey(object.key);
      if (key === undefined)
        return new Unacceptable("malformed", `${object.key}: not a URL-encoded key`);
      const job = jobOfDrop(key);
      if (job === undefined) return new Unacceptable("not_a_drop", `${key}: expected ${DROP}`);
      const { eTag: etag, versionId: version } = object;
      return { job, bucket: bucket.name, key, version, etag, replyTo: undefined };
    });
}

/** The job of a submission that is wrong elsewhere: whoever watches that job is told. */
function jobIn({ job }: { readonly job?: unknown }): { job?: string } {
  const named = JobName.safeParse(job);
  return named.success ? { job: named.data } : {};
}

/** S3 writes keys in events as forms are: `+` for a space, the rest percent-encoded. Undefined
 * where it is not so written. */
export function decodeKey(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

function parseObject(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseJson(body);
  } catch (error) {
    if (error instanceof SchemaError) throw new Unacceptable("malformed", error.message);
    throw error;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Unacceptable("malformed", "expected a JSON object");
  return value as Record<string, unknown>;
}

function parseAs<T extends z.ZodType>(schema: T, value: object): z.infer<T> {
  try {
    return parse(schema, value);
  } catch (error) {
    if (error instanceof SchemaError)
      throw new Unacceptable("malformed", error.message, jobIn(value));
    throw error;
  }
}
