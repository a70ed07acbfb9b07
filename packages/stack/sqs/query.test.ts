import { createHash, createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, startFixture } from "../fixture.ts";
import { childrenNamed, childText, parseXml, type XmlElement } from "../xml.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const sha256 = (data: string) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) =>
  createHmac("sha256", key).update(data).digest();

/** A signed form, as SDKs sent them for years. */
async function call(parameters: Record<string, string>, path = "/"): Promise<XmlElement> {
  const body = new URLSearchParams(parameters).toString();
  const { host } = new URL(fixture.stack.url);
  const date = "20270102T030405Z";
  const scope = "20270102/us-east-1/sqs/aws4_request";
  const canonical = `POST\n${path}\n\nhost:${host}\nx-amz-date:${date}\n\nhost;x-amz-date\n${sha256(body)}`;
  const key = scope.split("/").reduce<string | Buffer>(hmac, "AWS4assay-local-secret-key");
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`;
  const signature = hmac(key, text).toString("hex");
  const response = await fetch(`${fixture.stack.url}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "x-amz-date": date,
      authorization: `AWS4-HMAC-SHA256 Credential=assay-local-access-key/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    },
    body,
  });
  return parseXml(await response.text());
}
const result = (answer: XmlElement): XmlElement =>
  answer.children.find(({ name }) => name.endsWith("Result")) ?? answer;

test("queues and messages pass through forms and XML", async () => {
  const created = await call({
    Action: "CreateQueue",
    QueueName: "forms",
    "Attribute.1.Name": "VisibilityTimeout",
    "Attribute.1.Value": "7",
    "Tag.1.Key": "team",
    "Tag.1.Value": "rl",
  });
  const QueueUrl = childText(result(created), "QueueUrl") ?? "";
  expect(QueueUrl).toBe(fixture.stack.queueUrl("forms"));

  const attributes = result(
    await call({ Action: "GetQueueAttributes", QueueUrl, "AttributeName.1": "VisibilityTimeout" }),
  );
  expect(attributes.children.map((one) => one.children.map(({ text }) => text))).toEqual([
    ["VisibilityTimeout", "7"],
  ]);
  const tags = result(await call({ Action: "ListQueueTags", QueueUrl }));
  expect(tags.children.map((one) => one.children.map(({ text }) => text))).toEqual([
    ["team", "rl"],
  ]);

  // The queue is named by the path alone.
  const sent = await call(
    {
      Action: "SendMessageBatch",
      "SendMessageBatchRequestEntry.1.Id": "good",
      "SendMessageBatchRequestEntry.1.MessageBody": "<&> é",
      "SendMessageBatchRequestEntry.1.MessageAttribute.1.Name": "kind",
      "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType": "String",
      "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue": "v",
      "SendMessageBatchRequestEntry.2.Id": "bad",
      "SendMessageBatchRequestEntry.2.MessageBody": "x",
      "SendMessageBatchRequestEntry.2.DelaySeconds": "901",
    },
    new URL(QueueUrl).pathname,
  );
  expect(result(sent).children.map((one) => [one.name, childText(one, "Id")])).toEqual([
    ["SendMessageBatchResultEntry", "good"],
    ["BatchResultErrorEntry", "bad"],
  ]);

  const received = result(
    await call({
      Action: "ReceiveMessage",
      QueueUrl,
      "AttributeName.1": "ApproximateReceiveCount",
      "MessageAttributeName.1": "All",
    }),
  );
  const [message] = childrenNamed(received, "Message");
  if (message === undefined) throw new Error("no message came");
  expect(childText(message, "Body")).toBe("<&> é");
  const [own] = childrenNamed(message, "MessageAttribute");
  expect(own?.children.map(({ name }) => name)).toEqual(["Name", "Value"]);
  const ReceiptHandle = childText(message, "ReceiptHandle") ?? "";
  const deleted = await call({ Action: "DeleteMessage", QueueUrl, ReceiptHandle });
  expect(deleted.name).toBe("DeleteMessageResponse");
});

test("errors carry the codes of their time", async () => {
  const answer = await call({ Action: "GetQueueUrl", QueueName: "none" });
  const [error] = childrenNamed(answer, "Error");
  expect(error && childText(error, "Code")).toBe("AWS.SimpleQueueService.NonExistentQueue");
  const unknown = await call({ Action: "Frobnicate" });
  const [other] = childrenNamed(unknown, "Error");
  expect(other && childText(other, "Code")).toBe("NotImplemented");
});
