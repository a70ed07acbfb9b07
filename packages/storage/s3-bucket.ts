import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import {
  type Bucket,
  type Created,
  type Listing,
  type ListOptions,
  type ObjectInfo,
  SourceGone,
  type VersionOf,
} from "./ports.ts";

/** How often the SDK tries a call, the first time included. */
const ATTEMPTS = 5;
/** How often a conditional write that raced another (409) is tried again. */
const RACES = 5;
/** A connection on which nothing moves for so long is given up, in milliseconds, and the call tried
 * again: without it one lost answer would hold an invocation until it is killed. */
const IDLE_MS = 20_000;
/** Objects of the protocol that are read whole are small; more than this is refused, in bytes. */
const SMALL_BYTES = 16 * 1024 * 1024;

/** How every client of AWS calls. */
export const CLIENT = { maxAttempts: ATTEMPTS, requestHandler: { socketTimeout: IDLE_MS } };

/** A client that also tells S3's own clock: the `Date` of each answer, in its metadata. */
export function makeS3Client(): S3Client {
  const client = new S3Client(CLIENT);
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { headers?: Record<string, string> };
      Object.assign(result.output.$metadata, { date: headers?.["date"] });
      return result;
    },
    { step: "finalizeRequest", name: "tellServerDate" },
  );
  return client;
}

/** A bucket of S3, or of whatever speaks its protocol. */
export class S3Bucket implements Bucket {
  readonly name: string;
  readonly #client: S3Client;

  constructor(client: S3Client, name: string) {
    this.#client = client;
    this.name = name;
  }

  async head(key: string, version?: string): Promise<ObjectInfo | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.name, Key: key, VersionId: version });
    const info = await absent(this.#client.send(command));
    if (info === undefined) return undefined;
    return {
      key,
      size: info.ContentLength ?? 0,
      etag: bare(info.ETag),
      // A bucket that never kept versions says "null" or nothing.
      version: info.VersionId === "null" ? undefined : info.VersionId,
      meta: info.Metadata ?? {},
    };
  }

  async *read(source: VersionOf, start: number, end: number): AsyncGenerator<Uint8Array> {
    if (start >= end) return;
    const { etag, key, version } = source;
    const named = version === undefined ? { IfMatch: `"${etag}"` } : { VersionId: version };
    const range = `bytes=${start}-${end - 1}`;
    try {
      const { Body } = await this.#client.send(
        new GetObjectCommand({ Bucket: this.name, Key: key, Range: range, ...named }),
      );
      yield* Body as AsyncIterable<Uint8Array>;
    } catch (error) {
      if (isStatus(error, 404, 412, 416))
        throw new SourceGone(`${key}: that version is no more`, { cause: error });
      throw error;
    }
  }

  async readSmall(key: string): Promise<Uint8Array | undefined> {
    const command = new GetObjectCommand({ Bucket: this.name, Key: key });
    const object = await absent(this.#client.send(command));
    if ((object?.ContentLength ?? 0) > SMALL_BYTES)
      throw new Error(`${key}: larger than ${SMALL_BYTES} bytes`);
    return await object?.Body?.transformToByteArray();
  }

  async create(
    key: string,
    body: Uint8Array,
    meta: Readonly<Record<string, string>> = {},
  ): Promise<Created> {
    const command = new PutObjectCommand({
      Bucket: this.name,
      Key: key,
      Body: body,
      IfNoneMatch: "*",
      Metadata: { ...meta },
      ContentType: key.endsWith(".jsonl") ? "application/jsonl" : "application/json",
    });
    for (let race = 1; ; race++) {
      try {
        await this.#client.send(command);
        return "created";
      } catch (error) {
        if (isStatus(error, 412)) return "exists";
        // 409: another write of this key is still under way, and who wins is open.
        if (!isStatus(error, 409) || race === RACES) throw error;
      }
    }
  }

  /** Writes a file of this machine, over what stands there. */
  async putFile(key: string, path: string): Promise<void> {
    const { size } = await stat(path);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#client.send(
          new PutObjectCommand({
            Bucket: this.name,
            Key: key,
            // An empty stream has no length of its own to send; of a file that is still written to,
            // what it had is sent, as its length says.
            Body: size === 0 ? new Uint8Array(0) : createReadStream(path, { end: size - 1 }),
            ContentLength: size,
          }),
        );
        return;
      } catch (error) {
        // The SDK cannot begin a stream anew, and so tries it once only.
        if (attempt === ATTEMPTS || isRefusal(error)) throw error;
      }
    }
  }

  /** An object's bytes as they come; throws where there is none. */
  async *stream(key: string): AsyncGenerator<Uint8Array> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
    yield* Body as AsyncIterable<Uint8Array>;
  }

  async list(prefix: string, { before, from }: ListOptions = {}): Promise<Listing> {
    const objects: { key: string; modifiedMs: number }[] = [];
    let nowMs = 0;
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.name,
          Prefix: prefix,
          ContinuationToken: token,
          // StartAfter leaves out the key itself: what sorts just before it takes it in.
          StartAfter: from === undefined || token !== undefined ? undefined : justBefore(from),
        }),
      );
      nowMs = Date.parse((page.$metadata as { date?: string }).date ?? "");
      if (Number.isNaN(nowMs)) throw new Error(`${this.name}: a LIST was answered without a Date`);
      for (const { Key: key = "", LastModified } of page.Contents ?? []) {
        if (before !== undefined && key >= before) return { objects, nowMs };
        objects.push({ key, modifiedMs: LastModified?.getTime() ?? 0 });
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return { objects, nowMs };
  }

  async remove(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }));
  }
}

/** The greatest key that could stand before `key` and matters: one character less at its end. */
function justBefore(key: string): string {
  const last = key.charCodeAt(key.length - 1);
  return `${key.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}

function bare(etag: string | undefined): string {
  return (etag ?? "").replaceAll('"', "");
}

async function absent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Whether S3 will not have the call, however often it is tried. */
function isRefusal(error: unknown): boolean {
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  return status !== undefined && status >= 400 && status < 500;
}

function isStatus(error: unknown, ...statuses: number[]): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  return statuses.includes(error.$metadata.httpStatusCode ?? 0);
}
