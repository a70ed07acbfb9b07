import { MAX_LINE_BYTES } from "@assay/schema";
import { groupLine, type LineCase, lineEnding, lineWith, TASK } from "./line-case.ts";
import { lineOf } from "./lines-no-trajectory.ts";
import type { Outcome } from "./outcome.ts";

const RIGHT = { scored: 1, reason: "equal" } as const;

function odd(
  input: string,
  line: string,
  outcome: Outcome,
  rest: Pick<LineCase, "note" | "records" | "shows"> = {},
): LineCase {
  return { input, line, outcome, ...rest };
}

const DIGITS = '{"n":123456789012345678901234567890,"f":1.0,"e":1e400}';
const chat = (...messages: readonly object[]) => lineWith({ response: undefined, messages });

/** Lines that look wrong and are graded. */
export const linesOdd: readonly LineCase[] = [
  odd("a line exactly at the bound", lineOf(MAX_LINE_BYTES), RIGHT),
  odd("white space around the object", ` \t${lineWith()} \r`, RIGHT),
  odd(
    "a key that stands twice",
    lineEnding('"response":"The answer is C."'),
    {
      scored: 0,
      reason: "not_equal",
    },
    { note: "the last one counts, as in Python" },
  ),
  odd("the `id` of another line", lineWith(), RIGHT, {
    note: "both are graded; records tell them apart by `id` and `source.offset`",
  }),
  odd("no `id`", lineWith({ id: undefined }), RIGHT, {
    note: "`trajectory_id` is `<file name>@<offset>`",
  }),
  odd("half a surrogate pair as an escape", lineWith({ id: "\ud800" }), RIGHT, {
    shows: '"trajectory_id":"\\ud800"',
    note: "records repeat it",
  }),
  odd("`__proto__` in `metadata`", lineEnding('"metadata":{"__proto__":{"a":1}}'), RIGHT, {
    shows: '"metadata":{"__proto__":{"a":1}}',
    note: "a key like any other",
  }),
  odd("numbers in `metadata` that no double holds", lineEnding(`"metadata":${DIGITS}`), RIGHT, {
    shows: `"metadata":${DIGITS}`,
    note: "records repeat them as they are written",
  }),
  odd(
    "`metadata` nested 100 levels deep",
    lineEnding(`"metadata":{"a":${"[".repeat(99)}${"]".repeat(99)}}`),
    RIGHT,
  ),
  odd("`policy_step` of 2^53 - 1", lineWith({ policy_step: 2 ** 53 - 1 }), RIGHT, {
    shows: '"policy_step":9007199254740991',
  }),
  odd("`policy_step` written as `7.0`", lineEnding('"policy_step":7.0'), RIGHT, {
    shows: '"policy_step":7',
  }),
  odd("an empty `response`", lineWith({ response: "" }), { scored: 0, reason: "no_answer" }),
  odd("`messages` without one of the assistant", chat({ role: "user", content: "B" }), {
    scored: 0,
    reason: "no_answer",
  }),
  odd(
    "`messages` that end with a tool call",
    chat({ role: "assistant", content: null, tool_calls: [] }),
    {
      scored: 0,
      reason: "no_answer",
    },
  ),
  odd(
    "a control character in the answer",
    lineWith({ response: "The answer is B.\u0000\u001b[2J" }),
    RIGHT,
  ),
  odd(
    "a gold answer that no response can have",
    lineWith({ task: { verifier: "choice", spec: { answer: "E", options: ["x", "y"] } } }),
    { abstained: "answer_unsupported" },
  ),
  odd(
    "a rubric whose weights are all 0",
    lineWith({ task: { rubric: [{ ...TASK, weight: 0 }] } }),
    {
      abstained: "equal",
    },
  ),
  odd(
    "a rubric with two components of one name",
    lineWith({ task: { rubric: [TASK, TASK] } }),
    RIGHT,
  ),
  odd("a group of one", groupLine({ rollouts: [{ response: "B" }] }), RIGHT),
  odd(
    "a group whose rollouts share an `id`",
    groupLine({ rollouts: Array(3).fill({ id: "r", response: "B" }) }),
    RIGHT,
    { records: 3, note: "records tell them apart by `source.index`" },
  ),
];
