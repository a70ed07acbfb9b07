import * as z from "zod";
import type { JsonObject } from "./json.ts";
import { fitsAt, hintForKey, keysAt } from "./nearest.ts";
import { SchemaError } from "./schema-error.ts";
import { quotable } from "./text.ts";
import { GroupLine, type Line, Trajectory } from "./trajectory.ts";

type Issue = z.core.$ZodIssue;

/** Of everything that is wrong with a value, so much is told at once. */
const MOST_TOLD = 3;
/** A value with more arrays, objects and other values than this is told its first fault only: what
 * is wrong is an object each, and eight million of them fill a heap. */
const MOST_NODES = 10_000;

/** What zod says of a union that has no words of its own. */
const NO_WORDS = "Invalid input";
/** zod stops at the first fault where it is told so; its types keep that to itself. */
const FIRST_ONLY = { reportInput: true, abortEarly: true } as z.core.ParseContext<Issue>;
const ALL = { reportInput: true };

/** Parses, or throws a `SchemaError` that names the fields at fault, with the path to each from the
 * value that was parsed, below `at`. */
export function parse<T extends z.ZodType>(
  schema: T,
  value: unknown,
  at: readonly PropertyKey[] = [],
): z.infer<T> {
  let result = schema.safeParse(value, FIRST_ONLY);
  if (result.success) return result.data;
  if (hasFewNodes(value)) result = schema.safeParse(value, ALL);
  const told = (result.error?.issues ?? []).flatMap((issue) => explain(issue, schema, []));
  const more = told.length > MOST_TOLD ? ["and more"] : [];
  const texts = told.slice(0, MOST_TOLD).map(({ path, text }) => {
    const place = formatPath([...at, ...path]);
    return place === "" ? text : `${place}: ${text}`;
  });
  throw new SchemaError([...texts, ...more].join("; "));
}

// Compiled ahead of time: every line is parsed by one of them.
const CompiledTrajectory = z.compile(Trajectory);
const CompiledGroupLine = z.compile(GroupLine);

/** A trajectory or a group line, told apart by the key `rollouts`. */
export function parseLine(value: unknown): Line {
  if (Array.isArray(value))
    throw new SchemaError(
      "expected a JSON object, got an array (one object a line, not one array of them)",
    );
  if (typeof value !== "object" || value === null)
    throw new SchemaError(`expected a JSON object, got ${kindOf(value)}`);
  return Object.hasOwn(value, "rollouts")
    ? parse(CompiledGroupLine, value)
    : parse(CompiledTrajectory, value);
}

interface Told {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

function explain(issue: Issue, schema: z.ZodType, below: readonly PropertyKey[]): Told[] {
  const path = [...below, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    return issue.keys
      .slice(0, MOST_TOLD + 1)
      .map((key) => ({ path: [...path, key], text: hintForKey(key, known) }));
  }
  if (issue.code === "invalid_union") {
    const meant = branchMeant(issue, schema, path);
    if (meant !== undefined) return meant.flatMap((one) => explain(one, schema, path));
  }
  return [{ path, text: describe(issue) }];
}

/** Of a union's branches, what is wrong with the one that was meant: an object's is the one that
 * knows most of its keys, anything else's the one that got past the value's own type. */
function branchMeant(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.ZodType,
  path: readonly PropertyKey[],
): readonly Issue[] | undefined {
  const { errors, input } = issue;
  if (typeof input !== "object" || input === null) return undefined;
  if (Array.isArray(input))
    return errors.find((branch) =>
      branch.some((one) => one.path.length > 0 || one.code !== "invalid_type"),
    );
  const fits = fitsAt(schema, path, input);
  const best = Math.max(0, ...fits);
  return best === 0 ? undefined : errors[fits.indexOf(best)];
}

function describe(issue: Issue): string {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type":
      return `expected ${article(issue.expected)}, got ${shown(input)}`;
    case "invalid_value":
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}, got ${shown(input)}`;
    case "too_big":
      return `expected at most ${count(issue.maximum, issue.origin)}, got ${sizeOf(input)}`;
    case "too_small":
      return `expected at least ${count(issue.minimum, issue.origin)}, got ${sizeOf(input)}`;
    case "invalid_union":
      if (issue.message === NO_WORDS) return `expected ${kindsOf(issue)}, got ${shown(input)}`;
      return `${issue.message}, got ${shown(input)}`;
    case "invalid_format":
      // Ours are written as `expected …`.
      if (issue.message.startsWith("expected ")) return `${issue.message}, got ${shown(input)}`;
  }
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

/** What a union's branches take, where none was meant. */
function kindsOf({ errors }: z.core.$ZodIssueInvalidUnion): string {
  const kinds = errors.map(([issue]) =>
    issue?.code === "invalid_type" ? article(issue.expected) : "another value",
  );
  return [...new Set(kinds)].join(" or ");
}

function article(kind: string): string {
  if (kind === "record") return "an object";
  if (kind === "int") return "an integer";
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

function count(bound: number | bigint, origin: string): string {
  const unit = origin === "string" ? " character" : origin === "array" ? " item" : "";
  return `${bound}${unit}${unit === "" || bound === 1 ? "" : "s"}`;
}

function sizeOf(input: unknown): string {
  if (typeof input === "string" || Array.isArray(input)) return String(input.length);
  return shown(input);
}

/** A value as a message tells it: its kind, and itself where it is short. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return `a string ("${quotable(value)}")`;
  if (typeof value !== "number") return kindOf(value);
  return Number.isFinite(value) ? `a number (${value})` : "a number beyond 1.8e308";
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return article(typeof value);
}

function hasFewNodes(value: unknown): boolean {
  const nodes = [value];
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at];
    if (typeof node !== "object" || node === null) continue;
    if (Array.isArray(node) && nodes.length + node.length > MOST_NODES) return false;
    for (const key in node) if (nodes.push((node as JsonObject)[key]) > MOST_NODES) return false;
  }
  return true;
}

/** `["task", "rubric", 0, "spec"]` reads `task.rubric[0].spec`. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const step of path)
    text +=
      typeof step === "number" ? `[${step}]` : `${text === "" ? "" : "."}${quotable(String(step))}`;
  return text;
}
