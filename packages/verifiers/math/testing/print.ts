import type { Call, Group, Interval, Node, Numeral } from "../tree.ts";
import { num, sym } from "../tree.ts";
import type { Choices } from "./choices.ts";

// For tests: one of the many ways to write a tree down. Only what every reader reads alike is
// written: where people differ (`1/2x`, `\sin x y`) brackets stand.

/** How tightly a text binds, from a sum to what may be raised to a power. */
const SUM = 0;
/** `a/b`, `a \cdot b`, `\sin x`: brackets in any product but at its end. */
const TERM = 1;
/** `2x`. */
const PRODUCT = 2;
/** `x^2`, `\frac{1}{2}`: no base of a power. */
const FACTOR = 3;
const ATOM = 4;

interface Text {
  readonly text: string;
  readonly bind: number;
  /** Nothing may stand right behind it, for it would be drawn in: `√2`, `\sin x`. */
  readonly open?: boolean;
  /** Nothing may stand right beside it: `|x|`, `1\frac12`. */
  readonly alone?: boolean;
}

const THOUSAND = 1_000n;
const DIGIT = /^[0-9]$/;
const LETTER_END = /[A-Za-z]$/;
/** A longer run of letters might be read as a word. */
const RUN_END = /[A-Za-z]{2}$/;
const NAME_END = /(?:[A-Za-zπθ]|\})$/;
const BRACKET_START = /^(?:\\left|\\bigl)?[([]/;
const COMMAND_END = /\\[A-Za-z]+$/;
const LETTER_START = /^[A-Za-z]/;
const NUMBER_START = /^[0-9.½⅓⅔¼¾⅕]/;
const NUMBER_END = /[0-9]$/;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";
const VULGAR: Readonly<Record<string, string>> = {
  "1/2": "½",
  "1/3": "⅓",
  "2/3": "⅔",
  "1/4": "¼",
  "3/4": "¾",
  "1/5": "⅕",
};
/** The most places of a decimal that stands for a fraction: as many as are compared. */
const MAX_PLACES = 6;

/** The operations that are written as a function's name before its argument. */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  sin: ["sin"],
  cos: ["cos"],
  tan: ["tan"],
  cot: ["cot"],
  sec: ["sec"],
  csc: ["csc"],
  asin: ["arcsin"],
  acos: ["arccos"],
  atan: ["arctan"],
  sinh: ["sinh"],
  cosh: ["cosh"],
  tanh: ["tanh"],
  ln: ["ln"],
};

const SYMBOLS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  pi: ["\\pi", "π", "pi"],
  theta: ["\\theta", "θ"],
  e: ["e", "\\mathrm{e}"],
  inf: ["\\infty", "∞"],
};

/** Writes a tree down. */
export function print(node: Node, choices: Choices): string {
  return new Printer(choices).answer(node);
}

class Printer {
  readonly #choices: Choices;
  /** An equals sign follows: `x(x+1) = …` would define a function. */
  #defining = false;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /** A whole answer: only here may a comma group digits, or a list go without brackets. */
  answer(node: Node): string {
    switch (node.type) {
      case "group":
        return this.#collection(node);
      case "interval":
        return this.#region([node]);
      case "relation": {
        const gap = this.#gap();
        this.#defining = true;
        return node.items.map((item) => this.#write(item).text).join(`${gap}=${gap}`);
      }
      case "call":
        if (node.name === "union") return this.#region(piecesOf(node));
        if (node.name === "pm") return this.#plusMinus(node);
        break;
      case "num":
        if (node.den === 1n && node.num >= THOUSAND) return this.#grouped(node.num);
        break;
      default:
    }
    return this.#write(node).text;
  }

  #gap(): string {
    return this.#choices.pick(["", "", "", " ", " ", "\\,", "\\ ", "~"]);
  }

