import { call, type Node, num, sym } from "../tree.ts";
import { application, argument } from "./atoms.ts";
import { absolute, bracket, fence } from "./brackets.ts";
import { environment } from "./environments.ts";
import { functionCall, isFunction } from "./functions.ts";
import type { Token } from "./lex.ts";
import { BARS, DECORATIONS, FENCES, GREEK, OPENERS } from "./names.ts";
import { fail, type State } from "./state.ts";
import { term } from "./terms.ts";

const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ["infty", "inf"],
  ["pi", "pi"],
  ["exponentialE", "e"],
  ["imaginaryI", "i"],
  ["emptyset", "set:empty"],
  ["varnothing", "set:empty"],
  ["N", "set:N"],
  ["Z", "set:Z"],
  ["Q", "set:Q"],
  ["R", "set:R"],
  ["C", "set:C"],
]);

/** A value that begins with a command. */
export function command(state: State, token: Token): Node {
  const { text } = token;
  const { tokens } = state;
  if (FENCES.has(text)) return fence(state);
  if (OPENERS.has(text)) return bracket(state);
  if (BARS.has(text) || text === "lvert" || text === "lVert") return absolute(state);
  tokens.next();
  if (text.startsWith("set:")) return sym(text);
  if (GREEK.has(text)) return application(state, sym(text));
  if (isFunction(token)) return functionCall(state, text);
  if (DECORATIONS.has(text)) return application(state, argument(state));
  const constant = CONSTANTS.get(text);
  if (constant !== undefined) return sym(constant);
  switch (text) {
    case "frac":
    case "dfrac":
    case "tfrac":
    case "cfrac":
      return fraction(state);
    case "binom":
    case "dbinom":
    case "tbinom":
      return call("binom", argument(state), argument(state));
    case "mathbb": {
      const name = argument(state);
      return name.type === "sym" ? sym(`set:${name.name}`) : fail(state);
    }
    case "overrightarrow": {
      // From A to B is not from B to A.
      const inner = argument(state);
      if (inner.type === "sym") return inner;
      const ends = inner.type === "call" && inner.name === "mul" ? inner.args : [inner];
      return { type: "apply", name: "vector", args: ends };
    }
    case "overline":
    case "bar":
    case "dot":
      return overlined(argument(state));
    case "begin":
      return environment(state);
    default:
      return fail(state);
  }
}

function fraction(state: State): Node {
  const slope = state.tokens.takeSlope();
  if (slope !== undefined) return sym(`${slope}'`);
  const derivative = state.tokens.derivative();
  if (derivative === undefined) return call("div", argument(state), argument(state));
  const { variable, order } = derivative;
  return call("deriv", term(state), sym(variable), num(order));
}

/** `\overline{z}` and `\bar{x}`: a name of its own; of a number its conjugate. */
function overlined(inner: Node): Node {
  if (inner.type === "sym") return sym(`bar ${inner.name}`);
  const isName =
    inner.type === "call" && inner.name === "mul" && inner.args.every(({ type }) => type === "sym");
  return isName || inner.type === "num"
    ? { type: "apply", name: "overline", args: isName ? inner.args : [inner] }
    : call("conj", inner);
}
