import { z } from "zod";
import { JsonObject } from "./json.ts";
import { MAX_ID_CHARS, MAX_MESSAGES, MAX_ROLLOUTS, MAX_RUBRIC_ITEMS } from "./limits.ts";

export const Id = z.string().min(1).max(MAX_ID_CHARS);

/** `math` (the newest that is shipped) or `math@1` (that version and no other). */
export const VerifierRef = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,63}(@[1-9][0-9]{0,5})?$/,
    'expected a verifier such as "math" or "math@1"',
  );

export const ToolCall = z.strictObject({
  id: z.string().optional(),
  type: z.string().optional(),
  /** `arguments` is JSON text, as OpenAI's chat format has it. */
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});
export type ToolCall = z.infer<typeof ToolCall>;

const ContentPart = z.looseObject({ type: z.string(), text: z.string().optional() });

/** One OpenAI chat message. */
export const Message = z.strictObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z
    .union([z.string(), z.array(ContentPart), z.null()], {
      error: "expected a string, an array of parts with a type each, or null",
    })
    .optional(),
  reasoning_content: z.string().nullable().optional(),
  tool_calls: z.array(ToolCall).nullable().optional(),
  tool_call_id: z.string().optional(),
  name: z.string().optional(),
});
export type Message = z.infer<typeof Message>;
export const Messages = z.array(Message).min(1).max(MAX_MESSAGES);

export const RubricItem = z.strictObject({
  name: z.string().min(1).max(64).optional(),
  verifier: VerifierRef,
  spec: JsonObject,
  weight: z.number().optional(),
  gate: z.boolean().optional(),
  optional: z.boolean().optional(),
});
export type RubricItem = z.infer<typeof RubricItem>;

const SimpleTask = z.strictObject({ id: Id.optional(), verifier: VerifierRef, spec: JsonObject });
const RubricTask = z.strictObject({
  id: Id.optional(),
  rubric: z.array(RubricItem).min(1).max(MAX_RUBRIC_ITEMS),
  combine: z.enum(["mean", "sum"]).optional(),
});

/** How to verify: one verifier with its spec, or a rubric of several. */
export const Task = z.union([SimpleTask, RubricTask]).superRefine((task, context) => {
  if (!("rubric" in task)) return;
  for (const [index, item] of task.rubric.entries()) {
    if (item.weight === undefined) continue;
    const path = ["rubric", index, "weight"];
    if (item.gate) context.addIssue({ code: "custom", path, message: "a gate carries no weight" });
    else if (item.weight < 0 && task.combine !== "sum")
      context.addIssue({
        code: "custom",
        path,
        message: 'negative weights need "combine": "sum"',
      });
  }
});
export type Task = z.infer<typeof Task>;

const Prompt = z.union([z.string(), Messages], { error: "expected a string or messages" });
const reply = { response: z.string().optional(), messages: Messages.optional() };
const shared = {
  group: Id.optional(),
  task: Task,
  prompt: Prompt.optional(),
  policy_step: z.int().nullable().optional(),
  deadline: z.iso.datetime({ offset: true, error: "expected an RFC 3339 time" }).optional(),
  metadata: JsonObject.optional(),
};

/** One rollout of a policy on a task. */
export const Trajectory = z
  .strictObject({ id: Id.optional(), ...shared, ...reply })
  .superRefine(exactlyOneReply);
export type Trajectory = z.infer<typeof Trajectory>;

export const Rollout = z
  .strictObject({ id: Id.optional(), ...reply, metadata: JsonObject.optional() })
  .superRefine(exactlyOneReply);
export type Rollout = z.infer<typeof Rollout>;

/** A whole group on one line: rollouts that share their task and are never parted. */
export const GroupLine = z.strictObject({
  ...shared,
  rollouts: z.array(Rollout).min(1).max(MAX_ROLLOUTS),
});
export type GroupLine = z.infer<typeof GroupLine>;

/** A line of a source under `retries/`: a line of another source, to be graded anew. */
export const RetryLine = z.strictObject({
  retry_of: z.strictObject({ sid: z.string(), offset: z.int().min(0) }),
  /** The base name of the source that the line was in: it names trajectories without an id. */
  file: z.string(),
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
