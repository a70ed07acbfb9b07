import type { Rejection } from "@assay/schema";
import { announce } from "./announce.ts";
import { toBytes } from "./json-bytes.ts";
import { rejectedKey } from "./keys.ts";
import type { World } from "./ports.ts";

/** Where rejections stand whose job cannot be told. */
const NO_JOB = "unknown";

/** Whether it is about the object at `key`, whichever version of it: those that are about one object
 * name it first. */
export function isAbout({ message }: Rejection, key: string): boolean {
  return message.startsWith(`${key}: `);
}

/** Writes down a submission that can never be graded, and says so. Nothing is lost in silence. */
export async function reject(
  world: World,
  messageId: string,
  replyTo: string | undefined,
  rejection: Rejection,
): Promise<void> {
  const key = rejectedKey(rejection.job ?? NO_JOB, messageId);
  await world.rewards.create(key, toBytes(rejection));
  await announce(world, replyTo, { type: "rejected", ...rejection });
}
