import { Manifest, type RewardRecord, ShardMessage } from "@assay/schema";
import { expect } from "vitest";
import type { MemoryWorld } from "../memory.ts";
import { planSubmission } from "../plan.ts";
import { SMALLEST_SHARD_BYTES } from "../policy.ts";
import { type Delivery, type Grader, gradeShard, type Handled } from "../shard.ts";
import { inlineGrader } from "./inline-grader.ts";

export const never = new AbortController().signal;
export const KEY = "drops/j/file.jsonl";

export function drop(world: MemoryWorld, key = KEY): string {
  const etag = world.trajectories.objects.get(key)?.etag;
  const s3 = { bucket: { name: "trajectories" }, object: { key, eTag: etag } };
  return JSON.stringify({ Records: [{ eventName: "ObjectCreated:Put", s3 }] });
}

export const plan = (world: MemoryWorld, body: string, id = "m1") =>
  planSubmission(world, { id, body }, { shardBytes: SMALLEST_SHARD_BYTES });

export function verify(
  world: MemoryWorld,
  body: string,
  delivery: Partial<Delivery> = {},
  grader = inlineGrader(),
): Promise<Handled> {
  const defaults = { messageId: "m", receives: 1, queuedMs: 0, outOfTime: never };
  return gradeShard(world, grader, ShardMessage.parse(JSON.parse(body)), {
    ...defaults,
    ...delivery,
  });
}

/** Delivers shard messages until none is left; what is not acknowledged comes again. */
export async function drain(world: MemoryWorld, grader: Grader = inlineGrader()): Promise<void> {
  const again: { body: string; receives: number }[] = [];
  const take = () => {
    const fresh = world.shards.messages.shift();
    return fresh ? { body: fresh.body, receives: 1 } : again.shift();
  };
  for (let next = take(); next; next = take()) {
    const { body, receives } = next;
    const { disposition } = await verify(world, body, { receives }, grader);
    if (disposition !== "ack") again.push({ body, receives: receives + 1 });
  }
}

export function stored(world: MemoryWorld) {
  const text = (key: string) => Buffer.from(world.rewards.objects.get(key)?.body ?? []).toString();
  const keys = [...world.rewards.objects.keys()].sort();
  const manifests = keys
    .filter((key) => key.startsWith("manifests/"))
    .map((key) => Manifest.parse(JSON.parse(text(key))));
  const records = keys
    .filter((key) => key.startsWith("rewards/"))
    .flatMap((key) => text(key).split("\n").slice(0, -1))
    .map((line) => JSON.parse(line) as RewardRecord);
  return { keys, manifests, records };
}

/** Records = trajectories, each once and in its place, and the manifest adds up. */
export function expectWhole(
  world: MemoryWorld,
  lines: readonly string[],
  offsets: readonly number[] = offsetsOf(lines),
): void {
  const { manifests, records } = stored(world);
  expect(records.map((record) => record.source.offset)).toEqual(offsets);
  expect(new Set(records.map(({ id }) => id)).size).toBe(lines.length);
  expect(manifests).toHaveLength(1);
  const [manifest] = manifests as [Manifest];
  expect(manifest.lines).toBe(lines.length);
  expect(manifest.counts.scored + manifest.counts.abstained + manifest.counts.error).toBe(
    records.length,
  );
  expect(manifest.parts.reduce((sum, part) => sum + part.lines, 0)).toBe(lines.length);
  const announced = world.results.messages.map(({ body }) => JSON.parse(body));
  for (const { key } of manifest.parts)
    expect(announced.some(({ part, type }) => type === "part" && part.key === key)).toBe(true);
  expect(announced.some(({ type }) => type === "source")).toBe(true);
}

export function offsetsOf(lines: readonly string[]): number[] {
  let at = 0;
  return lines.map((line) => {
    const offset = at;
    at += Buffer.byteLength(line) + 1;
    return offset;
  });
}
