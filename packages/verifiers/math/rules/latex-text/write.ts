import { strip } from "../python.ts";
import { Budget, Unreadable } from "./budget.ts";
import { type Node, readNodes } from "./read.ts";
import { symbols } from "./symbols.ts";

type Command = Extract<Node, { kind: "command" }>;

/** Commands that are written as their arguments. */
const TRANSPARENT = new Set("mathrm emph textrm textit textbf textsc textsl text".split(" "));
/** Commands that are written around their arguments: as many `%s` as arguments. */
const AROUND = new Map([
  ...["frac", "nicefrac", "textfrac"].map((name) => [name, "%s/%s"] as const),
  ...(
    "overline underline widehat widetilde wideparen overleftarrow overrightarrow " +
    "overleftrightarrow underleftarrow underrightarrow underleftrightarrow overbrace underbrace " +
    "overgroup undergroup overbracket underbracket overlinesegment underlinesegment " +
    "overleftharpoon overrightharpoon"
  )
    .split(" ")
    .map((name) => [name, "%s"] as const),
  ["ket", "|%s⟩"],
  ["bra", "⟨%s|"],
  ["braket", "⟨%s|%s⟩"],
  ["ketbra", "|%s⟩⟨%s|"],
  ["url", "<%s>"],
]);
/** Commands of which one argument is written, by its place. */
const ONE_OF: ReadonlyMap<string, readonly [before: string, argument: number, after: string]> =
  new Map([
    ["sqrt", ["√(", 1, ")"]],
    ["footnote", ["[", 1, "]"]],
    ["textcolor", ["", 2, ""]],
    ["colorbox", ["", 2, ""]],
    ["fcolorbox", ["", 4, ""]],
  ]);
/** Accents go on each character of their argument. */
const ACCENTS: ReadonlyMap<string, string> = new Map([
  ["'", "\u0301"],
  ["`", "\u0300"],
  ['"', "\u0308"],
  ["c", "\u0327"],
  ["^", "\u0302"],
  ["~", "\u0303"],
  ["H", "\u030b"],
  ["k", "\u0328"],
  ["=", "\u0304"],
  ["b", "\u0331"],
  [".", "\u0307"],
  ["d", "\u0323"],
  ["r", "\u030a"],
  ["u", "\u0306"],
  ["v", "\u030c"],
  ["vec", "\u20d7"],
  ["dot", "\u0307"],
  ["hat", "\u0302"],
  ["check", "\u030c"],
  ["breve", "\u0306"],
  ["acute", "\u0301"],
  ["grave", "\u0300"],
  ["tilde", "\u0303"],
  ["bar", "\u0305"],
  ["ddot", "\u0308"],
  ["not", "\u0338"],
]);
/** Where each alphabet's A and a stand among the mathematical letters. */
const ALPHABETS: ReadonlyMap<string, readonly [upper: number, lower: number]> = new Map([
  ["mathbf", [0x1d400, 0x1d41a]],
  ["mathit", [0x1d434, 0x1d44e]],
  ["mathsf", [0x1d5a0, 0x1d5ba]],
  ["mathbb", [0x1d538, 0x1d552]],
  ["mathtt", [0x1d670, 0x1d68a]],
  ["mathcal", [0x1d49c, 0x1d4b6]],
  ["mathscr", [0x1d49c, 0x1d4b6]],
  ["mathfrak", [0x1d504, 0x1d51e]],
]);
/** Unicode had these before it had the alphabets, and left gaps there: a letter and what is written
 * for it, in turns. */
const SCRIPT_GAPS = "BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ";
const GAPS: ReadonlyMap<string, string> = new Map([
  ["mathit", "hℎ"],
  ["mathbb", "CℂHℍNℕPℙQℚRℝZℤ"],
  ["mathcal", SCRIPT_GAPS],
  ["mathscr", SCRIPT_GAPS],
  ["mathfrak", "CℭHℌIℑRℜZℨ"],
]);
const SPECIALS: ReadonlyMap<string, string> = new Map([
  ["&", "   "],
  ["~", "\u00a0"],
  ["``", "“"],
  ["''", "”"],
  ["--", "–"],
  ["---", "—"],
  ["!`", "¡"],
  ["?`", "¿"],
]);
const MATRICES = new Set("array pmatrix bmatrix smallmatrix psmallmatrix bsmallmatrix".split(" "));
const EQUATIONS = new Set(
  (
    "equation equation* eqnarray eqnarray* align align* multline multline* gather gather* dmath " +
    "dmath*"
  ).split(" "),
);
const CENTERED = new Set(["center", "flushleft", "flushright"]);
const INDENT = "    ";

/**
 * A LaTeX text as plain text, as `LatexNodes2Text().latex_to_text` of pylatexenc 2.10 (MIT) writes
 * it: `\frac{1}{2}` is 1/2, `\pi` is π, an unknown command disappears. Undefined where the original
 * raises. Commands of whole documents (headings, titles, citations, files) disappear too.
 */
