import { firstChar, isSpace } from "../python.ts";
import { commandArguments, environmentArguments } from "./arguments.ts";
import { type Budget, MAX_DEPTH, Unreadable } from "./budget.ts";

export type Arguments = readonly (Node | undefined)[];

export type Node =
  | { readonly kind: "chars"; readonly text: string }
  | { readonly kind: "special"; readonly text: string }
  | { readonly kind: "group"; readonly nodes: readonly Node[] }
  | { readonly kind: "math"; readonly display: boolean; readonly nodes: readonly Node[] }
  | {
      readonly kind: "command";
      readonly name: string;
      /** White space after the name. */
      readonly space: string;
      /** Undefined where they could not be read, so that the command stands alone. */
      readonly args: Arguments | undefined;
      /** Whether it has no arguments that count as such. */
      readonly bare: boolean;
    }
  | { readonly kind: "environment"; readonly name: string; readonly nodes: readonly Node[] };

interface Token {
  readonly kind:
    | "char"
    | "open"
    | "close"
    | "command"
    | "begin"
    | "end"
    | "math"
    | "special"
    | "nothing";
  /** The characters that it stands for; of a command or an environment its name. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** White space before it. */
  readonly before: string;
  /** White space after it, which belongs to it. */
  readonly after: string;
}

interface Read {
  readonly node: Node;
  /** Where it ends. */
  readonly end: number;
}

/** What ends a list of nodes; undefined: the end of the text alone. */
type Stop = { readonly kind: "close" | "end" | "math"; readonly text: string } | undefined;

const LETTER = /\p{L}/u;
const NAME_CHAR = /[\p{L}\p{N}_* .-]/u;
/** The longest first. */
const SPECIALS = ["---", "--", "``", "''", "!`", "?`", "&", "~"];
const CLOSING: Readonly<Record<string, string>> = {
  "{": "}",
  "[": "]",
  "\\(": "\\)",
  "\\[": "\\]",
};

/**
 * The nodes of a LaTeX text as pylatexenc's LatexWalker (MIT) reads it in its tolerant mode: what
 * does not fit is passed over, what is not closed ends with the text. The text holds neither `$`
 * nor `%`: PRM800K has taken them out.
 */
export function readNodes(text: string, budget: Budget): Node[] {
  return new Reader(text, budget).nodes(0, undefined, 0).nodes;
}

class Reader {
  readonly #text: string;
  readonly #budget: Budget;

  constructor(text: string, budget: Budget) {
    this.#text = text;
    this.#budget = budget;
  }

  nodes(from: number, stop: Stop, depth: number): { nodes: Node[]; end: number } {
    if (depth > MAX_DEPTH) throw new Unreadable("too deep");
    const nodes: Node[] = [];
    let chars = "";
    for (let at = from; ; ) {
      const token = this.#token(at, stop?.text === "]", true);
      at = token.end;
      chars += token.before;
      if (token.kind === "char") {
        chars += token.text;
        continue;
      }
      if (chars !== "") nodes.push({ kind: "chars", text: chars });
      chars = "";
      if (token.kind === "nothing") return { nodes, end: at };
      if (stop?.kind === token.kind && stop.text === token.text) return { nodes, end: at };
      const read = this.#construct(token, depth);
      if (read === undefined) continue;
      nodes.push(read.node);
      at = read.end;
    }
  }

