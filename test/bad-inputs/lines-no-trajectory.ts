import { MAX_LINE_BYTES, MAX_ROLLOUTS, MAX_VALUES } from "@assay/schema";
import { groupLine, type LineCase, lineEnding, lineWith, TASK } from "./line-case.ts";

function bad(input: string, line: string, error: string): LineCase {
  return { input, line, outcome: { error } };
}

const task = (change: object) => lineWith({ task: { ...TASK, ...change } });
const rubric = (item: object, change = {}) =>
  lineWith({ task: { rubric: [{ ...TASK, ...item }], ...change } });
const chat = (...messages: readonly object[]) => lineWith({ response: undefined, messages });
const nested = (depth: number) =>
  lineEnding(`"metadata":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`);

const NO_TASK = 'expected an object with "verifier" and "spec", or with a "rubric"';
const ONE_REPLY = 'expected exactly one of "response" and "messages"';

/** JSON objects that are no trajectory. */
export const linesNoTrajectory: readonly LineCase[] = [
  // Fields that are missing, or that exclude each other
  bad("no `task`", lineWith({ task: undefined }), `task: ${NO_TASK}, got nothing`),
  bad("`{}`", "{}", `task: ${NO_TASK}, got nothing`),
  bad(
    "neither `response` nor `messages`",
    lineWith({ response: undefined }),
    `response: ${ONE_REPLY}`,
  ),
  bad(
    "both `response` and `messages`",
    lineWith({ messages: [{ role: "assistant", content: "B" }] }),
    `response: ${ONE_REPLY}`,
  ),
  bad("`messages` that are empty", chat(), "messages: expected at least 1 item, got 0"),
  bad(
    "`response` that is null",
    lineWith({ response: null }),
    "response: expected a string, got null",
  ),
  bad(
    "a task without a verifier",
    lineWith({ task: { spec: {} } }),
    "task.verifier: expected a string, got nothing",
  ),
  bad(
    "a verifier and a rubric",
    task({ rubric: [] }),
    "task.rubric: does not go with the keys beside it",
  ),
  // Unknown keys
  bad(
    "an unknown key",
    lineWith({ reward: 1 }),
    'reward: unknown key (data of your own goes under "metadata")',
  ),
  bad(
    "a key that is misspelt",
    lineWith({ response: undefined, respons: "B" }),
    `respons: unknown key, did you mean "response"?; response: ${ONE_REPLY}`,
  ),
  bad(
    "an unknown key of the task",
    task({ weight: 1 }),
    "task.weight: unknown key, expected id, verifier, spec, rubric, combine",
  ),
  bad(
    "an unknown key of the spec",
    task({ spec: { answer: "B", optoins: [] } }),
    'task.spec.optoins: unknown key, did you mean "options"?',
  ),
  bad(
    "an unknown key of a rubric's item",
    rubric({ wieght: 2 }),
    'task.rubric[0].wieght: unknown key, did you mean "weight"?',
  ),
  bad(
    "an unknown key of a rollout",
    groupLine({ rollouts: [{ response: "B", reward: 1 }] }),
    'rollouts[0].reward: unknown key (data of your own goes under "metadata")',
  ),
  bad(
    "a row of a verl data set",
    '{"data_source":"gsm8k","prompt":"?","reward_model":{"ground_truth":"B"},"response":"B"}',
    `task: ${NO_TASK}, got nothing; data_source: unknown key (data of your own goes under "metadata"); reward_model: unknown key …`,
  ),
  bad(
    "`__proto__`",
    `{"__proto__":{"response":"B"},${lineWith().slice(1)}`,
    '__proto__: unknown key (data of your own goes under "metadata")',
  ),
  // Types
  bad("an `id` that is a number", lineWith({ id: 7 }), "id: expected a string, got a number (7)"),
  bad("an empty `id`", lineWith({ id: "" }), "id: expected at least 1 character, got 0"),
  bad(
    "an `id` of 257 characters",
    lineWith({ id: "i".repeat(257) }),
    "id: expected at most 256 characters, got 257",
  ),
  bad(
    "a role that is none",
    chat({ role: "bot", content: "B" }),
    'messages[0].role: expected "system" or "developer" or "user" or "assistant" or "tool" or "function", got a string ("bot")',
  ),
  bad(
    "a tool call whose `arguments` are no text",
    chat({ role: "assistant", tool_calls: [{ function: { name: "f", arguments: {} } }] }),
    "messages[0].tool_calls[0].function.arguments: expected a string, got an object",
  ),
  bad(
    "`metadata` that is text",
    lineWith({ metadata: "x" }),
    'metadata: expected an object, got a string ("x")',
  ),
  bad(
    "`policy_step` that is a fraction",
    lineWith({ policy_step: 1.5 }),
    "policy_step: expected an integer, got a number (1.5)",
  ),
  bad(
    "`policy_step` of 2^53",
    lineWith({ policy_step: 2 ** 53 }),
    "policy_step: expected at most 9007199254740991, got a number (9007199254740992)",
  ),
  bad(
    "a `deadline` in words",
    lineWith({ deadline: "tomorrow" }),
    'deadline: expected an RFC 3339 time, got a string ("tomorrow")',
  ),
  bad(
    "a `deadline` without a time zone",
    lineWith({ deadline: "2030-01-01T00:00:00" }),
    'deadline: expected an RFC 3339 time, got a string ("2030-01-01T00:00:00")',
  ),
  // Verifiers and specs
  bad(
    "a verifier that is not shipped",
    task({ verifier: "maths" }),
    'task.verifier: unknown verifier "maths", expected one of …choice@1, …',
  ),
  bad(
    "a version that is not shipped",
    task({ verifier: "choice@99" }),
    'task.verifier: unknown verifier "choice@99", expected one of …choice@1, …',
  ),
  bad(
    "a verifier that is no name",
    task({ verifier: "Choice!" }),
    'task.verifier: expected a verifier such as "math" or "math@2", got a string ("Choice!")',
  ),
  bad(
    "a spec that lacks a field",
    task({ spec: {} }),
    "task.spec.answer: expected a string or an array, got nothing",
  ),
  bad(
    "a spec that is text",
    task({ spec: "B" }),
    'task.spec: expected an object, got a string ("B")',
  ),
  bad(
    "an integer in a spec that no double holds",
    lineWith().replace('"B"', "9007199254740993"),
    "task.spec.answer: expected a number that a double holds, got 9007199254740993 (write it as a string)",
  ),
  bad(
    "an empty rubric",
    lineWith({ task: { rubric: [] } }),
    "task.rubric: expected at least 1 item, got 0",
  ),
  bad(
    "a negative weight in a mean",
    rubric({ weight: -1 }),
    'task.rubric[0].weight: negative weights need "combine": "sum"',
  ),
  bad(
    "a gate that has a weight",
    rubric({ gate: true, weight: 1 }),
    "task.rubric[0].weight: a gate carries no weight",
  ),
  bad(
    "weights that overflow",
    lineWith({
      task: {
        combine: "sum",
        rubric: ["a", "b"].map((name) => ({ ...TASK, name, weight: 1.7e308 })),
      },
    }),
    "weights and scores overflow to a reward that is not finite",
  ),
  // Groups
  bad(
    "a group without rollouts",
    groupLine({ rollouts: [] }),
    "rollouts: expected at least 1 item, got 0",
  ),
  bad(
    `a group of ${MAX_ROLLOUTS + 1} rollouts`,
    groupLine({ rollouts: Array(MAX_ROLLOUTS + 1).fill({ response: "B" }) }),
    `rollouts: expected at most ${MAX_ROLLOUTS} items, got ${MAX_ROLLOUTS + 1}`,
  ),
  bad(
    "300 rollouts with a rubric of 64",
    groupLine({
      task: { rubric: Array(64).fill(TASK) },
      rollouts: Array(300).fill({ response: "B" }),
    }),
    "rollouts: expected at most 16384 verdicts on one line, got 300 rollouts of 64 components each",
  ),
  bad(
    "2 KB of `metadata` over 4,000 rollouts, each of whose records repeats it",
    groupLine({
      metadata: { a: "x".repeat(2_000) },
      rollouts: Array(4_000).fill({ response: "B" }),
    }),
    "metadata: expected at most 4194304 characters more in the records than on the line, got 8029992 (each of the 4000 rollouts' records repeats its 2008)",
  ),
  bad(
    "a group in which one rollout is bad",
    groupLine({ rollouts: [{ response: "B" }, { response: 3 }] }),
    "rollouts[1].response: expected a string, got a number (3)",
  ),
  // Bounds
  bad("`metadata` nested 101 levels deep", nested(100), "metadata: nested deeper than 100 levels"),
  bad(
    "`metadata` nested 100,000 levels deep",
    nested(100_000),
    "metadata: nested deeper than 100 levels",
  ),
  bad(
    "65,537 keys in one object",
    lineWith({
      metadata: Object.fromEntries(Array.from({ length: 65_537 }, (_, i) => [`k${i}`, 0])),
    }),
    'expected at most 65536 keys in an object, got more in the one that begins with "k0"',
  ),
  bad(
    `more than ${MAX_VALUES.toLocaleString("en")} strings, arrays and objects`,
    lineEnding(`"metadata":{"a":[${Array(MAX_VALUES).fill('""').join()}]}`),
    `expected at most ${MAX_VALUES} strings, arrays and objects on a line, got more`,
  ),
  bad(
    "a line one byte over the bound",
    lineOf(MAX_LINE_BYTES + 1),
    `line longer than ${MAX_LINE_BYTES} bytes`,
  ),
  {
    input: "a `deadline` that has passed",
    line: lineWith({ deadline: "2020-01-01T00:00:00Z" }),
    outcome: { class: "deadline", error: "the deadline 2020-01-01T00:00:00Z has passed" },
  },
];

/** A good line of so many bytes. */
export function lineOf(bytes: number): string {
  const rest = lineWith({ prompt: "" });
  return lineWith({ prompt: "x".repeat(bytes - rest.length) });
}
