import { MAX_ERROR_CHARS } from "./limits.ts";
import { clip } from "./text.ts";

/** Thrown where outside data does not fit its schema: `task.spec.answer: expected a string, …`. */
export class SchemaError extends Error {
  override name = "SchemaError";
  constructor(message: string) {
    super(clip(message, MAX_ERROR_CHARS));
  }
}
