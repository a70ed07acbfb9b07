import { call, childrenOf, type Group, type Node, num } from "../tree.ts";

/** The most nodes in all the cells of a matrix that is worked out. */
const MAX_NODES = 4_000;
/** The largest matrix that is multiplied or has its determinant taken, in rows. */
const MAX_ROWS = 6;

/** Both values of an expression with `±` in it; the expression alone where there is none. */
export function plusMinus(node: Node): readonly Node[] {
  if (!hasSign(node)) return [node];
  return [resolved(node, 1), resolved(node, -1)];
}

function hasSign(node: Node): boolean {
  if (node.type === "relation" || (node.type === "group" && node.kind !== "tuple")) return false;
  if (node.type === "call" && (node.name === "pm" || node.name === "mp")) return true;
  return childrenOf(node).some(hasSign);
}

function resolved(node: Node, sign: 1 | -1): Node {
  if (node.type === "group")
    return { ...node, items: node.items.map((item) => resolved(item, sign)) };
  if (node.type === "apply") return { ...node, args: node.args.map((arg) => resolved(arg, sign)) };
  if (node.type !== "call") return node;
  const args = node.args.map((arg) => resolved(arg, sign));
  if (node.name !== "pm" && node.name !== "mp") return { ...node, args };
  const isMinus = (node.name === "pm") === (sign === -1);
  const last = args.at(-1) as Node;
  const signed = isMinus ? call("neg", last) : last;
  return args.length === 1 ? signed : call("add", args[0] as Node, signed);
}

/** The items of a list with plus-minus signs written out. */
export function flattened(group: Group): readonly Node[] {
  return group.items.flatMap((item) => {
    return plusMinus(item);
  });
}

/** The matrix that an expression of matrices comes to; undefined where it comes to none, or to one
 * whose cells are too much to write out. */
export function matrixOf(node: Node): Rows | undefined {
  const rows = written(node);
  return rows === undefined || isLarge(rows) ? undefined : rows;
}

/** Whether the cells have more nodes than are looked at. A product of products grows by a factor each
 * time, though it is built of parts that are shared. */
function isLarge(rows: Rows): boolean {
  let left = MAX_NODES;
  const visit = (node: Node): void => {
    if (--left > 0) for (const child of childrenOf(node)) if (left > 0) visit(child);
  };
  for (const row of rows) for (const cell of row) visit(cell);
  return left <= 0;
}

function written(node: Node): Rows | undefined {
  if (node.type === "matrix") return node.rows;
  if (node.type === "group" && node.kind === "bracket") return rowsOf(node.items);
  if (node.type === "group" && node.items.length === 1) return matrixOf(node.items[0] as Node);
  if (node.type !== "call") return undefined;
  const [first, second] = node.args;
  if (first === undefined) return undefined;
  switch (node.name) {
    case "neg":
      return matrixOf(first)?.map((row) => row.map((cell) => call("neg", cell)));
    case "transpose":
      return transposed(matrixOf(first));
    case "add":
      return node.args.map(matrixOf).reduce(sum);
    case "div": {
      const above = matrixOf(first);
      return second && above?.map((row) => row.map((cell) => call("div", cell, second)));
    }
    case "mul":
      return product(node.args);
    case "pow": {
      if (second?.type === "sym" && second.name.toUpperCase() === "T")
        return transposed(matrixOf(first) ?? rowOf(first));
      const base = matrixOf(first);
      if (base === undefined || second?.type !== "num" || second.den !== 1n) return undefined;
      const times = Number(second.num);
      if (times < 1 || times > MAX_ROWS) return undefined;
      let power: typeof base | undefined = base;
      for (let i = 1; i < times && power !== undefined; i++) power = times_(power, base);
      return power;
    }
    default:
      return undefined;
  }
}

/** `(1, 2)`, of which `(1, 2)^T` is a column. */
function rowOf(node: Node): Rows | undefined {
  return node.type === "group" && node.kind === "tuple" ? [node.items] : undefined;
}

/** `[[1, 2], [3, 4]]` */
function rowsOf(items: readonly Node[]): Rows | undefined {
  const rows: (readonly Node[])[] = [];
  for (const item of items) {
    if (item.type !== "group" || item.kind !== "bracket") return undefined;
    if (rows.length > 0 && rows[0]?.length !== item.items.length) return undefined;
    rows.push(item.items);
  }
  return rows;
}

export type Rows = readonly (readonly Node[])[];

function sum(a: Rows | undefined, b: Rows | undefined): Rows | undefined {
  if (a === undefined || b === undefined || a.length !== b.length) return undefined;
  if (a.some((row, i) => row.length !== b[i]?.length)) return undefined;
  return a.map((row, i) => row.map((cell, j) => call("add", cell, b[i]?.[j] as Node)));
}

function product(factors: readonly Node[]): Rows | undefined {
  let total: Rows | undefined;
  let scalars: Node | undefined;
  for (const factor of factors) {
    const rows = matrixOf(factor);
    if (rows === undefined) scalars = scalars ? call("mul", scalars, factor) : factor;
    else {
      total = total === undefined ? rows : times_(total, rows);
      if (total === undefined) return undefined;
    }
  }
  if (total === undefined || scalars === undefined) return total;
  const scalar = scalars;
  return total.map((row) => row.map((cell) => call("mul", scalar, cell)));
}

function times_(a: Rows | undefined, b: Rows): Rows | undefined {
  if (a === undefined || a.length > MAX_ROWS || (b[0]?.length ?? 0) > MAX_ROWS) return undefined;
  if (a[0]?.length !== b.length) return undefined;
  const width = b[0]?.length ?? 0;
  if (isLarge(a) || isLarge(b)) return undefined;
  return a.map((row) =>
    Array.from({ length: width }, (_, j) =>
      row
        .map((cell, k) => call("mul", cell, b[k]?.[j] as Node))
        .reduce((left, right) => call("add", left, right)),
    ),
  );
}

function transposed(rows: Rows | undefined): Rows | undefined {
  return rows?.[0]?.map((_, j) => rows.map((row) => row[j] as Node));
}

/** Determinants in an expression written out; the expression as it is where they are too large. */
export function withoutDeterminants(node: Node): Node {
  if (node.type !== "call") return node;
  if (node.name !== "det") {
    if (!node.args.some((arg) => arg.type === "call")) return node;
    return { ...node, args: node.args.map(withoutDeterminants) };
  }
  const rows = node.args[0] && matrixOf(node.args[0]);
  if (rows === undefined || rows.length > MAX_ROWS - 1 || rows.length !== rows[0]?.length)
    return node;
  return determinant(rows);
}

function determinant(rows: Rows): Node {
  const [first = [], ...rest] = rows;
  if (rest.length === 0) return first[0] as Node;
  const terms = first.map((cell, j) => {
    const minor = rest.map((row) => row.filter((_, k) => k !== j));
    const term = call("mul", cell, determinant(minor));
    return j % 2 === 0 ? term : call("neg", term);
  });
  return terms.length === 0 ? num(0) : call("add", num(0), ...terms);
}
