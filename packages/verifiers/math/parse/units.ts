import type { Node } from "../tree.ts";
import { joinerOf } from "./list.ts";
import { isFunctionWord } from "./names.ts";
import type { State } from "./state.ts";
import type { Tokens } from "./tokens.ts";
import { isUnitText, isUnitWord, separatorOf, UNIT_LETTERS, UPRIGHT_CONSTANT } from "./words.ts";

/** A unit behind a value, to the end of the statement: it is kept aside and no part of the value. */
export function takeUnit(state: State, factors: readonly Node[]): boolean {
  const { tokens } = state;
  const length = unitLength(tokens);
  // What is said of a variable is no unit: `n \text{ is odd}`.
  if (length === 0 || factors.every(isVariable)) return false;
  const end = tokens.peek(length);
  const ends =
    end.kind === "end" ||
    joinerOf(end) !== undefined ||
    (end.kind === "mark" && "=<>:".includes(end.text));
  if (!ends) return false;
  const { at } = tokens;
  if (state.unit === "")
    state.unit = tokens
      .text(at, at + length)
      .trim()
      .toLowerCase();
  tokens.skip(length);
  return true;
}

/** How many tokens here may be a unit: words first, then what writes powers and quotients of them. */
function unitLength(tokens: Tokens): number {
  for (let at = 0; ; at++) {
    const { kind, text, spaced } = tokens.peek(at);
    if (kind === "words" || kind === "letters") {
      if (separatorOf(text) !== undefined) return at;
      if (kind === "words" && (UPRIGHT_CONSTANT.test(text) || isFunctionWord(text.trim())))
        return 0;
      if (kind === "words" && !isUnitText(text)) return 0;
      const isLetterUnit = at === 0 && (isSpeed(tokens, at) || isLastLetter(tokens));
      if (kind === "letters" && isFunctionWord(text) && tokens.peek(at + 1).text === "(") return 0;
      if (kind === "letters" && !isLetterUnit && !isUnitWord(text, spaced, at > 0)) return 0;
    } else if (at === 0 && isQuotient(tokens)) at += QUOTIENT_TOKENS - 1;
    else if (at === 0 && isBracketed(tokens)) return BRACKETED_TOKENS;
    else if (at === 0 && kind === "command" && text === "mu" && tokens.peek(1).kind === "words")
      continue;
    else if (at === 0 || !joinsUnits(tokens, at)) return at;
  }
}

function isVariable(node: Node): boolean {
  return node.type === "sym" && !/^(?:pi|e|i|inf)$/.test(node.name);
}

/** `300 K`: a letter behind a number and nothing else. */
function isLastLetter(tokens: Tokens): boolean {
  const { text, spaced } = tokens.peek();
  return (
    spaced &&
    UNIT_LETTERS.test(text) &&
    tokens.at === 1 &&
    tokens.previous().kind === "number" &&
    tokens.peek(1).kind === "end"
  );
}

/** `\frac{\text{km}}{\text{h}}` in tokens. */
const QUOTIENT_TOKENS = 7;

/** `(\mathrm{~cm})` in tokens. */
const BRACKETED_TOKENS = 3;

function isBracketed(tokens: Tokens): boolean {
  const { kind, text } = tokens.peek(1);
  return (
    tokens.peek().text === "(" &&
    kind === "words" &&
    !UPRIGHT_CONSTANT.test(text) &&
    isUnitText(text) &&
    tokens.peek(2).text === ")"
  );
}

function isQuotient(tokens: Tokens): boolean {
  const { kind, text } = tokens.peek();
  if (kind !== "command" || !text.endsWith("frac")) return false;
  return tokens.peek(2).kind === "words" && tokens.peek(5).kind === "words";
}

/** `m/s`, the one unit that begins with a single letter. */
function isSpeed(tokens: Tokens, at: number): boolean {
  return (
    tokens.peek(at).text === "m" &&
    tokens.peek(at + 1).text === "/" &&
    tokens.peek(at + 2).text === "s"
  );
}

function joinsUnits(tokens: Tokens, at: number): boolean {
  const { kind, text } = tokens.peek(at);
  switch (kind) {
    case "mark":
      return "/^-.()'{}".includes(text);
    case "number":
      return /^[-^{]$/.test(tokens.peek(at - 1).text);
    case "command":
      return text === "cdot" || text === "degree" || text === "circ";
    default:
      return false;
  }
}
