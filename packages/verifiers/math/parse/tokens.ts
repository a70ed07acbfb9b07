import { type Token, Unreadable } from "./lex.ts";
import { GREEK } from "./names.ts";

/** The tokens of an answer and a place among them. Runs of letters and digits are taken apart where
 * TeX would take one character. */
export class Tokens {
  readonly #tokens: Token[];
  #last: Token = { kind: "mark", text: ",", spaced: false };
  at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = [...tokens];
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.at + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new Unreadable("unparsable", "nothing here");
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#step();
    return token;
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.#step();
  }

  #step(): void {
    this.#last = this.peek();
    this.at++;
  }

  /** The token that was taken last, or taken from; a comma before the first. */
  previous(): Token {
    return this.#last;
  }

  take(kind: Token["kind"], text: string): boolean {
    const token = this.peek();
    if (token.kind !== kind || token.text !== text) return false;
    this.#step();
    return true;
  }

  expect(text: string): void {
    const token = this.next();
    if (token.text !== text)
      throw new Unreadable("unparsable", `"${text}" expected, "${token.text || "end"}" found`);
  }

  /** What the tokens from one place to another say, for people. */
  text(from: number, to: number): string {
    return this.#tokens
      .slice(from, to)
      .map((token) => (token.spaced ? ` ${token.text}` : token.text))
      .join("");
  }

  isDots(): boolean {
    const { kind, text } = this.peek();
    return kind === "command" && /^(?:[lc]?dots|dots[cb]|vdots)$/.test(text);
  }

  /** Whether a power, an index or a factorial follows. */
  isScripted(ahead = -1): boolean {
    const { kind, text } = this.peek(ahead + 1);
    return kind === "mark" && (text === "^" || text === "_" || text === "!");
  }

  /** Takes one letter of a run. */
  letter(): string {
    const token = this.peek();
    this.takeLetters(1);
    return token.text.charAt(0);
  }

  takeLetters(count: number): void {
    const token = this.peek();
    if (token.kind !== "letters" || token.text.length <= count) this.#step();
    else {
      this.#last = token;
      this.#replace({ ...token, text: token.text.slice(count), spaced: false });
    }
  }

  /** Takes one digit of a number written in digits alone; undefined where there is none. */
  digit(): string | undefined {
    const token = this.peek();
    if (token.kind !== "number" || !token.plain) return undefined;
    const digit = token.text.charAt(0);
    const text = token.text.slice(1);
    if (text === "") this.#step();
    else {
      this.#last = token;
      this.#replace({ ...token, text, num: BigInt(text), spaced: false });
    }
    return digit;
  }

  #replace(token: Token): void {
    this.#tokens[this.at] = token;
  }

  /** What stands in braces, as text without spaces; without braces, one token. */
  group(): string {
    if (!this.take("mark", "{")) return "";
    let text = "";
    for (let depth = 1; ; ) {
      const token = this.next();
      if (token.kind === "end") throw new Unreadable("unparsable", "a brace is never closed");
      if (token.kind === "mark" && token.text === "{") depth++;
      if (token.kind === "mark" && token.text === "}" && --depth === 0) return text;
      text += token.text.trim();
    }
  }

  /** An index as a name: `1` of `x_1` and of `x_{1}`. */
  script(): string {
    const token = this.peek();
    if (token.kind === "mark" && token.text === "{") return this.group();
    if (token.kind === "letters") return this.letter();
    if (token.kind === "number" || token.kind === "command" || token.kind === "words")
      return this.next().text.trim();
    throw new Unreadable("unparsable", "an index is missing");
  }

  isEmptyBraces(): boolean {
    if (!(this.peek().text === "{" && this.peek(1).text === "}")) return false;
    this.at += 2;
    return true;
  }

  /** Takes `\circ`, `{\circ}` or `°`. */
  isDegree(): boolean {
    return this.#takeCommand(/^(?:circ|degree)$/);
  }

  /** Takes the sign of a one-sided limit: `3^+}`, `3^{-}}`. */
  isOneSided(): boolean {
    const braced = this.peek().text === "{";
    const sign = this.peek(braced ? 1 : 0);
    if (sign.kind !== "mark" || !/^[+-]$/.test(sign.text)) return false;
    if (this.peek(braced ? 2 : 1).text !== "}") return false;
    this.skip(braced ? 3 : 1);
    return true;
  }

  isPrime(): boolean {
    return this.#takeCommand(/^prime$/);
  }

  #takeCommand(name: RegExp): boolean {
    const braced = this.peek().kind === "mark" && this.peek().text === "{";
    const token = this.peek(braced ? 1 : 0);
    if (token.kind !== "command" || !name.test(token.text)) return false;
    if (braced && this.peek(2).text !== "}") return false;
    this.at += braced ? 3 : 1;
    return true;
  }

  /** Whether the parenthesis that opens here closes before an equals sign: `P(A) = …`. */
  definesHere(): boolean {
    let depth = 0;
    for (let ahead = 0; ; ahead++) {
      const token = this.peek(ahead);
      if (token.kind === "end") return false;
      if (token.kind !== "mark") continue;
      if (token.text === "(") depth++;
      else if (token.text === ")" && --depth === 0) {
        const after = this.peek(ahead + 1);
        return after.kind === "mark" && after.text === "=" && this.#beginsStatement();
      }
    }
  }

  /** Whether what was read last began the text or stands behind a comma or a word. */
  #beginsStatement(): boolean {
    const before = this.at >= 2 ? this.peek(-2) : undefined;
    return (
      before === undefined ||
      before.kind === "words" ||
      before.kind === "letters" ||
      (before.kind === "mark" && /^[,;:=_]$/.test(before.text)) ||
      (before.kind === "number" && this.peek(-3).text === "_")
    );
  }

  /** Takes `dx` or `d\theta` and gives its variable; undefined where there is none. */
  differential(): string | undefined {
    const token = this.peek();
    if (token.kind !== "letters") return undefined;
    if (/^d[A-Za-z]$/.test(token.text)) {
      this.at++;
      return token.text.charAt(1);
    }
    const next = this.peek(1);
    if (token.text !== "d") return undefined;
    if (next.kind === "letters" && next.text.length === 1) {
      this.at += 2;
      return next.text;
    }
    if (next.kind === "command" && GREEK.has(next.text)) {
      this.at += 2;
      return next.text;
    }
    return undefined;
  }

  /** Takes `{d}{dx}` or `{d^2}{dx^2}` behind `\frac`. */
  derivative(): { readonly variable: string; readonly order: number } | undefined {
    const from = this.at;
    const isD = (token: Token) =>
      (token.kind === "letters" && token.text === "d") ||
      (token.kind === "command" && token.text === "partial");
    if (this.take("mark", "{") && isD(this.next())) {
      const order = this.#order();
      if (order !== undefined && this.take("mark", "}") && this.take("mark", "{")) {
        const variable = this.peek().text === "partial" ? this.#partial() : this.differential();
        if (variable !== undefined && this.#order() === order && this.take("mark", "}"))
          return { variable, order };
      }
    }
    this.at = from;
    return undefined;
  }

  #partial(): string | undefined {
    this.at++;
    const token = this.next();
    return token.kind === "letters" ? token.text : undefined;
  }

  /** The order in `d^2` or `dx^{2}`: 1 where none stands. */
  #order(): number | undefined {
    if (!this.take("mark", "^")) return 1;
    const braced = this.take("mark", "{");
    const token = this.next();
    if (braced && !this.take("mark", "}")) return undefined;
    return token.kind === "number" && token.den === 1n ? Number(token.num) : undefined;
  }
}
