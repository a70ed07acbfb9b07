/**
 * Where things stand in JSON text, for what must go on as it was written: a double does not hold
 * every number, and `JSON.parse` tells no more of one than the double. What is not said to take any
 * text takes text that `JSON.parse` has accepted.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;

/** A piece of a text: [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Goes through the members of the object that begins at `at`, and gives where it ends. `visit` is
 * given where the value begins, and the key; it may give where the value ends, if it has gone through
 * it itself. */
export function eachMember(
  text: string,
  at: number,
  visit: (start: number, keyStart: number, keyEnd: number) => number | undefined,
): number {
  let next = skipSpace(text, skipSpace(text, at) + 1);
  while (text.charCodeAt(next) === QUOTE) {
    const keyStart = next;
    const keyEnd = endOfString(text, keyStart);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = visit(start, keyStart, keyEnd) ?? endOfValue(text, start);
    const after = skipSpace(text, end);
    next = text.charCodeAt(after) === COMMA ? skipSpace(text, after + 1) : after;
  }
  return next + 1;
}

/** Goes through the items of the array that begins at `at`, and gives where it ends. */
export function eachItem(
  text: string,
  at: number,
  visit: (start: number) => number | undefined,
): number {
  let next = skipSpace(text, skipSpace(text, at) + 1);
  while (text.charCodeAt(next) !== CLOSE_ARRAY) {
    const after = skipSpace(text, visit(next) ?? endOfValue(text, next));
    next = text.charCodeAt(after) === COMMA ? skipSpace(text, after + 1) : after;
  }
  return next + 1;
}

/** The value that begins at `at`, each of its keys read by itself; and where it ends.
 * Recurses, as nothing else here does. */
export function readByKeys(text: string, at: number): { value: unknown; end: number } {
  const start = skipSpace(text, at);
  const code = text.charCodeAt(start);
  if (code === OPEN_OBJECT) {
    const value = {};
    const end = eachMember(text, start, (from, keyStart, keyEnd) => {
      const key = keyOf(text, keyStart, keyEnd);
      const member = readByKeys(text, from);
      const descriptor = { configurable: true, enumerable: true, writable: true };
      // Defined, since assigning to `__proto__` would set the prototype.
      Object.defineProperty(value, key, { ...descriptor, value: member.value });
      return member.end;
    });
    return { value, end };
  }
  if (code === OPEN_ARRAY) {
    const value: unknown[] = [];
    const end = eachItem(text, start, (from) => {
      const item = readByKeys(text, from);
      value.push(item.value);
      return item.end;
    });
    return { value, end };
  }
  const end = endOfValue(text, start);
  return { value: JSON.parse(text.slice(start, end)), end };
}

/** Where the value of one member of the object at `at` stands. Of several with one key the last
 * counts, as it does for `JSON.parse`. */
export function memberSpan(text: string, at: number, wanted: string): Span | undefined {
  return findMember(text, at, wanted).span;
}

/** The same, and where the object ends. */
export function findMember(
  text: string,
  at: number,
  wanted: string,
): { span: Span | undefined; end: number } {
  let span: Span | undefined;
  const end = eachMember(text, at, (start, keyStart, keyEnd) => {
    if (!isKey(text, keyStart, keyEnd, wanted)) return undefined;
    const end = endOfValue(text, start);
    span = { start, end };
    return end;
  });
  return { span, end };
}

/** The value of the object's last member, if its key is `key` as it is mostly written; undefined
 * does not say that it is not. At the cost of that member alone, however long the object is. */
export function lastMemberSpan(text: string, key: string): Span | undefined {
  const keyStart = text.lastIndexOf(`"${key}"`);
  if (keyStart < 0 || text.charCodeAt(keyStart - 1) === BACKSLASH) return undefined;
  const colon = skipSpace(text, keyStart + key.length + 2);
  if (text.charCodeAt(colon) !== COLON) return undefined;
  const start = skipSpace(text, colon + 1);
  const end = endOfValue(text, start);
  // Only where the brace that closes the text comes next is it the outermost object's member.
  const close = skipSpace(text, end);
  const isLast = text.charCodeAt(close) === CLOSE_OBJECT;
  return isLast && skipSpace(text, close + 1) === text.length ? { start, end } : undefined;
}

