import { freeVariables } from "../kernel/facts.ts";
import { type Group, mapped, type Node, type Relation } from "../tree.ts";

/** What is named and what it is: `x = 5`, `f(x) = x^2`, `(x, y) = (1, 2)`, `x \in [0, 1]`. */
export interface Labelled {
  readonly label: string;
  readonly value: Node;
}

/** `a ≈ b` is `a`, whose exact side it is; `x ≈ 3.14` says what x is. */
export function withoutApproximation(node: Node): Node {
  if (node.type !== "relation") return node;
  const at = node.signs.indexOf("~");
  if (at < 0) return node;
  if (at === 0 && labelOf(node.items[0] as Node) === undefined) return node.items[0] as Node;
  if (at === 0) return { ...node, signs: node.signs.map((sign) => (sign === "~" ? "=" : sign)) };
  return { ...node, signs: node.signs.slice(0, at), items: node.items.slice(0, at + 1) };
}

/** The value that a chain of equations gives, with its name; "" where only values are equated. */
export function labelled(node: Node): Labelled | undefined {
  if (node.type !== "relation") return undefined;
  const [first] = node.items;
  const last = node.items.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (node.signs.length === 1 && node.signs[0] === "in") {
    const label = labelOf(first);
    return label === undefined ? undefined : { label, value: last };
  }
  if (!node.signs.every((sign) => sign === "=" || sign === "equiv")) return undefined;
  const label = labelOf(first);
  if (label !== undefined) return { label, value: last };
  // `5 + 6 = 11` ends in its value; `x + y = 5` is a condition and has none.
  return freeVariables(node).size === 0 ? { label: "", value: last } : undefined;
}

/** The name that an expression is, in letters; undefined where it is more than a name. */
function labelOf(node: Node): string | undefined {
  switch (node.type) {
    case "sym":
      return node.name.startsWith("set:") || /^(?:pi|e|i|inf)$/.test(node.name)
        ? undefined
        : node.name;
    case "apply":
      // `f(x)`, `f(t)` and `f` are one function; `f(2)` and `f(3)` are two values.
      return node.args.every((arg) => arg.type === "sym")
        ? node.name
        : `${node.name}(${JSON.stringify(node.args, (_, value) => (typeof value === "bigint" ? String(value) : value))})`;
    case "call": {
      if (node.name === "abs") return joined([node.args[0] as Node], "|");
      if (node.name === "mul") return joined(node.args, "");
      return node.name === "div" || node.name === "ratio" ? joined(node.args, "/") : undefined;
    }
    case "group":
      return joined(node.items, ",");
    default:
      return undefined;
  }
}

function joined(nodes: readonly Node[], by: string): string | undefined {
  const labels = nodes.map(labelOf);
  return labels.some((label) => label === undefined) ? undefined : `${by}${labels.join(by)}`;
}

/** A list whose items are named, each by its own name. */
export interface Named {
  readonly labels: readonly string[];
  readonly values: readonly Node[];
}

/** What a list of equations says: `p = 5, q = 2, p = 7, q = 2` is two pairs, `x = 1, x = 2` two values
 * of one thing, `a = 4, -8` the same, `x = 1, y = 2` a value for each name. */
export function readNames(group: Group): Named | Group | undefined {
  if (group.kind !== "list" && group.kind !== "set") return undefined;
  const items = group.items.map((item) => labelled(withoutApproximation(item)));
  const [first] = items;
  if (first === undefined || first.label === "") return undefined;
  const rest = group.items.slice(1);
  if (rest.length > 0 && rest.every((item) => item.type !== "relation")) {
    const values = [...spread(first.value), ...rest];
    return { ...group, items: values };
  }
  if (items.some((item) => item === undefined)) return undefined;
  const pairs = items as readonly Labelled[];
  const labels = pairs.map(({ label }) => label);
  const values = pairs.map(({ value }) => value);
  const stems = new Set(labels.map((label) => label.replace(/_\w+$/, "")));
  if (stems.size === 1 && labels.length > 1) return { ...group, items: values.flatMap(spread) };
  const period = new Set(labels).size;
  if (period === labels.length) return inOrder(labels, values);
  if (labels.length % period !== 0) return undefined;
  if (!labels.every((label, i) => label === labels[i % period])) return undefined;
  const tuples: Group[] = [];
  for (let i = 0; i < values.length; i += period)
    tuples.push({ type: "group", kind: "tuple", items: values.slice(i, i + period) });
  return { ...group, items: tuples };
}

/** By name, where the names are coordinates: beside a pair `y = 2, x = 1` is (1, 2). */
function inOrder(labels: readonly string[], values: readonly Node[]): Named {
  if (!labels.every((label) => /^[xyz]$/.test(label))) return { labels, values };
  const places = labels.map((_, i) => i);
  places.sort((i, j) => ((labels[i] ?? "") < (labels[j] ?? "") ? -1 : 1));
  return {
    labels: places.map((i) => labels[i] as string),
    values: places.map((i) => values[i] as Node),
  };
}

/** `x = y = 2` as `x = 2, y = 2`; undefined of anything else. */
export function spreadChain(node: Node): Node | undefined {
  if (node.type !== "relation" || node.items.length < 3) return undefined;
  const names = node.items.slice(0, -1);
  const value = node.items.at(-1) as Node;
  const areNames = names.every((name) => name.type === "sym");
  if (!areNames || value.type === "sym" || node.signs.some((sign) => sign !== "="))
    return undefined;
  const items = names.map(
    (name): Node => ({ type: "relation", signs: ["="], items: [name, value] }),
  );
  return { type: "group", kind: "list", items };
}

/** The second of two definitions of one function, in the letters of the first: `f(n) = n` beside
 * `f(x) = x`. */
export function inLettersOf(first: Node, second: Node, value: Node): Node {
  const [one, other] = [headOf(first), headOf(second)];
  if (one === undefined || other === undefined || one.length !== other.length) return value;
  const names = new Map(other.map((name, i) => [name, one[i] ?? name]));
  return mapped(value, (node) =>
    node.type === "sym" ? { ...node, name: names.get(node.name) ?? node.name } : node,
  );
}

function headOf(node: Node): readonly string[] | undefined {
  const head = node.type === "relation" ? node.items[0] : undefined;
  if (head?.type !== "apply") return undefined;
  const names = head.args.flatMap((arg) => (arg.type === "sym" ? [arg.name] : []));
  return names.length === head.args.length ? names : undefined;
}

/** `(p, q) = (2, 3)` as `p = 2, q = 3`. */
export function spreadPair(node: Node): Node {
  if (node.type !== "relation" || node.signs.length !== 1 || node.signs[0] !== "=") return node;
  const [names, values] = node.items;
  if (names?.type !== "group" || values?.type !== "group") return node;
  if (names.items.length !== values.items.length || labelOf(names) === undefined) return node;
  const items = names.items.map(
    (name, i): Node => ({
      type: "relation",
      signs: ["="],
      items: [name, values.items[i] as Node],
    }),
  );
  return { type: "group", kind: "list", items };
}

function spread(value: Node): readonly Node[] {
  return value.type === "group" && value.kind === "list" ? value.items : [value];
}

export function isNamed(value: Named | Group): value is Named {
  return "labels" in value;
}

/** The same chain read from its smaller end. */
export function oriented(relation: Relation): Relation {
  if (!relation.signs.every((sign) => sign === ">" || sign === ">=")) return relation;
  return {
    type: "relation",
    signs: relation.signs.map((sign) => (sign === ">" ? "<" : "<=") as "<" | "<=").reverse(),
    items: [...relation.items].reverse(),
  };
}
