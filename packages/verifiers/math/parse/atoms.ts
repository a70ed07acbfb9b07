import { call, type Node, type Numeral, num, sym } from "../tree.ts";
import { absolute, bracket } from "./brackets.ts";
import { command } from "./commands.ts";
import { functionCall } from "./functions.ts";
import type { Token } from "./lex.ts";
import { list } from "./list.ts";
import { functionNamed, isFunctionWord, LIST_FUNCTIONS } from "./names.ts";
import { parse } from "./parser.ts";
import { isScript } from "./product.ts";
import { deeper, fail, type State } from "./state.ts";
import { operatorOf, sum } from "./terms.ts";
import { isSentenceWord, splitLetters } from "./words.ts";

/** Letters that are functions where an argument in parentheses follows. */
const FUNCTION_LETTERS = /^[fghFGH](?:$|[_'^])/;

export function isFunctionLetter(name: string): boolean {
  return FUNCTION_LETTERS.test(name);
}

/** A value without what may stand behind it; `inside`: factors stand before it. */
export function primary(state: State, inside: boolean): Node {
  const { tokens } = state;
  const token = tokens.peek();
  switch (token.kind) {
    case "number":
      return !inside && isQuotient(state) ? quotient(state) : number(state);
    case "letters":
      return letters(state, token.text);
    case "words":
      tokens.next();
      return words(state, token.text.trim(), token.upright);
    case "mark":
      if (token.text === "{") return application(state, braces(state));
      return token.text === "|" ? absolute(state) : bracket(state);
    case "command":
      return command(state, token);
    default:
      return fail(state);
  }
}

/** What a command takes: braces, or one token. Of a number one digit, unless taken `whole`. */
export function argument(state: State, whole = false): Node {
  const { tokens } = state;
  const { kind, text } = tokens.peek();
  if (kind === "mark" && text === "{") return braces(state);
  if (kind === "number") return whole ? number(state) : digit(state);
  if (kind === "letters" && splitLetters(text).kind === "variables") return sym(tokens.letter());
  return deeper(state, (state) => primary(state, false));
}

const isClosingBrace = ({ kind, text }: Token) => kind === "mark" && text === "}";

export function braces(state: State): Node {
  const { tokens } = state;
  tokens.next();
  const { bars } = state;
  state.bars = 0;
  const inner = list(state, isClosingBrace);
  state.bars = bars;
  const operation = tokens.take("command", "choose")
    ? "binom"
    : tokens.take("command", "over")
      ? "div"
      : undefined;
  const node = operation === undefined ? inner : call(operation, inner, sum(state));
  tokens.expect("}");
  return node;
}

function number(state: State): Numeral {
  const token = state.tokens.next();
  if (token.kind !== "number") return fail(state);
  return { type: "num", num: token.num, den: token.den, decimal: token.decimal };
}

function digit(state: State): Numeral {
  const digit = state.tokens.digit();
  return digit === undefined ? number(state) : num(Number(digit));
}

/** `3/4` in numerals is one number and binds like one: `3/4 x` is three quarters of x. */
function isQuotient({ tokens }: State): boolean {
  const slash = tokens.peek(1);
  if (slash.kind !== "mark" || slash.text !== "/" || tokens.peek(2).kind !== "number") return false;
  const behind = tokens.peek(3);
  return (
    !isScript(behind) && !/[/!]/.test(behind.text) && operatorOf(tokens.previous()) === undefined
  );
}

function quotient(state: State): Node {
  const above = number(state);
  state.tokens.next();
  return call("div", above, number(state));
}

function letters(state: State, text: string): Node {
  const { tokens } = state;
  if (isSentenceWord(text)) fail(state);
  const { kind, name, length } = splitLetters(text);
  switch (kind) {
    case "constant":
      tokens.takeLetters(length);
      return sym(name);
    case "function":
      tokens.takeLetters(length);
      return functionCall(state, name);
    case "word":
      tokens.next();
      return sym(`text:${text.toLowerCase()}`);
    default:
      return application(state, sym(tokens.letter()));
  }
}

/** `f(x)` where `f` is a function's letter, or where an equals sign makes it a definition. */
export function application(state: State, head: Node): Node {
  const { tokens } = state;
  if (head.type !== "sym") return head;
  const { kind, text, spaced } = tokens.peek();
  if (kind !== "mark" || text !== "(" || spaced) return head;
  const { name } = head;
  if (name === "C" && tokens.opensPair()) {
    const pair = bracket(state);
    return pair.type === "group" ? call("binom", ...pair.items) : fail(state);
  }
  if (!FUNCTION_LETTERS.test(name) && !name.startsWith("text:") && !tokens.definesHere())
    return head;
  const inner = bracket(state);
  const args = inner.type === "group" && inner.kind !== "set" ? inner.items : [inner];
  return { type: "apply", name, args };
}

function words(state: State, text: string, upright: boolean): Node {
  const isCall =
    functionNamed(text) !== undefined ||
    LIST_FUNCTIONS.has(text) ||
    (upright && isFunctionWord(text));
  if (isCall) return functionCall(state, text);
  // What is set as text may be mathematics all the same: `\text{13}`, `\text{(A)}`.
  if (text.includes("\\") || (!/[A-Za-z]{2}/.test(text) && text !== ""))
    return deeper(state, () => application(state, parse(text, state.depth).node));
  return application(state, sym(`text:${text.toLowerCase().replace(/\s+/g, " ")}`));
}
