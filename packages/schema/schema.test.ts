import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonDepthWithin, parseLine, RewardRecord } from "./index.ts";
import { jsonSchemas, SCHEMAS_FOLDER } from "./publish.ts";

const task = { id: "k", verifier: "math", spec: { answer: "4" } };
const line = { id: "t", task, response: "4" };

function complaint(value: unknown): string {
  try {
    parseLine(value);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("a line", () => {
  it("is a trajectory with a response or with messages, or a group", () => {
    expect(complaint(line)).toBe("");
    expect(complaint({ task, messages: [{ role: "user", content: "?" }] })).toBe("");
    expect(complaint({ task, rollouts: [{ response: "4" }, { id: "b", response: "5" }] })).toBe("");
    expect(complaint({ ...line, task: { rubric: [{ verifier: "math@1", spec: {} }] } })).toBe("");
  });

  it.each([
    [
      "a spec that is null",
      { ...line, task: { verifier: "math", spec: null } },
      "task.spec: expected an object, got null",
    ],
    [
      "an unknown key",
      { ...line, anser: 4 },
      'anser: unknown key (data of your own goes under "metadata")',
    ],
    [
      "an unknown key in a rubric",
      { ...line, task: { rubric: [{ verifier: "math", spec: {}, wieght: 1 }] } },
      "task.rubric[0].wieght: unknown key",
    ],
    ["no reply at all", { task }, 'response: expected exactly one of "response" and "messages"'],
    ["both kinds of reply", { ...line, messages: [{ role: "user" }] }, "expected exactly one of"],
    [
      "a rollout's wrong type",
      { task, rollouts: [{ response: "a" }, { response: 1 }] },
      "rollouts[1].response: expected a string, got a number",
    ],
    [
      "a bad message",
      { task, messages: [{ role: "user", content: 5 }] },
      "messages[0].content: expected a string, an array of parts",
    ],
    [
      "a negative weight in a mean",
      { ...line, task: { rubric: [{ verifier: "math", spec: {}, weight: -1 }] } },
      "task.rubric[0].weight: negative weights",
    ],
    [
      "a gate with a weight",
      { ...line, task: { rubric: [{ verifier: "math", spec: {}, gate: true, weight: 1 }] } },
      "a gate carries no weight",
    ],
    ["an array", [line], "expected a JSON object, got an array"],
    [
      "a date that is none",
      { ...line, deadline: "tomorrow" },
      "deadline: expected an RFC 3339 time",
    ],
  ])("that has %s is refused in words that name the place", (_, value, words) => {
    expect(complaint(value)).toContain(words);
  });

  it("tells several faults at once", () => {
    expect(complaint({ response: "x", tsk: 1 })).toMatch(/^task: .*; tsk: unknown key/);
  });

  it("keeps the depth of people's own data bounded", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200; i++) deep = { deep };
    expect(jsonDepthWithin(deep, 200)).toBe(true);
    expect(jsonDepthWithin(deep, 100)).toBe(false);
    expect(complaint({ ...line, metadata: { deep } })).toContain("metadata: nested deeper than");
  });
});

describe("published JSON Schemas", () => {
  it("are current, and no other stands beside them", () => {
    const made = jsonSchemas();
    expect(readdirSync(SCHEMAS_FOLDER).sort()).toEqual([...made.keys()].sort());
    for (const [file, text] of made)
      expect(readFileSync(join(SCHEMAS_FOLDER, file), "utf8"), `npm run generate (${file})`).toBe(
        text,
      );
  });

  it("allow no reward that is NaN", () => {
    expect(RewardRecord.shape.reward.safeParse(Number.NaN).success).toBe(false);
  });
});