  #space(): string {
    return this.#choices.pick(["", "", " "]);
  }

  #write(node: Node): Text {
    switch (node.type) {
      case "num":
        return this.#numeral(node);
      case "sym":
        return this.#symbol(node.name);
      case "call":
        return this.#call(node);
      case "matrix":
        return { text: this.#matrix(node.rows), bind: ATOM, alone: true };
      case "group":
        return { text: this.#group(node), bind: ATOM, alone: true };
      default:
        throw new Error(`${node.type} has no spelling within another`);
    }
  }

  /** As an operand that binds at least so tightly. */
  #operand(node: Node, bind: number, closed = false): Text {
    const text = this.#write(node);
    if (text.bind < bind || (closed && text.open) || this.#choices.chance(24))
      return { text: this.#bracketed(text.text), bind: ATOM };
    return text;
  }

  #bracketed(text: string): string {
    const space = this.#space();
    const [open, close] = this.#choices.pick([
      ["(", ")"],
      ["\\left(", "\\right)"],
      ["(", ")"],
      ["\\bigl(", "\\bigr)"],
      ["[", "]"],
      ["\\left[", "\\right]"],
    ]);
    return `${open}${space}${text}${space}${close}`;
  }

  #numeral(node: Numeral): Text {
    if (node.num < 0n) return this.#write({ type: "call", name: "neg", args: [positive(node)] });
    if (node.den === 1n) return { text: String(node.num), bind: ATOM };
    const spellings: (() => Text)[] = [
      () => this.#fraction(num(node.num), num(node.den)),
      () => this.#fraction(num(node.num), num(node.den)),
    ];
    const decimal = decimalOf(node);
    if (decimal !== undefined)
      spellings.push(() => ({
        text: this.#choices.pick([decimal, decimal, bare(decimal)]),
        bind: ATOM,
      }));
    if (node.num > node.den && node.num % node.den !== 0n) spellings.push(() => this.#mixed(node));
    const vulgar = VULGAR[`${node.num}/${node.den}`];
    if (vulgar !== undefined) spellings.push(() => ({ text: vulgar, bind: FACTOR, alone: true }));
    return this.#one(spellings);
  }

  #one(spellings: readonly (() => Text)[]): Text {
    const spelling = spellings[this.#choices.below(spellings.length)];
    if (spelling === undefined) throw new Error("no spelling");
    return spelling();
  }

  /** `1\frac{1}{2}` and `1 1/2`. */
  #mixed({ num: above, den: below }: Numeral): Text {
    const whole = above / below;
    const part = above % below;
    const text = this.#choices.pick([
      `${whole}\\frac{${part}}{${below}}`,
      `${whole} \\frac{${part}}{${below}}`,
      `${whole}\\dfrac{${part}}{${below}}`,
      `${whole} ${part}/${below}`,
    ]);
    return { text, bind: TERM, alone: true };
  }

  #grouped(value: bigint): string {
    const digits = String(value);
    const by = this.#choices.pick([",", "{,}", "\\,", ",\\!", ""]);
    return digits.replace(/\B(?=(?:\d{3})+$)/g, () => by);
  }

  #symbol(name: string): Text {
    const spellings = SYMBOLS[name];
    if (spellings !== undefined) return { text: this.#choices.pick(spellings), bind: ATOM };
    const [head = "", index] = name.split("_");
    if (index === undefined) return { text: head, bind: ATOM };
    const lowered = LOWERED[Number(index)] ?? "";
    return {
      text: this.#choices.pick([`${head}_${index}`, `${head}_{${index}}`, head + lowered]),
      bind: ATOM,
    };
  }

  #call(node: Call): Text {
    const [first, second] = node.args;
    if (first === undefined) throw new Error(`${node.name} of nothing`);
    switch (node.name) {
      case "add":
        return this.#sum(node.args);
      case "neg":
        return { text: `${this.#minus()}${this.#operand(first, TERM).text}`, bind: SUM };
      case "mul":
        return this.#product(node.args);
      case "exp":
        return this.#power(sym("e"), first);
      case "sqrt":
        return this.#root(first);
      case "abs":
        return this.#absolute(first);
      case "fact":
        return { text: `${this.#operand(first, ATOM).text}!`, bind: FACTOR };
      case "floor":
        return { text: `\\lfloor ${this.#write(first).text}\\rfloor`, bind: ATOM };
      case "ceil":
        return { text: `\\lceil ${this.#write(first).text} \\rceil`, bind: ATOM };
      default:
    }
    if (second !== undefined)
      switch (node.name) {
        case "div":
          return this.#fraction(first, second);
        case "pow":
          return this.#power(first, second);
        case "root":
          return this.#rootOf(first, second);
        case "log":
          return this.#logarithm(first, second);
        case "binom":
          return this.#binomial(first, second);
        default:
      }
    return this.#function(node.name, first);
  }

  #minus(): string {
    return this.#choices.pick(["-", "-", "−", "- "]);
  }

  #sum(terms: readonly Node[]): Text {
    let text = "";
    for (const [i, term] of terms.entries()) {
      const isMinus = term.type === "call" && term.name === "neg" && !this.#choices.chance(12);
      const inner = isMinus ? (term.args[0] as Node) : term;
      const written = this.#operand(inner, TERM).text;
      const sign = isMinus ? this.#minus() : i === 0 ? "" : "+";
      const gap = i === 0 ? "" : this.#gap();
      text += i === 0 ? sign + written : `${gap}${sign}${gap}${written}`;
    }
    return { text, bind: SUM };
  }

  #product(factors: readonly Node[]): Text {
    let text = "";
    let bind = PRODUCT;
    let before: Text | undefined;
    for (const [i, factor] of factors.entries()) {
      const isLast = i === factors.length - 1;
      const next = this.#operand(factor, i === 0 ? PRODUCT : FACTOR, !isLast);
      if (before === undefined) text = next.text;
      else {
        const isDefinition = this.#defining && isApplied(before, next);
        const glue = this.#choices.chance(3) || isDefinition ? undefined : glued(before, next);
        if (glue === undefined) bind = TERM;
        text += (glue ?? this.#operator()) + next.text;
      }
      before = next;
    }
    return {
      text,
      bind,
      ...(before?.open ? { open: true } : {}),
      ...(hasAlone(before) ? { alone: true } : {}),
    };
  }

  #operator(): string {
    const gap = this.#gap();
    const sign = this.#choices.pick(["\\cdot ", "\\times ", "*", "×", "·", "\\ast "]);
    return gap + sign + gap;
  }

  #fraction(above: Node, below: Node): Text {
    const { pick } = bound(this.#choices);
    switch (this.#choices.below(8)) {
      case 5:
      case 6: {
        const gap = this.#space();
        const left = this.#operand(above, PRODUCT, true).text;
        const right = this.#operand(below, FACTOR, true).text;
        return { text: `${left}${gap}/${gap}${right}`, bind: TERM, alone: true };
      }
      case 7: {
        const left = this.#operand(above, PRODUCT, true).text;
        const right = this.#operand(below, FACTOR, true).text;
        return { text: `${left}${pick([" \\div ", "÷"])}${right}`, bind: TERM, alone: true };
      }
      default: {
        const command = pick(["\\frac", "\\frac", "\\dfrac", "\\tfrac"]);
        const top = this.#write(above).text;
        const bottom = this.#write(below).text;
        const isNumber = above.type === "num" && below.type === "num";
        const isShort = DIGIT.test(top) && DIGIT.test(bottom) && this.#choices.chance(2);
        const text = isShort ? `${command}${top}${bottom}` : `${command}{${top}}{${bottom}}`;
        // Behind a number it would make a mixed one.
        return { text, bind: FACTOR, ...(isNumber ? { alone: true } : {}) };
      }
    }
  }

  #power(base: Node, exponent: Node): Text {
    const { pick } = bound(this.#choices);
    const isSmall = exponent.type === "num" && exponent.den === 1n && exponent.num >= 0n;
    if (base.type === "sym" && base.name === "e" && this.#choices.chance(2))
      return this.#applied(pick(["\\exp", "exp"]), this.#write(exponent).text);
    if (base.type === "call" && base.name in FUNCTIONS && isSmall && this.#choices.chance(2)) {
      const [name = ""] = FUNCTIONS[base.name] ?? [];
      return this.#applied(
        `\\${name}^${pick([`{${exponent.num}}`, exponent.num < 10n ? `${exponent.num}` : `{${exponent.num}}`])}`,
        this.#write(base.args[0] as Node).text,
      );
    }
    const beneath = this.#operand(base, ATOM);
    const below = beneath.text;
    // `2|x|^2` is no clearer than `2|x|`.
    const alone = beneath.alone ? { alone: true } : {};
    if (isSmall) {
      const digits = String(exponent.num);
      const raised = [...digits].map((digit) => RAISED[Number(digit)]).join("");
      const spelling = this.#choices.below(5);
      if (spelling === 1 && digits.length === 1)
        return { text: `${below}^${digits}`, bind: FACTOR, ...alone };
      if (spelling === 2)
        return { text: `${below}**${digits}`, bind: FACTOR, open: true, ...alone };
      if (spelling === 3) return { text: `${below}${raised}`, bind: FACTOR, ...alone };
      return { text: `${below}^{${digits}}`, bind: FACTOR, ...alone };
    }
    const above = this.#write(exponent).text;
    if (/^[a-z]$/.test(above) && this.#choices.chance(2))
      return { text: `${below}^${above}`, bind: FACTOR, ...alone };
    if (this.#choices.chance(4)) return { text: `${below}^(${above})`, bind: FACTOR, ...alone };
    return { text: `${below}^{${above}}`, bind: FACTOR, ...alone };
  }

  #root(radicand: Node): Text {
    const half = (): Text => {
      const exponent = this.#choices.pick([
        "{1/2}",
        "{\\frac{1}{2}}",
        "{\\frac12}",
        "(1/2)",
        "{0.5}",
      ]);
      const { text, alone } = this.#operand(radicand, ATOM);
      return { text: `${text}^${exponent}`, bind: FACTOR, ...(alone ? { alone } : {}) };
    };
    const inner = () => this.#write(radicand).text;
    switch (this.#choices.below(8)) {
      case 3:
        return { text: `sqrt(${inner()})`, bind: ATOM };
      case 4: {
        const text = inner();
        return /^(?:\d+|[a-z])$/.test(text)
          ? { text: `√${text}`, bind: FACTOR, open: true }
          : { text: `√(${text})`, bind: FACTOR, open: true };
      }
      case 5:
        return half();
      case 6: {
        const text = inner();
        return DIGIT.test(text)
          ? { text: `\\sqrt${text}`, bind: FACTOR, open: true }
          : { text: `\\sqrt{${text}}`, bind: ATOM };
      }
      case 7:
        return { text: `\\sqrt[2]{${inner()}}`, bind: ATOM };
      default:
        return { text: `\\sqrt{${inner()}}`, bind: ATOM };
    }
  }

  #rootOf(radicand: Node, degree: Node): Text {
    const index = this.#write(degree).text;
    if (this.#choices.chance(3))
      return {
        text: `${this.#operand(radicand, ATOM).text}^{1/${this.#bracketless(degree, index)}}`,
        bind: FACTOR,
      };
    return { text: `\\sqrt[${index}]{${this.#write(radicand).text}}`, bind: ATOM };
  }

  #bracketless(node: Node, text: string): string {
    return node.type === "num" && node.den === 1n ? text : `(${text})`;
  }

  #absolute(inner: Node): Text {
    const text = this.#write(inner).text;
    const spelled = this.#choices.pick([
      `|${text}|`,
      `\\left|${text}\\right|`,
      `\\lvert ${text}\\rvert `,
      `abs(${text})`,
      `\\left\\lvert ${text} \\right\\rvert `,
    ]);
    return { text: spelled, bind: ATOM, alone: true };
  }

  #logarithm(of: Node, base: Node): Text {
    const below = this.#write(base).text;
    const isLetter = /^[a-z0-9]$/.test(below) && this.#choices.chance(2);
    const name = this.#choices.pick(["\\log", "\\log", "log"]);
    return this.#applied(`${name}_${isLetter ? below : `{${below}}`}`, this.#write(of).text);
  }

  #binomial(above: Node, below: Node): Text {
    const [top, bottom] = [this.#write(above).text, this.#write(below).text];
    const text = this.#choices.pick([
      `\\binom{${top}}{${bottom}}`,
      `\\dbinom{${top}}{${bottom}}`,
      `{${top} \\choose ${bottom}}`,
    ]);
    return { text, bind: FACTOR, alone: true };
  }

  #function(operation: string, argument: Node): Text {
    const [name] = FUNCTIONS[operation] ?? [];
    if (name === undefined) throw new Error(`${operation} has no spelling`);
    const { pick } = bound(this.#choices);
    const inner = this.#write(argument).text;
    const command = pick([
      `\\${name}`,
      `\\${name}`,
      name,
      `\\operatorname{${name}}`,
      `\\mathrm{${name}}`,
    ]);
    const isSimple = /^(?:\d*[a-z]|\d+|\d*\\pi|\\theta|\d*π)$/.test(inner);
    if (isSimple && this.#choices.chance(2))
      return { text: `${command} ${inner}`, bind: TERM, open: true };
    return this.#applied(command, inner);
  }

  #applied(command: string, inner: string): Text {
    const [open, close] = this.#choices.pick([
      ["(", ")"],
      ["\\left(", "\\right)"],
      [" (", ")"],
      ["{(", ")}"],
    ]);
    return { text: `${command}${open}${inner}${close}`, bind: FACTOR, open: open === "{(" };
  }

  #matrix(rows: readonly (readonly Node[])[]): string {
    const gap = this.#space();
    const lines = rows.map((row) =>
      row.map((cell) => this.#write(cell).text).join(`${gap}&${gap}`),
    );
    const body = lines.join(`${gap}\\\\${gap}`);
    const columns = "c".repeat(rows[0]?.length ?? 1);
    return this.#choices.pick([
      `\\begin{pmatrix}${gap}${body}${gap}\\end{pmatrix}`,
      `\\begin{bmatrix}${gap}${body}${gap}\\end{bmatrix}`,
      `\\left(\\begin{array}{${columns}}${body}\\end{array}\\right)`,
      `\\left[\\begin{matrix}${body}\\end{matrix}\\right]`,
      `\\begin{pmatrix}${body}\\\\\\end{pmatrix}`,
    ]);
  }

  #collection(node: Group): string {
    const isBare = this.#choices.chance(3) && node.items.length > 1;
    if (node.kind !== "set" || !isBare) return this.#group(node);
    const items = this.#choices.shuffled(node.items).map((item) => this.#write(item).text);
    const last = this.#choices.pick([
      ", ",
      " and ",
      "\\text{ and }",
      ", and ",
      "\\text{ or }",
      ";\\ ",
    ]);
    if (last.startsWith(";")) return items.join("; ");
    return `${items.slice(0, -1).join(", ")}${last}${items.at(-1)}`;
  }

  #group(node: Group): string {
    const gap = this.#choices.pick([" ", "", " ", "\\, "]);
    const items = node.kind === "set" ? this.#choices.shuffled(node.items) : node.items;
    const inner = items.map((item) => this.#write(item).text).join(`,${gap}`);
    const [open, close] =
      node.kind === "set"
        ? this.#choices.pick([
            ["\\{", "\\}"],
            ["\\left\\{", "\\right\\}"],
            ["\\{ ", " \\}"],
            ["\\lbrace ", "\\rbrace "],
          ])
        : this.#choices.pick([
            ["(", ")"],
            ["\\left(", "\\right)"],
            ["( ", " )"],
            ["\\bigl(", "\\bigr)"],
          ]);
    return open + inner + close;
  }

  #plusMinus(node: Call): string {
    const [left, right] = node.args as readonly [Node, Node];
    const [a, b] = [this.#operand(left, TERM).text, this.#operand(right, TERM).text];
    const [more, less] = this.#choices.shuffled([`${a}+${b}`, `${a}-${b}`]);
    return this.#choices.pick([
      `${a} \\pm ${b}`,
      `${a}±${b}`,
      `${a} \\mp ${b}`,
      `\\{${more}, ${less}\\}`,
      `${more}, ${less}`,
      `${more} \\text{ or } ${less}`,
      `x = ${more} \\text{ or } x = ${less}`,
    ]);
  }

  /** A set of reals: as intervals, or as what it says of x. */
  #region(pieces: readonly Interval[]): string {
    const said = this.#choices.below(4);
    if (said === 2) {
      const all = this.#choices.shuffled(pieces).map((piece) => this.#inequality(piece));
      return all.join(this.#choices.pick([" \\text{ or } ", " or "]));
    }
    const by = this.#choices.pick(["\\cup ", " \\cup ", "∪", " ∪ "]);
    const text = this.#choices
      .shuffled(pieces)
      .map((piece) => this.#interval(piece))
      .join(by);
    return said === 3 ? `x \\in ${text}` : text;
  }

  #interval({ low, high, lowOpen, highOpen }: Interval): string {
    const size = this.#choices.pick([
      ["", ""],
      ["", ""],
      ["\\left", "\\right"],
    ]);
    const gap = this.#space();
    const ends = `${this.#write(low).text},${gap}${this.#write(high).text}`;
    return `${size[0]}${lowOpen ? "(" : "["}${ends}${size[1]}${highOpen ? ")" : "]"}`;
  }

  #inequality({ low, high, lowOpen, highOpen }: Interval): string {
    const [less, atMost] = [
      this.#choices.pick(["<", " < ", "\\lt "]),
      this.#choices.pick(["\\le ", "\\leq ", "<=", "≤", "\\leqslant "]),
    ];
    const [more, atLeast] = [
      this.#choices.pick([">", " > ", "\\gt "]),
      this.#choices.pick(["\\ge ", "\\geq ", ">=", "≥"]),
    ];
    if (isInfinite(low) && isInfinite(high)) return "-\\infty < x < \\infty";
    if (isInfinite(low)) {
      const end = this.#write(high).text;
      return this.#choices.pick([
        `x${highOpen ? less : atMost}${end}`,
        `${end}${highOpen ? more : atLeast}x`,
      ]);
    }
    const start = this.#write(low).text;
    if (isInfinite(high))
      return this.#choices.pick([
        `x${lowOpen ? more : atLeast}${start}`,
        `${start}${lowOpen ? less : atMost}x`,
      ]);
    const end = this.#write(high).text;
    return this.#choices.pick([
      `${start}${lowOpen ? less : atMost}x${highOpen ? less : atMost}${end}`,
      `${end}${highOpen ? more : atLeast}x${lowOpen ? more : atLeast}${start}`,
    ]);
  }
}

