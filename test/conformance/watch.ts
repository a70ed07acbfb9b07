import {
  PutBucketNotificationConfigurationCommand,
  type QueueConfiguration,
} from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { arnOf, makeBucket, makeQueue, objectsIn, s3, sqs } from "./target.ts";

interface EventRecord {
  readonly eventName: string;
  readonly eventSource: string;
  readonly eventTime: string;
  readonly awsRegion: string;
  readonly s3: {
    readonly configurationId: string;
    readonly bucket: { readonly name: string; readonly arn: string };
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly eTag?: string;
      readonly versionId?: string;
      readonly sequencer: string;
    };
  };
}

/** A queue that S3 may send to. */
export async function makeEventQueue() {
  const QueueUrl = await makeQueue();
  const arn = await arnOf(QueueUrl);
  const statement = {
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: arn,
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const bodies: string[] = [];
  const receive = async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
    );
    bodies.push(...Messages.map(({ Body = "" }) => Body));
  };
  return {
    arn,
    bodies,
    receive,
    /** All events that came until each of these keys was told of. */
    async upTo(...keys: readonly string[]): Promise<EventRecord[]> {
      const deadline = Date.now() + 10_000;
      for (;;) {
        const records = bodies.flatMap(
          (body) => (JSON.parse(body) as { Records?: EventRecord[] }).Records ?? [],
        );
        const told = new Set(records.map((record) => record.s3.object.key));
        if (keys.every((key) => told.has(key))) return records;
        if (Date.now() > deadline)
          throw new Error(`no events about ${keys} in 10 s, but ${JSON.stringify(bodies)}`);
        await receive();
      }
    },
  };
}

export function configure(Bucket: string, ...QueueConfigurations: QueueConfiguration[]) {
  return s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { QueueConfigurations },
    }),
  );
}

export function filter(prefix: string, suffix: string): Pick<QueueConfiguration, "Filter"> {
  const rules = [
    { Name: "prefix" as const, Value: prefix },
    { Name: "suffix" as const, Value: suffix },
  ];
  return { Filter: { Key: { FilterRules: rules } } };
}

export async function makeWatched({ versioning = false, more = {} } = {}) {
  const Bucket = await makeBucket({ versioning });
  const queue = await makeEventQueue();
  await configure(Bucket, {
    Id: "watch",
    QueueArn: queue.arn,
    Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
    ...more,
  });
  return { Bucket, queue, ...objectsIn(Bucket) };
}
