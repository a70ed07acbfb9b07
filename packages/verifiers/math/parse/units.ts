import { joinerOf } from "./list.ts";
import type { State } from "./state.ts";
import type { Tokens } from "./tokens.ts";
import { isUnitWord, separatorOf } from "./words.ts";

/** A unit behind a value, to the end of the statement: it is kept aside and no part of the value. */
export function takeUnit(state: State): boolean {
  const { tokens } = state;
  const length = unitLength(tokens);
  if (length === 0) return false;
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
      if (kind === "words" && /^\s*[ie]\s*$/.test(text)) return 0;
      if (kind === "letters" && !isSpeed(tokens, at) && !isUnitWord(text, spaced, at > 0)) return 0;
    } else if (at === 0 && isQuotient(tokens)) at += QUOTIENT_TOKENS - 1;
    else if (at === 0 || !joinsUnits(tokens, at)) return at;
  }
}

/** `\frac{\text{km}}{\text{h}}` in tokens. */
const QUOTIENT_TOKENS = 7;

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
      return /^[-^]$/.test(tokens.peek(at - 1).text);
    case "command":
      return text === "cdot" || text === "degree" || text === "circ";
    default:
      return false;
  }
}
