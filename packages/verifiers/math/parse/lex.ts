import { isDigit, isLetter } from "../../shared/text.ts";
import { CHARACTERS } from "./characters.ts";
import { exactNumeral, type NumberToken, readDigits } from "./digits.ts";
import { ARGUMENT_SKIPPED, HIDDEN, INVISIBLE, isKnown, TEXTS } from "./names.ts";

/** The longest answer that is parsed, in UTF-16 code units: a sum of 5,000 terms fits. */
export const MAX_ANSWER_LENGTH = 20_000;

/** Why an answer has no tree: `over_limit` where it is too long, too deep or too large. */
export class Unreadable extends Error {
  override name = "Unreadable";
  readonly kind: "unparsable" | "over_limit";
  constructor(kind: "unparsable" | "over_limit", message: string) {
    super(message);
    this.kind = kind;
  }
}

interface Placed {
  /** White space stands before it. */
  readonly spaced: boolean;
}
export type Token = Placed &
  (
    | NumberToken
    /** A run of letters: one variable or several, a function's name, a word. */
    | { readonly kind: "letters"; readonly text: string }
    | { readonly kind: "command"; readonly text: string }
    /** The content of `\text{…}` and its like. */
    | { readonly kind: "words"; readonly text: string; readonly upright: boolean }
    | { readonly kind: "mark"; readonly text: string }
    | { readonly kind: "end"; readonly text: "" }
  );

