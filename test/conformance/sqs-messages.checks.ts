import { createHash } from "node:crypto";
import {
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { makeQueue, md5, refusalOf, sqs } from "./target.ts";

const MAX_BYTES = 1_048_576;

const send = (QueueUrl: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

/** The one message that is on its way. The client checks the MD5 of its body. */
async function receiveOne(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}) {
  const { Messages: [message] = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10, ...more }),
  );
  if (message === undefined) throw new Error("no message came in ten seconds");
  return message;
}

/** As AWS documents it: names in order; of each the name, the type, the kind and the value, each
 * but the kind after its length. */
function md5OfAttributes(attributes: Record<string, MessageAttributeValue>): string {
  const hash = createHash("md5");
  const add = (data: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    hash.update(length).update(data);
  };
  for (const [name, { BinaryValue, DataType = "", StringValue = "" }] of Object.entries(
    attributes,
  ).sort(([a], [b]) => (a < b ? -1 : 1))) {
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    add(BinaryValue ?? Buffer.from(StringValue));
  }
  return hash.digest("hex");
}

describe.concurrent("a message", () => {
  it("comes as it was sent, under the id that was given for it", async () => {
    const queue = await makeQueue();
    const sent = await send(queue, "hello");
    expect(sent.MD5OfMessageBody).toBe(md5("hello"));
    const message = await receiveOne(queue);
    expect(message).toMatchObject({
      Body: "hello",
      MessageId: sent.MessageId,
      MD5OfBody: md5("hello"),
    });
    expect(message.ReceiptHandle).toBeTruthy();
  });

  it.each([
    ["JSON", '{"a":"\\u00e9","b":[1,2]}'],
    ["blanks, tabs and line ends", " \ta\nb\r\nc\r "],
    ["letters of many scripts", "ü 日本語 ключ"],
    ["emoji", "😀👩‍👩‍👧"],
    ["what XML would escape", `<a b="c">&amp;'</a>`],
    ["the last characters of the plane", "\u{e000}\ufffd\u{10ffff}"],
  ])("may hold %s", async (_, body) => {
    const queue = await makeQueue();
    await send(queue, body);
    expect((await receiveOne(queue)).Body).toBe(body);
  });

  it.each([
    ["NUL", "a\0b"],
    ["a control character", "a\u0008b"],
    ["a code point that is no character", "a\uffffb"],
  ])("must not hold %s", async (_, body) => {
    expect(await refusalOf(send(await makeQueue(), body))).toBe("InvalidMessageContents 400");
  });

  it("must not be empty", async () => {
    expect(await refusalOf(send(await makeQueue(), ""))).toMatch(
      /^(MissingParameter|InvalidParameterValue) 400$/,
    );
  });

  it("may have 1 MiB", async () => {
    const queue = await makeQueue();
    const body = "x".repeat(MAX_BYTES);
    expect((await send(queue, body)).MD5OfMessageBody).toBe(md5(body));
    expect((await receiveOne(queue)).Body).toBe(body);
  });

  it("must not have a byte more", async () => {
    const call = send(await makeQueue(), "x".repeat(MAX_BYTES + 1));
    expect(await refusalOf(call)).toBe("InvalidParameterValue 400");
  });

  it("is measured in bytes of UTF-8, attributes included", async () => {
    const queue = await makeQueue();
    expect(await refusalOf(send(queue, "é".repeat(MAX_BYTES / 2 + 1)))).toBe(
      "InvalidParameterValue 400",
    );
    const MessageAttributes = { a: { DataType: "String", StringValue: "x" } };
    expect(await refusalOf(send(queue, "x".repeat(MAX_BYTES - 7), { MessageAttributes }))).toBe(
      "InvalidParameterValue 400",
    );
    await send(queue, "x".repeat(MAX_BYTES - 8), { MessageAttributes });
  });

  it("must keep to the size that the queue allows", async () => {
    const queue = await makeQueue({ MaximumMessageSize: "1024" });
    await send(queue, "x".repeat(1024));
    expect(await refusalOf(send(queue, "x".repeat(1025)))).toBe("InvalidParameterValue 400");
  });

  it("says when it was sent and received, by whom and how often", async () => {
    const queue = await makeQueue();
    await send(queue, "x");
    const { Attributes = {} } = await receiveOne(queue, { MessageSystemAttributeNames: ["All"] });
    // In milliseconds. A minute for clocks that differ.
    for (const name of ["SentTimestamp", "ApproximateFirstReceiveTimestamp"] as const)
      expect(Math.abs(Number(Attributes[name]) - Date.now())).toBeLessThan(60_000);
    expect(Attributes.ApproximateReceiveCount).toBe("1");
    expect(Attributes.SenderId).toBeTruthy();
  });

  it("says of that what is asked for only", async () => {
    const queue = await makeQueue();
    await send(queue, "x");
    const { Attributes = {} } = await receiveOne(queue, {
      MessageSystemAttributeNames: ["SentTimestamp"],
    });
    expect(Object.keys(Attributes)).toEqual(["SentTimestamp"]);
  });

  it("carries a trace header", async () => {
    const queue = await makeQueue();
    const StringValue = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
    await send(queue, "x", {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue } },
    });
    const { Attributes } = await receiveOne(queue, {
      MessageSystemAttributeNames: ["AWSTraceHeader"],
    });
    expect(Attributes?.AWSTraceHeader).toBe(StringValue);
  });

  it("may belong to a group in a standard queue too", async () => {
    const queue = await makeQueue();
    await send(queue, "x", { MessageGroupId: "tenant-7" });
    const { Attributes } = await receiveOne(queue, { MessageSystemAttributeNames: ["All"] });
    expect(Attributes?.MessageGroupId).toBe("tenant-7");
  });
});

