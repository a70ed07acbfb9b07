import { call, type Group, MAX_DEPTH, type Node, num, type Sign, sym } from "../tree.ts";
import { type Token, tokenize, Unreadable } from "./lex.ts";
import {
  CLOSERS,
  DECORATIONS,
  FENCES,
  functionNamed,
  GREEK,
  LIST_FUNCTIONS,
  OPENERS,
  SET_OPERATIONS,
  SIGNS,
} from "./names.ts";
import { Tokens } from "./tokens.ts";
import { isSentenceWord, isUnitWord, separatorOf, splitLetters } from "./words.ts";

/** Letters that are functions where an argument in parentheses follows. */
const FUNCTION_LETTERS = /^[fghFGH]$/;
const MATRICES = /^[pbBvV]?matrix$|^smallmatrix$|^d?array$/;

/** An answer's tree, with what was read beside it. */
export interface Parsed {
  readonly node: Node;
  /** The unit after the value, as it was written; "" where there is none. */
  readonly unit: string;
}

/** Parses an answer in LaTeX or plain text. @throws Unreadable */
export function parse(source: string): Parsed {
  return new Parser(tokenize(source)).run();
}

class Parser {
  readonly #tokens: Tokens;
  #depth = 0;
  #bars = 0;
  #integrals = 0;
  /** Open `]`, which `[` closes. */
  #reversed = 0;
  #differential: Node | undefined;
  #unit = "";

  constructor(tokens: readonly Token[]) {
    this.#tokens = new Tokens(tokens);
  }

  run(): Parsed {
    const node = this.#list((token) => token.kind === "end");
    if (this.#tokens.peek().kind !== "end") this.#fail();
    return { node, unit: this.#unit };
  }

  #fail(): never {
    throw new Unreadable("unparsable", `unexpected "${this.#tokens.peek().text || "end"}"`);
  }

  #deeper<Result>(work: () => Result): Result {
    if (++this.#depth > MAX_DEPTH) throw new Unreadable("over_limit", "nested too deeply");
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  /** Statements with commas, semicolons or words between them. */
  #list(isEnd: (token: Token) => boolean): Node {
    const tokens = this.#tokens;
    const parts: Node[][] = [[]];
    const joiners = new Set<string>();
    let open = false;
    for (;;) {
      if (tokens.isDots()) {
        tokens.next();
        open = true;
      } else if (!isEnd(tokens.peek())) parts.at(-1)?.push(this.#statement());
      const joiner = this.#joiner();
      if (joiner === undefined) break;
      joiners.add(joiner);
      if (joiner === ";" && (parts.at(-1)?.length ?? 0) > 0) parts.push([]);
      if (isEnd(tokens.peek()) && !open) break;
    }
    const groups = parts.filter((part) => part.length > 0);
    const items: Node[] = groups.every((part) => part.length === 1)
      ? groups.flat()
      : groups.length === 1
        ? (groups[0] ?? [])
        : groups.map((part) => (part.length === 1 ? (part[0] as Node) : listOf(part)));
    if (items.length === 0) this.#fail();
    if (items.length === 1 && !open) return items[0] as Node;
    const joiner = joiners.has("or") ? "or" : joiners.has("and") ? "and" : ",";
    return { type: "group", kind: "list", items, joiner, ...(open ? { open } : {}) };
  }

  /** Past the commas, semicolons, "and" and "or" here; undefined where there are none. */
  #joiner(): string | undefined {
    const tokens = this.#tokens;
    let found: string | undefined;
    for (;;) {
      const token = tokens.peek();
      const separator = joinerOf(token);
      if (separator === undefined) return found;
      tokens.next();
      if (found === undefined || separator === "or" || separator === "and") found = separator;
    }
  }

  /** A value, or values with signs of relation between them. */
  #statement(): Node {
    return this.#deeper(() => {
      const items: Node[] = [];
      const signs: Sign[] = [];
      // `= 5` and `\approx 5`: the left side was written elsewhere.
      if (this.#sign() !== undefined) this.#tokens.next();
      for (;;) {
        items.push(this.#ratio());
        const sign = this.#sign();
        if (sign === undefined) break;
        this.#tokens.next();
        signs.push(sign);
      }
      return signs.length === 0 ? (items[0] as Node) : { type: "relation", signs, items };
    });
  }