/** What a whole answer may stand in, in a task: a dressing that says nothing. */
export function dressed(text: string, choices: Choices): string {
  return choices.pick([
    text,
    text,
    `$${text}$`,
    `\\(${text}\\)`,
    `$$${text}$$`,
    `\\boxed{${text}}`,
    `$\\displaystyle ${text}$`,
    ` ${text} `,
    `$${text}$.`,
  ]);
}

/** A name before a value, and a unit behind a number: neither is compared. */
export function embellished(text: string, node: Node, choices: Choices): string {
  const isNumber = isScalar(node) && !/[a-z]_|theta|[abwxz]/.test(namesIn(node));
  const hasUnit = isNumber && !/[±]|\\[mp]{2}/.test(text) && choices.chance(6);
  const unit = hasUnit
    ? choices.pick([
        "\\text{ cm}",
        " \\text{ meters}",
        "\\,\\mathrm{m}",
        " cm",
        "\\text{ square units}",
      ])
    : "";
  const isWhole = !/[+−-]/.test(text.slice(1));
  const value = hasUnit && !isWhole ? `(${text})` : text;
  const name = isScalar(node) && choices.chance(6) ? choices.pick(["y = ", "y=", "y\\,=\\,"]) : "";
  return `${name}${value}${unit}`;
}

