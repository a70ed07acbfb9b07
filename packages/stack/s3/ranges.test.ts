import { expect, test } from "vitest";
import { readRange } from "./ranges.ts";

test.each([
  ["bytes=0-0", 0, 1],
  ["bytes=2-5", 2, 6],
  ["bytes=2-", 2, 10],
  ["bytes=9-100", 9, 10],
  ["bytes=-3", 7, 10],
  ["bytes=-100", 0, 10],
])("%s of ten bytes", (header, start, end) => {
  expect(readRange(header, 10)).toEqual({ start, end });
});

test.each([undefined, "", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "lines=0-1", "0-1"])(
  "%s is ignored",
  (header) => {
    expect(readRange(header, 10)).toBeUndefined();
  },
);

test.each([
  ["bytes=10-", 10],
  ["bytes=-0", 10],
  ["bytes=0-", 0],
  ["bytes=-5", 0],
])("%s of %i bytes is refused", (header, size) => {
  expect(() => readRange(header, size)).toThrow("not satisfiable");
});
