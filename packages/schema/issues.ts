import { z } from "zod";
import { GroupLine, type Line, Trajectory } from "./trajectory.ts";

type Issue = z.core.$ZodIssue;

/** Of everything that is wrong with a value, so much is told at once. */
const MOST_TOLD = 3;

/** Thrown where outside data does not fit its schema: `task.spec.answer: expected a string, …`. */
export class SchemaError extends Error {
  override name = "SchemaError";
}

/** Parses, or throws a `SchemaError` that names the fields at fault, with the path to each from the
 * value that was parsed, below `at`. */
export function parse<T extends z.ZodType>(
  schema: T,
  value: unknown,
  at: readonly PropertyKey[] = [],
): z.infer<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const told = result.error.issues.slice(0, MOST_TOLD).map((issue) => explain(issue, at));
  throw new SchemaError(told.join("; "));
}

// Compiled ahead of time: every line is parsed by one of them.
const CompiledTrajectory = z.compile(Trajectory);
const CompiledGroupLine = z.compile(GroupLine);

/** A trajectory or a group line, told apart by the key `rollouts`. */
export function parseLine(value: unknown): Line {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new SchemaError(`expected a JSON object, got ${kindOf(value)}`);
  return Object.hasOwn(value, "rollouts")
    ? parse(CompiledGroupLine, value)
    : parse(CompiledTrajectory, value);
}

function explain(issue: Issue, at: readonly PropertyKey[]): string {
  const path = [...at, ...issue.path];
  // Of a union's branches, the one that was meant is the one that has least against the value.
  if (issue.code === "invalid_union" && issue.message === "Invalid input") {
    const [best] = [...issue.errors].sort((a, b) => a.length - b.length);
    if (best?.[0]) return explain(best[0], path);
  }
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    return `${formatPath([...path, key])}: unknown key (data of your own goes under "metadata")`;
  }
  const place = formatPath(path);
  return place === "" ? describe(issue) : `${place}: ${describe(issue)}`;
}

function describe(issue: Issue): string {
  if (issue.code === "invalid_type") {
    const found = issue.input === undefined ? "nothing" : kindOf(issue.input);
    return `expected ${article(issue.expected)}, got ${found}`;
  }
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

function article(kind: string): string {
  if (kind === "record") return "an object";
  if (kind === "int") return "an integer";
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return article(typeof value);
}

/** `["task", "rubric", 0, "spec"]` reads `task.rubric[0].spec`. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const step of path)
    text +=
      typeof step === "number" ? `[${step}]` : text === "" ? String(step) : `.${String(step)}`;
  return text;
}