/** A response that gives an answer and nothing else. */
export function responding(text: string, choices: Choices): string {
  return choices.pick([
    `\\boxed{${text}}`,
    `\\boxed{${text}}`,
    `So we have $\\boxed{${text}}$.`,
    `$$\\boxed{ ${text} }$$`,
    `First 3 + 4 = 7.\n\nThe answer is $${text}$.`,
    `Final answer: $${text}$`,
    `**Answer:** \\(${text}\\)`,
    `It follows that\n$$${text}$$`,
  ]);
}

function isScalar(node: Node): boolean {
  if (node.type === "num" || node.type === "sym") return true;
  return node.type === "call" && node.name !== "pm" && node.name !== "union";
}

function namesIn(node: Node): string {
  if (node.type === "sym") return node.name === "pi" || node.name === "e" ? "" : node.name;
  return node.type === "call" ? node.args.map(namesIn).join(" ") : "";
}

function piecesOf(node: Node): readonly Interval[] {
  if (node.type === "interval") return [node];
  return node.type === "call" ? node.args.flatMap(piecesOf) : [];
}

function isInfinite(node: Node): boolean {
  if (node.type === "sym") return node.name === "inf";
  return node.type === "call" && node.name === "neg" && isInfinite(node.args[0] as Node);
}

function positive(node: Numeral): Numeral {
  return { ...node, num: -node.num };
}

