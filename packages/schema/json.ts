import * as z from "zod";
import { MAX_JSON_DEPTH, MAX_KEYS, MAX_LINE_DEPTH } from "./limits.ts";

export type JsonObject = Record<string, unknown>;

/** A JSON object of people's own making: any keys, bounded depth. */
export const JsonObject = anyObject(MAX_JSON_DEPTH);

/** A line that has not been looked at yet: an object of which only the depth is known. */
export const UnreadLine = anyObject(MAX_LINE_DEPTH);

/** The object itself and no copy: zod's `record` makes one, which lacks a key named `__proto__`. */
function anyObject(levels: number): z.ZodType<JsonObject> {
  const schema = z.unknown().superRefine((input, context) => {
    if (typeof input !== "object" || input === null || Array.isArray(input))
      context.addIssue({ code: "invalid_type", expected: "object", input });
    else if (!jsonDepthWithin(input, levels))
      context.addIssue({ code: "custom", message: `nested deeper than ${levels} levels` });
  });
  return schema.meta({
    type: "object",
    description: `any JSON object, at most ${levels} levels deep`,
  }) as unknown as z.ZodType<JsonObject>;
}

/** True if `value` nests at most `levels` arrays and objects. Recurses no deeper than that. */
export function jsonDepthWithin(value: unknown, levels: number): boolean {
  if (!isNested(value)) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!jsonDepthWithin(item, levels - 1)) return false;
  } else {
    for (const key in value)
      if (!jsonDepthWithin((value as JsonObject)[key], levels - 1)) return false;
  }
  return true;
}

/** The first key of an object in `value` that has more than `MAX_KEYS`, if there is one. */
export function wideFrom(value: unknown): string | undefined {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const item = open.pop();
    if (!isNested(item)) continue;
    let keys = 0;
    let first = "";
    eachChild(item, (child, key) => {
      if (key !== undefined && keys++ === 0) first = key;
      if (isNested(child)) open.push(child);
    });
    if (keys > MAX_KEYS) return first;
  }
  return undefined;
}

/** Whether any key in `value` has a backslash. */
export function hasBackslashKey(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const item = open.pop();
    if (!isNested(item)) continue;
    let found = false;
    eachChild(item, (child, key) => {
      found ||= key?.includes("\\") === true;
      if (isNested(child)) open.push(child);
    });
    if (found) return true;
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** An array's items, or an object's values with their keys: by the way that is the quickest by far
 * where an object has very many. */
function eachChild(item: object, visit: (child: unknown, key?: string) => void): void {
  if (Array.isArray(item)) for (const child of item) visit(child);
  else for (const key in item) visit((item as JsonObject)[key], key);
}
