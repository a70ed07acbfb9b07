import * as z from "zod";
import { quotable } from "./text.ts";

/** Names that other tools give to what a line calls otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  completion: "response",
  generation: "response",
  output: "response",
  text: "response",
  completions: "rollouts",
  generations: "rollouts",
  responses: "rollouts",
  samples: "rollouts",
  chat: "messages",
  conversation: "messages",
  conversations: "messages",
  extra_info: "metadata",
  info: "metadata",
  group_id: "group",
  uid: "id",
  global_step: "policy_step",
  step: "policy_step",
};
/** Labels, which have no place of their own: they are the verifier's to read. */
const LABELS = /^(answer|answers|ground_truth|gold|label|reference|reward_model|solution|target)$/;
/** Two words this near are one, mistyped: a letter more, less, other or swapped with its neighbour. */
const NEAR = 2;
/** No known key is longer; comparing is quadratic. */
const LONGEST_KEY = 32;

type Shaped = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/** What to say of a key that no schema knows, where `known` may stand. */
export function hintForKey(key: string, known: readonly string[]): string {
  const other = Object.hasOwn(OTHER_NAMES, key) ? OTHER_NAMES[key] : undefined;
  const meant = other !== undefined && known.includes(other) ? other : nearest(key, known);
  if (meant === key) return "does not go with the keys beside it";
  if (meant !== undefined) return `unknown key, did you mean "${meant}"?`;
  if (known.includes("task") && LABELS.test(key))
    return 'unknown key (what the verifier compares with goes under "task", in "spec")';
  if (known.includes("metadata")) return 'unknown key (data of your own goes under "metadata")';
  return `unknown key, expected ${known.map((one) => quotable(one)).join(", ")}`;
}

function nearest(key: string, known: readonly string[]): string | undefined {
  if (key.length > LONGEST_KEY) return undefined;
  const most = Math.min(NEAR, Math.floor(key.length / 3));
  let best: string | undefined;
  let least = most + 1;
  for (const one of known) {
    const distance = editDistance(key.toLowerCase(), one);
    if (distance < least) [best, least] = [one, distance];
  }
  return best;
}

/** Damerau's distance, of neighbours swapped at most once. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The keys that a schema knows at `path`, whichever branch of its unions is taken. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  return [...new Set(schemasAt(schema, path).flatMap(keysOf))];
}

/** For each branch of the union at `path`, how many of an object's keys it knows. */
export function fitsAt(schema: z.ZodType, path: readonly PropertyKey[], input: object): number[] {
  const union = schemasAt(schema, path).find((one) => one instanceof z.ZodUnion);
  const branches = (union?.options ?? []) as z.ZodType[];
  return branches.map((one) => keysOf(one).filter((key) => Object.hasOwn(input, key)).length);
}

function keysOf(schema: z.ZodType): string[] {
  return objectsOf(schema).flatMap(({ shape }) => Object.keys(shape));
}

/** What may stand at `path`, its unions whole. */
function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  let found = [unwrapped(schema)];
  for (const step of path)
    found = found.flatMap(optionsOf).flatMap((one) => {
      if (one instanceof z.ZodArray) return [unwrapped(one.element as z.ZodType)];
      const child = one instanceof z.ZodObject ? (one as Shaped).shape[String(step)] : undefined;
      return child === undefined ? [] : [unwrapped(child)];
    });
  return found;
}

function objectsOf(schema: z.ZodType): Shaped[] {
  return optionsOf(schema).filter((one): one is Shaped => one instanceof z.ZodObject);
}

function optionsOf(schema: z.ZodType): z.ZodType[] {
  const bare = unwrapped(schema);
  return bare instanceof z.ZodUnion ? (bare.options as z.ZodType[]).flatMap(optionsOf) : [bare];
}

/** A schema without what says only that it may be missing. */
function unwrapped(schema: z.ZodType): z.ZodType {
  const wraps =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault;
  return wraps ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}
