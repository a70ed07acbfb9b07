import { isUtf8 } from "node:buffer";
import { MAX_ERROR_CHARS, parseJson, RewardRecord } from "@assay/schema";
import { registry } from "@assay/verifiers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyJson, anyObject, meaningOf } from "../schema/testing/json.ts";
import { LineGrader, type Origin, recordText } from "./index.ts";

/** How many lines of each kind: half a second's worth, unless more is asked for. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 500);
const TIMEOUT_MS = 10_000 + 20 * RUNS;

const grader = new LineGrader(registry, {});
const ORIGINS: readonly Origin[] = ["f.jsonl", "retries/j/1-a.jsonl"].map((file) => ({
  job: "j",
  sid: "s",
  file,
  queuedMs: 0,
}));

const LINES: readonly string[] = [
  '{"id":"t","group":"g","task":{"id":"k","verifier":"math","spec":{"answer":"4","decimals":2}},"prompt":"2+2?","response":"It is \\"4\\".","policy_step":3,"deadline":"2999-01-01T00:00:00Z","metadata":{"a":1.0}}',
  '{"task":{"verifier":"qa@1","spec":{"answers":["a","b"],"metric":"f1"}},"messages":[{"role":"user","content":"?"},{"role":"assistant","content":[{"type":"text","text":"a"}],"reasoning_content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","name":"f","content":null}]}',
  '{"task":{"rubric":[{"name":"n","verifier":"math","spec":{"answer":["4"]},"weight":2},{"verifier":"choice","spec":{"answer":"B"},"gate":true,"optional":true}],"combine":"sum"},"metadata":{"a":{"b":[]}},"rollouts":[{"id":"r","response":"4","metadata":{"a":-0}},{"messages":[{"role":"assistant","content":"B"}]}]}',
  '{"retry_of":{"sid":"s","offset":0},"file":"x.jsonl","line":{"task":{"verifier":"math","spec":{"answer":"4"}},"response":"4","metadata":{"c":1e400}}}',
];

/** Beyond what is read, or near it: by depth, width and length. */
const immense = fc.constantFrom(
  ...[99, 100, 101, 20_000].flatMap((levels) => [
    `${"[".repeat(levels)}${"]".repeat(levels)}`,
    `${'{"\\\\":'.repeat(levels)}1${"}".repeat(levels)}`,
  ]),
  `[${Array(20_000).fill("{}")}]`,
  `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`)}}`,
  `"${"x".repeat(1e5)}"`,
  "9".repeat(1e5),
);

/** A line in which one value is another, one key, or one more stands beside them. */
const retold = fc
  .record({
    line: fc.constantFrom(...LINES),
    at: fc.nat(),
    json: fc.oneof({ weight: 19, arbitrary: anyJson }, { weight: 1, arbitrary: immense }),
    key: fc.boolean(),
  })
  .map(({ at, json, key, line }) => {
    const places = [...line.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE]*|null|true|\{\}|\[\]/g)];
    const place = places[at % places.length];
    const start = place?.index ?? 0;
    const end = start + (place?.[0].length ?? 0);
    const isKey = line[end] === ":";
    const other = isKey ? (key ? '"__proto__"' : `"x":${json},${place?.[0]}`) : json;
    return line.slice(0, start) + other + line.slice(end);
  });

/** A line of which bytes are lost, come twice, or are others. */
const broken = fc
  .record({
    line: fc.constantFrom(...LINES),
    cuts: fc.array(
      fc.record({
        at: fc.nat(),
        length: fc.nat(12),
        put: fc.oneof(
          fc.constantFrom(...'"\\{}[]:,0-.e \u0001\r\ufeff', '"a":', "1e400", "null", "\\u"),
          fc.string({ unit: "binary", maxLength: 3 }),
        ),
        twice: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ cuts, line }) => {
    let text = line;
    for (const { at, length, put, twice } of cuts) {
      const start = at % (text.length + 1);
      const piece = text.slice(start, start + length);
      text = text.slice(0, start) + put + (twice ? piece + piece : "") + text.slice(start + length);
    }
    // As it comes out of a file: no half of a surrogate pair, no line break.
    return text.toWellFormed().replaceAll("\n", " ");
  });

const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.json(), anyJson);

async function recordsOf(line: string): Promise<string[]> {
  const texts: string[] = [];
  for (const origin of ORIGINS) {
    const records = await grader.grade(line, 5, origin);
    expect(records).toHaveLength(countOf(records[0]?.error?.class, line, origin));
    for (const [index, record] of records.entries()) {
      const text = recordText(record);
      expect(text).not.toMatch(/[\r\n]/);
      expect(isUtf8(Buffer.from(text)) && text.isWellFormed()).toBe(true);
      const read = RewardRecord.parse(JSON.parse(text));
      expect(read.source).toEqual({ sid: "s", offset: 5, index });
      expect(read.reward === null).toBe(read.outcome !== "scored");
      expect(read.error?.message.length ?? 0).toBeLessThanOrEqual(MAX_ERROR_CHARS);
      expect(read.error?.message ?? "").not.toMatch(/\p{Cc}/u);
      texts.push(text);
    }
  }
  return texts;
}

interface Rollouts {
  readonly rollouts?: readonly unknown[];
}

/** One record, or one a rollout of a line that is a group. */
function countOf(error: string | undefined, line: string, { file }: Origin): number {
  if (error === "invalid_trajectory") return 1;
  const value = parseJson(line) as { line: Rollouts } & Rollouts;
  return (file.startsWith("retries/") ? value.line : value).rollouts?.length ?? 1;
}

describe("Whatever a line holds", { timeout: TIMEOUT_MS }, () => {
  it.each([
    ["any value in any place", retold],
    ["a line that is damaged", broken],
    ["any text", anyText],
  ])("(%s) it gives the records that it is due, and each is one", async (_, lines) => {
    const holds = async (line: string) => void (await recordsOf(line));
    await fc.assert(fc.asyncProperty(lines, holds), { numRuns: RUNS });
  });

  it("its metadata comes out as it went in", async () => {
    await fc.assert(
      fc.asyncProperty(anyObject, anyObject, fc.nat(2), async (shared, own, place) => {
        const task = '"task":{"verifier":"math","spec":{"answer":"4"}}';
        const members = [task, '"response":"4"'];
        members.splice(place, 0, `"metadata":${own}`);
        const [text] = await recordsOf(`{${members.join(",")}}`);
        expect(text).toContain(`"metadata":${own.replaceAll("\r", " ")},"timing":`);
        const group = `{"metadata":${shared},${task},"rollouts":[{"response":"4","metadata":${own}}]}`;
        const [of] = await recordsOf(group);
        const read = meaningOf(of ?? "", "as text") as { metadata: object };
        // Spread copies a key named __proto__ as the own key that it is.
        expect(read.metadata).toEqual({
          ...(meaningOf(shared, "as text") as object),
          ...(meaningOf(own, "as text") as object),
        });
      }),
      { numRuns: RUNS },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
