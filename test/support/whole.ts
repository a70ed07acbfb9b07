import { createHash } from "node:crypto";
import type { Announcement, Manifest, RewardRecord } from "@assay/schema";
import { type AwsWorld, keys, listManifests, readRecords } from "@assay/storage";
import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

const DEPTHS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

/** A line that was dropped, and how it may end. */
export interface Expected {
  readonly id: string;
  readonly text: string;
  /** Whether a record is one that the line may have. */
  readonly allows: (record: RewardRecord) => boolean;
}

export interface Found {
  readonly records: ReadonlyMap<string, readonly RewardRecord[]>;
  readonly manifests: readonly Manifest[];
  readonly announcements: readonly Announcement[];
}

/** What a job came to, read back through the SDK, and all that is wrong with it: the promises that
 * hold whatever went wrong on the way. `sources` are the dropped lines by key. */
export async function examineJob(
  { env, world }: { readonly env: Readonly<Record<string, string>>; readonly world: AwsWorld },
  job: string,
  sources: ReadonlyMap<string, readonly Expected[]>,
): Promise<{ readonly found: Found; readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  const manifests = await listManifests(world, job);
  const announcements = await drain(env, "results");
  const records = new Map<string, RewardRecord[]>();
  for (const [key, lines] of sources) {
    const manifest = manifests.find(({ source }) => source.key === key);
    if (manifest === undefined) {
      wrong.push(`${key}: no manifest`);
      continue;
    }
    const read = await recordsOf(world, manifest);
    records.set(key, read);
    wrong.push(...checkRecords(key, lines, read), ...checkManifest(manifest, read));
    wrong.push(...(await checkParts(world, manifest, announcements)));
  }
  wrong.push(...(await overwritten(env, world)));
  return { found: { records, manifests, announcements }, wrong };
}

async function recordsOf(world: AwsWorld, manifest: Manifest): Promise<RewardRecord[]> {
  const chunks = await Array.fromAsync(readRecords(world, manifest));
  const lines = Buffer.concat(chunks).toString().split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

function* checkRecords(
  key: string,
  lines: readonly Expected[],
  records: readonly RewardRecord[],
): Generator<string> {
  if (records.length !== lines.length)
    yield `${key}: ${records.length} records of ${lines.length} lines`;
  if (new Set(records.map(({ id }) => id)).size !== records.length) yield `${key}: ids repeat`;
  let offset = 0;
  for (const [i, { allows, id, text }] of lines.entries()) {
    const record = records[i];
    if (record === undefined) return;
    if (record.source.offset !== offset || record.trajectory_id !== id)
      yield `${key}: ${record.trajectory_id} at ${record.source.offset} stands where ${id} at ${offset} should`;
    const { sid, index } = record.source;
    const hash = createHash("sha256").update(`${sid}\n${record.source.offset}\n${index}`);
    if (record.id !== hash.digest("hex")) yield `${key}: ${id} has another id than its place gives`;
    if (!allows(record)) yield `${key}: ${id} ended as ${told(record)}`;
    offset += Buffer.byteLength(text) + 1;
  }
}

function told({ error, outcome, reward }: RewardRecord): string {
  return `${outcome} ${reward} ${error?.class ?? ""} ${error?.message ?? ""}`;
}

function* checkManifest(manifest: Manifest, records: readonly RewardRecord[]): Generator<string> {
  const { key } = manifest.source;
  const counted = { scored: 0, abstained: 0, error: 0 };
  for (const { outcome } of records) counted[outcome]++;
  if (JSON.stringify(counted) !== JSON.stringify(manifest.counts))
    yield `${key}: counts ${JSON.stringify(counted)}, the manifest says ${JSON.stringify(manifest.counts)}`;
  if (manifest.trajectories !== records.length)
    yield `${key}: the manifest speaks of ${manifest.trajectories} trajectories`;
  const inParts = manifest.parts.reduce((sum, part) => sum + part.trajectories, 0);
  if (inParts !== records.length) yield `${key}: its parts hold ${inParts}`;
}

async function checkParts(
  world: AwsWorld,
  { job, parts, sid, source }: Manifest,
  announcements: readonly Announcement[],
): Promise<string[]> {
  const wrong: string[] = [];
  const { objects } = await world.rewards.list(keys.partsPrefix(job, sid));
  const standing = objects.map(({ key }) => key).join();
  if (standing !== parts.map(({ key }) => key).join())
    wrong.push(`${source.key}: the parts that stand are not those of the manifest`);
  const told = new Set(announcements.flatMap((one) => (one.type === "part" ? [one.part.key] : [])));
  for (const { key } of parts) if (!told.has(key)) wrong.push(`${key} was never announced`);
  if (!announcements.some((one) => one.type === "source" && one.sid === sid))
    wrong.push(`${source.key}: never announced as complete`);
  return wrong;
}

/** Rewards and manifests that have more than one version: the bucket must keep versions. */
async function overwritten(
  env: Readonly<Record<string, string>>,
  world: AwsWorld,
): Promise<string[]> {
  const client = new S3Client(clientOptions(env));
  const wrong: string[] = [];
  for (const prefix of ["rewards/", "manifests/"]) {
    let after: Pick<ListObjectVersionsCommandInput, "KeyMarker" | "VersionIdMarker"> = {};
    for (let more = true; more; ) {
      const page = await client.send(
        new ListObjectVersionsCommand({ Bucket: world.rewards.name, Prefix: prefix, ...after }),
      );
      for (const { IsLatest, Key } of page.Versions ?? [])
        if (!IsLatest) wrong.push(`${Key} was overwritten`);
      for (const { Key } of page.DeleteMarkers ?? []) wrong.push(`${Key} was deleted`);
      after = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      more = page.IsTruncated ?? false;
    }
  }
  client.destroy();
  return wrong;
}

/** All messages of a queue, taken off it. */
export async function drain(
  env: Readonly<Record<string, string>>,
  name: string,
): Promise<Announcement[]> {
  const client = new SQSClient(clientOptions(env));
  const QueueUrl = urlOf(env, name);
  const all: Announcement[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) break;
    all.push(...Messages.map(({ Body = "" }) => JSON.parse(Body)));
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
  client.destroy();
  return all;
}

/** How many messages the queues hold, seen or not. */
export async function depth(
  env: Readonly<Record<string, string>>,
  names: readonly string[],
): Promise<number> {
  const client = new SQSClient(clientOptions(env));
  const counts = await Promise.all(
    names.map(async (name) => {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: urlOf(env, name), AttributeNames: ["All"] }),
      );
      return DEPTHS.reduce((sum, one) => sum + Number(Attributes[one] ?? 0), 0);
    }),
  );
  client.destroy();
  return counts.reduce((sum, one) => sum + one, 0);
}

function urlOf(env: Readonly<Record<string, string>>, queue: string): string {
  return `${env["AWS_ENDPOINT_URL"]}/000000000000/${queue}`;
}

function clientOptions(env: Readonly<Record<string, string>>) {
  return {
    endpoint: env["AWS_ENDPOINT_URL"] ?? "",
    region: env["AWS_REGION"] ?? "",
    credentials: {
      accessKeyId: env["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: env["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
    forcePathStyle: true,
  };
}
