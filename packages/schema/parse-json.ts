import { hasBackslashKey, wideFrom } from "./json.ts";
import { explainJson } from "./json-fault.ts";
import { hasFewValues, readByKeys, textDepthWithin } from "./json-text.ts";
import { MAX_KEYS, MAX_LINE_DEPTH, MAX_VALUES } from "./limits.ts";
import { SchemaError } from "./schema-error.ts";
import { quotable } from "./text.ts";

/** The shortest member of an object: `"":0,`. */
const LEAST_MEMBER_CHARS = 5;

/** Reads JSON of strangers, or throws a `SchemaError` that names the column and what stands there. */
export function parseJson(text: string): unknown {
  // Before it is parsed, which takes the memory.
  if (!hasFewValues(text, MAX_VALUES))
    throw new SchemaError(
      `expected at most ${MAX_VALUES} strings, arrays and objects on a line, got more`,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SchemaError(`not JSON: ${explainJson(text)}`);
  }
  // In a text that is shorter no object can have so many.
  const first = text.length > LEAST_MEMBER_CHARS * MAX_KEYS ? wideFrom(value) : undefined;
  if (first !== undefined)
    throw new SchemaError(
      `expected at most ${MAX_KEYS} keys in an object, got more in the one that begins with "${quotable(first)}"`,
    );
  if (!mayBeMistaken(text, value)) return value;
  // Asked of the text: of a key that stands twice the value has the last one only.
  if (!textDepthWithin(text, MAX_LINE_DEPTH))
    throw new SchemaError(`nested deeper than ${MAX_LINE_DEPTH} levels`);
  return readByKeys(text, 0).value;
}

/** A known defect of V8's `JSON.parse`, from 12.8 on: it mistakes a key with an escape for one that it
 * has seen after the same keys before, if that one's characters stand in the text, backslash and
 * all. After `{"a":1,"\\u":2}` it reads `{"a":1,"\u6e29\u5ea6":2}` as the former. What a line means
 * must not depend on the lines before it. Whatever is so mistaken has a key with a backslash. */
function mayBeMistaken(text: string, value: unknown): boolean {
  return text.includes("\\") && hasBackslashKey(value);
}
