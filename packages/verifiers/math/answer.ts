import { matchEnd } from "../shared/text.ts";
import { some } from "./kernel/facts.ts";
import { MAX_ANSWER_LENGTH, Unreadable } from "./parse/lex.ts";
import { parse } from "./parse/parser.ts";
import { isOrdinary, isWord } from "./parse/words.ts";
import { spokenValue } from "./spoken.ts";
import { call, type Node, num } from "./tree.ts";

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
const EDGE = /[\s*_`"]|\\[,;:! ]|\\q?quad(?![A-Za-z])/y;
/** How much of the end is looked at for marks: an answer ends in few. */
const END_WINDOW = 16;
const END_MARK = /(?:[\s*`",;:]|(?<!\.)\.|\\\\|\\[,;:! ]|\\q?quad)$/;
/** What the few-shot prompt of Minerva has every answer end in. */
const HOPE = /(?:\.\$?|\$)\s*I\s*hope\s*it\s*is\s*correct[\s\S]*$/;
const TEXT_COMMAND =
  /\\(?:text(?:bf|it|rm|sf|tt|normal|up|md)?|mbox|hbox|mathrm|operatorname|mathbf) ?\{([^{}]*)\}/g;
const DELIMITERS =
  /\$|\\[()[\]]|\\(?:boxed|fbox|left|right|displaystyle)(?![A-Za-z])|\\[,;:! ]|\\q?quad(?![A-Za-z])/g;
const WORDS_ONLY = /^[\p{L}\p{M}\d\s.,;:!?'’"()[\]{}/&-]*$/u;
/** Letters, digits behind them, and no mark but a full stop or brackets around an option. */
const LETTERS_ONLY = /^(?:\([A-Za-z]\)|[A-Za-z][).:]|[\p{L}\p{M}][\p{L}\p{M}\d\s]*)\.?$/u;
const OPTION = /^\(?([A-Za-z])(?:\)|\.|:|$|\) | (?=[A-Z][a-z]))/;

/** `The answer is 5`, `Option B`: what is said before an answer in its own box or line. */
const SAID_BEFORE =
  /^(?:\\text *\{ *)?(?:(?:the +)?(?:final +|correct +)?(?:answer|option|choice)(?: +is)? *:? +|(?:the +)?(?:final +)?answer *: *|(?:USD|EUR|GBP|Rs\.?|about|approximately|roughly|nearly|exactly) *(?=[}\d$]))\}? */i;
/** `… for all x`: where it holds, and no part of it. */
const SAID_AFTER =
  /[,\s]*(?:\\q?quad\s*)?(?:\\(?:text|mbox) ?\{[ ,(]*)?\bfor (?:all|any|every|each|some)\b[^=<>]{0,60}$|[,\s]*(?:\\q?quad\s*)?\\forall[^=<>]{0,60}$/i;
const QUOTED = /^"([^"]*)"\s*\}?$/;
/** The stars of markdown around a word, and not the power of Python. */
const EMPHASIS = /(^|[\s(])\*\*([^*\n]+)\*\*(?=$|[\s.,;:)])/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&le;": "≤",
  "&ge;": "≥",
  "&nbsp;": " ",
  "&minus;": "-",
  "&times;": "×",
  "&amp;": "&",
};
const TIME_OF_DAY = /(\d) *(?:\\[,;: ] *)*(?:\\text *\{ *)?([ap])\.? ?m\.?\}?$/i;
/** The whole in one `\text{…}`. */
const ALL_TEXT = /^\\(?:text|mbox|textbf|mathrm) ?\{([^{}]*)\}$/;
/** `(B) 12` and `B. 12`: an option with what it says. */
const OPTION_AND_VALUE = /^\(?([A-J])(?:\)|[.:] )\s*(?=\S)/;
/** The first word that is a verdict: `Yes, since …`. */
const VERDICT = /^(yes|no|true|false)(?:[,.;:]|$)/i;

/** Reads an answer, in LaTeX with or without delimiters or in plain text. `percentBehind` where a
 * percent sign follows it outside. @throws Unreadable */
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

/** The answer without the marks around it: spaces, emphasis, delimiters, a full stop. */
function trimmed(source: string): string {
  const hope = source.indexOf("ope");
  let text = hope < 0 ? source : source.replace(HOPE, "");
  for (let before = ""; before !== text; ) {
    before = text;
    let start = 0;
    for (let end = matchEnd(EDGE, text, 0); end > start; end = matchEnd(EDGE, text, start))
      start = end;
    let end = text.length;
    for (;;) {
      const mark = END_MARK.exec(text.slice(Math.max(start, end - END_WINDOW), end));
      if (mark === null) break;
      end -= mark[0].length;
    }
    text = undelimited(text.slice(start, end))
      .replace(ALL_TEXT, "$1")
      .replace(SAID_BEFORE, "")
      .replace(SAID_AFTER, "")
      .replace(QUOTED, "$1");
  }
  return text
    .replace(EMPHASIS, "$1$2")
    .replace(/&(?:lt|gt|le|ge|nbsp|minus|times|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(TIME_OF_DAY, "$1 $2m");
}

/** Without dollars or `\( \)` around the whole. */
function undelimited(text: string): string {
  const wide = text.startsWith("$$") ? 2 : text.startsWith("$") ? 1 : 0;
  const mark = "$".repeat(wide);
  if (wide > 0 && text.length >= 2 * wide && text.endsWith(mark)) return text.slice(wide, -wide);
  const escaped = /^\\[([]/.test(text) && /\\[)\]]$/.test(text) && text.length >= 4;
  return escaped ? text.slice(2, -2) : text;
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
  if (/^[\s(]*[-\d]/.test(plain)) return false;
  const first = /\p{L}+/u.exec(plain)?.[0] ?? "";
  if (unit !== "") return first.length > 1 && isOrdinary(first);
  return isWord(first) && !/^(?:infinity)$/i.test(first) && !(node.type === "relation");
}

function isTextNode(node: Node): node is Node & { type: "sym"; name: string } {
  return node.type === "sym" && node.name.startsWith("text:");
}
