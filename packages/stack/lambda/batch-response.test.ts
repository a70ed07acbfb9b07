import { expect, test } from "vitest";
import { readFailures } from "./batch-response.ts";

const batch = new Set(["a", "b"]);
const read = (answer: unknown) =>
  readFailures(answer === undefined ? undefined : JSON.stringify(answer), batch);

test.each([undefined, null, {}, { batchItemFailures: null }, { batchItemFailures: [] }, { x: 1 }])(
  "%j is success",
  (answer) => {
    expect(read(answer)).toEqual(new Set());
  },
);

test("the named messages failed, the others did not", () => {
  expect(read({ batchItemFailures: [{ itemIdentifier: "b" }] })).toEqual(new Set(["b"]));
});

test.each([
  "done",
  7,
  [],
  { batchItemFailures: {} },
  { batchItemFailures: "a" },
  { batchItemFailures: ["a"] },
  { batchItemFailures: [null] },
  { batchItemFailures: [{ itemIdentifier: "" }] },
  { batchItemFailures: [{ itemIdentifier: null }] },
  { batchItemFailures: [{ itemIdentifier: "a" }, { itemIdentifier: "c" }] },
  { batchItemFailures: [{ messageId: "a" }] },
])("%j fails the whole batch", (answer) => {
  expect(read(answer)).toBeUndefined();
});