export function latexToText(text: string): string | undefined {
  const budget = new Budget(text);
  try {
    return new Writer(budget).nodes(readNodes(text, budget), false);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Writer {
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Within an equation (`math`) white space between things is dropped, and kept after a command. */
  nodes(nodes: readonly Node[], math: boolean): string {
    let text = "";
    let previous: Node | undefined;
    for (const node of nodes) {
      if (math && node.kind === "chars" && previous?.kind === "command" && previous.bare)
        text += previous.space;
      text += this.#node(node, math);
      previous = node;
    }
    this.#budget.spend(text.length);
    return text;
  }

  #node(node: Node, math: boolean): string {
    switch (node.kind) {
      case "chars":
        return math && strip(node.text) === "" ? "" : node.text;
      case "special":
        return SPECIALS.get(node.text) ?? node.text;
      case "group":
        return this.nodes(node.nodes, math);
      case "math": {
        const text = strip(this.nodes(node.nodes, true));
        return node.display ? this.#block(text) : text;
      }
      case "command":
        return this.#command(node, math);
      case "environment":
        if (MATRICES.has(node.name)) return this.#matrix(node.nodes, math);
        if (EQUATIONS.has(node.name)) return this.#block(strip(this.nodes(node.nodes, true)));
        return CENTERED.has(node.name)
          ? `\n${this.nodes(node.nodes, math)}\n`
          : this.nodes(node.nodes, math);
    }
  }

  #command(command: Command, math: boolean): string {
    const { name } = command;
    const symbol = symbols.get(name);
    if (symbol !== undefined) return symbol;
    const args = () => (command.args ?? []).map((node) => (node ? this.#node(node, math) : ""));
    const around = AROUND.get(name);
    if (around !== undefined) return fill(around, args());
    const oneOf = ONE_OF.get(name);
    if (oneOf !== undefined) {
      const [before, place, after] = oneOf;
      const argument = args()[place];
      if (argument === undefined) throw new Unreadable(`\\${name} without its argument`);
      return before + argument + after;
    }
    if (TRANSPARENT.has(name)) return args().join("");
    const accent = ACCENTS.get(name);
    if (accent !== undefined) return this.#accented(args()[0], accent);
    const alphabet = ALPHABETS.get(name);
    if (alphabet !== undefined) return inAlphabet(args()[0] ?? "", alphabet, GAPS.get(name) ?? "");
    if (name === "item") return `\n  ${command.args?.[0] === undefined ? "* " : args()[0]}`;
    return "";
  }

  #accented(text: string | undefined, accent: string): string {
    let accented = "";
    for (const char of text === undefined ? " " : strip(text)) {
      const base = char === "ı" ? "i" : char === "ȷ" ? "j" : char;
      accented += (base + accent).normalize("NFC");
    }
    this.#budget.spend(accented.length);
    return accented;
  }

  /** `[ a b; c d ]`, its columns as wide as the widest cell. Empty cells are dropped. */
  #matrix(nodes: readonly Node[], math: boolean): string {
    const rows: string[][] = [[]];
    let cell: Node[] = [];
    const endCell = () => {
      if (cell.length > 0) rows.at(-1)?.push(strip(this.nodes(cell, math)));
      cell = [];
    };
    for (const node of nodes) {
      if (node.kind === "special" && node.text === "&") endCell();
      else if (node.kind === "command" && node.name === "\\") {
        endCell();
        rows.push([]);
      } else cell.push(node);
    }
    endCell();
    const widths = rows.flat().map((text) => [...text].length);
    if (widths.length === 0) throw new Unreadable("a matrix without a cell");
    const width = widths.reduce((a, b) => Math.max(a, b));
    this.#budget.spend(width * widths.length);
    const lines = rows.map((row) =>
      row.map((text) => " ".repeat(width - [...text].length) + text).join(" "),
    );
    return `[ ${lines.join("; ")} ]`;
  }

  #block(text: string): string {
    const block = `\n${INDENT}${text.replaceAll("\n", `\n${INDENT}`)}\n`;
    this.#budget.spend(block.length);
    return block;
  }
}

/** Python's `format % args`; where the arguments do not fit, pylatexenc writes the format itself. */
function fill(format: string, args: readonly string[]): string {
  const parts = format.split("%s");
  if (parts.length !== args.length + 1) return format;
  return parts.map((part, index) => part + (args[index] ?? "")).join("");
}

function inAlphabet(text: string, [upper, lower]: readonly [number, number], gaps: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => {
    const gap = gaps.indexOf(letter);
    if (gap >= 0) return gaps.charAt(gap + 1);
    const code = letter.charCodeAt(0);
    return String.fromCodePoint(code >= 97 ? lower + code - 97 : upper + code - 65);
  });
}
