import { call, type Node } from "../tree.ts";
import { argument } from "./atoms.ts";
import type { Token } from "./lex.ts";
import { product } from "./product.ts";
import { deeper, oneOr, type State } from "./state.ts";

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["*", "mul"],
  ["cdot", "mul"],
  ["times", "mul"],
  ["ast", "mul"],
  ["star", "mul"],
  ["/", "div"],
  ["div", "div"],
  ["mod", "mod"],
  ["bmod", "mod"],
]);

/** Terms with plus and minus between them; `a ± b` is the sum of all before it, and b. */
export function sum(state: State): Node {
  const { tokens } = state;
  const first = takePlusMinus(state);
  let terms: Node[] = [first === undefined ? term(state) : call(first, term(state))];
  const whole = () => oneOr(terms, () => call("add", ...terms));
  for (;;) {
    if (tokens.take("mark", "+")) terms.push(term(state));
    else if (tokens.take("mark", "-")) terms.push(call("neg", term(state)));
    else {
      const sign = takePlusMinus(state);
      if (sign === undefined) return modulo(state, whole());
      terms = [call(sign, whole(), term(state))];
    }
  }
}

function takePlusMinus({ tokens }: State): "pm" | "mp" | undefined {
  if (tokens.take("command", "pm")) return "pm";
  return tokens.take("command", "mp") ? "mp" : undefined;
}

/** `a \pmod{7}` and `a (mod 7)`: what is known of `a` up to multiples of 7. */
function modulo(state: State, residue: Node): Node {
  const { tokens } = state;
  if (tokens.take("command", "pmod")) return call("pmod", residue, argument(state));
  if (!tokens.opensModulus()) return residue;
  tokens.skip(2);
  const modulus = sum(state);
  tokens.expect(")");
  return call("pmod", residue, modulus);
}

/** Products with signs of multiplication and division between them. A long product is one node,
 * however many factors it has. */
export function term(state: State): Node {
  let factors: Node[] = [unary(state)];
  const whole = () => oneOr(factors, () => call("mul", ...factors));
  for (;;) {
    const operator = takeOperator(state);
    if (operator === undefined) return whole();
    if (operator === "mul") factors.push(unary(state));
    else factors = [call(operator, whole(), unary(state))];
  }
}

function takeOperator({ tokens }: State): string | undefined {
  const operator = operatorOf(tokens.peek());
  // `1.5 x 10^3`: a letter for the sign.
  const taken = operator ?? (tokens.isTimesTen() ? "mul" : undefined);
  if (taken !== undefined) tokens.next();
  return taken;
}

export function operatorOf({ kind, text }: Token): string | undefined {
  if (kind === "mark" || kind === "command") return OPERATORS.get(text);
  return kind === "letters" && text === "mod" ? "mod" : undefined;
}

/** A product with its sign. */
export function unary(state: State): Node {
  return deeper(state, signed);
}

function signed(state: State): Node {
  if (state.tokens.take("mark", "-")) return call("neg", unary(state));
  return state.tokens.take("mark", "+") ? unary(state) : product(state, false);
}