  #sign(): Sign | undefined {
    const token = this.#tokens.peek();
    if (token.kind !== "mark" && token.kind !== "command") return undefined;
    return SIGNS.get(token.text);
  }

  /** `1:2:3`; an ellipsis behind the last colon says that it goes on. */
  #ratio(): Node {
    const tokens = this.#tokens;
    const terms = [this.#sets()];
    let open = false;
    while (!open && (tokens.take("mark", ":") || tokens.take("command", "colon"))) {
      if (tokens.isDots()) {
        tokens.next();
        open = true;
      } else terms.push(this.#sets());
    }
    if (open) terms.push(sym("text:..."));
    return terms.length === 1 ? (terms[0] as Node) : call("ratio", ...terms);
  }

  #sets(): Node {
    let left = this.#sum();
    for (;;) {
      const token = this.#tokens.peek();
      const operation =
        token.kind === "command"
          ? SET_OPERATIONS.get(token.text)
          : token.kind === "letters" && /^[uU]$/.test(token.text) && isSetLike(left)
            ? "union"
            : undefined;
      if (operation === undefined) return left;
      this.#tokens.next();
      left = call(operation, left, this.#sum());
    }
  }

  #sum(): Node {
    let terms: Node[] = [];
    const first = this.#tokens.peek();
    if (first.kind === "command" && (first.text === "pm" || first.text === "mp")) {
      this.#tokens.next();
      terms.push(call(first.text, this.#term()));
    } else terms.push(this.#term());
    const sum = () => (terms.length === 1 ? (terms[0] as Node) : call("add", ...terms));
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind === "mark" && (token.text === "+" || token.text === "-")) {
        this.#tokens.next();
        const term = this.#term();
        terms.push(token.text === "-" ? call("neg", term) : term);
      } else if (token.kind === "command" && (token.text === "pm" || token.text === "mp")) {
        this.#tokens.next();
        terms = [call(token.text, sum(), this.#term())];
      } else return sum();
    }
  }

  #term(): Node {
    let left = this.#unary();
    for (;;) {
      const token = this.#tokens.peek();
      const operator = operatorOf(token);
      if (operator === undefined) return left;
      this.#tokens.next();
      // `a \pmod{7}` says where `a` lives and leaves it what it is.
      if (operator === "pmod") this.#argument();
      else left = call(operator, left, this.#unary());
    }
  }

  #unary(): Node {
    return this.#deeper(() => {
      const token = this.#tokens.peek();
      if (token.kind === "mark" && token.text === "-") {
        this.#tokens.next();
        return call("neg", this.#unary());
      }
      if (token.kind === "mark" && token.text === "+") {
        this.#tokens.next();
        return this.#unary();
      }
      return this.#product(false);
    });
  }

  /** Factors side by side. As a function's argument it ends before the next function. */
  #product(isArgument: boolean): Node {
    const tokens = this.#tokens;
    const factors: Node[] = [];
    let previous: Token | undefined;
    for (;;) {
      const token = tokens.peek();
      if (this.#integrals > 0 && this.#takeDifferential()) break;
      if (factors.length > 0 && this.#takeUnit(factors)) break;
      if (!this.#startsFactor(token, factors.length > 0)) break;
      if (isArgument && factors.length > 0 && isFunction(token)) break;
      if (token.kind === "number" && previous !== undefined) {
        const part = this.#mixed(factors, previous);
        if (part === undefined) this.#fail();
        factors[factors.length - 1] = this.#postfixed(part);
      } else {
        const start = tokens.at;
        const factor = this.#factor(factors.length > 0);
        const isWhole = previous?.kind === "number" && tokens.at - start > 1 && isFraction(token);
        factors.push(
          isSingleton(factor) && factors.length > 0 ? (factor.items[0] as Node) : factor,
        );
        if (isWhole && previous) joinMixed(factors, previous);
      }
      const last = tokens.previous();
      previous = last.kind === "number" ? last : undefined;
      if (previous && tokens.isScripted()) previous = undefined;
    }
    if (factors.length === 0) {
      if (this.#differential !== undefined) return num(1);
      this.#fail();
    }
    if (factors.length === 1) return factors[0] as Node;
    const [first] = factors;
    if (first !== undefined && isSingleton(first)) factors[0] = first.items[0] as Node;
    return call("mul", ...factors);
  }

  /** `1 1/2` and `1½`: a whole number with a proper fraction behind it; undefined otherwise. */
  #mixed(factors: readonly Node[], previous: Token): Node | undefined {
    const tokens = this.#tokens;
    const above = tokens.peek();
    const whole = factors.at(-1);
    if (above.kind !== "number" || previous.kind !== "number" || whole?.type !== "num")
      return undefined;
    if (previous.decimal || whole.den !== 1n) return undefined;
    if (above.vulgar) {
      tokens.next();
      return num(whole.num * above.den + above.num, above.den);
    }
    const slash = tokens.peek(1);
    const below = tokens.peek(2);
    if (!(above.spaced && slash.kind === "mark" && slash.text === "/" && below.kind === "number"))
      return undefined;
    if (above.decimal || below.decimal || above.num === 0n || above.num >= below.num)
      return undefined;
    tokens.skip(3);
    return num(whole.num * below.num + above.num, below.num);
  }

  #startsFactor(token: Token, inside: boolean): boolean {
    switch (token.kind) {
      case "number":
        return true;
      case "letters":
        return separatorOf(token.text) === undefined && !/^(?:mod|choose)$/.test(token.text);
      case "words":
        return separatorOf(token.text) === undefined && !inside;
      case "mark":
        if (token.text === "|") return !inside || this.#bars === 0;
        if (token.text === "[") return this.#reversed === 0 && !(inside && this.#endsBehind());
        return token.text === "{" || OPENERS.has(token.text) || (token.text === "]" && !inside);
      case "command":
        return (
          GREEK.has(token.text) ||
          OPENERS.has(token.text) ||
          FENCES.has(token.text) ||
          isFunction(token) ||
          DECORATIONS.has(token.text) ||
          token.text.startsWith("set:") ||
          /^(?:[dtc]?frac|[dt]?binom|infty|pi|overline|bar|dot|mathbb|emptyset|varnothing|begin|lvert|lVert|exponentialE|imaginaryI|partial|[NZQRC])$/.test(
            token.text,
          ) ||
          (/^(?:vert|Vert)$/.test(token.text) && (!inside || this.#bars === 0))
        );
      default:
        return false;
    }
  }

  /** Whether nothing but the end or a set operation stands behind this token: `[0,1[`. */
  #endsBehind(): boolean {
    const next = this.#tokens.peek(1);
    return next.kind === "end" || (next.kind === "command" && SET_OPERATIONS.has(next.text));
  }

  /** A unit behind a value, to the end of the statement: it is kept aside and no part of the value. */
  #takeUnit(factors: readonly Node[]): boolean {
    const tokens = this.#tokens;
    const from = tokens.at;
    let words = 0;
    let at = 0;
    for (; ; at++) {
      const token = tokens.peek(at);
      if (token.kind === "words") {
        if (separatorOf(token.text) !== undefined) break;
        words++;
      } else if (token.kind === "letters") {
        if (separatorOf(token.text) !== undefined) break;
        const loose = words > 0 || token.spaced;
        if (!isUnitWord(token.text, loose, words > 0)) return false;
        words++;
      } else if (words > 0 && token.kind === "mark" && "/^-.()'".includes(token.text)) continue;
      else if (words > 0 && token.kind === "number" && tokens.peek(at - 1).text.match(/^[-^]$/))
        continue;
      else if (words > 0 && token.kind === "mark" && (token.text === "{" || token.text === "}"))
        continue;
      else if (words > 0 && token.kind === "command" && /^(?:cdot|degree|circ)$/.test(token.text))
        continue;
      else break;
    }
    if (words === 0) return false;
    const end = tokens.peek(at);
    const ends =
      end.kind === "end" ||
      joinerOf(end) !== undefined ||
      (end.kind === "mark" && "=<>:".includes(end.text));
    if (!ends || factors.length === 0) return false;
    const text = tokens
      .text(from, from + at)
      .trim()
      .toLowerCase();
    tokens.skip(at);
    if (this.#unit === "") this.#unit = text;
    return true;
  }

  /** A primary with its powers, indices and what stands behind it. */
  #factor(inside: boolean): Node {
    return this.#deeper(() => this.#postfixed(this.#primary(inside)));
  }

  #postfixed(primary: Node): Node {
    let base = primary;
    for (;;) {
      const next = this.#postfix(base);
      if (next === undefined) return base;
      base = next;
    }
  }

  #postfix(base: Node): Node | undefined {
    const tokens = this.#tokens;
    const token = tokens.peek();
    if (token.kind === "command") {
      if (token.text === "degree" || token.text === "circ") {
        tokens.next();
        return call("degree", base);
      }
      if (token.text === "percent") {
        tokens.next();
        return call("percent", base);
      }
      if (token.text === "prime" && base.type === "sym") {
        tokens.next();
        return sym(`${base.name}'`);
      }
      return undefined;
    }
    if (token.kind === "words" || token.kind === "letters") {
      if (!/^\s*(?:\\?%|percent(?:age)?|pct)\s*$/i.test(token.text)) return undefined;
      tokens.next();
      return call("percent", base);
    }
    if (token.kind !== "mark") return undefined;
    switch (token.text) {
      case "%":
        tokens.next();
        return call("percent", base);
      case "!": {
        tokens.next();
        const second = tokens.peek();
        if (second.kind === "mark" && second.text === "!" && !second.spaced) {
          tokens.next();
          return call("dfact", base);
        }
        return call("fact", base);
      }
      case "'":
        if (base.type !== "sym") return undefined;
        tokens.next();
        return sym(`${base.name}'`);
      case "_":
        return this.#index(base);
      case "^":
        return this.#power(base);
      default:
        return undefined;
    }
  }

  #index(base: Node): Node | undefined {
    const tokens = this.#tokens;
    tokens.next();
    const name = tokens.script();
    if (base.type === "sym") return this.#application(sym(`${base.name}_${name}`));
    // `x^2_1` is the square of `x_1`.
    if (base.type === "call" && base.name === "pow" && base.args[0]?.type === "sym")
      return call("pow", sym(`${base.args[0].name}_${name}`), base.args[1] as Node);
    if (base.type === "num" && base.den === 1n && /^\d{1,2}$/.test(name))
      return { type: "apply", name: "base", args: [base, num(Number(name))] };
    return this.#fail();
  }

  #power(base: Node): Node | undefined {
    const tokens = this.#tokens;
    tokens.next();
    if (tokens.isDegree()) return call("degree", base);
    if (tokens.isOneSided()) return base;
    if (tokens.isPrime() && base.type === "sym") return this.#application(sym(`${base.name}'`));
    const token = tokens.peek();
    // A number is taken whole: `10^12` is meant by whoever writes it.
    const exponent =
      token.kind === "mark" && (token.text === "-" || token.text === "+")
        ? this.#unary()
        : this.#argument(true);
    if (base.type === "sym" && base.name === "set:empty") this.#fail();
    return call("pow", base, exponent);
  }

  /** What a command takes: braces, or one token. Of a number one digit, unless taken `whole`. */
  #argument(whole = false): Node {
    const tokens = this.#tokens;
    const token = tokens.peek();
    if (token.kind === "mark" && token.text === "{") return this.#braces();
    if (token.kind === "number") return whole ? this.#number() : this.#digit();
    if (token.kind === "letters" && splitLetters(token.text).kind === "variables")
      return sym(tokens.letter());
    return this.#deeper(() => this.#primary(false));
  }

  #braces(): Node {
    const tokens = this.#tokens;
    tokens.next();
    const bars = this.#bars;
    this.#bars = 0;
    const inner = this.#list((token) => token.kind === "mark" && token.text === "}");
    this.#bars = bars;
    if (tokens.take("command", "choose")) {
      const below = this.#sum();
      tokens.expect("}");
      return call("binom", inner, below);
    }
    if (tokens.take("command", "over")) {
      const below = this.#sum();
      tokens.expect("}");
      return call("div", inner, below);
    }
    tokens.expect("}");
    return inner;
  }

  #number(): Node {
    const token = this.#tokens.next();
    if (token.kind !== "number") return this.#fail();
    return { type: "num", num: token.num, den: token.den, decimal: token.decimal };
  }

  #digit(): Node {
    const digit = this.#tokens.digit();
    return digit === undefined ? this.#number() : num(Number(digit));
  }

  #primary(inside: boolean): Node {
    const tokens = this.#tokens;
    const token = tokens.peek();
    switch (token.kind) {
      case "number":
        return this.#fractionOr(inside);
      case "letters":
        if (isSentenceWord(token.text)) this.#fail();
        return this.#letters();
      case "words":
        return this.#words();
      case "mark":
        if (token.text === "{") return this.#application(this.#braces());
        if (token.text === "|") return this.#absolute("|");
        return this.#bracket();
      case "command":
        return this.#command();
      default:
        return this.#fail();
    }
  }

  /** `3/4` in numerals is one number and binds like one: `3/4 x` is three quarters of x. */
  #fractionOr(inside: boolean): Node {
    const tokens = this.#tokens;
    const above = tokens.peek();
    const slash = tokens.peek(1);
    const below = tokens.peek(2);
    const isFraction =
      !inside &&
      above.kind === "number" &&
      below.kind === "number" &&
      slash.kind === "mark" &&
      slash.text === "/" &&
      !tokens.isScripted(2) &&
      !/[/!]/.test(tokens.peek(3).text) &&
      operatorOf(tokens.previous()) === undefined;
    if (!isFraction) return this.#number();
    const top = this.#number();
    tokens.next();
    return call("div", top, this.#number());
  }

  #letters(): Node {
    const tokens = this.#tokens;
    const token = tokens.peek();
    const split = splitLetters(token.text);
    switch (split.kind) {
      case "constant":
        tokens.takeLetters(split.length);
        return sym(split.name);
      case "function":
        tokens.takeLetters(split.length);
        return this.#functionCall(split.name);
      case "word":
        tokens.next();
        return sym(`text:${token.text.toLowerCase()}`);
      default:
        return this.#application(sym(tokens.letter()));
    }
  }

  /** `f(x)` where `f` is a function's letter, or where an equals sign makes it a definition. */
  #application(head: Node): Node {
    const tokens = this.#tokens;
    if (head.type !== "sym") return head;
    const token = tokens.peek();
    if (!(token.kind === "mark" && token.text === "(") || token.spaced) return head;
    const isFunctionLetter =
      FUNCTION_LETTERS.test(head.name.replace(/[_'].*$/, "")) || head.name.startsWith("text:");
    if (!isFunctionLetter && !tokens.definesHere()) return head;
    const args = this.#bracket();
    const list = args.type === "group" && args.kind !== "set" ? args.items : [args];
    return { type: "apply", name: head.name, args: list };
  }

  #words(): Node {
    const token = this.#tokens.next();
    const text = token.text.trim();
    const isName = token.kind === "words" && token.upright;
    if (isName || functionNamed(text) !== undefined || LIST_FUNCTIONS.has(text)) {
      if (functionNamed(text) !== undefined || LIST_FUNCTIONS.has(text))
        return this.#functionCall(text);
      if (/^(?:log|lg|sqrt)$/.test(text)) return this.#functionCall(text);
    }
    // What is set as text may be mathematics all the same: `\text{13}`, `\text{(A)}`.
    if (!/[A-Za-z]{2}/.test(text) && text !== "")
      return this.#deeper(() => this.#application(new Parser(tokenize(text)).run().node));
    return this.#application(sym(`text:${text.toLowerCase().replace(/\s+/g, " ")}`));
  }

  #bracket(): Node {
    const tokens = this.#tokens;
    const opener = tokens.next();
    // `]0,1[` opens with what closes elsewhere.
    const kind = opener.text === "]" ? "]" : OPENERS.get(opener.text);
    if (kind === undefined || opener.kind === "end") return this.#fail();
    const bars = this.#bars;
    this.#bars = 0;
    const reversed = this.#reversed;
    this.#reversed = kind === "]" ? 1 : 0;
    const isClosed = (token: Token) =>
      (token.kind === "mark" || token.kind === "command") &&
      (CLOSERS.has(token.text) || (token.text === "[" && (kind === "]" || kind === "[")));
    const empty = isClosed(tokens.peek()) && !(kind === "]" && tokens.peek().text !== "[");
    const inner: Node = empty
      ? { type: "group", kind: "list", items: [] }
      : this.#list((token) => isClosed(token));
    this.#bars = bars;
    this.#reversed = reversed;
    const closer = tokens.next();
    if (!isClosed(closer)) this.#fail();
    const close = CLOSERS.get(closer.text) ?? closer.text;
    return this.#group(kind, close, inner, empty);
  }

  #group(open: string, close: string, inner: Node, empty: boolean): Node {
    const isList = inner.type === "group" && inner.kind === "list";
    const items = isList ? inner.items : [inner];
    if (open === "{") {
      if (close !== "}") this.#fail();
      if (empty) return sym("set:empty");
      return { ...(isList ? inner : {}), type: "group", kind: "set", items } as Group;
    }
    if (empty || close === "}") this.#fail();
    const lowOpen = open !== "[";
    const highOpen = close !== "]";
    if (open === "]" || close === "[" || lowOpen !== highOpen) {
      const [low, high] = items;
      if (items.length !== 2 || low === undefined || high === undefined) return this.#fail();
      return { type: "interval", low, high, lowOpen, highOpen };
    }
    if (!isList) return inner;
    const flat = items.flatMap((item) => (isSemicolonRow(item) ? item.items : [item]));
    return { ...inner, type: "group", kind: open === "[" ? "bracket" : "tuple", items: flat };
  }

  #absolute(closer: string): Node {
    const tokens = this.#tokens;
    tokens.next();
    this.#bars++;
    const inner = this.#sum();
    this.#bars--;
    const close = tokens.next();
    if (!(close.text === closer || /^(?:\||r?[vV]ert)$/.test(close.text))) this.#fail();
    return call("abs", inner);
  }

  #command(): Node {
    const tokens = this.#tokens;
    const token = tokens.peek();
    const { text } = token;
    const fence = FENCES.get(text);
    if (fence !== undefined) {
      tokens.next();
      const inner = this.#sum();
      const close = tokens.next();
      if (!(close.kind === "command" && close.text === fence[0])) this.#fail();
      return call(fence[1], inner);
    }
    if (OPENERS.has(text)) return this.#bracket();
    if (/^l?[vV]ert$/.test(text)) return this.#absolute(text);
    tokens.next();
    if (text.startsWith("set:")) return sym(text);
    if (GREEK.has(text)) return this.#application(sym(text));
    if (isFunction(token)) return this.#functionCall(text);
    if (DECORATIONS.has(text)) {
      const inner = this.#argument();
      return inner.type === "sym" ? this.#application(inner) : inner;
    }
    switch (text) {
      case "frac":
      case "dfrac":
      case "tfrac":
      case "cfrac":
        return this.#fraction();
      case "binom":
      case "dbinom":
      case "tbinom":
        return call("binom", this.#argument(), this.#argument());
      case "infty":
        return sym("inf");
      case "pi":
        return sym("pi");
      case "exponentialE":
        return sym("e");
      case "imaginaryI":
        return sym("i");
      case "emptyset":
      case "varnothing":
        return sym("set:empty");
      case "mathbb": {
        const name = this.#argument();
        return name.type === "sym" ? sym(`set:${name.name}`) : this.#fail();
      }
      case "N":
      case "Z":
      case "Q":
      case "R":
      case "C":
        return sym(`set:${text}`);
      case "overline":
      case "bar":
      case "dot":
        return overlined(this.#argument());
      case "begin":
        return this.#environment();
      default:
        return this.#fail();
    }
  }

  #fraction(): Node {
    const tokens = this.#tokens;
    const derivative = tokens.derivative();
    if (derivative !== undefined) {
      const body = this.#term();
      return call("deriv", body, sym(derivative.variable), num(derivative.order));
    }
    const above = this.#argument();
    return call("div", above, this.#argument());
  }

  #functionCall(name: string): Node {
    const tokens = this.#tokens;
    switch (name) {
      case "sqrt": {
        const degree = tokens.take("mark", "[") ? this.#until("]") : undefined;
        const next = tokens.peek();
        const radicand =
          next.kind === "mark" && (next.text === "(" || next.text === "[")
            ? this.#bracket()
            : this.#argument(true);
        return degree === undefined ? call("sqrt", radicand) : call("root", radicand, degree);
      }
      case "sum":
      case "prod":
        return this.#series(name);
      case "int":
      case "iint":
      case "oint":
        return this.#integral();
      case "lim":
        return this.#limit();
      case "log":
      case "lg": {
        const base = tokens.take("mark", "_") ? this.#argument(true) : num(10);
        return this.#applied((argument) => call("log", argument, base));
      }
      default:
    }
    if (LIST_FUNCTIONS.has(name)) {
      const args = this.#bracket();
      const items = args.type === "group" ? args.items : [args];
      return call(name, ...items);
    }
    const operation = functionNamed(name);
    if (operation === undefined) return this.#fail();
    return this.#applied((argument) => call(operation, argument), operation);
  }

  #until(closer: string): Node {
    const inner = this.#sum();
    this.#tokens.expect(closer);
    return inner;
  }

  /** A function with the power that may stand before its argument: `\sin^2 x`, `\sin^{-1} x`. */
  #applied(make: (argument: Node) => Node, operation?: string): Node {
    const tokens = this.#tokens;
    let power: Node | undefined;
    if (tokens.take("mark", "^")) power = this.#argument(true);
    const isInverse = power?.type === "call" && power.name === "neg" && isOne(power.args[0]);
    const argument = this.#functionArgument();
    if (isInverse && operation !== undefined && functionNamed(`a${operation}`) !== undefined)
      return call(`a${operation}`, argument);
    return power === undefined ? make(argument) : call("pow", make(argument), power);
  }

  #functionArgument(): Node {
    const token = this.#tokens.peek();
    const isOpener =
      (token.kind === "mark" && (token.text === "{" || OPENERS.has(token.text))) ||
      (token.kind === "command" && OPENERS.has(token.text));
    if (isOpener) {
      const inner = token.text === "{" ? this.#braces() : this.#bracket();
      if (inner.type !== "group") return inner;
      return inner.items.length === 1 ? (inner.items[0] as Node) : this.#fail();
    }
    if (token.kind === "mark" && token.text === "-") {
      this.#tokens.next();
      return call("neg", this.#product(true));
    }
    return this.#product(true);
  }

  /** `\sum_{k=1}^{n} …`: the body goes to the next plus or minus. */
  #series(name: "sum" | "prod"): Node {
    const { below, above } = this.#bounds();
    if (below?.type !== "relation" || below.items.length !== 2 || above === undefined)
      return this.#fail();
    const [index, from] = below.items;
    if (index?.type !== "sym" || from === undefined) return this.#fail();
    return call(name, index, from, above, this.#term());
  }

  #integral(): Node {
    const { below, above } = this.#bounds();
    this.#integrals++;
    const outer = this.#differential;
    this.#differential = undefined;
    const whole = this.#sum();
    const body = isSingleton(whole) ? (whole.items[0] as Node) : whole;
    const variable = this.#differential as Node | undefined;
    this.#differential = outer;
    this.#integrals--;
    if (variable === undefined) return this.#fail();
    return below === undefined || above === undefined
      ? call("int", body, variable)
      : call("int", body, variable, below, above);
  }

  #bounds(): { readonly below: Node | undefined; readonly above: Node | undefined } {
    const tokens = this.#tokens;
    let below: Node | undefined;
    let above: Node | undefined;
    for (let side = 0; side < 2; side++) {
      if (tokens.take("mark", "_")) below = tokens.isEmptyBraces() ? undefined : this.#bound();
      else if (tokens.take("mark", "^")) above = tokens.isEmptyBraces() ? undefined : this.#bound();
    }
    return { below, above };
  }

  #bound(): Node {
    const tokens = this.#tokens;
    if (!tokens.take("mark", "{")) return this.#argument(true);
    const bound = this.#statement();
    tokens.expect("}");
    return bound;
  }

  #takeDifferential(): boolean {
    const variable = this.#tokens.differential();
    if (variable === undefined) return false;
    this.#differential = sym(variable);
    return true;
  }

  #limit(): Node {
    const tokens = this.#tokens;
    if (!(tokens.take("mark", "_") && tokens.take("mark", "{"))) return this.#fail();
    const variable = this.#sum();
    if (!(tokens.take("command", "to") || tokens.take("command", "rightarrow")))
      return this.#fail();
    const to = this.#sum();
    tokens.expect("}");
    return call("lim", this.#term(), variable, to);
  }

  #environment(): Node {
    const tokens = this.#tokens;
    const name = tokens.group();
    const isCases = /^cases$|^aligned$|^align\*?$|^gathered$/.test(name);
    if (!isCases && !MATRICES.test(name)) return this.#fail();
    if (name.endsWith("array")) tokens.group();
    const rows: Node[][] = [[]];
    const isEnd = (token: Token) =>
      (token.kind === "command" && (token.text === "cr" || token.text === "end")) ||
      (token.kind === "mark" && token.text === "&");
    for (;;) {
      const token = tokens.peek();
      if (token.kind === "end") return this.#fail();
      if (token.kind === "command" && token.text === "end") break;
      if (token.kind === "command" && token.text === "cr") {
        tokens.next();
        rows.push([]);
      } else if (token.kind === "mark" && token.text === "&") tokens.next();
      else if (isCases && token.kind === "mark" && /[,;.]/.test(token.text)) tokens.next();
      else {
        const before = tokens.at;
        const cell = isCases ? this.#statement() : this.#sets();
        if (tokens.at === before || !(isEnd(tokens.peek()) || isCases)) return this.#fail();
        rows.at(-1)?.push(cell);
      }
    }
    tokens.next();
    tokens.group();
    const filled = rows.filter((row) => row.length > 0);
    if (isCases) return { type: "group", kind: "list", joiner: "and", items: filled.flat() };
    const width = filled[0]?.length ?? 0;
    if (width === 0 || filled.some((row) => row.length !== width)) return this.#fail();
    const matrix: Node = { type: "matrix", rows: filled };
    return /^[vV]matrix$/.test(name) ? call("det", matrix) : matrix;
  }
}

