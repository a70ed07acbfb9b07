import { some } from "./kernel/facts.ts";
import { MAX_ANSWER_LENGTH, Unreadable } from "./parse/lex.ts";
import { parse } from "./parse/parser.ts";
import { isOrdinary, isWord } from "./parse/words.ts";
import { spokenValue } from "./spoken.ts";
import { call, type Node, num } from "./tree.ts";
import { trimmed } from "./trim.ts";

/** One answer as it was understood: as mathematics, as words, or as both where letters may be
 * either (`\text{E}`, `odd`). At least one of the two is there. */
export interface Answer {
  readonly node?: Node;
  /** Its letters and digits alone, lower-cased, where it consists of words. */
  readonly words?: string;
  /** The letter of an option: `b` of `(B)`, `B.` and `(B) Alina`. */
  readonly option?: string;
  /** The unit behind the value, as it was written; "" where there is none. */
  readonly unit: string;
  /** It is the last line of the working, which nobody said to be the answer: of an equation the
   * right side may be it, whatever stands on the left. */
  readonly working?: boolean;
}

const INTEGER = /^\$?(-?\d{1,15})\$?$/;
const TEXT_COMMAND =
  /\\(?:text(?:bf|it|rm|sf|tt|normal|up|md)?|mbox|hbox|mathrm|operatorname|mathbf) ?\{([^{}]*)\}/g;
const DELIMITERS =
  /\$|\\[()[\]]|\\(?:boxed|fbox|left|right|displaystyle)(?![A-Za-z])|\\[,;:! ]|\\q?quad(?![A-Za-z])/g;
const WORDS_ONLY = /^[\p{L}\p{M}\d\s.,;:!?'’"()[\]{}/&-]*$/u;
/** Letters, digits behind them, and no mark but a full stop or brackets around an option. */
const LETTERS_ONLY = /^(?:\([A-Za-z]\)|[A-Za-z][).:]|[\p{L}\p{M}][\p{L}\p{M}\d\s]*)\.?$/u;
const OPTION = /^\(?([A-Za-z])(?:\)|\.|:|$|\) | (?=[A-Z][a-z]))/;

/** `(B) 12` and `B. 12`: an option with what it says. */
const OPTION_AND_VALUE = /^\(?([A-J])(?:\)|[.:] )\s*(?=\S)/;
/** The first word that is a verdict: `Yes, since …`. */
const VERDICT = /^(yes|no|true|false)(?:[,.;:]|$)/i;

/** Reads an answer, in LaTeX with or without delimiters or in plain text. @throws Unreadable */
export function readAnswer(source: string): Answer {
  if (source.length > MAX_ANSWER_LENGTH) throw new Unreadable("over_limit", "too long");
  // Most answers are this, and need none of what follows.
  const integer = INTEGER.exec(source)?.[1];
  if (integer !== undefined) return { node: num(+integer), unit: "" };
  const text = trimmed(source);
  if (text === "") throw new Unreadable("unparsable", "empty");
  const plain = text.replace(TEXT_COMMAND, "$1").replace(DELIMITERS, " ").trim();
  const words = isWords(plain) ? wordsOf(plain) : undefined;
  const option = (OPTION_AND_VALUE.exec(plain) ??
    (words && OPTION.exec(plain)))?.[1]?.toLowerCase();
  const known = words === undefined ? undefined : spokenValue(plain);
  if (known !== undefined) return { node: known, words: words as string, unit: "" };
  const extra = {
    ...(words === undefined ? {} : { words }),
    ...optionOf(option),
  };
  try {
    if (isProse(text.replace(TEXT_COMMAND, "+"))) throw new Unreadable("unparsable", "prose");
    const { node, unit } = parse(
      OPTION_AND_VALUE.test(plain) ? plain.replace(OPTION_AND_VALUE, "") : text,
    );
    // `no solution` is no product with a unit behind it.
    if (words !== undefined && isSpoken(plain, unit, node)) return { ...extra, unit: "" };
    // `- \arctan b` is no `\arctan b`, though their letters are the same.
    if (!isTextNode(node) && some(node, isOperation)) return { node, unit, ...optionOf(option) };
    return {
      ...extra,
      node: isTextNode(node) ? { type: "words", text: words ?? node.name.slice(5) } : node,
      unit,
    };
  } catch (error) {
    if (words === undefined || !(error instanceof Unreadable)) throw error;
    if (!/\p{L}{2}/u.test(plain) && option === undefined) throw error;
    return { ...extra, unit: "" };
  }
}

const optionOf = (option: string | undefined) => (option === undefined ? {} : { option });

/** Whether it is more than letters side by side. */
function isOperation(node: Node): boolean {
  return (
    node.type !== "num" && node.type !== "sym" && !(node.type === "call" && node.name === "mul")
  );
}

/** The same answer with a percent sign behind it. */
export function asPercent(answer: Answer): Answer {
  const { node } = answer;
  if (node === undefined || (node.type === "call" && node.name === "percent")) return answer;
  return { ...answer, node: call("percent", node) };
}

/** Whether two words stand side by side before any number or operator: `the area is 5`. */
function isProse(plain: string): boolean {
  const [head = ""] = plain.split(/[\d\\=+*/^<>(]/, 1);
  const words = head.split(/\s+/).map((word) => (isOrdinary(word) ? word : ""));
  return words.some((word, i) => word !== "" && (words[i + 1] ?? "") !== "");
}

/** Whether a text is words: letters alone, or with marks among them one word that is no formula. */
function isWords(plain: string): boolean {
  if (!WORDS_ONLY.test(plain) || !/\p{L}/u.test(plain)) return false;
  return (
    LETTERS_ONLY.test(plain) ||
    /(?=\p{L}*[aeiouy])\p{Ll}{3,}|[^ -~]{2}|^(?:yes|no|true|false)\b/iu.test(
      plain.replace(/[A-Z]{2,}/g, ""),
    )
  );
}

/** The letters of an answer in words: without article, plural, or what adds nothing. */
function wordsOf(plain: string): string {
  const verdict = VERDICT.exec(plain)?.[1];
  const text = (verdict ?? plain).toLowerCase().replace(/^(?:an?|the) (?=\p{L}{2})/u, "");
  return text
    .replace(/[^\p{L}\p{M}\d]/gu, "")
    .replace(/solutions$/, "solution")
    .replace(/^infinitelymanysolution$/, "infinitelymany");
}

/** Whether the text is prose rather than a value with a unit: it begins with a word. */
function isSpoken(plain: string, unit: string, node: Node): boolean {
  if (/^[\s()[\]{}+]*[-\d]/.test(plain)) return false;
  const first = /\p{L}+/u.exec(plain)?.[0] ?? "";
  if (unit !== "") return first.length > 1 && isOrdinary(first);
  return isWord(first) && !/^(?:infinity)$/i.test(first) && !(node.type === "relation");
}

function isTextNode(node: Node): node is Node & { type: "sym"; name: string } {
  return node.type === "sym" && node.name.startsWith("text:");
}
