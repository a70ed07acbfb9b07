import { z } from "zod";
import { MAX_JSON_DEPTH } from "./limits.ts";

/** A JSON object of people's own making: any keys, bounded depth. */
export const JsonObject = z
  .record(z.string(), z.unknown())
  .refine((value) => jsonDepthWithin(value, MAX_JSON_DEPTH), {
    error: `nested deeper than ${MAX_JSON_DEPTH} levels`,
  })
  .meta({ description: `any JSON object, at most ${MAX_JSON_DEPTH} levels deep` });
export type JsonObject = z.infer<typeof JsonObject>;

/** True if `value` nests at most `levels` arrays and objects. Walks without recursion. */
export function jsonDepthWithin(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels; depth++) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      for (const child of Array.isArray(item) ? item : Object.values(item))
        if (typeof child === "object" && child !== null) next.push(child);
    }
    if (next.length === 0) return true;
    level = next;
  }
  return false;
}
