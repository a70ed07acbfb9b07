import { type Token, Unreadable } from "./lex.ts";
import { GREEK } from "./names.ts";

const DOTS: ReadonlySet<string> = new Set(["ldots", "cdots", "dots", "dotsc", "dotsb", "vdots"]);

/** The tokens of an answer and a place among them. Runs of letters and digits are taken apart where
 * TeX would take one character. */
export class Tokens {
  readonly #tokens: Token[];
  #last: Token = { kind: "mark", text: ",", spaced: false };
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  get at(): number {
    return this.#at;
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
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
    this.#at++;
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

  /** Takes a word, in letters or set as text. */
  takeWord(word: string): boolean {
    const { kind, text } = this.peek();
    if ((kind !== "letters" && kind !== "words") || text.trim() !== word) return false;
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

  /** Takes out the marks of alignment to the end of this environment. */
  dropAlignment(): void {
    let depth = 0;
    for (let at = this.#at; at < this.#tokens.length; at++) {
      const { kind, text } = this.#tokens[at] as Token;
      if (kind === "command" && text === "begin") depth++;
      else if (kind === "command" && text === "end" && depth-- === 0) return;
      else if (depth === 0 && kind === "mark" && text === "&") this.#tokens.splice(at--, 1);
    }
  }

  /** Takes an ellipsis. */
  takeDots(): boolean {
    const { kind, text } = this.peek();
    if (kind !== "command" || !DOTS.has(text)) return false;
    this.#step();
    return true;
  }

  /** Whether two numbers or letters stand in parentheses here. */
  opensPair(): boolean {
    const single = (token: Token) => token.kind === "number" || token.kind === "letters";
    return (
      this.peek().text === "(" &&
      single(this.peek(1)) &&
      this.peek(2).text === "," &&
      single(this.peek(3)) &&
      this.peek(4).text === ")"
    );
  }

  /** Whether `(mod` stands here. */
  opensModulus(): boolean {
    const open = this.peek();
    const name = this.peek(1);
    const isMod =
      (name.kind === "letters" || name.kind === "command" || name.kind === "words") &&
      name.text.trim() === "mod";
    return open.kind === "mark" && open.text === "(" && isMod;
  }

  /** Whether the letter x stands for a sign of multiplication: `1.5 x 10^3`. */
  isTimesTen(): boolean {
    const { kind, text, spaced } = this.peek();
    if (kind !== "letters" || (text !== "x" && text !== "X") || !spaced) return false;
    const ten = this.peek(1);
    const power = this.peek(2);
    if (this.#last.kind !== "number" || ten.kind !== "number" || ten.text !== "10") return false;
    return power.kind === "mark" && power.text === "^";
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
    this.#tokens[this.#at] = token;
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

  takeEmptyBraces(): boolean {
    if (!(this.peek().text === "{" && this.peek(1).text === "}")) return false;
    this.skip(2);
    return true;
  }

  /** Takes `\circ`, `{\circ}` or `°`. */
  takeDegree(): boolean {
    return this.#takeCommand("circ") || this.#takeCommand("degree");
  }

  /** Takes the sign of a one-sided limit: `3^+}`, `3^{-}}`. */
  takeOneSided(): boolean {
    const braced = this.peek().text === "{";
    const sign = this.peek(braced ? 1 : 0);
    if (sign.kind !== "mark" || !/^[+-]$/.test(sign.text)) return false;
    if (this.peek(braced ? 2 : 1).text !== "}") return false;
    this.skip(braced ? 3 : 1);
    return true;
  }

  /** Takes the letters of `5^{th}`. */
  takeOrdinal(): boolean {
    const braced = this.peek().text === "{";
    const { kind, text } = this.peek(braced ? 1 : 0);
    const isOrdinal =
      (kind === "words" || kind === "letters") && /^\s*(?:st|nd|rd|th)\s*$/.test(text);
    if (!isOrdinal || (braced && this.peek(2).text !== "}")) return false;
    this.skip(braced ? 3 : 1);
    return true;
  }

  /** Takes the scale of a temperature behind its degrees: `25^\circ C`. */
  takeScale(): void {
    const { kind, text } = this.peek();
    if (kind === "letters" && /^[CFK]$/.test(text) && this.peek(1).kind === "end") this.#step();
  }

  takePrime(): boolean {
    return this.#takeCommand("prime");
  }

  /** Takes a command, with the braces around it. */
  #takeCommand(name: string): boolean {
    if (this.take("command", name)) return true;
    const { kind, text } = this.peek(1);
    if (kind !== "command" || text !== name) return false;
    if (this.peek().text !== "{" || this.peek(2).text !== "}") return false;
    this.skip(3);
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
    const before = this.#at >= 2 ? this.peek(-2) : undefined;
    return (
      before === undefined ||
      before.kind === "words" ||
      before.kind === "letters" ||
      (before.kind === "mark" && /^[,;:=_]$/.test(before.text)) ||
      (before.kind === "number" && this.#at >= 3 && this.peek(-3).text === "_")
    );
  }

  /** Takes `dx` or `d\theta` and gives its variable; undefined where there is none. */
  differential(): string | undefined {
    const token = this.peek();
    if (token.kind !== "letters") return undefined;
    if (/^d[A-Za-z]$/.test(token.text)) {
      this.#step();
      return token.text.charAt(1);
    }
    if (token.text !== "d") return undefined;
    const { kind, text } = this.peek(1);
    const isVariable =
      (kind === "letters" && text.length === 1) || (kind === "command" && GREEK.has(text));
    if (!isVariable) return undefined;
    this.skip(2);
    return text;
  }

  /** Takes `{dy}{dx}`, the slope of y; undefined where it does not stand here. */
  takeSlope(): string | undefined {
    const above = this.peek(1);
    const below = this.peek(4);
    const isD = ({ kind, text }: Token) => kind === "letters" && /^d[a-z]$/.test(text);
    if (!isD(above) || !isD(below) || this.peek(2).text !== "}" || this.peek(5).text !== "}")
      return undefined;
    this.skip(6);
    return above.text.charAt(1);
  }

  /** Takes `{d}{dx}` or `{d^2}{dx^2}` behind `\frac`. */
  derivative(): { readonly variable: string; readonly order: number } | undefined {
    const from = this.#at;
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
    this.#at = from;
    return undefined;
  }

  #partial(): string | undefined {
    this.#step();
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
