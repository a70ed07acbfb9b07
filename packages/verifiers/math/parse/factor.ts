import { numberSpelled } from "../spoken.ts";
import { call, type Node, num, sym } from "../tree.ts";
import { application, argument, isFunctionLetter, primary } from "./atoms.ts";
import { isMinusOne } from "./functions.ts";
import { deeper, fail, type State } from "./state.ts";
import { unary } from "./terms.ts";

const SCALES: ReadonlyMap<string, bigint> = new Map([
  ["dozen", 12n],
  ["hundred", 100n],
  ["thousand", 1_000n],
  ["million", 1_000_000n],
  ["billion", 1_000_000_000n],
  ["trillion", 1_000_000_000_000n],
]);
const PERCENT = /^\s*(?:\\?%|percent(?:age)?|pct)\s*$/i;

/** A primary with its powers, indices and what stands behind it. */
export function factor(state: State, inside: boolean): Node {
  return deeper(state, () => postfixed(state, primary(state, inside)));
}

export function postfixed(state: State, primary: Node): Node {
  let base = primary;
  for (;;) {
    const next = postfix(state, base);
    if (next === undefined) return base;
    base = next;
  }
}

function postfix(state: State, base: Node): Node | undefined {
  const { kind, text } = state.tokens.peek();
  switch (kind) {
    case "mark":
      return markBehind(state, base, text);
    case "command":
      return commandBehind(state, base, text);
    case "words":
    case "letters":
      return wordBehind(state, base, text.trim().toLowerCase());
    default:
      return undefined;
  }
}

function wordBehind({ tokens }: State, base: Node, word: string): Node | undefined {
  const scale = SCALES.get(word);
  if (scale === undefined && !PERCENT.test(word)) return undefined;
  tokens.next();
  return scale === undefined ? call("percent", base) : call("mul", base, num(scale));
}

function commandBehind({ tokens }: State, base: Node, name: string): Node | undefined {
  switch (name) {
    case "degree":
    case "circ":
      tokens.next();
      tokens.takeScale();
      return call("degree", base);
    case "percent":
      tokens.next();
      return call("percent", base);
    case "prime":
      if (base.type !== "sym") return undefined;
      tokens.next();
      return sym(`${base.name}'`);
    default:
      return undefined;
  }
}

function markBehind(state: State, base: Node, mark: string): Node | undefined {
  const { tokens } = state;
  switch (mark) {
    case "%":
      tokens.next();
      return call("percent", base);
    case "!": {
      tokens.next();
      const isDouble = !tokens.peek().spaced && tokens.take("mark", "!");
      return call(isDouble ? "dfact" : "fact", base);
    }
    case "'":
      if (base.type !== "sym") return undefined;
      tokens.next();
      return sym(`${base.name}'`);
    case "_":
      tokens.next();
      return indexed(state, base);
    case "^":
      tokens.next();
      return power(state, base);
    default:
      return undefined;
  }
}

function indexed(state: State, base: Node): Node {
  const index = state.tokens.script();
  if (base.type === "sym") return application(state, sym(`${base.name}_${index}`));
  // `x^2_1` is the square of `x_1`.
  if (base.type === "call" && base.name === "pow") {
    const [inner, exponent] = base.args;
    if (inner?.type === "sym" && exponent !== undefined)
      return call("pow", sym(`${inner.name}_${index}`), exponent);
  }
  const radix = /^\d{1,2}$/.test(index) ? Number(index) : numberSpelled(index);
  if (base.type === "num" && base.den === 1n && radix !== undefined)
    return { type: "apply", name: "base", args: [base, num(radix)] };
  return fail(state);
}

function power(state: State, base: Node): Node {
  const { tokens } = state;
  if (tokens.takeDegree()) {
    tokens.takeScale();
    return call("degree", base);
  }
  if (tokens.takeOrdinal()) return base;
  if (tokens.takeOneSided()) return base;
  if (tokens.takePrime() && base.type === "sym") return application(state, sym(`${base.name}'`));
  const { kind, text } = tokens.peek();
  // A number is taken whole: `10^12` is meant by whoever writes it.
  const isSigned = kind === "mark" && (text === "-" || text === "+");
  const exponent = isSigned ? unary(state) : argument(state, true);
  if (base.type === "sym" && base.name.startsWith("set:")) fail(state);
  // `f^{-1}(x)` is the inverse of f.
  if (base.type === "sym" && isFunctionLetter(base.name) && isMinusOne(exponent))
    if (tokens.peek().text === "(") return application(state, sym(`${base.name}^-1`));
  return call("pow", base, exponent);
}
