import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { attributesOf, eventually, makeQueue, refusalOf, sqs, uniqueName } from "./target.ts";

const nameOf = (queueUrl: string) => queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
const set = (QueueUrl: string, Attributes: Record<string, string>) =>
  sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
const create = (QueueName: string, Attributes: Record<string, string> = {}) =>
  sqs.send(new CreateQueueCommand({ QueueName, Attributes }));

describe.concurrent("a queue", () => {
  it("is found by its name, under the URL that its making gave", async () => {
    const QueueUrl = await makeQueue();
    const found = await sqs.send(new GetQueueUrlCommand({ QueueName: nameOf(QueueUrl) }));
    expect(found.QueueUrl).toBe(QueueUrl);
    expect(QueueUrl).toMatch(/^https?:\/\/.*\/\d{12}\/assay-conformance-\w+$/);
  });

  it("can be made again with the same attributes", async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: "17" });
    for (const attributes of [{ VisibilityTimeout: "17" }, {}])
      expect((await create(nameOf(QueueUrl), attributes)).QueueUrl).toBe(QueueUrl);
  });

  it("cannot be made again with others", async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: "17" });
    const call = create(nameOf(QueueUrl), { VisibilityTimeout: "18" });
    expect(await refusalOf(call)).toBe("QueueNameExists 400");
  });

  it.each([
    ["a blank", "assay conformance"],
    ["a dot", "assay.conformance"],
    ["81 characters", "a".repeat(81)],
  ])("is refused a name with %s", async (_, name) => {
    expect(await refusalOf(create(name))).toBe("InvalidParameterValue 400");
  });

  it("that is none is QueueDoesNotExist to all who ask", async () => {
    const QueueUrl = `${await makeQueue()}-none`;
    const refusals = await Promise.all(
      [
        sqs.send(new GetQueueUrlCommand({ QueueName: nameOf(QueueUrl) })),
        sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" })),
        attributesOf(QueueUrl, "All"),
        set(QueueUrl, { VisibilityTimeout: "1" }),
        sqs.send(new DeleteQueueCommand({ QueueUrl })),
      ].map(refusalOf),
    );
    // AWS lets a deletion of what is not there pass or fail: its documents say both.
    expect(refusals.slice(0, 4)).toEqual(Array(4).fill("QueueDoesNotExist 400"));
    expect(refusals[4]).toMatch(/^(no refusal|QueueDoesNotExist 400)$/);
  });

  it("is gone when it is deleted", async () => {
    const QueueUrl = await makeQueue();
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await eventually(async () => {
      expect(await refusalOf(attributesOf(QueueUrl, "All"))).toBe("QueueDoesNotExist 400");
    });
  });
});

describe.concurrent("the list of queues", () => {
  it("has those whose names begin with the prefix", async () => {
    const QueueUrl = await makeQueue();
    const QueueNamePrefix = nameOf(QueueUrl);
    await eventually(async () => {
      const { QueueUrls } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix }));
      expect(QueueUrls).toEqual([QueueUrl]);
    });
  });

  it("of no queues is empty", async () => {
    const QueueNamePrefix = uniqueName();
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix }));
    expect(QueueUrls).toEqual([]);
  });

  it("comes in pages for whoever asks", async () => {
    const prefix = uniqueName();
    const made: (string | undefined)[] = [];
    for (const letter of ["a", "b", "c"]) made.push((await create(`${prefix}-${letter}`)).QueueUrl);
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await sqs.send(
        new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 2, NextToken }),
      );
      expect(page.QueueUrls?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.QueueUrls ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen.toSorted()).toEqual(made);
    for (const QueueUrl of seen) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });
});

