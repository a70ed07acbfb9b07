import { call, type Node, type Numeral, num } from "../tree.ts";
import { takeDifferential } from "./binders.ts";
import type { NumberToken } from "./digits.ts";
import { factor, postfixed } from "./factor.ts";
import { isFunction } from "./functions.ts";
import { type Token, Unreadable } from "./lex.ts";
import { BARS, BEGINNERS, isFunctionWord, OPENERS, SET_OPERATIONS } from "./names.ts";
import { fail, oneOr, type State, unwrapped } from "./state.ts";
import type { Tokens } from "./tokens.ts";
import { takeUnit } from "./units.ts";
import { separatorOf, UPRIGHT_CONSTANT } from "./words.ts";

/** Words between factors or statements. */
const NO_FACTORS: ReadonlySet<string> = new Set(["mod", "choose", "to"]);

/** Factors side by side. As a function's argument it ends before the next function. */
export function product(state: State, isArgument: boolean): Node {
  const { tokens } = state;
  const factors: Node[] = [];
  /** The number that was just read, where nothing stands behind it. */
  let previous: NumberToken | undefined;
  for (;;) {
    const inside = factors.length > 0;
    while (tokens.takeEmptyBraces());
    if (state.integrals > 0 && takeDifferential(state)) break;
    if (inside && takeUnit(state, factors)) break;
    const token = tokens.peek();
    if (!startsFactor(state, token, inside)) break;
    if (inside && endsProduct(state, token, factors.at(-1))) break;
    if (isArgument && inside && isFunction(token)) break;
    if (token.kind === "number" && previous !== undefined && !isFraction(tokens.peek(1))) {
      const mixed = mixedNumber(state, factors.pop(), previous, token);
      factors.push(postfixed(state, mixed));
    } else {
      const start = tokens.at;
      const next = factor(state, inside);
      factors.push(inside ? unwrapped(next) : next);
      if (previous !== undefined && isFraction(token) && tokens.at - start > 1)
        joinMixed(factors, previous);
    }
    const last = tokens.previous();
    previous = last.kind === "number" && !isScript(tokens.peek()) ? last : undefined;
  }
  const [first] = factors;
  // `\int dx`.
  if (first === undefined) return state.differential === undefined ? fail(state) : num(1);
  return oneOr(factors, ([, ...rest]) => call("mul", unwrapped(first), ...rest));
}

/** Whether a factor begins here; `inside`: others stand before it. */
function startsFactor(state: State, { kind, text }: Token, inside: boolean): boolean {
  switch (kind) {
    case "number":
      return true;
    case "letters":
      return !NO_FACTORS.has(text) && separatorOf(text) === undefined;
    case "words":
      if (separatorOf(text) !== undefined) return false;
      return !inside || UPRIGHT_CONSTANT.test(text) || isFunctionWord(text.trim());
    case "mark":
      if (text === "|") return !inside || (state.bars === 0 && !state.builder);
      if (text === "[") return !state.reversed && !(inside && endsBehind(state.tokens));
      return text === "{" || OPENERS.has(text) || (text === "]" && !inside);
    case "command":
      if (BARS.has(text)) return !inside || state.bars === 0;
      return BEGINNERS.has(text) || text.startsWith("set:");
    default:
      return false;
  }
}

/** Whether a token that may begin a factor says something else here: a letter for a sign, a modulus,
 * or the union of what stands before it. */
function endsProduct({ tokens }: State, { kind, text }: Token, last: Node | undefined): boolean {
  if (kind === "mark") return tokens.opensModulus();
  if (kind !== "letters") return false;
  const isSet = last?.type === "group" || last?.type === "interval";
  return tokens.isTimesTen() || (isSet && (text === "U" || text === "u"));
}

/** Whether nothing but the end or a set operation stands behind this token: `[0,1[`. */
export function endsBehind(tokens: Tokens): boolean {
  const next = tokens.peek(1);
  return next.kind === "end" || (next.kind === "command" && SET_OPERATIONS.has(next.text));
}

/** Whether a token is a power, an index or a factorial. */
export function isScript({ kind, text }: Token): boolean {
  return kind === "mark" && (text === "^" || text === "_" || text === "!");
}

function isFraction({ kind, text }: Token): boolean {
  return kind === "command" && text.endsWith("frac");
}

/** `1 1/2` and `1½`: a whole number with a proper fraction behind it. */
function mixedNumber(
  state: State,
  whole: Node | undefined,
  previous: NumberToken,
  above: NumberToken & Token,
): Numeral {
  const { tokens } = state;
  if (whole?.type !== "num" || previous.decimal || whole.den !== 1n) return fail(state);
  if (above.vulgar) {
    tokens.next();
    return num(whole.num * above.den + above.num, above.den);
  }
  const slash = tokens.peek(1);
  const below = tokens.peek(2);
  if (!above.spaced || slash.kind !== "mark" || slash.text !== "/" || below.kind !== "number")
    return fail(state);
  if (above.decimal || below.decimal || above.num === 0n || above.num >= below.num)
    return fail(state);
  tokens.skip(3);
  return num(whole.num * below.num + above.num, below.num);
}

/** `2\frac13` is two and a third; `2\frac{3}{2}` and `2\frac{\pi}{2}` are products. */
function joinMixed(factors: Node[], previous: NumberToken): void {
  const last = factors.at(-1);
  const whole = factors.at(-2);
  const isPercent = last?.type === "call" && last.name === "percent";
  const part = isPercent ? last.args[0] : last;
  if (previous.decimal || previous.den !== 1n || whole?.type !== "num") return;
  if (part?.type !== "call" || part.name !== "div") return;
  const [above, below] = part.args;
  if (above?.type !== "num" || below?.type !== "num" || above.decimal || below.decimal) return;
  if (above.den !== 1n || below.den !== 1n || above.num < 0n || above.num >= below.num) return;
  // Neither 5 nor 0, and nobody means it.
  if (above.num === 0n) throw new Unreadable("unparsable", "a mixed number without a part");
  const mixed = num(whole.num * below.num + above.num, below.num);
  factors.splice(-2, 2, isPercent ? call("percent", mixed) : mixed);
}
