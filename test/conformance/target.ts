import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AbortMultipartUploadCommand,
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, vi } from "vitest";
import { startStack } from "../../packages/stack/index.ts";

/**
 * What the checks speak to: any S3 and SQS, by their endpoints in the environment, or else a stack
 * of our own. A check knows nothing of the implementation behind it, and expects what AWS
 * documents. Buckets and queues have names of their own and are removed at the end, so a shared
 * account will do.
 */

const {
  ASSAY_CONFORMANCE_S3,
  ASSAY_CONFORMANCE_SQS,
  ASSAY_CONFORMANCE_KEY = "test",
  ASSAY_CONFORMANCE_SECRET = "test",
  ASSAY_CONFORMANCE_REGION = "us-east-1",
} = process.env;

/** Most checks wait for time to pass or for an answer. */
vi.setConfig({ maxConcurrency: 40 });

const isOurs = ASSAY_CONFORMANCE_S3 === undefined && ASSAY_CONFORMANCE_SQS === undefined;

/** Whoever gives one endpoint wants that service checked, and not the other. */
export const served = {
  s3: isOurs || ASSAY_CONFORMANCE_S3 !== undefined,
  sqs: isOurs || ASSAY_CONFORMANCE_SQS !== undefined,
};

/** Clients warn of what these checks do on purpose. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const access = await findAccess();
afterAll(async () => {
  await removeAll();
  s3.destroy();
  sqs.destroy();
  await access.stop();
});

export const region = ASSAY_CONFORMANCE_REGION;
export const accessKeyId = access.accessKeyId;
export const s3 = makeS3();
export const sqs = new SQSClient(configure(access.sqs));

/** A client of the same endpoint with settings of its own, such as other credentials. */
export function makeS3(overrides: S3ClientConfig = {}): S3Client {
  return new S3Client({ ...configure(access.s3), forcePathStyle: true, ...overrides });
}

async function findAccess() {
  if (!isOurs)
    return {
      s3: ASSAY_CONFORMANCE_S3 ?? "",
      sqs: ASSAY_CONFORMANCE_SQS ?? "",
      accessKeyId: ASSAY_CONFORMANCE_KEY,
      secretAccessKey: ASSAY_CONFORMANCE_SECRET,
      stop: async () => {},
    };
  const dir = mkdtempSync(join(tmpdir(), "assay-conformance-"));
  const stack = await startStack({ dir });
  return {
    s3: stack.url,
    sqs: stack.url,
    accessKeyId: stack.env["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: stack.env["AWS_SECRET_ACCESS_KEY"] ?? "",
    stop: async () => {
      await stack.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

function configure(endpoint: string) {
  const { accessKeyId, secretAccessKey } = access;
  return {
    endpoint,
    region: ASSAY_CONFORMANCE_REGION,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
    logger: SILENT,
  };
}

const bucketsMade: string[] = [];
const queuesMade: string[] = [];

export function uniqueName(): string {
  return `assay-conformance-${randomBytes(6).toString("hex")}`;
}

export async function makeBucket({ versioning = false } = {}): Promise<string> {
  const Bucket = uniqueName();
  // The oldest region must not be named, and no configuration may be empty.
  const place = {
    CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
  };
  await s3.send(new CreateBucketCommand({ Bucket, ...(region !== "us-east-1" && place) }));
  bucketsMade.push(Bucket);
  if (versioning) await setVersioning(Bucket, "Enabled");
  return Bucket;
}

export async function setVersioning(Bucket: string, Status: "Enabled" | "Suspended") {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

export async function makeQueue(Attributes: Record<string, string> = {}): Promise<string> {
  const QueueName = uniqueName();
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  queuesMade.push(QueueUrl);
  return QueueUrl;
}

export async function attributesOf(
  QueueUrl: string,
  ...AttributeNames: QueueAttributeName[]
): Promise<Record<string, string>> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames }),
  );
  return Attributes;
}

export async function arnOf(queueUrl: string): Promise<string> {
  return (await attributesOf(queueUrl, "QueueArn"))["QueueArn"] ?? "";
}

/** The bucket's own `put` and `get`, with a body that is read. */
export function objectsIn(Bucket: string, client = s3) {
  return {
    put: (
      Key: string,
      Body: NonNullable<PutObjectCommandInput["Body"]>,
      more: Partial<PutObjectCommandInput> = {},
    ) => client.send(new PutObjectCommand({ Bucket, Key, Body, ...more })),
    async get(Key: string, more: Partial<GetObjectCommandInput> = {}) {
      const { Body, ...rest } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
      return { ...rest, bytes: Buffer.from((await Body?.transformToByteArray()) ?? []) };
    },
    async text(Key: string, more: Partial<GetObjectCommandInput> = {}): Promise<string> {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
      return (await Body?.transformToString()) ?? "";
    },
  };
}

/** The name and status of the error that a call ends in. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    // An error of the client's own is no answer.
    if ($metadata?.httpStatusCode === undefined) throw error;
    return `${name} ${$metadata.httpStatusCode}`;
  }
  return "no refusal";
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for a check to hold: AWS's counts, deletions and purges are right in the end, which may
 * take them a minute. */
export function eventually(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 55_000, interval: 100 });
}

export function md5(data: string | Uint8Array): string {
  return createHash("md5").update(data).digest("hex");
}

/** Our own stack goes as a whole; elsewhere what was made is to go, however the checks ended. */
async function removeAll(): Promise<void> {
  if (isOurs) return;
  for (const bucket of bucketsMade) await removeBucket(bucket).catch(() => {});
  for (const QueueUrl of queuesMade)
    await sqs.send(new DeleteQueueCommand({ QueueUrl })).catch(() => {});
}

async function removeBucket(Bucket: string): Promise<void> {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads)
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({
      Key,
      VersionId,
    }));
    if (Objects.length === 0) break;
    await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: Objects.slice(0, 1000) } }),
    );
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
}
