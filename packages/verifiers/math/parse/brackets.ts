import { call, type Node, sym } from "../tree.ts";
import type { Token } from "./lex.ts";
import { list } from "./list.ts";
import { CLOSERS, FENCES, OPENERS } from "./names.ts";
import { endsBehind } from "./product.ts";
import { fail, oneOr, type State } from "./state.ts";
import { sum } from "./terms.ts";

const CLOSING_BARS: ReadonlySet<string> = new Set(["|", "vert", "Vert", "rvert", "rVert"]);

/** What stands in brackets: a value, a tuple, a set or an interval. */
export function bracket(state: State): Node {
  const { tokens, bars, reversed, builder } = state;
  const opener = tokens.next();
  // `]0,1[` opens with what closes elsewhere.
  const open = opener.text === "]" ? "]" : OPENERS.get(opener.text);
  if (open === undefined) return fail(state);
  state.bars = 0;
  state.reversed = open === "]";
  state.builder = open === "{";
  const isCloser = ({ kind, text }: Token) =>
    (kind === "mark" || kind === "command") &&
    (CLOSERS.has(text) || (text === "[" && (open === "]" || (open === "[" && endsBehind(tokens)))));
  const next = tokens.peek();
  const inner =
    isCloser(next) && (open !== "]" || next.text === "[") ? undefined : list(state, isCloser);
  state.bars = bars;
  const conditions =
    inner !== undefined && open === "{" && takeSuchThat(state) ? list(state, isCloser) : undefined;
  state.reversed = reversed;
  state.builder = builder;
  const closer = tokens.next();
  if (!isCloser(closer)) fail(state);
  const close = CLOSERS.get(closer.text) ?? closer.text;
  if (conditions !== undefined && inner !== undefined)
    return close === "}" ? suchThat(inner, conditions) : fail(state);
  if (inner !== undefined) return closed(state, open, close, inner);
  return open === "{" && close === "}" ? sym("set:empty") : fail(state);
}

function takeSuchThat({ tokens }: State): boolean {
  return tokens.take("command", "mid") || tokens.take("mark", "|");
}

/** `\{x \in A \mid x > 0\}` is what its conditions say together. */
function suchThat(subject: Node, conditions: Node): Node {
  const isList = conditions.type === "group" && conditions.kind === "list";
  const items = isList ? conditions.items : [conditions];
  // `\{2^k \mid k \in N\}` is no condition on its elements.
  const isName = subject.type === "sym" || subject.type === "relation";
  if (!isName) return { type: "group", kind: "set", items: [subject, ...items] };
  const all = subject.type === "relation" ? [subject, ...items] : items;
  return oneOr(all, () => ({ type: "group", kind: "list", joiner: "and", items: all }));
}

/** `\{x : x > 0\}`, where the colon was read as a ratio. */
function withColon(inner: Node): Node | undefined {
  if (inner.type !== "relation") return undefined;
  const [first, ...rest] = inner.items;
  if (first?.type !== "call" || first.name !== "ratio" || first.args.length !== 2) return undefined;
  const [subject, left] = first.args;
  if (subject === undefined || left === undefined) return undefined;
  return suchThat(subject, { ...inner, items: [left, ...rest] });
}

function closed(state: State, open: string, close: string, inner: Node): Node {
  if ((open === "{") !== (close === "}")) return fail(state);
  const isList = inner.type === "group" && inner.kind === "list";
  const items = isList ? inner.items : [inner];
  const built = open === "{" ? withColon(inner) : undefined;
  if (built !== undefined) return built;
  if (open === "{") return { ...(isList ? inner : {}), type: "group", kind: "set", items };
  const lowOpen = open !== "[";
  const highOpen = close !== "]";
  if (open === "]" || close === "[" || lowOpen !== highOpen) {
    const [low, high] = items;
    if (items.length !== 2 || low === undefined || high === undefined) return fail(state);
    return { type: "interval", low, high, lowOpen, highOpen };
  }
  if (!isList) return inner;
  // The rows of a list with semicolons.
  const flat = items.flatMap((item) =>
    item.type === "group" && item.kind === "list" ? item.items : [item],
  );
  return { ...inner, kind: open === "[" ? "bracket" : "tuple", items: flat };
}

/** `|x|`, by any of the bars. */
export function absolute(state: State): Node {
  const { tokens } = state;
  tokens.next();
  state.bars++;
  const inner = sum(state);
  state.bars--;
  if (!CLOSING_BARS.has(tokens.next().text)) fail(state);
  return call("abs", inner);
}

/** `\lfloor x \rfloor` and the like. */
export function fence(state: State): Node {
  const { tokens } = state;
  const fence = FENCES.get(tokens.next().text);
  if (fence === undefined) return fail(state);
  const [closer, name] = fence;
  const inner = sum(state);
  const { kind, text } = tokens.next();
  if (kind !== "command" || text !== closer) fail(state);
  return call(name, inner);
}
