import * as z from "zod";
import { ERROR_CLASSES, type Failure, REJECTION_REASONS } from "./failures.ts";
import * as limits from "./limits.ts";
import {
  ContentPart,
  GroupLine,
  Message,
  Rollout,
  RubricItem,
  Task,
  ToolCall,
  Trajectory,
} from "./trajectory.ts";

/** What the page calls a schema where another one names it. */
const NAMED = new Map<z.ZodType, string>([
  [Message, "[messages](#a-message)"],
  [ContentPart, "parts"],
  [RubricItem, "[components](#a-component-of-a-rubric)"],
  [Rollout, "[rollouts](#a-rollout)"],
  [ToolCall, "[tool calls](#a-tool-call)"],
  [Task, "[task](#a-task)"],
]);

const thousands = (value: number): string => value.toLocaleString("en-US");

/** `docs/input.md`: what may go in, as the schemas have it, and what is said of what may not. */
export function inputPage(): string {
  const [simple, rubric] = Task.options;
  const parts = [
    INTRODUCTION,
    "## A trajectory",
    "One line, one rollout. Exactly one of `response` and `messages` must be there.",
    fieldTable(Trajectory),
    "## A group",
    "One line, all rollouts of one prompt: they share the task and stay together, and give one record each, in order. Told from a trajectory by the key `rollouts`.",
    fieldTable(GroupLine),
    `At most ${thousands(limits.MAX_VERDICTS)} verdicts, rollouts times components. The line's own \`metadata\` stands in each record, and may come to at most ${thousands(limits.MAX_REPEATED_CHARS)} characters more in all of them than on the line.`,
    "### A rollout",
    fieldTable(Rollout),
    "## A task",
    "One verifier:",
    fieldTable(simple),
    "Or a rubric of several:",
    fieldTable(rubric),
    "### A component of a rubric",
    fieldTable(RubricItem),
    "## A message",
    "As OpenAI's chat format has it.",
    fieldTable(Message),
    "### A tool call",
    fieldTable(ToolCall),
    JSON_RULES,
    "## Errors",
    "A line that cannot be graded has an `error` record, with a class and a message: `<path>: expected …, got …`. The record's `source.offset` is the line's first byte (in Parquet, its row); the command line prints the line's number.",
    failureTable("class", ERROR_CLASSES),
    "## Rejections",
    "A submission that can never be graded has no records: `rejected/<job>/…` holds why, and the queue `results` tells it.",
    failureTable("reason", REJECTION_REASONS),
  ];
  return `${parts.join("\n\n")}\n`;
}

const INTRODUCTION = `# What goes in

<!-- Made by \`npm run generate\` from packages/schema; a test keeps it current. -->

Trajectories, one JSON object each. \`schemas/line.json\` has the same as JSON Schema.

## Formats

| file | holds |
| --- | --- |
| \`.jsonl\` | UTF-8, one object a line; lines end with \`\\n\` or \`\\r\\n\`, the last one may end without; blank lines are none; a byte order mark may stand at the start |
| \`.jsonl.gz\` \`.jsonl.zst\` | the same, compressed |
| \`.parquet\` | one trajectory a row: columns are fields, null is absent. \`task\`, \`spec\`, \`messages\`, \`rollouts\` and \`metadata\` may be columns of JSON text |

A line has at most ${thousands(limits.MAX_LINE_BYTES)} bytes.`;

const JSON_RULES = `## Rules of JSON

- **Unknown keys** are errors that name the key. Data of your own goes under \`metadata\`.
- **\`metadata\`** comes out as it is written, to the character: numbers that no double holds (\`1e400\`, integers of 20 digits), \`1.0\` as \`1.0\`, the order of keys, escapes. In a rollout's record its own keys stand over the line's.
- **Numbers** elsewhere are doubles, and an integer in a \`spec\` that no double holds is an error rather than its neighbour: write it as a string. Fractions are rounded, as every reader of JSON does. \`NaN\` and \`Infinity\` are no JSON.
- **A key that stands twice** in one object: the last one counts, as in Python.
- **Depth**: ${limits.MAX_JSON_DEPTH} levels in \`metadata\`, in a \`spec\` and in a part of a message. **Width**: ${thousands(limits.MAX_KEYS)} keys in any one object. **Values**: ${thousands(limits.MAX_VALUES)} strings (keys too), arrays and objects in a line; numbers are not counted.
- What has no bound here (\`response\`, \`prompt\`, a message's text) is bounded by the line. A verifier may read less of it: \`assay verifiers NAME\`.`;

function fieldTable(schema: z.ZodObject): string {
  const rows = Object.entries(schema.shape).map(([name, field]) => {
    const { type, isOptional } = typeOf(field as z.ZodType);
    const description = z.globalRegistry.get(field as z.ZodType)?.description ?? "";
    return `| \`${name}\`${isOptional ? "" : " (required)"} | ${type} | ${description.replaceAll("|", "\\|")} |`;
  });
  return ["| field | type | |", "| --- | --- | --- |", ...rows].join("\n");
}

function failureTable(head: string, failures: Readonly<Record<string, Failure>>): string {
  const rows = Object.entries(failures).map(
    ([name, { means, todo }]) => `| \`${name}\` | ${means} | ${todo} |`,
  );
  return [`| ${head} | means | what to do |`, "| --- | --- | --- |", ...rows].join("\n");
}

function typeOf(schema: z.ZodType): { type: string; isOptional: boolean } {
  if (schema instanceof z.ZodOptional)
    return { ...typeOf(schema.unwrap() as z.ZodType), isOptional: true };
  const named = NAMED.get(schema);
  return { type: named ?? plainType(schema), isOptional: false };
}

function plainType(schema: z.ZodType): string {
  if (schema instanceof z.ZodNullable)
    return `${typeOf(schema.unwrap() as z.ZodType).type}, or null`;
  if (schema instanceof z.ZodUnion)
    return (schema.options as z.ZodType[]).map((one) => typeOf(one).type).join(", or ");
  const json = z.toJSONSchema(schema, { io: "input" });
  if (schema instanceof z.ZodArray)
    return `array of ${bounds(json.minItems, json.maxItems)}${typeOf(schema.element as z.ZodType).type}`;
  if (json.enum !== undefined) return json.enum.map((one) => `\`${one}\``).join(", ");
  if (json.format === "date-time") return "RFC 3339 time";
  if (json.type === "string" && json.maxLength !== undefined)
    return `string of ${bounds(json.minLength, json.maxLength)}characters`;
  if (json.type === "object" && schema instanceof z.ZodObject)
    return `object: ${Object.keys(schema.shape)
      .map((key) => `\`${key}\``)
      .join(", ")}`;
  return String(json.type);
}

function bounds(least: number | undefined, most: number | undefined): string {
  if (most === undefined) return "";
  return `${least === undefined ? "up" : thousands(least)} to ${thousands(most)} `;
}
