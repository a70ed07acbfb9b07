import { call, type Group, type Node, type Sign, sym } from "../tree.ts";
import type { Token } from "./lex.ts";
import { SET_OPERATIONS, SIGNS } from "./names.ts";
import { deeper, fail, oneOr, type State } from "./state.ts";
import { sum } from "./terms.ts";
import { separatorOf } from "./words.ts";

const COMMAND_JOINERS: ReadonlyMap<string, string> = new Map([
  ["cr", ";"],
  ["land", "and"],
  ["wedge", "and"],
  ["lor", "or"],
  ["vee", "or"],
]);

/** Statements with commas, semicolons or words between them. */
export function list(state: State, isEnd: (token: Token) => boolean): Node {
  const { tokens } = state;
  let row: Node[] = [];
  const rows = [row];
  const joiners = new Set<string>();
  let open = false;
  for (;;) {
    if (tokens.takeDots()) open = true;
    else if (!isEnd(tokens.peek())) row.push(statement(state));
    const joiner = takeJoiner(state);
    if (joiner === undefined) break;
    joiners.add(joiner);
    if (joiner === ";" && row.length > 0) {
      row = [];
      rows.push(row);
    }
    if (isEnd(tokens.peek()) && !open) break;
  }
  const filled = rows.filter(({ length }) => length > 0);
  const [first = []] = filled;
  const items = filled.length > 1 ? filled.map((items) => oneOr(items, listOf)) : first;
  if (items.length === 0) fail(state);
  const joiner = joiners.has("or") ? "or" : joiners.has("and") ? "and" : ",";
  if (open) return { type: "group", kind: "list", items, joiner, open };
  return oneOr(items, () => ({ type: "group", kind: "list", items, joiner }));
}

function listOf(items: readonly Node[]): Group {
  return { type: "group", kind: "list", joiner: ",", items };
}

/** Past the commas, semicolons, "and" and "or" here; undefined where there are none. */
function takeJoiner({ tokens }: State): string | undefined {
  let found: string | undefined;
  for (;;) {
    const joiner = joinerOf(tokens.peek());
    if (joiner === undefined) return found;
    tokens.next();
    if (found === undefined || joiner === "or" || joiner === "and") found = joiner;
  }
}

/** What a token says between two statements; undefined where it says something else. */
export function joinerOf(token: Token): string | undefined {
  switch (token.kind) {
    case "mark":
      return token.text === "," || token.text === ";" ? token.text : undefined;
    case "command":
      return COMMAND_JOINERS.get(token.text);
    case "words":
    case "letters":
      return separatorOf(token.text);
    default:
      return undefined;
  }
}

/** A value, or values with signs of relation between them. */
export function statement(state: State): Node {
  return deeper(state, relation);
}

function relation(state: State): Node {
  // `= 5` and `\approx 5`: the left side was written elsewhere.
  const lone = takeSign(state);
  if (lone !== undefined && lone !== "=" && lone !== "~") return fail(state);
  const items = [ratio(state)];
  const signs: Sign[] = [];
  for (;;) {
    const sign = takeSign(state);
    if (sign === undefined) return oneOr(items, () => ({ type: "relation", signs, items }));
    signs.push(sign);
    items.push(ratio(state));
  }
}

function takeSign({ tokens }: State): Sign | undefined {
  const token = tokens.peek();
  if (token.kind !== "mark" && token.kind !== "command") return undefined;
  const sign = SIGNS.get(token.text);
  if (sign !== undefined) tokens.next();
  return sign;
}

/** `1:2:3`; an ellipsis behind the last colon says that it goes on. */
function ratio(state: State): Node {
  const { tokens } = state;
  const terms = [sets(state)];
  while (
    tokens.take("mark", ":") ||
    tokens.take("command", "colon") ||
    tokens.takeWord("to") // `2 to 3`
  ) {
    if (tokens.takeDots()) {
      terms.push(sym("text:..."));
      break;
    }
    terms.push(sets(state));
  }
  return oneOr(terms, () => call("ratio", ...terms));
}

/** A value, or sets with `\cup` and the like between them. */
export function sets(state: State): Node {
  let left = withoutSet(sum(state));
  for (;;) {
    const operation = setOperationOf(state.tokens.peek(), left);
    if (operation === undefined) return left;
    state.tokens.next();
    left = call(operation, left, sum(state));
  }
}

/** `\mathbb{R} - \{1\}`, for want of the other sign. */
function withoutSet(node: Node): Node {
  if (node.type !== "call" || node.name !== "add" || node.args.length !== 2) return node;
  const [left, right] = node.args;
  const isSet = left?.type === "sym" && left.name.startsWith("set:");
  if (!isSet || right?.type !== "call" || right.name !== "neg") return node;
  return call("diff", left, ...right.args);
}

function setOperationOf({ kind, text }: Token, left: Node): string | undefined {
  if (kind === "command") return SET_OPERATIONS.get(text);
  // `(1,2) U (3,4)`, for want of the sign.
  return kind === "letters" && (text === "u" || text === "U") && isSetLike(left)
    ? "union"
    : undefined;
}

function isSetLike(node: Node): boolean {
  return (
    node.type === "interval" ||
    node.type === "group" ||
    (node.type === "call" && (node.name === "union" || node.name === "inter"))
  );
}
