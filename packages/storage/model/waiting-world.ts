import type { MemoryBucket } from "../memory.ts";
import type { Bucket, Outgoing, Queue, VersionOf, World } from "../ports.ts";

/** A call on a port that has not been done yet. */
export interface Call {
  readonly label: string;
  perform(): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Who makes calls, and waits in them. */
export interface Waiting {
  calls: Call[];
  alive: boolean;
}

export type QueueName = "submissions" | "shards" | "results";

/** What the calls are done on. */
export interface Ground {
  readonly trajectories: MemoryBucket;
  readonly rewards: MemoryBucket;
  send(queue: QueueName, message: Outgoing): void;
  newId(): string;
}

/** The ports as one invocation has them: every call waits until the scheduler has it done. */
export function waitingWorld(invocation: Waiting, ground: Ground): World {
  const step = <T>(label: string, perform: () => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (!invocation.alive) return;
      invocation.calls.push({ label, perform, resolve: resolve as Call["resolve"], reject });
    });
  const bucket = (inner: MemoryBucket): Bucket => ({
    name: inner.name,
    head: (key) => step(`head ${key}`, () => inner.head(key)),
    read: async function* (source: VersionOf, start: number, end: number) {
      const label = `read ${start}-${end}`;
      yield* await step(label, () => Array.fromAsync(inner.read(source, start, end)));
    },
    stream: (key) => inner.stream(key),
    readSmall: (key) => step(`get ${key}`, () => inner.readSmall(key)),
    create: (key, body, meta) => step(`create ${key}`, () => inner.create(key, body, meta)),
    list: (prefix, options) => step(`list ${prefix}`, () => inner.list(prefix, options)),
    remove: (key) => step(`remove ${key}`, () => inner.remove(key)),
  });
  const queue = (name: QueueName): Queue => ({
    send: (messages) =>
      step(`send ${name}`, async () => {
        for (const one of messages) ground.send(name, one);
      }),
  });
  const trajectories = bucket(ground.trajectories);
  return {
    bucket: () => trajectories,
    trajectories,
    rewards: bucket(ground.rewards),
    submissions: queue("submissions"),
    shards: queue("shards"),
    results: queue("results"),
    replyTo: () => undefined,
    newId: ground.newId,
  };
}
