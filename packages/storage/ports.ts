import type { Source } from "@assay/schema";

/** What the protocol asks of S3, and no more. `S3Bucket` is the real thing, `MemoryBucket` its twin;
 * one suite of tests runs against both. Absent is a value; everything else throws. */
export interface Bucket {
  readonly name: string;
  /** The newest version of `key`, or the one named. */
  head(key: string, version?: string): Promise<ObjectInfo | undefined>;
  /** The bytes [start, end) of exactly this version. Throws `SourceGone` where it is no more. */
  read(source: VersionOf, start: number, end: number): AsyncIterable<Uint8Array>;
  /** A small object whole; undefined where there is none. */
  readSmall(key: string): Promise<Uint8Array | undefined>;
  /** An object as it comes, of whatever version is newest; throws where there is none. */
  stream(key: string): AsyncIterable<Uint8Array>;
  /** Writes `key` where nothing stands (If-None-Match: *). */
  create(key: string, body: Uint8Array, meta?: Readonly<Record<string, string>>): Promise<Created>;
  /** Objects whose keys begin with `prefix`, in the order of their keys' bytes. */
  list(prefix: string, options?: ListOptions): Promise<Listing>;
  remove(key: string): Promise<void>;
}
export type Created = "created" | "exists";
export type VersionOf = Pick<Source, "key" | "version" | "etag">;

export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly version: string | undefined;
  readonly meta: Readonly<Record<string, string>>;
}
export interface ListOptions {
  /** Only keys at or after this one. */
  readonly from?: string;
  /** Only keys before this one. */
  readonly before?: string;
}
export interface ListedObject {
  readonly key: string;
  readonly modifiedMs: number;
}
export interface Listing {
  readonly objects: readonly ListedObject[];
  /** The store's own clock when it answered. */
  readonly nowMs: number;
}

/** What the protocol asks of SQS. */
export interface Queue {
  /** Sends all, or throws; a part of them may then have been sent. */
  send(messages: readonly Outgoing[]): Promise<void>;
}
export interface Outgoing {
  readonly body: string;
  /** Message attributes that are numbers. */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly delayS?: number;
  /** Whose message it is: a queue that is fair lets no job's messages wait for another's. */
  readonly group?: string;
}

/** Everything outside that the protocol touches. */
export interface World {
  /** The bucket of a source. */
  bucket(name: string): Bucket;
  /** Where submissions without a bucket lie. */
  readonly trajectories: Bucket;
  readonly rewards: Bucket;
  readonly submissions: Queue;
  readonly shards: Queue;
  readonly results: Queue;
  /** The queue of a `reply_to`; undefined where it is not on the deployment's list. */
  replyTo(url: string): Queue | undefined;
  /** A fresh id. */
  newId(): string;
}

/** The version of a source that was planned is no more: overwritten, deleted or expired. */
export class SourceGone extends Error {
  override name = "SourceGone";
}
