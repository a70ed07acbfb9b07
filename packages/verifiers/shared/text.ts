/** The longest answer that a verdict repeats: it says what was read, it is no archive. */
export const MAX_ANSWER_CHARS = 200;

/** `text` cut to what a verdict may repeat, never through a surrogate pair. */
export function clip(text: string): string {
  if (text.length <= MAX_ANSWER_CHARS) return text;
  const last = text.charCodeAt(MAX_ANSWER_CHARS - 1);
  const end = last >= 0xd800 && last < 0xdc00 ? MAX_ANSWER_CHARS - 1 : MAX_ANSWER_CHARS;
  return text.slice(0, end);
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** ASCII white space and the no-break space, which models put where a space belongs. */
export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
}

/** Where the line that holds `at` ends, at most at `end`. */
export function lineEnd(text: string, at: number, end: number): number {
  const newline = text.indexOf("\n", at);
  return newline < 0 || newline > end ? end : newline;
}

/** Where the match of a sticky pattern at `at` ends; -1 where it does not match. */
export function matchEnd(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : -1;
}

/** Whether [start, end) holds white space only. */
export function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isSpace(text.charCodeAt(at))) return false;
  return true;
}
