import { createHash } from "node:crypto";
import type {
  Bucket,
  Created,
  Listing,
  ListOptions,
  ObjectInfo,
  Outgoing,
  Queue,
  VersionOf,
  World,
} from "./ports.ts";
import { SourceGone } from "./ports.ts";

interface Stored {
  readonly body: Uint8Array;
  readonly etag: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly modifiedMs: number;
}

/** The twin of `S3Bucket`, in memory and without versions, on a clock of its own. */
export class MemoryBucket implements Bucket {
  readonly name: string;
  readonly objects = new Map<string, Stored>();
  readonly #now: () => number;
  readonly #chunkBytes: number;

  /** Bodies are read in chunks of `chunkBytes`, so that tests see every way to cut a line. */
  constructor(name: string, options: { now?: () => number; chunkBytes?: number } = {}) {
    this.name = name;
    this.#now = options.now ?? (() => 0);
    this.#chunkBytes = options.chunkBytes ?? 64 * 1024;
  }

  /** Writes `key`, also over what stands there, as people do who drop files. */
  put(key: string, body: Uint8Array | string, meta: Readonly<Record<string, string>> = {}): void {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body.slice();
    const etag = createHash("md5").update(bytes).digest("hex");
    this.objects.set(key, { body: bytes, etag, meta, modifiedMs: this.#now() });
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const found = this.objects.get(key);
    if (found === undefined) return undefined;
    const { body, etag, meta } = found;
    return { key, size: body.length, etag, version: undefined, meta };
  }

  async *read({ etag, key }: VersionOf, start: number, end: number): AsyncGenerator<Uint8Array> {
    const found = this.objects.get(key);
    if (found?.etag !== etag) throw new SourceGone(`${key}: that version is no more`);
    const { body } = found;
    for (let at = start; at < Math.min(end, body.length); at += this.#chunkBytes)
      yield body.slice(at, Math.min(end, at + this.#chunkBytes));
  }

  async readSmall(key: string): Promise<Uint8Array | undefined> {
    return this.objects.get(key)?.body.slice();
  }

  async *stream(key: string): AsyncGenerator<Uint8Array> {
    const found = this.objects.get(key);
    if (found === undefined) throw new Error(`${key}: no such object`);
    yield* this.read({ key, etag: found.etag }, 0, found.body.length);
  }

  async create(
    key: string,
    body: Uint8Array,
    meta: Readonly<Record<string, string>> = {},
  ): Promise<Created> {
    if (this.objects.has(key)) return "exists";
    this.put(key, body, meta);
    return "created";
  }

  async list(prefix: string, { before, from }: ListOptions = {}): Promise<Listing> {
    const objects = [...this.objects]
      .filter(([key]) => key.startsWith(prefix))
      .filter(
        ([key]) => (from === undefined || key >= from) && (before === undefined || key < before),
      )
      .map(([key, { modifiedMs }]) => ({ key, modifiedMs }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    return { objects, nowMs: this.#now() };
  }

  async remove(key: string): Promise<void> {
    this.objects.delete(key);
  }
}

/** The twin of `SqsQueue`: what was sent, for a test to deliver as it likes. */
export class MemoryQueue implements Queue {
  readonly messages: Outgoing[] = [];

  async send(messages: readonly Outgoing[]): Promise<void> {
    this.messages.push(...messages);
  }
}

export interface MemoryWorld extends World {
  readonly trajectories: MemoryBucket;
  readonly rewards: MemoryBucket;
  readonly submissions: MemoryQueue;
  readonly shards: MemoryQueue;
  readonly results: MemoryQueue;
  readonly replies: MemoryQueue;
}

/** A deployment in memory. `replies` is the one queue that a `reply_to` may name, as "replies". */
export function memoryWorld(
  options: { now?: () => number; chunkBytes?: number } = {},
): MemoryWorld {
  const trajectories = new MemoryBucket("trajectories", options);
  const rewards = new MemoryBucket("rewards", options);
  const replies = new MemoryQueue();
  let ids = 0;
  return {
    trajectories,
    rewards,
    submissions: new MemoryQueue(),
    shards: new MemoryQueue(),
    results: new MemoryQueue(),
    replies,
    bucket: (name) => (name === "rewards" ? rewards : trajectories),
    replyTo: (url) => (url === "replies" ? replies : undefined),
    newId: () => `id-${++ids}`,
  };
}
