/** Part of a text: `end` is past its last character. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Box extends Span {
  /** Where the command itself begins. */
  readonly at: number;
  /** False where the response breaks off inside the box. */
  readonly closed: boolean;
}

/** What the last `\boxed` or `\fbox` that begins in [from, before) holds; braces are balanced. */
export function lastBox(text: string, from: number, before = text.length): Box | undefined {
  if (before <= from) return undefined;
  const last = before - 1;
  const at = Math.max(text.lastIndexOf("\\boxed", last), text.lastIndexOf("\\fbox", last));
  if (at < from) return undefined;
  let start = at + (text.startsWith("\\boxed", at) ? 6 : 5);
  while (text[start] === " ") start++;
  if (text[start] !== "{") {
    // `\boxed 42`: TeX would box one token, its writer means them all.
    let end = start;
    while (end < text.length && !/[\s$\\]/.test(text.charAt(end))) end++;
    return { at, start, end, closed: true };
  }
  start++;
  let depth = 1;
  for (let end = start; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 92) end++;
    else if (code === 123) depth++;
    else if (code === 125 && --depth === 0) return { at, start, end, closed: true };
  }
  return { at, start, end: text.length, closed: false };
}