describe.concurrent("the attributes of a message", () => {
  const attributes = {
    text: { DataType: "String", StringValue: "ü 😀" },
    number: { DataType: "Number", StringValue: "-12.5" },
    "typed.Name": { DataType: "String.json", StringValue: "{}" },
    bytes: { DataType: "Binary", BinaryValue: Buffer.from([0, 255, 128, 10]) },
  };

  it("come as they were sent, with one MD5 over all", async () => {
    const queue = await makeQueue();
    const digest = md5OfAttributes(attributes);
    const sent = await send(queue, "x", { MessageAttributes: attributes });
    expect(sent.MD5OfMessageAttributes).toBe(digest);
    const { MD5OfMessageAttributes, MessageAttributes = {} } = await receiveOne(queue, {
      MessageAttributeNames: ["All"],
    });
    expect(MD5OfMessageAttributes).toBe(digest);
    const { bytes, ...others } = MessageAttributes;
    expect(others).toMatchObject({
      text: attributes.text,
      number: attributes.number,
      "typed.Name": attributes["typed.Name"],
    });
    expect([...(bytes?.BinaryValue ?? [])]).toEqual([0, 255, 128, 10]);
  });

  it.each([
    ["none", [], []],
    ["by name", ["number", "none"], ["number"]],
    ["by prefix", ["typed.*"], ["typed.Name"]],
    ["all of them", [".*"], ["bytes", "number", "text", "typed.Name"]],
  ])("come as asked for: %s", async (_, MessageAttributeNames, expected) => {
    const queue = await makeQueue();
    await send(queue, "x", { MessageAttributes: attributes });
    const { MD5OfMessageAttributes, MessageAttributes = {} } = await receiveOne(queue, {
      MessageAttributeNames,
    });
    expect(Object.keys(MessageAttributes).sort()).toEqual(expected);
    const chosen = Object.entries(attributes).filter(([name]) => expected.includes(name));
    expect(MD5OfMessageAttributes).toBe(
      chosen.length === 0 ? undefined : md5OfAttributes(Object.fromEntries(chosen)),
    );
  });

  it.each<[string, Record<string, MessageAttributeValue>]>([
    [
      "more than ten",
      Object.fromEntries(
        Array.from({ length: 11 }, (_, n) => [`a${n}`, { DataType: "String", StringValue: "x" }]),
      ),
    ],
    ["an empty value", { a: { DataType: "String", StringValue: "" } }],
    ["an unknown type", { a: { DataType: "Text", StringValue: "x" } }],
    ["a number that is none", { a: { DataType: "Number", StringValue: "one" } }],
    ["a name that begins with a dot", { ".a": { DataType: "String", StringValue: "x" } }],
    ["a name of AWS's", { "AWS.a": { DataType: "String", StringValue: "x" } }],
    ["a name that ends with a dot", { "a.": { DataType: "String", StringValue: "x" } }],
    ["a name with two dots in a row", { "a..b": { DataType: "String", StringValue: "x" } }],
    ["a name with a blank", { "a b": { DataType: "String", StringValue: "x" } }],
  ])("must not be %s", async (_, MessageAttributes) => {
    const call = send(await makeQueue(), "x", { MessageAttributes });
    expect(await refusalOf(call)).toMatch(/^(InvalidParameterValue|InvalidMessageContents) 400$/);
  });
});
