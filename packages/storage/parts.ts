import type { Part, ShardMessage, Tally } from "@assay/schema";
import { parse, Tally as TallySchema } from "@assay/schema";
import { partKey, partsPrefix, startOfPart } from "./keys.ts";
import type { Bucket, ObjectInfo } from "./ports.ts";

/** The range of lines that one shard message speaks of. */
export interface Shard {
  readonly start: number;
  readonly end: number;
  /** How many shards its source has. */
  readonly of: number;
}

/** The whole shard that a message is about, whatever of it is graded. */
export function shardOf({ end, shard }: ShardMessage): Shard {
  return { start: shard.start, end, of: shard.of };
}

/** The starts of the parts that stand in a shard, ascending: they tile it up to the chain's end. */
export async function listParts(
  rewards: Bucket,
  { job, sid }: { readonly job: string; readonly sid: string },
  { start, end }: { readonly start: number; readonly end: number },
): Promise<number[]> {
  const { objects } = await rewards.list(partsPrefix(job, sid), {
    from: partKey(job, sid, start),
    before: partKey(job, sid, end),
  });
  return objects.map(({ key }) => startOfPart(key));
}

/** What a part's metadata tells: whose it is, its range and counts. */
export interface PartInfo {
  readonly writer: string;
  readonly part: Part;
}

export async function headPart(
  rewards: Bucket,
  { job, sid }: { readonly job: string; readonly sid: string },
  start: number,
): Promise<PartInfo> {
  const key = partKey(job, sid, start);
  const info = await rewards.head(key);
  if (info === undefined) throw new Error(`${key}: a part that was listed is not there`);
  return readPartInfo(info);
}

export function partMeta(writer: string, end: number, tally: Tally): Record<string, string> {
  return { writer, end: String(end), tally: JSON.stringify(tally) };
}

function readPartInfo({ key, meta }: ObjectInfo): PartInfo {
  const tally = parse(TallySchema, JSON.parse(meta["tally"] ?? "null"), [key, "tally"]);
  return {
    writer: meta["writer"] ?? "",
    part: { key, start: startOfPart(key), end: Number(meta["end"]), ...tally },
  };
}
