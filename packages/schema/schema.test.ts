import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ERROR_CLASSES, REJECTION_REASONS } from "./failures.ts";
import { jsonDepthWithin, parse, parseLine, RetryLine, RewardRecord, Submission } from "./index.ts";
import { inputPage } from "./input-page.ts";
import * as limits from "./limits.ts";
import { INPUT_PAGE, jsonSchemas, SCHEMAS_FOLDER } from "./publish.ts";

const task = { id: "k", verifier: "math", spec: { answer: "4" } };
const line = { id: "t", task, response: "4" };

function rubric(items: number, name = "n") {
  return { rubric: Array(items).fill({ name, verifier: "math", spec: {} }) };
}

function says(messages: number, content: unknown) {
  return { task, messages: Array(messages).fill({ role: "user", content }) };
}

function parts(count: number) {
  return Array(count).fill({ type: "text", text: "" });
}

function calls(count: number) {
  const call = { function: { name: "f", arguments: "{}" } };
  return { task, messages: [{ role: "assistant", tool_calls: Array(count).fill(call) }] };
}

function group(rollouts: number) {
  return { task, rollouts: Array(rollouts).fill({ response: "4" }) };
}

/** Every source that is shipped, with its path. */
function sources(): [string, string][] {
  const root = join(import.meta.dirname, "../..");
  return ["packages", "functions"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.ts$/.test(name) && !/\.test\.ts$/.test(name))
      .filter((name) => !/(^|\/)(node_modules|testing|model|\.[^/]*)\//.test(name))
      .map((name): [string, string] => [name, readFileSync(join(root, folder, name), "utf8")]),
  );
}

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
    expect(complaint({ ...line, task: { rubric: [{ verifier: "math@2", spec: {} }] } })).toBe("");
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
      "a key that is mistyped",
      { ...line, task: { verfier: "math", spec: {} } },
      'task.verifier: expected a string, got nothing; task.verfier: unknown key, did you mean "verifier"?',
    ],
    [
      "a key of another tool",
      { task, completion: "4" },
      'completion: unknown key, did you mean "response"?',
    ],
    [
      "a label that is not in its task",
      { ...line, ground_truth: "4" },
      'ground_truth: unknown key (what the verifier compares with goes under "task", in "spec")',
    ],
    [
      "a key of another branch",
      { ...line, task: { ...task, rubric: [] } },
      "task.rubric: does not go with the keys beside it",
    ],
    ["a key named __proto__", JSON.parse('{"__proto__":{"id":"x"}}'), "__proto__: unknown key"],
    [
      "a task that is none",
      { ...line, task: {} },
      'task: expected an object with "verifier" and "spec", or with a "rubric", got an object',
    ],
    [
      "a part that is none",
      { task, messages: [{ role: "user", content: [{ type: "text" }, { text: "?" }] }] },
      "messages[0].content[1].type: expected a string, got nothing",
    ],
    [
      "a role that is none",
      { task, messages: [{ role: "bot" }] },
      'messages[0].role: expected "system" or "developer" or "user" or "assistant" or "tool" or "function", got a string ("bot")',
    ],
    ["a number for an id", { ...line, id: 5 }, "id: expected a string, got a number (5)"],
    [
      "half a step",
      { ...line, policy_step: 1.5 },
      "policy_step: expected an integer, got a number (1.5)",
    ],
    [
      "a step that no double holds",
      { ...line, policy_step: 2 ** 53 },
      "policy_step: expected at most 9007199254740991, got a number (9007199254740992)",
    ],
    [
      "a step beyond all doubles",
      { ...line, policy_step: Number.POSITIVE_INFINITY },
      "policy_step: expected a number, got a number beyond 1.8e308",
    ],
    [
      "a time that has the form of one",
      { ...line, deadline: "2026-01-01T00:00:00+24:00" },
      "deadline: expected an RFC 3339 time",
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

  it.each([
    [
      "an id",
      { ...line, id: "x".repeat(limits.MAX_ID_CHARS) },
      { id: "x".repeat(limits.MAX_ID_CHARS + 1) },
    ],
    ["a group", line, { group: "x".repeat(limits.MAX_ID_CHARS + 1) }],
    ["a task's id", line, { task: { ...task, id: "x".repeat(limits.MAX_ID_CHARS + 1) } }],
    ["a deadline", line, { deadline: `2026-01-01T00:00:00.${"0".repeat(limits.MAX_TIME_CHARS)}Z` }],
    ["a component's name", line, { task: rubric(1, "x".repeat(limits.MAX_NAME_CHARS + 1)) }],
    [
      "a rubric",
      { ...line, task: rubric(limits.MAX_RUBRIC_ITEMS) },
      { task: rubric(limits.MAX_RUBRIC_ITEMS + 1) },
    ],
    ["messages", says(limits.MAX_MESSAGES, "?"), says(limits.MAX_MESSAGES + 1, "?")],
    [
      "a message's parts",
      says(1, parts(limits.MAX_CONTENT_PARTS)),
      says(1, parts(limits.MAX_CONTENT_PARTS + 1)),
    ],
    ["its tool calls", calls(limits.MAX_TOOL_CALLS), calls(limits.MAX_TOOL_CALLS + 1)],
    ["rollouts", group(limits.MAX_ROLLOUTS), group(limits.MAX_ROLLOUTS + 1)],
    [
      "rollouts times components",
      { ...group(limits.MAX_VERDICTS / 64), task: rubric(64) },
      { ...group(limits.MAX_VERDICTS / 64 + 1), task: rubric(64) },
    ],
  ])("has a bound on %s", (_, good, more) => {
    expect(complaint(good)).toBe("");
    const over = "messages" in more || "rollouts" in more ? more : { ...line, ...more };
    expect(complaint(over)).toMatch(/^[\w.[\]]+: expected at most \d+/);
  });

  it("tells its faults in few words, whoever made them, and however many there are", () => {
    for (const value of [
      { ...line, ["k".repeat(1e6)]: 1 },
      { ...line, "\u001b[2J\u202e": 1 },
      { ...line, id: "\u0000".repeat(1e6) },
      Object.fromEntries(Array.from({ length: 1e4 }, (_, i) => [`k${i}`, 1])),
    ]) {
      expect(complaint(value).length).toBeLessThan(500);
      expect(complaint(value)).not.toMatch(/\p{Cc}|\u202e/u);
    }
    const started = performance.now();
    const wrong = {
      ...line,
      response: undefined,
      messages: Array(9_999).fill({ role: "user", content: Array(99).fill(1) }),
    };
    expect(complaint(wrong)).toMatch(
      /^messages\[0\].content\[0\]: expected an object, got a number \(1\)$/,
    );
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("keeps the depth of people's own data bounded", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200; i++) deep = { deep };
    expect(jsonDepthWithin(deep, 200)).toBe(true);
    expect(jsonDepthWithin(deep, 100)).toBe(false);
    expect(complaint({ ...line, metadata: { deep } })).toContain("metadata: nested deeper than");
  });
});

