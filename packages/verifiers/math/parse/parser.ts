import { childrenOf, MAX_DEPTH, type Node } from "../tree.ts";
import { Unreadable } from "./lex.ts";
import { list } from "./list.ts";
import { fail, startOf } from "./state.ts";

/** An answer's tree, with what was read beside it. */
export interface Parsed {
  readonly node: Node;
  /** The unit after the value, as it was written; "" where there is none. */
  readonly unit: string;
}

/**
 * Parses an answer in LaTeX or plain text, by recursive descent: a list of statements (list.ts) of
 * sums and terms (terms.ts) of factors side by side (product.ts), each an atom (atoms.ts) with
 * what stands behind it (factor.ts). `depth`: what it stands in, where it is part of another.
 * @throws Unreadable
 */
export function parse(source: string, depth = 0): Parsed {
  const state = startOf(source, depth);
  const node = list(state, (token) => token.kind === "end");
  if (state.tokens.peek().kind !== "end") fail(state);
  if (isDeep(node)) throw new Unreadable("over_limit", "nested too deeply");
  return { node, unit: state.unit };
}

/** Whether a tree is deeper than is read: `1/1/1/…` nests without a bracket. */
function isDeep(node: Node): boolean {
  let level: readonly Node[] = [node];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    level = level.flatMap(childrenOf);
    if (level.length === 0) return false;
  }
  return true;
}
