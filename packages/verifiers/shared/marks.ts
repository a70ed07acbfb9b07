import type { Span } from "./boxed.ts";
import { isDigit, isLetter, matchEnd } from "./text.ts";

/** The most places of the word "answer" looked at, from the last: each costs a few patterns, and no
 * response that is meant to be read says it so often. */
const MAX_MARKS = 1_000;
/** The most colons tried for an answer word of another language: an answer line stands near the
 * end, and each try costs a pattern. */
const MAX_COLONS = 256;
/** How far before a colon an answer word may begin; the longest below has 22 characters. */
const WORD_WINDOW = 28;
/** How much of its line is looked at before the word "answer", to tell a heading from prose. */
const HEADING_WINDOW = 48;

/** A place where the response says that its answer follows. */
export interface Mark extends Span {
  /** Where the marking word stands. */
  readonly at: number;
  /** Whether the mark alone is a statement: a colon, a heading or a tag. "The answer is" is none
   * until an answer follows at once ("this answer is reasonable because …"). */
  readonly firm: boolean;
}

// All sticky, and every repetition bounded: each runs once for every "answer" in the response.
const COLON =
  /(?:s|\(s\))?(?: (?:choice|option|letter|value))?(?: ?\([^()\n]{0,60}\))?(?:[*_"'`”’)\]} \t\u00a0]|&nbsp;){0,8}[:：=]/iy;
const VERB = /[^\n.:;!?]{0,60}?[\s*_](?:is|are|was|be|equals)\b/iy;
const THEN_COLON = /[*_ \t]{0,4}[:：]/y;
const HEADING = /[*_#: \t]{0,8}\r?\n/y;
const VALUE_FOLLOWS = /[ \t]+(?=[$\\(\d]|[A-Z]\b)/y;
const ONLY_HEADING_BEFORE = /(?:^|\n)[#*_>\s\d.]*(?:(?:the|final|correct|my|your)\s+){0,2}$/i;
const NEGATED_BEFORE = /\b(?:not|never|cannot)\b|n['’]t\b/i;
const NEGATED_AFTER = /[\s*_]{0,4}(?:not\b|n['’]t\b)/iy;

/** simple-evals' multilingual list (MIT), as the colon's left side. */
const FOREIGN =
  /(?:উত্তর|उत्तर|antwort|답변|정답|답|答案|答|答复|答曰|الإجابة|الجواب|إجابة|الإجابة النهائية|الإجابة الصحيحة|الإجابة الصحيحة هي|الإجابة هي|الجواب النهائي|respuesta|risposta|答え|回答|解答|jawaban|réponse|resposta|jibu|idahun|ìdáhùn|idáhùn|àmọ̀nà|àdáhùn|ànúgọ|àṣàyàn)[\s*_]*$/i;

/** The response's answer marks from the last to the first. */
export class Marks {
  readonly #text: string;
  readonly #from: number;
  // Each spelling's next place is kept, so that the whole walk reads the text once.
  #lower: number;
  #upper: number;
  #closingTag: number | undefined;
  #tries = 0;

  constructor(text: string, from: number) {
    this.#text = text;
    this.#from = from;
    this.#lower = text.lastIndexOf("nswer");
    this.#upper = text.lastIndexOf("NSWER");
  }

  /** The mark before the one given last; undefined where there is none. */
  previous(): Mark | undefined {
    for (;;) {
      const stem = Math.max(this.#lower, this.#upper);
      if (stem <= this.#from || ++this.#tries > MAX_MARKS) return undefined;
      if (stem === this.#lower) this.#lower = this.#text.lastIndexOf("nswer", stem - 1);
      else this.#upper = this.#text.lastIndexOf("NSWER", stem - 1);
      const mark = this.#read(stem - 1);
      if (mark !== undefined) return mark;
    }
  }

  /** The mark that the word "answer" at `at` makes. */
  #read(at: number): Mark | undefined {
    const text = this.#text;
    if ((text.charCodeAt(at) | 32) !== 97) return undefined;
    const before = at > this.#from ? text.charCodeAt(at - 1) : 32;
    if (isLetter(before) || isDigit(before)) return undefined;
    const after = at + 6;
    if (text[after] === ">") {
      if (text[at - 1] === "/" && text[at - 2] === "<") this.#closingTag = at - 2;
      else if (text[at - 1] === "<")
        return { at, start: after + 1, end: this.#closingTag ?? text.length, firm: true };
      return undefined;
    }
    const end = this.#closingTag ?? text.length;
    const mark = (start: number, firm: boolean) => ({ at, start, end, firm });
    const colon = matchEnd(COLON, text, after);
    if (colon >= 0) return mark(colon, true);
    const verb = matchEnd(VERB, text, after);
    if (verb >= 0) {
      const negated =
        NEGATED_BEFORE.test(text.slice(after, verb)) || matchEnd(NEGATED_AFTER, text, verb) >= 0;
      if (negated) return undefined;
      const then = matchEnd(THEN_COLON, text, verb);
      return then >= 0 ? mark(then, true) : mark(verb, false);
    }
    const heading = matchEnd(HEADING, text, after);
    const value = heading >= 0 ? -1 : matchEnd(VALUE_FOLLOWS, text, after);
    if (heading < 0 && value < 0) return undefined;
    const windowStart = Math.max(this.#from, at - HEADING_WINDOW);
    const left = (windowStart === this.#from ? "\n" : "") + text.slice(windowStart, at);
    if (!ONLY_HEADING_BEFORE.test(left)) return undefined;
    return heading >= 0 ? mark(heading, true) : mark(value, false);
  }
}

/** The last answer mark in one of the other languages that simple-evals lists. */
export function lastForeignMark(text: string, from: number): Mark | undefined {
  let narrow = text.lastIndexOf(":");
  let wide = text.lastIndexOf("：");
  for (let tries = 0; tries < MAX_COLONS; tries++) {
    const at = Math.max(narrow, wide);
    if (at <= from) return undefined;
    if (FOREIGN.test(text.slice(Math.max(from, at - WORD_WINDOW), at)))
      return { at, start: at + 1, end: text.length, firm: true };
    if (at === narrow) narrow = text.lastIndexOf(":", at - 1);
    else wide = text.lastIndexOf("：", at - 1);
  }
  return undefined;
}

/** Where the response proper begins: past what a reasoning model thinks aloud. */
export function afterThinking(text: string): number {
  return text.includes("</think>") ? text.lastIndexOf("</think>") + 8 : 0;
}
