import {
  eachItem,
  eachMember,
  endOfValue,
  findMember,
  formatPath,
  type GroupLine,
  isKey,
  type JsonObject,
  keyOf,
  type Line,
  lastMemberSpan,
  MAX_JSON_DEPTH,
  MAX_REPEATED_CHARS,
  memberSpan,
  numberSpans,
  onOneLine,
  pathTo,
  quotable,
  SchemaError,
  type Span,
  textDepthWithin,
} from "@assay/schema";

/**
 * What a line's text says that its parsed value does not: `1.0` and `1`, `1e400`, or an integer of
 * twenty digits are other numbers as doubles, or other types to a reader in Python.
 */

/** The metadata of each record of a line, as JSON text: character by character what the line has.
 * Undefined where a record has none. Throws `SchemaError` where it would be too much. */
export function metadataTexts(text: string, value: unknown, line: Line): (string | undefined)[] {
  if ("rollouts" in line) return groupTexts(text, line);
  if (line.metadata === undefined) return [undefined];
  // Where metadata is written last, as it is mostly, the rest of the line need not be gone through.
  const isLast = Object.keys(value as object).at(-1) === "metadata";
  const span =
    (isLast ? lastMemberSpan(text, "metadata") : undefined) ?? memberSpan(text, 0, "metadata");
  return [piece(text, span)];
}

function groupTexts(text: string, { metadata, rollouts }: GroupLine): (string | undefined)[] {
  if (metadata === undefined && rollouts.every((one) => one.metadata === undefined))
    return rollouts.map(() => undefined);
  let sharedSpan: Span | undefined;
  let ownSpans: (Span | undefined)[] = [];
  // In one pass, since all the responses lie on the way. Of several with one key the last counts.
  eachMember(text, 0, (start, keyStart, keyEnd) => {
    if (isKey(text, keyStart, keyEnd, "metadata"))
      sharedSpan = { start, end: endOfValue(text, start) };
    if (!isKey(text, keyStart, keyEnd, "rollouts")) return undefined;
    ownSpans = [];
    return eachItem(text, start, (item) => {
      const { end, span } = findMember(text, item, "metadata");
      ownSpans.push(span);
      return end;
    });
  });
  const shared = piece(text, sharedSpan);
  if (shared !== undefined) checkRepeated(shared, rollouts.length);
  return ownSpans.map((span) => {
    const own = piece(text, span);
    return own === undefined || shared === undefined ? (own ?? shared) : merged(shared, own);
  });
}

/** A value of the line, on one line, and no deeper than a record's reader may be asked to go: of a key
 * that stands twice in it, the schema has seen the last one only. */
function piece(text: string, span: Span | undefined): string | undefined {
  if (span === undefined) return undefined;
  const found = onOneLine(text.slice(span.start, span.end));
  if (!textDepthWithin(found, MAX_JSON_DEPTH))
    throw new SchemaError(`metadata: nested deeper than ${MAX_JSON_DEPTH} levels`);
  return found;
}

function checkRepeated(shared: string, rollouts: number): void {
  const chars = shared.length * (rollouts - 1);
  if (chars > MAX_REPEATED_CHARS)
    throw new SchemaError(
      `metadata: expected at most ${MAX_REPEATED_CHARS} characters more in the records than on the line, got ${chars} (each of the ${rollouts} rollouts' records repeats its ${shared.length})`,
    );
}

/** A group's metadata and a rollout's over it, as `{...shared, ...own}` has it. */
function merged(shared: string, own: string): string {
  const members = new Map<string, string>();
  for (const text of [shared, own])
    eachMember(text, 0, (start, keyStart, keyEnd) => {
      const end = endOfValue(text, start);
      members.set(keyOf(text, keyStart, keyEnd), text.slice(keyStart, end));
      return end;
    });
  return `{${[...members.values()].join(",")}}`;
}

/** Throws `SchemaError` where a spec holds an integer that a double does not: the verifier would be
 * handed its neighbour, and take a wrong answer for the right one. Fractions are rounded as every
 * reader of JSON rounds them. */
export function checkIntegers(text: string, line: Line): void {
  if (!holdsHuge(line.task)) return;
  const task = memberSpan(text, 0, "task");
  // A task that the command line gave has no text here.
  if (task === undefined) return;
  for (const span of numberSpans(text, task)) {
    const written = text.slice(span.start, span.end);
    if (isExact(written)) continue;
    const path = formatPath(["task", ...pathTo(text, task.start, span.start)]);
    throw new SchemaError(
      `${path}: expected a number that a double holds, got ${quotable(written)} (write it as a string)`,
    );
  }
}

function isExact(written: string): boolean {
  const value = Number(written);
  if (!Number.isFinite(value)) return false;
  return /[.eE]/.test(written) || Number.isSafeInteger(value) || BigInt(written) === BigInt(value);
}

/** Whether there is any number in it so large that doubles leave out integers. */
function holdsHuge(value: unknown): boolean {
  if (typeof value === "number") return Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsHuge);
  // The fastest way through an object, and every line's task is gone through.
  for (const key in value) if (holdsHuge((value as JsonObject)[key])) return true;
  return false;
}