/** The longest run of letters: longer than any word, far shorter than what takes time to split. */
const MAX_LETTERS = 64;
/** What may follow the end of a row: `\\[4pt]`. */
const ROW_SPACE = /\s{0,8}\[\s{0,8}\d[\d.]{0,8}\s{0,8}(?:pt|em|ex|mm|cm)\]/y;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const DIGRAPHS = /<=|>=|=<|==|!=|\*\*|\.{3,}/y;
const DASHES = /[−–‐‑﹣-]/;
const QUOTES = /["“”„`]/;

/** The tokens of an answer in LaTeX, in plain text, or in both at once. Delimiters of mathematics,
 * currency signs, spacing and emphasis are gone. @throws Unreadable */
export function tokenize(source: string): Token[] {
  return new Lexer(source).run();
}

class Lexer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #spaced = false;
  /** Open parentheses and brackets: within them a comma separates and never groups digits. */
  #depth = 0;
  /** Open environments: within them a doubled backslash ends a row. */
  #environments = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): Token[] {
    const { length } = this.#source;
    while (this.#at < length) this.#next();
    this.#tokens.push({ kind: "end", text: "", spaced: this.#spaced });
    return this.#tokens;
  }

  #next(): void {
    const source = this.#source;
    const char = source.charAt(this.#at);
    const code = char.charCodeAt(0);
    if (code <= 32 || char === "~" || code === 0xa0 || (code >= 0x2000 && code <= 0x200b)) {
      this.#at++;
      this.#spaced = true;
    } else if (isDigit(code) || (char === "." && isDigit(source.charCodeAt(this.#at + 1))))
      this.#number();
    else if (isLetter(code)) this.#letters();
    else if (char === "\\") this.#command();
    else this.#mark(char);
  }

  #push(token: Token): void {
    this.#tokens.push(token);
    this.#spaced = false;
  }

  #number(): void {
    const read = readDigits(this.#source, this.#at, this.#depth > 0);
    if (read === undefined) throw new Unreadable("over_limit", "a number has too many digits");
    this.#push({ ...read.token, spaced: this.#spaced });
    this.#at = read.end;
  }

  #letters(): void {
    const start = this.#at;
    while (isLetter(this.#source.charCodeAt(this.#at))) this.#at++;
    const text = this.#source.slice(start, this.#at);
    if (text.length > MAX_LETTERS) throw new Unreadable("unparsable", "letters without end");
    // `x=1orx=2`, with its spaces lost.
    const glued = /^(?:or|and)(?=[A-Z]$)/.exec(text)?.[0];
    if (glued !== undefined) this.#push({ kind: "letters", text: glued, spaced: this.#spaced });
    const rest = text.slice(glued?.length ?? 0);
    this.#push({ kind: "letters", text: rest, spaced: this.#spaced });
  }

  #command(): void {
    const source = this.#source;
    const next = source.charAt(this.#at + 1);
    if (isLetter(next.charCodeAt(0))) {
      let end = this.#at + 1;
      while (isLetter(source.charCodeAt(end))) end++;
      this.#named(source.slice(this.#at + 1, end), end);
      return;
    }
    this.#at += 2;
    switch (next) {
      case "\\":
        // Text that was escaped once too often says `\\frac`; in a matrix the row ends here.
        if (this.#environments === 0 && isLetter(source.charCodeAt(this.#at))) this.#at--;
        else {
          this.#push({ kind: "command", text: "cr", spaced: this.#spaced });
          ROW_SPACE.lastIndex = this.#at;
          if (ROW_SPACE.test(source)) this.#at = ROW_SPACE.lastIndex;
        }
        return;
      case "{":
      case "}":
        this.#depth += next === "{" ? 1 : -1;
        this.#push({ kind: "mark", text: `\\${next}`, spaced: this.#spaced });
        return;
      case "%":
        this.#push({ kind: "mark", text: "%", spaced: this.#spaced });
        return;
      case "|":
        this.#push({ kind: "mark", text: "|", spaced: this.#spaced });
        return;
      case "$":
      case "(":
      case ")":
      case "[":
      case "]":
        return;
      case ",":
      case ";":
      case ":":
      case "!":
      case ">":
      case " ":
      case "\n":
      case "/":
      case "":
        this.#spaced = true;
        return;
      default:
        throw new Unreadable("unparsable", `\\${next}`);
    }
  }

  #named(name: string, end: number): void {
    if (!isKnown(name)) {
      // `\quadx`, `\lvertx`: what was glued to a command when its space was lost.
      for (let length = name.length - 1; length >= 2; length--)
        if (isKnown(name.slice(0, length))) {
          this.#named(name.slice(0, length), end - (name.length - length));
          return;
        }
      throw new Unreadable("unparsable", `\\${name}`);
    }
    this.#at = end;
    if (HIDDEN.has(name)) throw new Unreadable("unparsable", `\\${name}`);
    if (ARGUMENT_SKIPPED.has(name)) {
      this.#skipArgument(name);
      return;
    }
    if (INVISIBLE.has(name)) {
      this.#spaced = true;
      // `\left.` has no bracket at all.
      if ((name === "left" || name === "right") && this.#source[end] === ".") this.#at++;
      return;
    }
    if (name === "begin") this.#environments++;
    else if (name === "end") this.#environments--;
    else if (name === "lbrack" || name === "lbrace" || name === "lgroup") this.#depth++;
    else if (name === "rbrack" || name === "rbrace" || name === "rgroup") this.#depth--;
    if (TEXTS.has(name)) this.#text(name);
    else this.#push({ kind: "command", text: name, spaced: this.#spaced });
  }

  /** A colour or a length in braces; what is white is hidden. */
  #skipArgument(name: string): void {
    const argument = /\s*\{([^{}]{0,40})\}/y;
    argument.lastIndex = this.#at;
    const found = argument.exec(this.#source);
    if (found === null || /white|none|transparent|opacity/i.test(found[1] ?? ""))
      throw new Unreadable("unparsable", `\\${name}`);
    this.#at = argument.lastIndex;
    this.#spaced = true;
  }

  /** The braces after `\text`. */
  #text(name: string): void {
    const source = this.#source;
    while (source[this.#at] === " " || source[this.#at] === "*") this.#at++;
    const start = this.#at;
    if (source[start] !== "{") throw new Unreadable("unparsable", `\\${name} without braces`);
    let depth = 0;
    for (let at = start; at < source.length; at++) {
      if (source[at] === "\\") at++;
      else if (source[at] === "{") depth++;
      else if (source[at] === "}" && --depth === 0) {
        this.#at = at + 1;
        const text = source.slice(start + 1, at);
        const upright = name === "mathrm" || name === "operatorname";
        this.#push({ kind: "words", text, upright, spaced: this.#spaced });
        return;
      }
    }
    throw new Unreadable("unparsable", `\\${name} is never closed`);
  }

  #mark(char: string): void {
    DIGRAPHS.lastIndex = this.#at;
    const digraph = DIGRAPHS.exec(this.#source)?.[0];
    if (digraph !== undefined) {
      this.#at += digraph.length;
      const text = digraph === "**" ? "^" : digraph;
      const isDots = digraph.startsWith("...");
      this.#push({
        kind: isDots ? "command" : "mark",
        text: isDots ? "ldots" : text,
        spaced: this.#spaced,
      });
      return;
    }
    this.#at++;
    const spaced = this.#spaced;
    if (char === "(" || char === "[") this.#depth++;
    else if (char === ")" || char === "]") this.#depth--;
    if (char === "$" || /[€£¥₹₩]/.test(char)) return;
    const command = CHARACTERS[char];
    const fraction = exactNumeral(char);
    if (char === "⁻") {
      this.#push({ kind: "mark", text: "^", spaced });
      this.#push({ kind: "mark", text: "-", spaced: false });
      this.#scriptDigits(SUPERSCRIPTS, "");
      return;
    }
    if (char === "∕" || char === "⁄") {
      this.#push({ kind: "mark", text: "/", spaced });
      return;
    }
    const raised = SUPERSCRIPTS.indexOf(char);
    const lowered = SUBSCRIPTS.indexOf(char);
    if (DASHES.test(char)) this.#push({ kind: "mark", text: "-", spaced });
    else if (command !== undefined) this.#push({ kind: "command", text: command, spaced });
    else if (fraction !== undefined) this.#push({ ...fraction, spaced });
    else if (raised >= 0 || lowered >= 0) this.#script(raised >= 0 ? "^" : "_", spaced);
    else if ("()[]{}|+*/^_!%&,;:=<>'.?".includes(char))
      this.#push({ kind: "mark", text: char, spaced });
    else if (!QUOTES.test(char)) throw new Unreadable("unparsable", char);
  }

  /** `²³` and `₁₂`: a run of raised or lowered digits. */
  #script(mark: "^" | "_", spaced: boolean): void {
    const digits = mark === "^" ? SUPERSCRIPTS : SUBSCRIPTS;
    this.#push({ kind: "mark", text: mark, spaced });
    this.#scriptDigits(digits, String(digits.indexOf(this.#source.charAt(this.#at - 1))));
  }

  #scriptDigits(digits: string, first: string): void {
    let text = first;
    for (let digit = 0; ; this.#at++) {
      digit = digits.indexOf(this.#source.charAt(this.#at) || " ");
      if (digit < 0) break;
      text += digit;
    }
    if (text === "") throw new Unreadable("unparsable", "an exponent is missing");
    const read = readDigits(text, 0, true);
    if (read === undefined) throw new Unreadable("over_limit", "a number has too many digits");
    this.#push({ ...read.token, spaced: false });
  }
}