  /** What begins with `token`; undefined for what closes something else: it is passed over. */
  #construct(token: Token, depth: number): Read | undefined {
    const { text } = token;
    switch (token.kind) {
      case "open":
        return this.#group(token, depth);
      case "command":
        return this.#commandNode(token, depth);
      case "special":
        return { node: { kind: "special", text }, end: token.end };
      case "begin": {
        const isVerbatim = text === "verbatim";
        const start = isVerbatim
          ? this.#find("\\end{verbatim}", token.end)
          : this.#arguments(environmentArguments.get(text) ?? "", token.end, depth)?.end;
        const { nodes, end } = this.nodes(start ?? token.end, { kind: "end", text }, depth + 1);
        return { node: { kind: "environment", name: text, nodes }, end };
      }
      case "math": {
        const closing = CLOSING[text];
        if (closing === undefined) return undefined;
        const { nodes, end } = this.nodes(token.end, { kind: "math", text: closing }, depth + 1);
        return { node: { kind: "math", display: text === "\\[", nodes }, end };
      }
    }
    return undefined;
  }

  #commandNode({ text: name, after: space, end }: Token, depth: number): Read {
    const kinds = commandArguments.get(name) ?? "";
    const read = name === "verb" ? this.#verb(end) : this.#arguments(kinds, end, depth);
    const bare = read === undefined || isBare(kinds, read.args);
    return {
      node: { kind: "command", name, space, args: read?.args, bare },
      end: read?.end ?? end,
    };
  }

  #group(opening: Token, depth: number): Read {
    const stop = { kind: "close", text: CLOSING[opening.text] ?? "" } as const;
    const { nodes, end } = this.nodes(opening.end, stop, depth + 1);
    return { node: { kind: "group", nodes }, end };
  }

  /** Undefined where the text ends before all are read. */
  #arguments(
    kinds: string,
    from: number,
    depth: number,
  ): { args: Arguments; end: number } | undefined {
    const args: (Node | undefined)[] = [];
    let at = from;
    for (const kind of kinds) {
      if (kind === "[") {
        // After a line's end only a bracket that follows at once is its argument.
        const isApart = kinds === "*[" && isSpace(this.#text.charCodeAt(at));
        const token = isApart ? undefined : this.#token(at, true, false);
        const isThere = token?.kind === "open" && token.text === "[";
        const group = isThere ? this.#group(token, depth) : undefined;
        args.push(group?.node);
        at = group?.end ?? at;
        continue;
      }
      const token = this.#token(at, false, kind === "*");
      if (token.kind === "nothing") return undefined;
      if (kind === "*") {
        const isStar = token.kind === "char" && token.text === "*";
        args.push(isStar ? { kind: "chars", text: "*" } : undefined);
        if (isStar) at = token.end;
        continue;
      }
      const argument = this.#argument(token, depth);
      args.push(argument.node);
      at = argument.end;
    }
    return { args, end: at };
  }

  /** What `\verb` takes: up to the next of whatever character comes first. */
  #verb(from: number): { args: Arguments; end: number } | undefined {
    const text = this.#text;
    if (from === text.length) throw new Unreadable("\\verb at the end");
    let start = from;
    while (start < text.length && isSpace(text.charCodeAt(start))) start++;
    const mark = this.#char(start);
    const end = mark === "" ? undefined : this.#find(mark, start + mark.length);
    if (end === undefined) return undefined;
    return { args: [{ kind: "chars", text: text.slice(start, end) }], end: end + mark.length };
  }

  /** Where `mark` stands next. In vain, the search costs what is left of the text. */
  #find(mark: string, from: number): number | undefined {
    const at = this.#text.indexOf(mark, from);
    this.#budget.spend((at < 0 ? this.#text.length : at) - from);
    return at < 0 ? undefined : at;
  }

  /** One obligatory argument: a group, or the one thing that stands there. */
  #argument(token: Token, depth: number): Read {
    const { text, end } = token;
    switch (token.kind) {
      case "open":
        return this.#group(token, depth);
      case "command":
        if (text === "end") break;
        return {
          node: { kind: "command", name: text, space: token.after, args: undefined, bare: true },
          end,
        };
      case "special":
        return { node: { kind: "special", text }, end };
      case "char":
        return { node: { kind: "chars", text }, end };
      case "math":
        return { node: { kind: "chars", text: "" }, end };
    }
    return { node: { kind: "chars", text: "" }, end: token.start };
  }

  #token(from: number, brackets: boolean, environments: boolean): Token {
    const text = this.#text;
    let start = from;
    for (; start < text.length && isSpace(text.charCodeAt(start)); start++)
      if (start > from && text[start] === "\n" && text[start - 1] === "\n")
        return this.#spent(from, "char", "\n\n", start - 1, start + 1);
    if (start === text.length) return this.#spent(from, "nothing", "", start, start);
    const char = firstChar(text.slice(start, start + 2));
    const next = start + char.length;
    if (char === "\\") return this.#command(from, start, environments);
    if (char === "{" || (brackets && char === "["))
      return this.#spent(from, "open", char, start, next);
    if (char === "}" || (brackets && char === "]"))
      return this.#spent(from, "close", char, start, next);
    const special = SPECIALS.find((special) => text.startsWith(special, start));
    return special === undefined
      ? this.#spent(from, "char", char, start, next)
      : this.#spent(from, "special", special, start, start + special.length);
  }

  #command(from: number, start: number, environments: boolean): Token {
    const text = this.#text;
    // A lone backslash ends the text, and takes the white space before it along.
    if (start + 1 === text.length) return this.#spent(from, "nothing", "", from, from);
    let end = start + 1;
    while (end < text.length && LETTER.test(this.#char(end))) end += this.#char(end).length;
    const isWord = end > start + 1;
    if (!isWord) end += this.#char(end).length;
    const name = text.slice(start + 1, end);
    if ("[]()".includes(name)) return this.#spent(from, "math", `\\${name}`, start, end);
    if (environments && (name === "begin" || name === "end"))
      return this.#environment(from, start, end, name);
    const spaceStart = end;
    for (; isWord && end < text.length && isSpace(text.charCodeAt(end)); end++)
      if (end > spaceStart && text[end] === "\n" && text[end - 1] === "\n") {
        // An empty line is no white space after a name.
        end--;
        break;
      }
    return this.#spent(from, "command", name, start, end, text.slice(spaceStart, end));
  }

  #environment(from: number, start: number, nameEnd: number, word: "begin" | "end"): Token {
    const text = this.#text;
    let open = nameEnd;
    while (open < text.length && isSpace(text.charCodeAt(open))) open++;
    let close = open + 1;
    if (text[open] === "{")
      while (close < text.length && NAME_CHAR.test(this.#char(close)))
        close += this.#char(close).length;
    this.#budget.spend(close - start);
    return text[open] === "{" && text[close] === "}" && close > open + 1
      ? this.#spent(from, word, text.slice(open + 1, close), start, close + 1)
      : this.#spent(from, "char", `\\${word}`, start, nameEnd);
  }

  #char(at: number): string {
    return firstChar(this.#text.slice(at, at + 2));
  }

  #spent(
    from: number,
    kind: Token["kind"],
    text: string,
    start: number,
    end: number,
    after = "",
  ): Token {
    this.#budget.spend(1 + end - from);
    return { kind, text, start, end, before: this.#text.slice(from, start), after };
  }
}

/** pylatexenc's notion of a command without arguments: none, or only an optional one that is not
 * there; stars do not count before one. */
function isBare(kinds: string, args: Arguments): boolean {
  const counted = kinds.replace(/^\*+/, "");
  if (!/^\[\{*$/.test(counted)) return args.length === 0;
  return counted === "[" && args.at(-1) === undefined;
}