function decimalOf({ num: above, den }: Numeral): string | undefined {
  for (let places = 1; places <= MAX_PLACES; places++) {
    const scale = 10n ** BigInt(places);
    if (scale % den !== 0n) continue;
    const digits = String((above * scale) / den).padStart(places + 1, "0");
    return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  }
  return undefined;
}

/** `.5` for `0.5`. */
function bare(decimal: string): string {
  return decimal.startsWith("0.") ? decimal.slice(1) : decimal;
}

function isApplied(left: Text, right: Text): boolean {
  return NAME_END.test(left.text) && BRACKET_START.test(right.text);
}

/** `0.5(3)` may be a repeated decimal. */
const DECIMAL_END = /\.\d+$/;

/** What may stand between two factors side by side; undefined where an operator must. */
function glued(left: Text, right: Text): string | undefined {
  if (left.open || left.alone || right.alone || NUMBER_START.test(right.text)) return undefined;
  if (right.bind === TERM) return undefined;
  if (DECIMAL_END.test(left.text) && !/^[\\A-Za-z]/.test(right.text)) return undefined;
  const isName = LETTER_START.test(right.text);
  if (isName && (COMMAND_END.test(left.text) || RUN_END.test(left.text))) return " ";
  // `2e` begins a number in scientific notation, `2cos` may be a unit, `ab` a word.
  if (isName && (LETTER_END.test(left.text) || NUMBER_END.test(left.text)))
    return /^[abwxyz](?![A-Za-z])/.test(right.text) ? "" : " ";
  return "";
}

function hasAlone(text: Text | undefined): boolean {
  return text?.alone ?? false;
}

function bound(choices: Choices) {
  return {
    pick: <T>(items: readonly [T, ...T[]]): T => choices.pick(items),
  };
}