describe("what else strangers send", () => {
  it("is no deeper in a submission than a line may be, and loses no key", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 1e5; i++) deep = [deep];
    const submission = (one: unknown) => parse(Submission, { job: "j", trajectories: [one] });
    expect(() => submission({ ...line, metadata: { deep } })).toThrow(
      /^trajectories\[0\]: nested deeper than \d+ levels$/,
    );
    const odd = JSON.parse('{"metadata":{"__proto__":1}}');
    expect(JSON.stringify(submission(odd))).toContain('{"metadata":{"__proto__":1}}');
  });

  it("names no file and no source at length in a line that is graded again", () => {
    const retry = { retry_of: { sid: "s", offset: 0 }, file: "f", line };
    expect(() => parse(RetryLine, retry)).not.toThrow();
    for (const long of [
      { ...retry, file: "f".repeat(limits.MAX_FILE_CHARS + 1) },
      { ...retry, retry_of: { sid: "s".repeat(limits.MAX_SID_CHARS + 1), offset: 0 } },
    ])
      expect(() => parse(RetryLine, long)).toThrow("expected at most");
  });
});

describe("the page of what goes in", () => {
  it("is current", () => {
    expect(readFileSync(INPUT_PAGE, "utf8"), "npm run generate").toBe(inputPage());
  });

  it("tells of every error class and every reason of a rejection that the code gives", () => {
    const classes = new Set<string>();
    const reasons = new Set<string>();
    for (const [path, text] of sources()) {
      for (const [, name = ""] of text.matchAll(/\bclass: "(\w+)"/g)) classes.add(name);
      for (const [, name = ""] of text.matchAll(/new Unacceptable\(\s*"(\w+)"/g)) reasons.add(name);
      if (/storage/.test(path))
        for (const [, name = ""] of text.matchAll(/\breason: "(\w+)"/g)) reasons.add(name);
    }
    // Made of a verdict's own reasons.
    for (const name of ["port_failed", "verifier_failed"]) classes.add(name);
    expect(Object.keys(ERROR_CLASSES)).toEqual(expect.arrayContaining([...classes]));
    expect(Object.keys(REJECTION_REASONS)).toEqual(expect.arrayContaining([...reasons]));
    expect(classes.size).toBeGreaterThan(7);
    expect(reasons.size).toBeGreaterThan(5);
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
