import { randomUUID } from "node:crypto";
import { SQSClient } from "@aws-sdk/client-sqs";
import { ENVIRONMENT } from "./environment.ts";
import type { World } from "./ports.ts";
import { CLIENT, makeS3Client, S3Bucket } from "./s3-bucket.ts";
import { SqsQueue } from "./sqs-queue.ts";

export interface AwsWorld extends World {
  readonly trajectories: S3Bucket;
  readonly rewards: S3Bucket;
  readonly submissions: SqsQueue;
  readonly shards: SqsQueue;
}

/** The deployment that the environment names, through the AWS SDK, which takes endpoint, region and
 * credentials from the environment too. Throws where a name is missing. */
export function awsWorld(env: Readonly<Record<string, string | undefined>>): AwsWorld {
  const s3 = makeS3Client();
  const sqs = new SQSClient(CLIENT);
  const queue = (name: string) => new SqsQueue(sqs, required(env, name));
  const allowed = new Set((env[ENVIRONMENT.replyTo] ?? "").split(",").filter((url) => url !== ""));
  return {
    bucket: (name) => new S3Bucket(s3, name),
    trajectories: new S3Bucket(s3, required(env, ENVIRONMENT.trajectories)),
    rewards: new S3Bucket(s3, required(env, ENVIRONMENT.rewards)),
    submissions: queue(ENVIRONMENT.submissions),
    shards: queue(ENVIRONMENT.shards),
    results: queue(ENVIRONMENT.results),
    replyTo: (url) => (allowed.has(url) ? new SqsQueue(sqs, url) : undefined),
    newId: randomUUID,
  };
}

function required(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set`);
  return value;
}
