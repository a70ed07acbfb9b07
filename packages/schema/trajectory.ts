import * as z from "zod";
import { JsonObject, jsonDepthWithin } from "./json.ts";
import * as limits from "./limits.ts";

export const Id = z.string().min(1).max(limits.MAX_ID_CHARS);

/** `math` (the newest that is shipped) or `math@2` (that version and no other). */
export const VerifierRef = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,63}(@[1-9][0-9]{0,5})?$/,
    'expected a verifier such as "math" or "math@2"',
  )
  .describe('a verifier: "math" (the newest that is shipped) or "math@2" (that version, no other)');

const Spec = JsonObject.describe(
  "what the verifier compares with (`assay verifiers NAME` tells its fields); no integer in it may be one that a double does not hold",
);

export const ToolCall = z.strictObject({
  id: z.string().optional(),
  type: z.string().optional(),
  function: z
    .strictObject({ name: z.string(), arguments: z.string() })
    .describe("`arguments` is JSON text, as in OpenAI's chat format"),
});
export type ToolCall = z.infer<typeof ToolCall>;

/** One part of a message's content: text, or what a verifier may know of. */
export const ContentPart = z
  .looseObject({ type: z.string(), text: z.string().optional() })
  .refine((part) => jsonDepthWithin(part, limits.MAX_JSON_DEPTH), {
    error: `nested deeper than ${limits.MAX_JSON_DEPTH} levels`,
  });

/** One OpenAI chat message. */
export const Message = z.strictObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z
    .union([z.string(), z.array(ContentPart).max(limits.MAX_CONTENT_PARTS), z.null()], {
      error: "expected a string, an array of parts with a type each, or null",
    })
    .optional()
    .describe('text, or parts: `{"type": "text", "text": "…"}` and others'),
  reasoning_content: z.string().nullable().optional(),
  tool_calls: z.array(ToolCall).max(limits.MAX_TOOL_CALLS).nullable().optional(),
  tool_call_id: z.string().optional(),
  name: z.string().optional(),
});
export type Message = z.infer<typeof Message>;
export const Messages = z.array(Message).min(1).max(limits.MAX_MESSAGES);

export const RubricItem = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(limits.MAX_NAME_CHARS)
    .optional()
    .describe("what records call the component; default: its verifier's name"),
  verifier: VerifierRef,
  spec: Spec,
  weight: z
    .number()
    .optional()
    .describe('default 1; negative only with `"combine": "sum"`; a gate has none'),
  gate: z.boolean().optional().describe("where it scores 0, the reward is 0; default false"),
  optional: z
    .boolean()
    .optional()
    .describe("where it abstains or errs, it is left out; default false"),
});
export type RubricItem = z.infer<typeof RubricItem>;

const TaskId = Id.optional().describe("records repeat it");
const SimpleTask = z.strictObject({ id: TaskId, verifier: VerifierRef, spec: Spec });
const RubricTask = z.strictObject({
  id: TaskId,
  rubric: z.array(RubricItem).min(1).max(limits.MAX_RUBRIC_ITEMS),
  combine: z
    .enum(["mean", "sum"])
    .optional()
    .describe("Σ weight·score / Σ weight (default), or Σ weight·score"),
});

/** How to verify: one verifier with its spec, or a rubric of several. */
export const Task = z
  .union([SimpleTask, RubricTask], {
    error: 'expected an object with "verifier" and "spec", or with a "rubric"',
  })
  .superRefine((task, context) => {
    if (!("rubric" in task)) return;
    for (const [index, item] of task.rubric.entries()) {
      if (item.weight === undefined) continue;
      const path = ["rubric", index, "weight"];
      if (item.gate)
        context.addIssue({ code: "custom", path, message: "a gate carries no weight" });
      else if (item.weight < 0 && task.combine !== "sum")
        context.addIssue({
          code: "custom",
          path,
          message: 'negative weights need "combine": "sum"',
        });
    }
  })
  .describe("how to verify: `verifier` and `spec`, or a `rubric` of several");
export type Task = z.infer<typeof Task>;

const Prompt = z.union([z.string(), Messages], { error: "expected a string or messages" });
const NO_TIME = { error: "expected an RFC 3339 time", abort: true };
const Deadline = z.iso
  .datetime({ offset: true, ...NO_TIME })
  .max(limits.MAX_TIME_CHARS, { abort: true })
  // Some that have the form are no time, such as an offset of 24 hours.
  .refine((text) => !Number.isNaN(Date.parse(text)), NO_TIME);
const reply = {
  response: z.string().optional().describe("shorthand for one assistant message"),
  messages: Messages.optional().describe("OpenAI chat messages; these or `response`"),
};
const shared = {
  group: Id.optional().describe("rollouts of one prompt share it; default: the task's `id`"),
  task: Task,
  prompt: Prompt.optional().describe("what the policy was asked, as text or as messages"),
  policy_step: z.int().nullable().optional().describe("records repeat it"),
  deadline: Deadline.optional().describe("past it the line is not graded: `error`, `deadline`"),
  metadata: JsonObject.optional().describe("data of your own: records repeat it as it is written"),
};

/** One rollout of a policy on a task. */
export const Trajectory = z
  .strictObject({
    id: Id.optional().describe("unique in its source; default: `<file name>@<offset>`"),
    ...shared,
    ...reply,
  })
  .superRefine(exactlyOneReply);
export type Trajectory = z.infer<typeof Trajectory>;

export const Rollout = z
  .strictObject({
    id: Id.optional().describe("default: `<file name>@<offset>`, from the second on `.<index>`"),
    ...reply,
    metadata: JsonObject.optional().describe("over the line's own, key by key"),
  })
  .superRefine(exactlyOneReply);
export type Rollout = z.infer<typeof Rollout>;

/** A whole group on one line: rollouts that share their task and are never parted. */
export const GroupLine = z
  .strictObject({
    ...shared,
    rollouts: z
      .array(Rollout)
      .min(1)
      .max(limits.MAX_ROLLOUTS)
      .describe("one record each, in order"),
  })
  .superRefine(({ rollouts, task }, context) => {
    const components = "rubric" in task ? task.rubric.length : 1;
    if (rollouts.length * components <= limits.MAX_VERDICTS) return;
    context.addIssue({
      code: "custom",
      path: ["rollouts"],
      message: `expected at most ${limits.MAX_VERDICTS} verdicts on one line, got ${rollouts.length} rollouts of ${components} components each`,
    });
  });
export type GroupLine = z.infer<typeof GroupLine>;

/** A line of a source under `retries/`: a line of another source, to be graded anew. */
export const RetryLine = z.strictObject({
  retry_of: z.strictObject({
    sid: z.string().max(limits.MAX_SID_CHARS),
    offset: z.int().min(0),
  }),
  /** The base name of the source that the line was in: it names trajectories without an id. */
  file: z.string().max(limits.MAX_FILE_CHARS),
  line: z.unknown(),
});

/** What one line of a source holds. `parseLine` tells the two apart by the key `rollouts`. */
export const Line = z.union([Trajectory, GroupLine]);
export type Line = z.infer<typeof Line>;

function exactlyOneReply(
  value: z.infer<z.ZodObject<typeof reply>>,
  context: z.RefinementCtx,
): void {
  if ((value.response === undefined) === (value.messages === undefined))
    context.addIssue({
      code: "custom",
      path: ["response"],
      message: 'expected exactly one of "response" and "messages"',
    });
}
