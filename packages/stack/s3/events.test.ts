import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { PurgeQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Fixture, refusalOf, startFixture } from "../fixture.ts";
import type { BucketOptions } from "../index.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
  fixture.stack.createQueue("events");
});
afterEach(() => fixture[Symbol.asyncDispose]());

const Bucket = "watched";
const notifications: BucketOptions["notifications"] = [
  { queue: "events", events: ["s3:ObjectCreated:*"], prefix: "drops/", suffix: ".jsonl" },
];
const put = (Key: string, Body = "x") =>
  fixture.s3.send(new PutObjectCommand({ Bucket, Key, Body }));

async function events() {
  const QueueUrl = fixture.stack.queueUrl("events");
  const { Messages = [] } = await fixture.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = "" }) => JSON.parse(Body));
}

test("a queue gets one test event when it first hears of a bucket", async () => {
  fixture.stack.createBucket(Bucket, { notifications });
  fixture.stack.createBucket(Bucket, { notifications });
  expect(await events()).toMatchObject([
    { Service: "Amazon S3", Event: "s3:TestEvent", Bucket, Time: "2027-01-02T03:04:05.678Z" },
  ]);
});

test("an event names the object as S3 does", async () => {
  fixture.stack.createBucket(Bucket, { versioning: true, notifications });
  await events();
  const { VersionId, ETag } = await put("drops/a b+é.jsonl", "hello");
  await put("drops/other.txt");
  await put("else/where.jsonl");
  const [event, ...more] = await events();
  expect(more).toEqual([]);
  expect(event.Records).toHaveLength(1);
  expect(event.Records[0]).toMatchObject({
    eventVersion: "2.5",
    eventSource: "aws:s3",
    awsRegion: "us-east-1",
    eventTime: "2027-01-02T03:04:05.678Z",
    eventName: "ObjectCreated:Put",
    s3: {
      s3SchemaVersion: "1.0",
      bucket: { name: Bucket, arn: "arn:aws:s3:::watched" },
      object: {
        key: "drops/a+b%2B%C3%A9.jsonl",
        size: 5,
        eTag: ETag?.replaceAll('"', ""),
        versionId: VersionId,
        sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
      },
    },
  });
});

test("copies and deletions have names of their own, and later events greater sequencers", async () => {
  const all = { queue: "events", events: ["s3:ObjectCreated:Copy", "s3:ObjectRemoved:*"] };
  fixture.stack.createBucket(Bucket, { notifications: [all] });
  await fixture.sqs.send(new PurgeQueueCommand({ QueueUrl: fixture.stack.queueUrl("events") }));
  await put("a");
  await fixture.s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
  await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "b" }));
  await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "not-there" }));
  const [copied, removed, ...more] = await events();
  expect(more).toEqual([]);
  expect(copied.Records[0].eventName).toBe("ObjectCreated:Copy");
  expect(removed.Records[0].eventName).toBe("ObjectRemoved:Delete");
  const sequencer = (event: typeof copied) => event.Records[0].s3.object.sequencer;
  expect(sequencer(removed) > sequencer(copied)).toBe(true);
});

test("a refused write tells nobody", async () => {
  fixture.stack.createBucket(Bucket, { notifications });
  await put("drops/a.jsonl");
  await events();
  const again = new PutObjectCommand({
    Bucket,
    Key: "drops/a.jsonl",
    Body: "2",
    IfNoneMatch: "*",
  });
  expect(await refusalOf(fixture.s3.send(again))).toEqual(["PreconditionFailed", 412]);
  expect(await events()).toEqual([]);
});

test("clients configure notifications too, but only what the stack can do", async () => {
  fixture.stack.createBucket(Bucket);
  const configure = (QueueArn: string, event = "s3:ObjectCreated:Put") =>
    fixture.s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Id: "one",
              QueueArn,
              Events: [event as "s3:ObjectCreated:Put"],
              Filter: { Key: { FilterRules: [{ Name: "prefix", Value: "in/" }] } },
            },
          ],
        },
      }),
    );
  const arn = "arn:aws:sqs:us-east-1:000000000000:events";
  await configure(arn);
  const { QueueConfigurations } = await fixture.s3.send(
    new GetBucketNotificationConfigurationCommand({ Bucket }),
  );
  expect(QueueConfigurations).toEqual([
    {
      Id: "one",
      QueueArn: arn,
      Events: ["s3:ObjectCreated:Put"],
      Filter: { Key: { FilterRules: [{ Name: "Prefix", Value: "in/" }] } },
    },
  ]);
  expect(await refusalOf(configure(`${arn}x`))).toEqual(["InvalidArgument", 400]);
  expect(await refusalOf(configure(arn, "s3:Replication:*"))).toEqual(["InvalidArgument", 400]);
});

test("notifications that could both tell of one event are refused", () => {
  const configure = (first: object, second: object) =>
    fixture.stack.createBucket(Bucket, {
      notifications: [
        { queue: "events", events: ["s3:ObjectCreated:*"], ...first },
        { queue: "events", events: ["s3:ObjectCreated:Put"], ...second },
      ],
    });
  expect(() => configure({ prefix: "a/" }, { prefix: "a/b/" })).toThrow("ambiguously");
  expect(() => configure({ suffix: ".gz" }, { suffix: ".json.gz" })).toThrow("ambiguously");
  configure({ prefix: "a/" }, { prefix: "b/" });
  configure({ suffix: ".gz" }, { suffix: ".zst" });
  configure({ events: ["s3:ObjectRemoved:*"] }, {});
});
