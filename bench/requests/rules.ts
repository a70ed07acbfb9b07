import type { Manifest } from "@assay/schema";
import { policy } from "@assay/storage";
import type { Requests } from "./prices.ts";

/** SQS takes so many messages in one call. */
const BATCH_MESSAGES = 10;

/** What the protocol spares, each as it can be told from the rules: requests that a plainer one
 * would make for a source that nothing befalls. */
export const SPARED: Readonly<Record<string, (manifest: Manifest) => Requests>> = {
  "a plan even where no shard size could split": ({ source }) =>
    source.size > policy.SMALLEST_SHARD_BYTES ? {} : { put: 1 },
  "done/, its LIST and its GET even of one shard": ({ shards }) =>
    shards > 1 ? {} : { put: 1, list: 1, get: 1 },
  "a look for parts on a shard's first delivery": ({ shards }) => ({ list: shards }),
  "a look for its own parts at a shard's end": ({ parts, shards }) => ({
    list: shards,
    head: parts.length,
  }),
  "a HEAD of each part for the manifest's counts, not a GET of each done/": ({ parts, shards }) =>
    shards > 1 ? { list: 1, head: parts.length, get: -shards } : {},
  "one message a call": ({ shards }) => ({ send: shards - Math.ceil(shards / BATCH_MESSAGES) }),
};

/** What one of them comes to for all sources of a job. */
export function sparedFor(
  manifests: readonly Manifest[],
  spared: (manifest: Manifest) => Requests,
): Required<Requests> {
  const sum = { put: 0, list: 0, get: 0, head: 0, send: 0 };
  for (const manifest of manifests)
    for (const [name, number] of Object.entries(spared(manifest)))
      sum[name as keyof Requests] += number;
  return sum;
}
