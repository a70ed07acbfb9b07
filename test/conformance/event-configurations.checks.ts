import {
  GetBucketNotificationConfigurationCommand,
  type QueueConfiguration,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeBucket, objectsIn, refusalOf, s3 } from "./target.ts";
import { configure, filter, makeEventQueue, makeWatched } from "./watch.ts";

describe.concurrent("the configuration of events", () => {
  it("of a bucket that was never configured is empty", async () => {
    const Bucket = await makeBucket();
    const found = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(found.QueueConfigurations ?? []).toEqual([]);
  });

  it("is given back as it was put, with an id where there was none", async () => {
    const { Bucket, queue } = await makeWatched({
      more: { Id: undefined, ...filter("in/", ".jsonl") },
    });
    const { QueueConfigurations = [] } = await s3.send(
      new GetBucketNotificationConfigurationCommand({ Bucket }),
    );
    expect(QueueConfigurations).toHaveLength(1);
    expect(QueueConfigurations[0]).toMatchObject({ QueueArn: queue.arn });
    expect(QueueConfigurations[0]?.Id).toBeTruthy();
    expect(QueueConfigurations[0]?.Events?.toSorted()).toEqual([
      "s3:ObjectCreated:*",
      "s3:ObjectRemoved:*",
    ]);
    const rules = QueueConfigurations[0]?.Filter?.Key?.FilterRules ?? [];
    expect(rules.map(({ Name, Value }) => `${Name?.toLowerCase()} ${Value}`).sort()).toEqual([
      "prefix in/",
      "suffix .jsonl",
    ]);
  });

  it("sends a test event to the queue", async () => {
    const { Bucket, queue } = await makeWatched();
    await queue.receive();
    expect(queue.bodies.map((body) => JSON.parse(body))).toMatchObject([
      { Service: "Amazon S3", Event: "s3:TestEvent", Bucket },
    ]);
  });

  it("feeds two queues by two prefixes", async () => {
    const Bucket = await makeBucket();
    const [one, two] = await Promise.all([makeEventQueue(), makeEventQueue()]);
    const Events: QueueConfiguration["Events"] = ["s3:ObjectCreated:*"];
    await configure(
      Bucket,
      { QueueArn: one.arn, Events, ...filter("one/", "") },
      { QueueArn: two.arn, Events, ...filter("two/", "") },
    );
    for (const key of ["one/a", "two/b"]) await objectsIn(Bucket).put(key, "x");
    expect((await one.upTo("one/a")).map((record) => record.s3.object.key)).toEqual(["one/a"]);
    expect((await two.upTo("two/b")).map((record) => record.s3.object.key)).toEqual(["two/b"]);
  });

  it("ends when it is replaced by an empty one", async () => {
    const { Bucket, put, queue } = await makeWatched();
    await put("a", "x");
    await queue.upTo("a");
    await configure(Bucket);
    await put("b", "x");
    await queue.receive();
    expect(queue.bodies.join()).not.toContain('"key":"b"');
  });

  it("is refused for a queue that does not exist", async () => {
    const Bucket = await makeBucket();
    const { arn } = await makeEventQueue();
    const QueueArn = `${arn}-none`;
    const call = configure(Bucket, { QueueArn, Events: ["s3:ObjectCreated:*"] });
    expect(await refusalOf(call)).toBe("InvalidArgument 400");
  });

  it("is refused for an event that does not exist", async () => {
    const Bucket = await makeBucket();
    const { arn } = await makeEventQueue();
    const call = configure(Bucket, { QueueArn: arn, Events: ["s3:ObjectPondered:*" as never] });
    expect(await refusalOf(call)).toMatch(/^(InvalidArgument|MalformedXML) 400$/);
  });

  it.each([
    ["the same filter", filter("in/", ""), filter("in/", "")],
    ["one prefix within the other", filter("in/", ""), filter("in/deep/", "")],
    ["one suffix within the other", filter("", ".json.gz"), filter("", ".gz")],
  ])("of one event twice, with %s, is refused as ambiguous", async (_, first, second) => {
    expect(await refusalOfBoth(first, second)).toBe("InvalidArgument 400");
  });

  it.each([
    ["other suffixes under one prefix", filter("in/", ".a"), filter("in/", ".b")],
    ["other prefixes and one suffix", filter("a/", ".a"), filter("b/", ".a")],
  ])("of one event twice may have %s", async (_, first, second) => {
    expect(await refusalOfBoth(first, second)).toBe("no refusal");
  });

  async function refusalOfBoth(first: object, second: object): Promise<string> {
    const Bucket = await makeBucket();
    const { arn: QueueArn } = await makeEventQueue();
    const call = configure(
      Bucket,
      { QueueArn, Events: ["s3:ObjectCreated:*"], ...first },
      { QueueArn, Events: ["s3:ObjectCreated:Put"], ...second },
    );
    return refusalOf(call);
  }
});