const COMMAND_JOINERS: Readonly<Record<string, string>> = {
  cr: ";",
  land: "and",
  wedge: "and",
  lor: "or",
  vee: "or",
};

/** What a token says between two statements; undefined where it says something else. */
function joinerOf(token: Token): string | undefined {
  switch (token.kind) {
    case "mark":
      return token.text === "," || token.text === ";" ? token.text : undefined;
    case "command":
      return COMMAND_JOINERS[token.text];
    case "words":
    case "letters":
      return separatorOf(token.text);
    default:
      return undefined;
  }
}

function listOf(items: readonly Node[]): Group {
  return { type: "group", kind: "list", joiner: ",", items };
}

/** `\{1+2\}` as a factor is a bracket like any other. */
function isSingleton(node: Node): node is Group {
  return node.type === "group" && node.kind === "set" && node.items.length === 1 && !node.open;
}

function isSemicolonRow(node: Node): node is Group {
  return node.type === "group" && node.kind === "list";
}

/** `\overline{z}` and `\bar{x}`: a name of its own; of a number its conjugate. */
function overlined(inner: Node): Node {
  if (inner.type === "sym") return sym(`bar ${inner.name}`);
  if (
    inner.type === "call" &&
    inner.name === "mul" &&
    inner.args.every(({ type }) => type === "sym")
  )
    return { type: "apply", name: "overline", args: inner.args };
  return call("conj", inner);
}

