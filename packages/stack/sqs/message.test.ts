import { expect, test } from "vitest";
import { handleBatch } from "./batch.ts";
import { readDraft } from "./message.ts";

const MIB = 1024 ** 2;
const attribute = (value: string) => ({ DataType: "String", StringValue: value });

test.each(["a", "a-b_c.d", "awsome"])("an attribute may be called %s", (name) => {
  const input = { MessageBody: "x", MessageAttributes: { [name]: attribute("v") } };
  expect(Object.keys(readDraft(input, MIB).attributes)).toEqual([name]);
});

test.each([".a", "a.", "a..b", "a b", "AWS.a", "Amazon.a", "a".repeat(257)])(
  "an attribute may not be called %s",
  (name) => {
    const input = { MessageBody: "x", MessageAttributes: { [name]: attribute("v") } };
    expect(() => readDraft(input, MIB)).toThrow("invalid");
  },
);

test("the attributes of a batch count towards its size", () => {
  const entry = (Id: string, bytes: number) => ({
    Id,
    MessageBody: "x".repeat(MIB / 2),
    MessageAttributes: { a: attribute("x".repeat(bytes)) },
  });
  const send = (bytes: number) =>
    handleBatch({ Entries: [entry("a", bytes), { Id: "b", MessageBody: "y" }] }, () => ({}));
  // One byte of a name, six of a type, one of the other body.
  expect(send(MIB / 2 - 8)["Successful"]).toHaveLength(2);
  expect(() => send(MIB / 2 - 7)).toThrow("Batch requests cannot be longer");
});

test("an entry that is malformed fails by itself", () => {
  const odd = { Id: "a", MessageBody: "x", MessageAttributes: { a: 1, b: { StringValue: 2 } } };
  const right = { Id: "b", MessageBody: "y" };
  const { Failed, Successful } = handleBatch({ Entries: [odd, right] }, (entry) => {
    readDraft(entry, MIB);
    return {};
  });
  expect(Failed).toMatchObject([{ Id: "a", SenderFault: true }]);
  expect(Successful).toMatchObject([{ Id: "b" }]);
});