/** Where each number of [start, end) stands. */
export function* numberSpans(text: string, { end, start }: Span): Generator<Span> {
  for (let at = start; at < end; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (isNumeral(code) && code !== 0x65) {
      const from = at;
      while (at < end && isNumeral(text.charCodeAt(at))) at++;
      yield { start: from, end: at };
    } else at++;
  }
}

/** The path to what stands at `place` in the value that begins at `at`. */
export function pathTo(text: string, at: number, place: number): PropertyKey[] {
  const path: PropertyKey[] = [];
  let start: number | undefined = at;
  while (start !== undefined) {
    let inner: number | undefined;
    const look = (step: PropertyKey, from: number): number => {
      const end = endOfValue(text, from);
      if (from <= place && place < end) {
        path.push(step);
        inner = from;
      }
      return end;
    };
    const code = text.charCodeAt(start);
    let index = 0;
    if (code === OPEN_OBJECT)
      eachMember(text, start, (from, keyStart, keyEnd) =>
        look(keyOf(text, keyStart, keyEnd), from),
      );
    else if (code === OPEN_ARRAY) eachItem(text, start, (from) => look(index++, from));
    start = inner;
  }
  return path;
}

/** Whether the text of one value nests at most `levels` arrays and objects. `JSON.parse` shows less
 * of it where a key stands twice. */
export function textDepthWithin(text: string, levels: number): boolean {
  // Each level takes two characters.
  if (text.length <= 2 * levels) return true;
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else {
      if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
      else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth--;
      if (depth > levels) return false;
      at++;
    }
  }
  return true;
}

/** Whether any text, JSON or not, has at most so many strings, arrays and objects. */
export function hasFewValues(text: string, most: number): boolean {
  // Each takes two characters, unless it is never closed.
  if (text.length <= most) return true;
  let count = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || code === OPEN_OBJECT || code === OPEN_ARRAY) count++;
    if (count > most) return false;
    const end = code === QUOTE ? endOfString(text, at) : at + 1;
    if (end <= at) return true;
    at = end;
  }
  return true;
}

/** JSON text on one line: line breaks between its tokens become spaces (none can stand within one). */
export function onOneLine(text: string): string {
  return text.includes("\r") || text.includes("\n") ? text.replace(/[\r\n]/g, " ") : text;
}

/** Whether the key at [start, end) is `wanted`, however it is written. */
export function isKey(text: string, start: number, end: number, wanted: string): boolean {
  const length = end - start - 2;
  if (length === wanted.length) return text.startsWith(wanted, start + 1);
  // Escapes make it longer, never shorter.
  return length > wanted.length && keyOf(text, start, end) === wanted;
}

/** The key at [start, end). */
export function keyOf(text: string, start: number, end: number): string {
  const key = text.slice(start + 1, end - 1);
  return key.includes("\\") ? JSON.parse(text.slice(start, end)) : key;
}

/** Where the value ends that begins at `start`. */
export function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  let at = start;
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
    while (at < text.length && !isDelimiter(text.charCodeAt(at))) at++;
    return at;
  }
  let depth = 0;
  do {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else {
      if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
      else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth--;
      at++;
    }
  } while (depth > 0);
  return at;
}

/** A quote ends a string unless an odd number of backslashes precedes it. 0 where none does. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0) {
    let before = quote;
    while (text.charCodeAt(before - 1) === BACKSLASH) before--;
    if (((quote - before) & 1) === 0) break;
    quote = text.indexOf('"', quote + 1);
  }
  return quote + 1;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function isDelimiter(code: number): boolean {
  return code === COMMA || code === CLOSE_OBJECT || code === CLOSE_ARRAY || isSpace(code);
}

/** A digit, a sign, a point or an `e`. */
function isNumeral(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x2b ||
    code === 0x2e ||
    (code | 0x20) === 0x65
  );
}

/** The items of the array under `key` in an object's text, each as it is written, on one line. */
export function itemTexts(text: string, key: string): string[] {
  const items: string[] = [];
  eachItem(text, memberSpan(text, 0, key)?.start ?? 0, (start) => {
    const end = endOfValue(text, start);
    items.push(onOneLine(text.slice(start, end)));
    return end;
  });
  return items;
}