function isSetLike(node: Node): boolean {
  return (
    node.type === "interval" ||
    node.type === "group" ||
    (node.type === "call" && (node.name === "union" || node.name === "inter"))
  );
}

function isFunction(token: Token): boolean {
  if (token.kind === "letters") return splitLetters(token.text).kind === "function";
  if (token.kind !== "command") return false;
  return (
    functionNamed(token.text) !== undefined ||
    LIST_FUNCTIONS.has(token.text) ||
    /^(?:sqrt|log|lg|sum|prod|i?int|oint|lim)$/.test(token.text)
  );
}

function isFraction(token: Token): boolean {
  return token.kind === "command" && token.text.endsWith("frac");
}

function operatorOf(token: Token): string | undefined {
  if (token.kind === "mark") {
    if (token.text === "*") return "mul";
    if (token.text === "/") return "div";
  }
  if (token.kind === "letters" && token.text === "mod") return "mod";
  if (token.kind !== "command") return undefined;
  switch (token.text) {
    case "cdot":
    case "times":
    case "ast":
    case "star":
      return "mul";
    case "div":
      return "div";
    case "mod":
    case "bmod":
      return "mod";
    case "pmod":
      return "pmod";
    default:
      return undefined;
  }
}

function isOne(node: Node | undefined): boolean {
  return node?.type === "num" && node.num === 1n && node.den === 1n;
}

/** `2\frac13` is two and a third; `2\frac{3}{2}` and `2\frac{\pi}{2}` are products. */
function joinMixed(factors: Node[], previous: Token): void {
  const part = factors.at(-1);
  const whole = factors.at(-2);
  if (previous.kind !== "number" || !previous.plain || whole?.type !== "num") return;
  if (part?.type !== "call" || part.name !== "div") return;
  const [above, below] = part.args;
  if (above?.type !== "num" || below?.type !== "num" || above.decimal || below.decimal) return;
  if (above.den !== 1n || below.den !== 1n || above.num <= 0n || above.num >= below.num) return;
  factors.splice(-2, 2, num(whole.num * below.num + above.num, below.num));
}
