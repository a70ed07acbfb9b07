import { quotable } from "./text.ts";

/** How much of what stands at the fault is shown, in characters. */
const SHOWN_CHARS = 20;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** A number or a word ends where none of these follows. */
const GOES_ON = /[\w.+$-]/;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

const WANTED = {
  value: "a value",
  firstItem: 'a value or "]"',
  key: "a key in double quotes",
  firstKey: 'a key in double quotes or "}"',
  colon: '":"',
  afterMember: '"," or "}"',
  afterItem: '"," or "]"',
  end: "the end of the line",
  escape: 'one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000',
  character: "a character that may stand in a string",
  quote: 'the closing "',
} as const;

/** What text that is no JSON has where. */
interface Fault {
  readonly at: number;
  readonly wanted: keyof typeof WANTED;
}

/** Mistakes that are made often, by what stands at the fault, and what to do. The first that fits
 * is told. */
const HINTS: readonly {
  readonly found: RegExp;
  readonly wanted?: RegExp;
  /** Of the text before the fault. */
  readonly after?: RegExp;
  readonly hint: string;
}[] = [
  { found: /^\0/, hint: "is this UTF-16? write UTF-8" },
  { found: /^\ufeff/, hint: "a byte order mark may stand at the start of a file alone" },
  { found: /^[-+]?(NaN|nan|Infinity|inf)\b/, hint: "JSON has no such number: write null" },
  {
    found: /^(True|False|None|undefined)\b/,
    hint: "JSON has true, false and null: write with json.dumps, not str()",
  },
  { found: /^'/, hint: "strings have double quotes: write with json.dumps, not str()" },
  { found: /^(\/\/|\/\*|#)/, hint: "JSON has no comments" },
  { found: /^[}\]]/, after: /,[ \t\r]*$/, hint: "no comma before it" },
  { found: /^$/, after: /^\s*[[{]\s*$/, hint: "one whole object a line, not over several" },
  { found: /^$/, hint: "the line ends too early: one whole object a line" },
  { found: /^[ \t]*,?[ \t\r]*$/, wanted: /^end$/, hint: "one object a line, no comma between" },
  { found: /^[:,\]}]/, wanted: /^(end|value)$/, hint: "one whole object a line, not over several" },
  { found: /^[{[]/, wanted: /^end$/, hint: "one object a line" },
  { found: /^[+.\d-]/, wanted: /^(value|firstItem)$/, hint: "numbers are written like -0.5e3" },
  { found: /^\w/, wanted: /^(key|firstKey)$/, hint: "keys have double quotes" },
  { found: /^/, wanted: /^character$/, hint: "write it as an escape, such as \\n or \\t" },
];

/** What is wrong with text that `JSON.parse` refuses, in words that name the column. Its own words
 * name it now and then only, and differ from one version of Node to the next. */
export function explainJson(text: string): string {
  const { at, wanted } = faultOf(text);
  const rest = text.slice(at, at + SHOWN_CHARS);
  const before = text.slice(Math.max(0, at - SHOWN_CHARS), at);
  const hint = HINTS.find(
    (one) =>
      one.found.test(rest) &&
      (one.wanted?.test(wanted) ?? true) &&
      (one.after?.test(before) ?? true),
  )?.hint;
  const got =
    rest === "" ? "the end" : `${quotable(rest)}${at + SHOWN_CHARS < text.length ? "…" : ""}`;
  return `column ${at + 1}: expected ${WANTED[wanted]}, got ${got}${hint === undefined ? "" : ` (${hint})`}`;
}

/** Where the text stops being JSON. Without recursion: the text may nest as deep as it is long. */
function faultOf(text: string): Fault {
  const open: number[] = [];
  let wanted: Fault["wanted"] = "value";
  let at = matchEnd(SPACE, text, 0);
  for (;;) {
    const code = text.charCodeAt(at);
    let next = at + 1;
    switch (wanted) {
      case "value":
      case "firstItem": {
        if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
          open.push(code);
          wanted = code === OPEN_OBJECT ? "firstKey" : "firstItem";
        } else if (code === CLOSE_ARRAY && wanted === "firstItem") {
          open.pop();
          wanted = afterValue(open);
        } else {
          const end = code === QUOTE ? endOfString(text, at) : endOfScalar(text, at);
          if (end === undefined) return { at, wanted };
          if (typeof end !== "number") return end;
          next = end;
          wanted = afterValue(open);
        }
        break;
      }
      case "key":
      case "firstKey": {
        if (code === CLOSE_OBJECT && wanted === "firstKey") {
          open.pop();
          wanted = afterValue(open);
          break;
        }
        if (code !== QUOTE) return { at, wanted };
        const end = endOfString(text, at);
        if (typeof end !== "number") return end;
        next = end;
        wanted = "colon";
        break;
      }
      case "colon":
        if (text[at] !== ":") return { at, wanted };
        wanted = "value";
        break;
      case "afterMember":
      case "afterItem": {
        const inObject: boolean = wanted === "afterMember";
        if (text[at] === ",") wanted = inObject ? "key" : "value";
        else if (code === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
          open.pop();
          wanted = afterValue(open);
        } else return { at, wanted };
        break;
      }
      default:
        return { at, wanted: "end" };
    }
    at = matchEnd(SPACE, text, next);
  }
}

function afterValue(open: readonly number[]): Fault["wanted"] {
  const innermost = open.at(-1);
  if (innermost === undefined) return "end";
  return innermost === OPEN_OBJECT ? "afterMember" : "afterItem";
}

function endOfString(text: string, start: number): number | Fault {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20) return { at, wanted: "character" };
    if (code === BACKSLASH) {
      const end = matchEnd(ESCAPE, text, at);
      if (end < 0) return { at, wanted: "escape" };
      at = end;
    } else at++;
  }
  return { at, wanted: "quote" };
}

function endOfScalar(text: string, at: number): number | undefined {
  const end = Math.max(matchEnd(WORD, text, at), matchEnd(NUMBER, text, at));
  return end < 0 || GOES_ON.test(text.charAt(end)) ? undefined : end;
}

function matchEnd(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : -1;
}
