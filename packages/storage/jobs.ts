import { formatOf } from "@assay/formats";
import { addTally, emptyTally } from "@assay/grading";
import { Manifest, type Part, parse, Rejection, type Source, type Tally } from "@assay/schema";
import { fromBytes } from "./json-bytes.ts";
import { manifestKey, manifestsPrefix, partsPrefix, startOfPart } from "./keys.ts";
import { headPart } from "./parts.ts";
import type { World } from "./ports.ts";

/** One source of a job as far as it is graded: looked at again and again, each part once. */
export class SourceProgress {
  readonly job: string;
  readonly sid: string;
  readonly source: Source;
  readonly tally: Tally = emptyTally();
  /** Bytes of the source whose lines have their records; where places in it are no bytes of it, none
   * until all have. */
  bytes = 0;
  manifest: Manifest | undefined;
  readonly #seen = new Set<number>();

  constructor(job: string, sid: string, source: Source) {
    this.job = job;
    this.sid = sid;
    this.source = source;
  }

  /** Looks at what has been written since. */
  async update(world: World): Promise<void> {
    if (this.manifest !== undefined) return;
    const parts = await this.#newParts(world);
    for (const part of parts) {
      if (this.#seen.has(part.start)) continue;
      this.#seen.add(part.start);
      if (formatOf(this.source.key) === "jsonl") this.bytes += part.end - part.start;
      addTally(this.tally, part);
    }
    // Nothing new to see: everything may be there, or lines at the end are blank.
    if (parts.length === 0 || this.bytes >= this.source.size)
      this.manifest = await readManifest(world, this.job, this.sid);
    if (this.manifest !== undefined) this.bytes = this.source.size;
  }

  async #newParts(world: World): Promise<Part[]> {
    const { objects } = await world.rewards.list(partsPrefix(this.job, this.sid));
    const starts = objects.map(({ key }) => startOfPart(key)).filter((at) => !this.#seen.has(at));
    const parts = await Promise.all(starts.map((start) => headPart(world.rewards, this, start)));
    return parts.map(({ part }) => part);
  }
}

export async function readManifest(
  world: World,
  job: string,
  sid: string,
): Promise<Manifest | undefined> {
  const body = await world.rewards.readSmall(manifestKey(job, sid));
  return body === undefined ? undefined : parse(Manifest, fromBytes(body), [sid]);
}

/** The manifests of a job, by their sources' keys; of a source with several versions the newest. */
export async function listManifests(world: World, job: string): Promise<Manifest[]> {
  const { objects } = await world.rewards.list(manifestsPrefix(job));
  const newest = new Map<string, Manifest>();
  for (const { key } of [...objects].sort((a, b) => a.modifiedMs - b.modifiedMs)) {
    const body = await world.rewards.readSmall(key);
    if (body === undefined) continue;
    const manifest = parse(Manifest, fromBytes(body), [key]);
    newest.set(`${manifest.source.bucket}/${manifest.source.key}`, manifest);
  }
  return [...newest.values()].sort((a, b) => (a.source.key < b.source.key ? -1 : 1));
}

/** A rejection, and when it was written by S3's clock. */
export type Rejected = Rejection & { readonly atMs: number };

/** What a job could not accept, by its key; less what is `known` already. */
export async function listRejections(
  world: World,
  job: string,
  known: ReadonlySet<string> = new Set(),
): Promise<Map<string, Rejected>> {
  const { objects } = await world.rewards.list(`rejected/${job}/`);
  const found = new Map<string, Rejected>();
  for (const { key, modifiedMs } of objects) {
    if (known.has(key)) continue;
    const body = await world.rewards.readSmall(key);
    if (body !== undefined)
      found.set(key, { ...parse(Rejection, fromBytes(body), [key]), atMs: modifiedMs });
  }
  return found;
}
