import { registry } from "@assay/verifiers";
import { describe, expect, it } from "vitest";
import { LineGrader, type Origin, recordText } from "./index.ts";

const grader = new LineGrader(registry, {});
const origin: Origin = { job: "j", sid: "s", file: "f.jsonl", queuedMs: 0 };
const TASK = '"task":{"verifier":"math","spec":{"answer":"4"}}';

async function textsOf(line: string, of = origin): Promise<string[]> {
  return (await grader.grade(line, 0, of)).map(recordText);
}

/** The metadata in a record's text, to the character. */
function metadataIn(text: string | undefined): string | undefined {
  return /"metadata":(.*),"timing":/.exec(text ?? "")?.[1];
}

async function complaint(line: string, of = origin): Promise<string | undefined> {
  return (await grader.grade(line, 0, of))[0]?.error?.message;
}

describe("metadata", () => {
  it.each([
    '{"a":9007199254740993,"b":1e400,"c":-0,"d":1.0,"e":1E5,"f":0.1000000000000000055}',
    '{"__proto__":{"polluted":1},"constructor":1,"prototype":2,"toString":3}',
    '{"b":1,"2":2,"1":3,"b":4}',
    '{"\\ud800":"\\udfff x","\\u0000":"\\u2028\\/"}',
    '{ "a" : [ 1 , 2 ] ,\t"metadata":{"metadata":{}} }',
    "{}",
  ])("is echoed as it is written: %s", async (metadata) => {
    for (const line of [
      `{${TASK},"response":"4","metadata":${metadata}}`,
      `{"metadata":${metadata},${TASK},"response":"\\"metadata\\":{} \\\\"}  `,
      `{"metadata":{"x":1},${TASK},"response":"4","meta\\u0064ata" : ${metadata} }`,
    ]) {
      const [text] = await textsOf(line);
      expect(metadataIn(text)).toBe(metadata);
      expect(JSON.parse(text ?? "")).toMatchObject({ outcome: "scored" });
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("of a rollout goes over its group's, key by key, each as it is written", async () => {
    const line = `{"metadata":{"a":1.0,"b":{"c":1},"__proto__":1},${TASK},"rollouts":[
      {"response":"4","metadata":{"\\u0061":2.0,"d":[]}},{"response":"4"},
      {"metadata":{"b":1e999},"response":"\\"metadata\\""}]}`;
    expect((await textsOf(line)).map(metadataIn)).toEqual([
      '{"\\u0061":2.0,"b":{"c":1},"__proto__":1,"d":[]}',
      '{"a":1.0,"b":{"c":1},"__proto__":1}',
      '{"a":1.0,"b":1e999,"__proto__":1}',
    ]);
    const bare = `{${TASK},"rollouts":[{"response":"4"},{"response":"4","metadata":{"a":1.0}}]}`;
    expect((await textsOf(bare)).map(metadataIn)).toEqual(["{}", '{"a":1.0}']);
  });

  it("of a line that is graded again is that line's", async () => {
    const retry = { ...origin, file: "retries/j/1-x.jsonl" };
    const inner = `{${TASK},"metadata":{"a":1.0},"response":"4"}`;
    const [text] = await textsOf(
      `{"retry_of":{"sid":"o","offset":7},"file":"f","line":${inner}}`,
      retry,
    );
    expect(metadataIn(text)).toBe('{"a":1.0}');
  });

  it("breaks no line of records where it holds a line break", async () => {
    const [text] = await textsOf(`{${TASK},"response":"4","metadata":{"a":\r1}}`);
    expect(metadataIn(text)).toBe('{"a": 1}');
  });

  it("is as deep as the schema allows, also where a key that stands twice hides what is deeper", async () => {
    const deep = `${"[".repeat(100)}${"]".repeat(100)}`;
    for (const metadata of [`{"a":${deep}}`, `{"a":${deep},"a":1}`])
      expect(await complaint(`{${TASK},"response":"4","metadata":${metadata}}`)).toBe(
        "metadata: nested deeper than 100 levels",
      );
  });

  it("of a group is not repeated beyond a bound, however long it is for one record", async () => {
    const metadata = `{"a":"${"x".repeat(4096)}"}`;
    const group = (rollouts: number) =>
      `{"metadata":${metadata},${TASK},"rollouts":[${Array(rollouts).fill('{"response":"4"}')}]}`;
    expect(await textsOf(group(1_000))).toHaveLength(1_000);
    expect(await complaint(group(1_500))).toMatch(
      /^metadata: expected at most 4194304 characters more in the records than on the line, got 6/,
    );
    const long = `{"a":"${"x".repeat(8e6)}"}`;
    const [text] = await textsOf(`{${TASK},"response":"4","metadata":${long}}`);
    expect(metadataIn(text)).toBe(long);
  });
});

describe("an integer in a spec", () => {
  const spec = (value: string) =>
    `{"task":{"rubric":[{"verifier":"math","spec":{"answer":"4"}},{"verifier":"math","spec":{"answer":"4","decimals":${value}}}]},"response":"4"}`;

  it("that no double holds is refused where it stands, and never rounded in silence", async () => {
    for (const value of ["9007199254740993", '[1,{"a":-12345678901234567890}]', "1e400"])
      expect(await complaint(spec(value))).toMatch(
        /^task\.rubric\[1\]\.spec\.decimals.*: expected a number that a double holds, got /,
      );
    expect(await complaint(spec('[1,{"a":-12345678901234567890}]'))).toContain(
      "spec.decimals[1].a: expected a number that a double holds, got -12345678901234567890 (write it as a string)",
    );
  });

  it("that a double holds is the verifier's to judge, however large", async () => {
    for (const value of ["9007199254740992", "1000000000000000000000", "1e300"])
      expect(await complaint(spec(value))).toMatch(/^task\.rubric\[1\]\.spec\.decimals: expected/);
    expect(await complaint(spec("0.1000000000000000055511151231257827"))).toContain("an integer");
  });
});
