import { Buffer } from "node:buffer";
import { meanReward } from "@assay/grading";
import type { Announcement, Manifest, Part, ShardMessage } from "@assay/schema";
import type { World } from "./ports.ts";

/** Records travel inside an announcement while it stays below this, in bytes: SQS bills every
 * 64 KiB, and a consumer's receive of 10 messages stays small. */
const INLINE_BYTES = 256 * 1024;
/** SQS takes no larger message, in bytes; with room for attributes. */
const MESSAGE_BYTES = 1024 * 1024 - 4096;

/** Tells trainers: the queue `results`, and whoever the submission named. */
export async function announce(
  world: World,
  replyTo: string | undefined,
  announcement: Announcement,
): Promise<void> {
  await say(world, replyTo, JSON.stringify(announcement));
}

async function say(world: World, replyTo: string | undefined, body: string): Promise<void> {
  await world.results.send([{ body }]);
  if (replyTo !== undefined) await world.replyTo(replyTo)?.send([{ body }]);
}

/** Announces a part. `records` are its records as JSON lines, where they are at hand. */
export async function announcePart(
  world: World,
  message: ShardMessage,
  part: Part,
  records?: Uint8Array,
): Promise<void> {
  const { job, reply_to, sid, source } = message;
  const { counts, end, key, start } = part;
  const announcement: Announcement = {
    type: "part",
    job,
    source,
    sid,
    part: { key, start, end },
    counts,
    mean_reward: meanReward(part),
  };
  if (records !== undefined && records.length < INLINE_BYTES) {
    // As they are written, since parsing them would cost digits.
    const lines = Buffer.from(records).toString().trimEnd().replaceAll("\n", ",");
    const whole = `${JSON.stringify(announcement).slice(0, -1)},"records":[${lines}]}`;
    if (Buffer.byteLength(whole) < INLINE_BYTES) return await say(world, reply_to, whole);
  }
  await announce(world, reply_to, announcement);
}

/** Announces a complete source. A manifest that is too long for a message goes without `parts`. */
export async function announceSource(
  world: World,
  replyTo: string | undefined,
  manifest: Manifest,
): Promise<void> {
  const whole: Announcement = { type: "source", ...manifest };
  const body = JSON.stringify(whole);
  if (Buffer.byteLength(body) < MESSAGE_BYTES) return await say(world, replyTo, body);
  await announce(world, replyTo, { ...whole, parts: [] });
}
