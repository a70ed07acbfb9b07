import { matchEnd } from "../shared/text.ts";

const EDGE = /[\s*_`"]|\\[,;:! ]|\\q?quad(?![A-Za-z])/y;
/** How much of the end is looked at for marks: an answer ends in few. */
const END_WINDOW = 16;
const END_MARK = /(?:[\s*`",;:]|(?<!\.)\.|\\\\|\\[,;:! ]|\\q?quad)$/;
/** What the few-shot prompt of Minerva has every answer end in. */
const HOPE = /(?:\.\$?|\$)\s*I\s*hope\s*it\s*is\s*correct[\s\S]*$/;
/** `The answer is 5`, `Option B`: what is said before an answer in its own box or line. */
const SAID_BEFORE =
  /^(?:\\text *\{ *)?(?:(?:the +)?(?:final +|correct +)?(?:answer|option|choice)(?: +is)? *:? +|(?:the +)?(?:final +)?answer *: *|(?:USD|EUR|GBP|Rs\.?|about|approximately|roughly|nearly|exactly) *(?=[}\d$]))\}? */i;
/** `… for all x`: where it holds, and no part of it. */
const SAID_AFTER =
  /\b(?:where|for (?:all|any|every|each|some))\b[^=<>]{0,60}$|\\forall[^=<>]{0,60}$/i;
/** What may stand before that. */
const BEFORE_IT = /(?:[,\s]|\\q?quad|\\(?:text|mbox) ?\{[ ,(]*)+$/;
/** `(k \in \mathbb{Z})` behind an answer. */
const DOMAIN = /(?:\\ )?\( ?([a-z]) ?\\in ?(\\mathbb ?\{?[ZNQRC]\}?|[ZNQRC]) ?\)$/;
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

/** The answer without the marks around it: spaces, emphasis, delimiters, a full stop. */
export function trimmed(source: string): string {
  const hope = source.indexOf("ope");
  let text = (hope < 0 ? source : source.replace(HOPE, "")).replace(EMPHASIS, "$1$2");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(QUOTED, "$1");
    let start = 0;
    for (let end = matchEnd(EDGE, text, 0); end > start; end = matchEnd(EDGE, text, start))
      start = end;
    let end = text.length;
    for (;;) {
      const mark = END_MARK.exec(text.slice(Math.max(start, end - END_WINDOW), end));
      if (mark === null) break;
      end -= mark[0].length;
    }
    text = undelimited(text.slice(start, end)).replace(ALL_TEXT, "$1").replace(SAID_BEFORE, "");
    const condition = text.search(SAID_AFTER);
    if (condition > 0) text = withoutEnd(text.slice(0, condition));
  }
  return text
    .replace(DOMAIN, ", $1 \\in $2")
    .replace(/&(?:lt|gt|le|ge|nbsp|minus|times|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(TIME_OF_DAY, "$1 $2m");
}

function withoutEnd(text: string): string {
  const cut = Math.max(0, text.length - END_WINDOW);
  return text.slice(0, cut) + text.slice(cut).replace(BEFORE_IT, "");
}

/** Without dollars or `\( \)` around the whole. */
function undelimited(text: string): string {
  const wide = text.startsWith("$$") ? 2 : text.startsWith("$") ? 1 : 0;
  const mark = "$".repeat(wide);
  if (wide > 0 && text.length >= 2 * wide && text.endsWith(mark)) return text.slice(wide, -wide);
  const escaped = /^\\[([]/.test(text) && /\\[)\]]$/.test(text) && text.length >= 4;
  return escaped ? text.slice(2, -2) : text;
}
