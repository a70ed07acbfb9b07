import { isDeepStrictEqual } from "node:util";

/** Where the rows of two JSON lines files differ first; undefined: nowhere. The order of keys does
 * not matter. Of integers all digits do, and of what is expected as `{"$digits": "0.10"}`. */
export function firstDifference(found: string, expected: string): string | undefined {
  const foundLines = found.split("\n");
  const expectedLines = expected.split("\n");
  if (foundLines.length !== expectedLines.length)
    return `${foundLines.length - 1} rows, and not ${expectedLines.length - 1}`;
  for (const [index, line] of expectedLines.entries()) {
    const other = foundLines[index] as string;
    if (line !== "" && !isSame(parse(other), parse(line)))
      return `row ${index}:\n  found    ${other}\n  expected ${line}`;
  }
  return undefined;
}

/** A number, as it is written. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function parse(line: string): unknown {
  const revive = (_: string, value: unknown, context: { source: string }) =>
    typeof value === "number" ? new Digits(context.source) : value;
  return JSON.parse(line, revive as Parameters<typeof JSON.parse>[1]);
}

function isSame(found: unknown, expected: unknown): boolean {
  if (found instanceof Digits) {
    if (expected instanceof Digits)
      return /^-?\d+$/.test(found.text + expected.text)
        ? found.text === expected.text
        : Number(found.text) === Number(expected.text);
    return isDeepStrictEqual(expected, { $digits: found.text });
  }
  if (typeof found !== "object" || found === null || typeof expected !== "object" || !expected)
    return found === expected;
  const keys = Object.keys(found);
  return (
    Array.isArray(found) === Array.isArray(expected) &&
    keys.length === Object.keys(expected).length &&
    keys.every((key) =>
      isSame((found as Record<string, unknown>)[key], (expected as Record<string, unknown>)[key]),
    )
  );
}
