/** Python's `string.punctuation`: the 32 ASCII marks and no other. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Python's `\b(a|an|the)\b` on str: its word characters are Unicode letters, numbers and `_`, and
 * neither marks nor JavaScript's ASCII only. */
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
/** What Python's `str.split()` splits on: unlike JavaScript's `\s` it holds U+001C to U+001F and
 * U+0085, and not U+FEFF. */
const WHITE_SPACE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts them as white space
  /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/**
 * The words of SQuAD v1.1's normal form: lower case, ASCII punctuation deleted, articles taken out.
 * Joined by spaces they are its `normalize_answer`. Case is mapped by the engine's Unicode version,
 * which differs from a given Python's only in letters added since.
 */
export function normalWords(text: string): string[] {
  return text
    .toLowerCase()
    .replace(PUNCTUATION, "")
    .replace(ARTICLES, " ")
    .split(WHITE_SPACE)
    .filter((word) => word !== "");
}
