import { call, type Node, sym } from "../tree.ts";
import { argument } from "./atoms.ts";
import { statement } from "./list.ts";
import { fail, type State, unwrapped } from "./state.ts";
import { sum, term } from "./terms.ts";

/** `\sum_{k=1}^{n} …`: the body goes to the next plus or minus. */
export function series(state: State, name: "sum" | "prod"): Node {
  const { below, above } = bounds(state);
  if (below?.type !== "relation" || below.items.length !== 2 || above === undefined)
    return fail(state);
  const [index, from] = below.items;
  if (index?.type !== "sym" || from === undefined) return fail(state);
  return call(name, index, from, above, term(state));
}

/** `\int_0^1 … dx`: the body goes to the `dx`. */
export function integral(state: State): Node {
  const { below, above } = bounds(state);
  const outer = exchangeDifferential(state, undefined);
  state.integrals++;
  const body = unwrapped(sum(state));
  state.integrals--;
  const variable = exchangeDifferential(state, outer);
  if (variable === undefined) return fail(state);
  return below === undefined || above === undefined
    ? call("int", body, variable)
    : call("int", body, variable, below, above);
}

function exchangeDifferential(state: State, next: Node | undefined): Node | undefined {
  const { differential } = state;
  state.differential = next;
  return differential;
}

export function takeDifferential(state: State): boolean {
  const variable = state.tokens.differential();
  if (variable === undefined) return false;
  state.differential = sym(variable);
  return true;
}

interface Bounds {
  readonly below: Node | undefined;
  readonly above: Node | undefined;
}

/** What stands under and over a sign, in either order. */
function bounds(state: State): Bounds {
  const { tokens } = state;
  let below: Node | undefined;
  let above: Node | undefined;
  for (let side = 0; side < 2; side++) {
    if (tokens.take("mark", "_")) below = bound(state);
    else if (tokens.take("mark", "^")) above = bound(state);
  }
  return { below, above };
}

function bound(state: State): Node | undefined {
  const { tokens } = state;
  if (tokens.takeEmptyBraces()) return undefined;
  if (!tokens.take("mark", "{")) return argument(state, true);
  const node = statement(state);
  tokens.expect("}");
  return node;
}

/** `\lim_{x \to 0} …`: the body goes to the next plus or minus. */
export function limit(state: State): Node {
  const { tokens } = state;
  if (!(tokens.take("mark", "_") && tokens.take("mark", "{"))) return fail(state);
  const variable = sum(state);
  if (!(tokens.take("command", "to") || tokens.take("command", "rightarrow"))) return fail(state);
  const to = sum(state);
  tokens.expect("}");
  return call("lim", term(state), variable, to);
}
