import { GREEK, isFunctionWord } from "./names.ts";

/** From so many letters on a run with a vowel is a word; shorter runs are variables side by side. */
const MIN_WORD = 4;

/** Letters that are units by themselves. */
export const UNIT_LETTERS = /^[mgshlLJNWVAKCF]$/;

/** Constants that are set upright: `3 + 4\mathrm{i}`. */
export const UPRIGHT_CONSTANT = /^\s*[ie]\s*$/;

/** The longest word that is a unit though no space stands before it. */
const MAX_GLUED = 10;

/** Words of three letters and fewer that are units behind a number; others are variables (`2xy`). */
export const SHORT_UNITS: ReadonlySet<string> = new Set(
  (
    "cm mm km nm dm kg mg lb lbs oz ft in yd mi ml cc hr hrs min sec ms am pm st nd rd th mph kph " +
    "rpm kwh kw hz kb mb gb tb usd eur gbp deg rad yr yrs wk mo day per cup tsp ton sq mol pa of " +
    "the for egg hen cow pig dog cat bag box car bus pie toy pen hat kid boy man men way jar"
  ).split(" "),
);

/** Words of a sentence: whatever has one of them is prose. */
const SENTENCE_WORDS: ReadonlySet<string> = new Set(
  (
    "are was were been has have had that this these those there its they she you which who because " +
    "since therefore thus hence then answer"
  ).split(" "),
);

/** The same where no formula is meant: letters set as text. */
const SHORT_SENTENCE_WORDS: ReadonlySet<string> = new Set("is be it as so we he by an".split(" "));

/** Words that make a value more than a value. */
const NO_UNITS: ReadonlySet<string> = new Set(
  (
    "or and plus minus mod over choose to if when where for with not squared cubed except at most " +
    "least tenths halves thirds quarters hundredths factorial wrong incorrect below above " +
    "other than less more greater between unless otherwise either neither but " +
    "dozen hundred thousand million billion trillion possibly maybe perhaps"
  ).split(" "),
);

const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ["pi", "pi"],
  ["Pi", "pi"],
  ["PI", "pi"],
  ["infinity", "inf"],
  ["Infinity", "inf"],
  ["infty", "inf"],
  ["oo", "inf"],
  ["inf", "inf"],
]);

const FUNCTION_AT = /^(?:arc(?:sin|cos|tan|cot)|a?(?:sin|cos|tan)h?|cot|sec|csc|sqrt|exp|log|ln)/;
/** What may be glued to a function's name: `sinx` and no `cost`. */
const ARGUMENT_LETTERS = /^[xyzab]{1,2}$/;
const FUNCTION_END = /(?:sin|cos|tan|sqrt|log|ln|pi)$/;
const WORDS_AND = /^(?:[\s,;]|\\[,;]|\\?quad)*(?:and|&)\s*$/i;
const WORDS_OR = /^\s*(?:[,;]\s*)?or\s*$/i;

/** Whether a text stands between two answers: "and", "or", or a lone comma. */
export function separatorOf(text: string): string | undefined {
  if (text === "") return undefined;
  if (WORDS_OR.test(text)) return "or";
  if (WORDS_AND.test(text)) return "and";
  return /^\s*[,;]\s*$/.test(text) ? "," : undefined;
}

/** Whether a run of letters belongs to a sentence and to no answer. */
export function isSentenceWord(text: string): boolean {
  // `an` and `Be^{-x}` are products too: a sentence has longer words beside them.
  return text.length > 2 && SENTENCE_WORDS.has(text.toLowerCase());
}

export interface Split {
  readonly kind: "function" | "constant" | "word" | "variables";
  readonly name: string;
  /** How many letters of the run it takes. */
  readonly length: number;
}

/** What a run of letters begins with. */
export function splitLetters(text: string): Split {
  const { length } = text;
  const constant = CONSTANTS.get(text) ?? (GREEK.has(text) && length > 2 ? text : undefined);
  if (constant !== undefined) return { kind: "constant", name: constant, length };
  if (isFunctionWord(text)) return { kind: "function", name: text, length };
  if (length < 3) return { kind: "variables", name: text, length };
  const head = FUNCTION_AT.exec(text)?.[0];
  if (head !== undefined && ARGUMENT_LETTERS.test(text.slice(head.length)))
    return { kind: "function", name: head, length: head.length };
  if (text.startsWith("pi") && length <= 3) return { kind: "constant", name: "pi", length: 2 };
  const isWord =
    length >= MIN_WORD &&
    /[aeiouAEIOU]/.test(text) &&
    /[a-z]/.test(text) &&
    !FUNCTION_END.test(text) &&
    !isAlphabetic(text);
  return { kind: isWord ? "word" : "variables", name: text, length };
}

/** Whether a run of letters behind a value is a unit. `loose`: a space stands before it.
 * `following`: another unit does. */
export function isUnitWord(text: string, loose: boolean, following: boolean): boolean {
  const lower = text.toLowerCase();
  if (isSentenceWord(text)) return false;
  if (NO_UNITS.has(lower) && !(following && /^(?:for|of|per)$/.test(lower))) return false;
  if (/^(?:percent|percentage|pct)$/.test(lower)) return false;
  if (SHORT_UNITS.has(lower)) return true;
  if (following) return text.length > 1 || UNIT_LETTERS.test(text);
  const { kind } = splitLetters(text);
  return kind === "word" && (loose || text.length <= MAX_GLUED);
}

/** `5k` and `5M` are more than five. */
const THOUSANDS = /^\s*[kMB]\s*$/;
const UNIT_POWER = /\^ ?\{? ?-?[1-4] ?\}?/g;

/** Whether a text behind a value may be its unit: words, of which none says that there is more. */
export function isUnitText(text: string): boolean {
  if (/\d/.test(text.replace(UNIT_POWER, "")) || THOUSANDS.test(text)) return false;
  return !text
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => NO_UNITS.has(word) || SHORT_SENTENCE_WORDS.has(word) || isSentenceWord(word));
}

/** Whether a run of letters is a word of the language that means nothing to mathematics. */
export function isOrdinary(text: string): boolean {
  if (!/^[A-Za-z]{2,}(?:['’][a-z]{1,2})?[,.:;]?$/.test(text) || separatorOf(text) !== undefined)
    return false;
  const { kind } = splitLetters(text.replace(/['’,.:;].*$/, ""));
  return kind === "word" || kind === "variables";
}

/** Whether a run of letters is a word and no product of variables. */
export function isWord(text: string): boolean {
  return splitLetters(text).kind === "word";
}

/** `abcd`, `wxyz`: neighbours in the alphabet are variables. */
function isAlphabetic(text: string): boolean {
  for (let i = 1; i < text.length; i++)
    if (text.charCodeAt(i) !== text.charCodeAt(i - 1) + 1) return false;
  return true;
}
