import { createHash } from "node:crypto";
import { JobName } from "@assay/schema";

export { DROPS } from "./policy.ts";

/** The digits of an offset in a key: enough for 90 TiB, so that keys sort as numbers do. */
const OFFSET_DIGITS = 14;
/** How much of a key's base name a sid shows. */
const SID_NAME_CHARS = 40;
/** Base-32 characters of the hash in a sid: 130 bits, which never meet. */
const SID_HASH_CHARS = 26;

/** The job of `drops/<job>/<path>`; undefined where the key is no drop. */
export function jobOfDrop(key: string): string | undefined {
  const match = /^drops\/([^/]+)\/./.exec(key);
  const job = match?.[1];
  return job !== undefined && JobName.safeParse(job).success ? job : undefined;
}

/** Names one version of one object: short, safe on every file system, new when it is overwritten. */
export function sidOf(source: {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string | undefined;
  readonly etag: string;
}): string {
  const base = source.key.slice(source.key.lastIndexOf("/") + 1);
  const safe = base.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, SID_NAME_CHARS);
  const digest = createHash("sha256")
    .update(JSON.stringify([source.bucket, source.key, source.version ?? source.etag]))
    .digest();
  return `${safe}-${base32(digest).slice(0, SID_HASH_CHARS)}`;
}

export const partsPrefix = (job: string, sid: string): string => `rewards/${job}/${sid}/`;
export const partKey = (job: string, sid: string, start: number): string =>
  `${partsPrefix(job, sid)}${padded(start)}.jsonl`;
export const manifestKey = (job: string, sid: string): string => `manifests/${job}/${sid}.json`;
export const manifestsPrefix = (job: string): string => `manifests/${job}/`;
export const rejectedKey = (job: string, id: string): string => `rejected/${job}/${id}.json`;
export const inlinePrefix = (job: string): string => `inline/${job}/`;
export const inlineKey = (job: string, sha256: string): string =>
  `${inlinePrefix(job)}${sha256}.jsonl`;
export const retriesPrefix = (job: string): string => `retries/${job}/`;
export const planKey = (job: string, sid: string): string => `protocol/${job}/${sid}/plan`;
export const donePrefix = (job: string, sid: string): string => `protocol/${job}/${sid}/done/`;
export const doneKey = (job: string, sid: string, shardEnd: number): string =>
  `${donePrefix(job, sid)}${padded(shardEnd)}`;
export const triesPrefix = (job: string, sid: string, lineStart: number): string =>
  `protocol/${job}/${sid}/try/${padded(lineStart)}/`;

/** The start of a part, out of its key. */
export function startOfPart(key: string): number {
  return Number(/(\d+)\.jsonl$/.exec(key)?.[1]);
}

function padded(offset: number): string {
  return String(offset).padStart(OFFSET_DIGITS, "0");
}

function base32(bytes: Uint8Array): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet.charAt((held >> (bits - 5)) & 31);
    held &= (1 << bits) - 1;
  }
  return text;
}