describe.concurrent("the attributes of a queue", () => {
  it("are AWS's defaults where nothing is said", async () => {
    expect(await attributesOf(await makeQueue(), "All")).toMatchObject({
      VisibilityTimeout: "30",
      MessageRetentionPeriod: "345600",
      DelaySeconds: "0",
      ReceiveMessageWaitTimeSeconds: "0",
      MaximumMessageSize: "1048576",
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      ApproximateNumberOfMessagesDelayed: "0",
    });
  });

  it("are those of its making", async () => {
    const given = {
      VisibilityTimeout: "17",
      MessageRetentionPeriod: "1209600",
      DelaySeconds: "3",
      ReceiveMessageWaitTimeSeconds: "20",
      MaximumMessageSize: "1024",
    };
    expect(await attributesOf(await makeQueue(given), "All")).toMatchObject(given);
  });

  it("change one by one", async () => {
    const QueueUrl = await makeQueue({ VisibilityTimeout: "17" });
    await set(QueueUrl, { MessageRetentionPeriod: "60" });
    expect(await attributesOf(QueueUrl, "All")).toMatchObject({
      VisibilityTimeout: "17",
      MessageRetentionPeriod: "60",
    });
  });

  it("come as asked for, and none come when none are asked for", async () => {
    const QueueUrl = await makeQueue();
    expect(Object.keys(await attributesOf(QueueUrl, "VisibilityTimeout"))).toEqual([
      "VisibilityTimeout",
    ]);
    expect(await attributesOf(QueueUrl)).toEqual({});
  });

  it("name the queue by an ARN, and when it was made", async () => {
    const QueueUrl = await makeQueue();
    const found = await attributesOf(QueueUrl, "QueueArn", "CreatedTimestamp");
    expect(found["QueueArn"]).toMatch(
      new RegExp(`^arn:aws[\\w-]*:sqs:[\\w-]+:\\d{12}:${nameOf(QueueUrl)}$`),
    );
    // In seconds. A minute for clocks that differ.
    expect(Math.abs(Number(found["CreatedTimestamp"]) * 1000 - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ["VisibilityTimeout", "43201"],
    ["VisibilityTimeout", "-1"],
    ["MessageRetentionPeriod", "59"],
    ["MessageRetentionPeriod", "1209601"],
    ["DelaySeconds", "901"],
    ["ReceiveMessageWaitTimeSeconds", "21"],
    ["MaximumMessageSize", "1023"],
    ["MaximumMessageSize", "1048577"],
    ["VisibilityTimeout", "soon"],
  ])("refuse %s of %s", async (name, value) => {
    const QueueUrl = await makeQueue();
    expect(await refusalOf(set(QueueUrl, { [name]: value }))).toBe("InvalidAttributeValue 400");
    expect(await refusalOf(create(uniqueName(), { [name]: value }))).toBe(
      "InvalidAttributeValue 400",
    );
  });

  it("have no others", async () => {
    const QueueUrl = await makeQueue();
    expect(await refusalOf(set(QueueUrl, { Colour: "red" }))).toBe("InvalidAttributeName 400");
    const AttributeNames = ["Colour" as never];
    const call = sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    expect(await refusalOf(call)).toBe("InvalidAttributeName 400");
  });

  it("hold a policy, and take it away again", async () => {
    const QueueUrl = await makeQueue();
    const statement = {
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: (await attributesOf(QueueUrl, "QueueArn"))["QueueArn"],
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await set(QueueUrl, { Policy });
    expect(JSON.parse((await attributesOf(QueueUrl, "Policy"))["Policy"] ?? "")).toMatchObject({
      Version: "2012-10-17",
    });
    await set(QueueUrl, { Policy: "" });
    expect((await attributesOf(QueueUrl, "All"))["Policy"] ?? "").toBe("");
  });
});

describe.concurrent("the tags of a queue", () => {
  const tagsOf = async (QueueUrl: string) =>
    (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags ?? {};

  it("come with its making, are added and taken away", async () => {
    const { QueueUrl = "" } = await sqs.send(
      new CreateQueueCommand({ QueueName: uniqueName(), tags: { team: "rl", kind: "shards" } }),
    );
    expect(await tagsOf(QueueUrl)).toEqual({ team: "rl", kind: "shards" });
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { kind: "dead", new: "1" } }));
    await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["team", "none"] }));
    expect(await tagsOf(QueueUrl)).toEqual({ kind: "dead", new: "1" });
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });

  it("are none where none were given", async () => {
    expect(await tagsOf(await makeQueue())).toEqual({});
  });
});
