import { call, type Node, num, sym } from "../tree.ts";
import { argument, braces } from "./atoms.ts";
import { integral, limit, series } from "./binders.ts";
import { bracket } from "./brackets.ts";
import type { Token } from "./lex.ts";
import { FUNCTION_COMMANDS, functionNamed, LIST_FUNCTIONS, OPENERS } from "./names.ts";
import { product } from "./product.ts";
import { fail, oneOr, type State } from "./state.ts";
import { sum } from "./terms.ts";
import { splitLetters } from "./words.ts";

export function isFunction({ kind, text }: Token): boolean {
  if (kind === "letters") return splitLetters(text).kind === "function";
  return kind === "command" && FUNCTION_COMMANDS.has(text);
}

/** What stands behind a function's name. */
export function functionCall(state: State, name: string): Node {
  switch (name) {
    case "sqrt":
      return root(state);
    case "sum":
    case "prod":
      return series(state, name);
    case "int":
    case "iint":
    case "oint":
      return integral(state);
    case "lim":
      return limit(state);
    case "log":
    case "lg": {
      // Without a base it is for the comparison to say which is meant.
      const base = state.tokens.take("mark", "_") ? [argument(state, true)] : [];
      return applied(state, (argument) => call("log", argument, ...base));
    }
    default:
  }
  if (LIST_FUNCTIONS.has(name)) {
    const args = bracket(state);
    return call(name, ...(args.type === "group" ? args.items : [args]));
  }
  if (name === "cbrt") return call("root", functionArgument(state), num(3));
  if (name === "cis") return applied(state, cis);
  const operation = functionNamed(name);
  if (operation === undefined) return fail(state);
  return applied(state, (argument) => call(operation, argument), functionNamed(`a${operation}`));
}

/** `cos x + i sin x` */
function cis(angle: Node): Node {
  return call("add", call("cos", angle), call("mul", sym("i"), call("sin", angle)));
}

/** `\sqrt{x}`, `\sqrt[3]{x}`, `sqrt(x)`. */
function root(state: State): Node {
  const { tokens } = state;
  let degree: Node | undefined;
  if (tokens.take("mark", "[")) {
    degree = sum(state);
    tokens.expect("]");
  }
  const { kind, text } = tokens.peek();
  const radicand =
    kind === "mark" && (text === "(" || text === "[") ? bracket(state) : argument(state, true);
  return degree === undefined ? call("sqrt", radicand) : call("root", radicand, degree);
}

/** A function with the power that may stand before its argument: `\sin^2 x`; with the power -1 it
 * is its inverse, where it has one: `\sin^{-1} x`. */
function applied(state: State, make: (argument: Node) => Node, inverse?: string): Node {
  const power = state.tokens.take("mark", "^") ? argument(state, true) : undefined;
  const inner = functionArgument(state);
  if (power === undefined) return make(inner);
  return inverse !== undefined && isMinusOne(power)
    ? call(inverse, inner)
    : call("pow", make(inner), power);
}

export function isMinusOne(node: Node): boolean {
  if (node.type !== "call" || node.name !== "neg") return false;
  const [inner] = node.args;
  return inner?.type === "num" && inner.num === 1n && inner.den === 1n;
}

function functionArgument(state: State): Node {
  const { kind, text } = state.tokens.peek();
  const isBrace = kind === "mark" && text === "{";
  if (isBrace || ((kind === "mark" || kind === "command") && OPENERS.has(text))) {
    const inner = isBrace ? braces(state) : bracket(state);
    return inner.type === "group" ? oneOr(inner.items, () => fail(state)) : inner;
  }
  if (state.tokens.take("mark", "-")) return call("neg", product(state, true));
  return product(state, true);
}
