import { MAX_DEPTH, type Node } from "../tree.ts";
import { tokenize, Unreadable } from "./lex.ts";
import { Tokens } from "./tokens.ts";

/** Where a parse stands. Nothing is ever taken back: whatever fails, fails the whole answer. */
export interface State {
  readonly tokens: Tokens;
  depth: number;
  /** Open bars of an absolute value, which the next bar closes. */
  bars: number;
  /** Integrals whose `dx` is still to come. */
  integrals: number;
  /** Within `]`, which `[` closes. */
  reversed: boolean;
  /** Within the braces of a set, where a bar says "such that". */
  builder: boolean;
  /** The variable of the innermost integral, once its `dx` was read. */
  differential: Node | undefined;
  /** The unit after the value, as it was written; "" where there is none. */
  unit: string;
}

export function startOf(source: string, depth: number): State {
  return {
    tokens: new Tokens(tokenize(source)),
    depth,
    bars: 0,
    integrals: 0,
    reversed: false,
    builder: false,
    differential: undefined,
    unit: "",
  };
}

export function fail({ tokens }: State): never {
  throw new Unreadable("unparsable", `unexpected "${tokens.peek().text || "end"}"`);
}

export function deeper(state: State, work: (state: State) => Node): Node {
  if (++state.depth > MAX_DEPTH) throw new Unreadable("over_limit", "nested too deeply");
  const node = work(state);
  state.depth--;
  return node;
}

/** The one node there is, or what is made of several. */
export function oneOr(nodes: readonly Node[], make: (nodes: readonly Node[]) => Node): Node {
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : make(nodes);
}

/** `\{1+2\}` as a factor is a bracket like any other: what stands in it. */
export function unwrapped(node: Node): Node {
  return node.type === "group" && node.kind === "set" && !node.open
    ? oneOr(node.items, () => node)
    : node;
}
