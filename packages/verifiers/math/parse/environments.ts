import { call, type Node } from "../tree.ts";
import { sets, statement } from "./list.ts";
import { fail, type State } from "./state.ts";
import type { Tokens } from "./tokens.ts";

/** Environments whose rows are statements that hold together. */
const CASES: ReadonlySet<string> = new Set(
  "cases aligned align align* gathered split eqnarray eqnarray*".split(" "),
);
const MATRICES: ReadonlySet<string> = new Set(
  "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix array darray".split(" "),
);

/** What stands between `\begin{…}` and `\end{…}`. */
export function environment(state: State): Node {
  const name = state.tokens.group();
  if (CASES.has(name)) return cases(state);
  return MATRICES.has(name) ? matrix(state, name) : fail(state);
}

function cases(state: State): Node {
  const { tokens } = state;
  const items: Node[] = [];
  let goesOn = false;
  tokens.dropAlignment();
  while (!tokens.take("command", "end")) {
    if (takeOneOf(tokens, ",;.") || tokens.take("command", "cr")) continue;
    const before = tokens.at;
    goesOn ||= tokens.peek().text === "=" || tokens.peek().text === "approx";
    items.push(statement(state));
    // Behind an integral's `dx` a statement may be empty.
    if (tokens.at === before) fail(state);
  }
  tokens.group();
  // Rows that go on with an equals sign are one chain: its last side is what it comes to.
  const last = items.at(-1);
  if (goesOn && last !== undefined)
    return last.type === "relation" ? (last.items.at(-1) ?? last) : last;
  // Rows of which one is a condition lead to the last of them.
  if (last !== undefined && items.some(isCondition)) return last;
  return { type: "group", kind: "list", joiner: "and", items };
}

/** `x^2 = 12`, beside which `x = 5` says what x is. */
function isCondition(node: Node): boolean {
  return node.type === "relation" && node.signs[0] === "=" && node.items[0]?.type === "call";
}

function takeOneOf(tokens: Tokens, marks: string): boolean {
  const { kind, text } = tokens.peek();
  if (kind !== "mark" || !marks.includes(text)) return false;
  tokens.next();
  return true;
}

function matrix(state: State, name: string): Node {
  const { tokens } = state;
  // The columns: `{cc}`.
  if (name.endsWith("array")) tokens.group();
  let row: Node[] = [];
  const rows = [row];
  while (!tokens.take("command", "end")) {
    if (tokens.take("command", "cr")) {
      row = [];
      rows.push(row);
    } else if (!tokens.take("mark", "&")) {
      const before = tokens.at;
      row.push(sets(state));
      if (tokens.at === before || !endsCell(tokens)) fail(state);
    }
  }
  tokens.group();
  const filled = rows.filter(({ length }) => length > 0);
  const width = filled[0]?.length ?? 0;
  if (width === 0 || filled.some(({ length }) => length !== width)) return fail(state);
  const matrix: Node = { type: "matrix", rows: filled };
  return name === "vmatrix" || name === "Vmatrix" ? call("det", matrix) : matrix;
}

function endsCell(tokens: Tokens): boolean {
  const { kind, text } = tokens.peek();
  return kind === "command" ? text === "cr" || text === "end" : kind === "mark" && text === "&";
}
