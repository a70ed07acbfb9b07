/** A parsed answer: a value, or something made of values. Plain data, at most `MAX_DEPTH` deep. */
export type Node = Numeral | Symbolic | Call | Apply | Group | Interval | Matrix | Relation | Words;

/** A number as it was written: `num / den`, the denominator positive, not always in lowest terms. */
export interface Numeral {
  readonly type: "num";
  readonly num: bigint;
  readonly den: bigint;
  /** Written with a decimal point, so possibly rounded by its writer. */
  readonly decimal: boolean;
}

/** A variable (`x`, `x_1`, `alpha`), a constant (`pi`, `e`, `i`, `inf`, `phi` is a variable), or a
 * set known by name (`set:R`, `set:Z`, `set:N`, `set:Q`, `set:C`, `set:empty`). */
export interface Symbolic {
  readonly type: "sym";
  readonly name: string;
}

/**
 * A known operation. Of one argument unless said otherwise:
 * - `add`, `mul` (two or more), `neg`, `div`, `pow` (two)
 * - `sqrt`, `root` (radicand, degree), `abs`, `floor`, `ceil`, `sign`, `fact`, `dfact` (5!!)
 * - `exp`, `ln`, `log` (argument, base), `sin` `cos` `tan` `cot` `sec` `csc`, the same with `a`
 *   before (`asin`), with `h` behind (`sinh`), and with both (`asinh`)
 * - `binom`, `perm`, `mod` (two); `gcd`, `lcm`, `max`, `min` (one or more)
 * - `re`, `im`, `conj`, `arg`; `percent`; `degree` (a number of degrees)
 * - `sum`, `prod` (index as a symbol, from, to, body), `int` (body, variable, from?, to?), `deriv`
 *   (body, variable, order), `lim` (body, variable, to), each binding its variable
 * - `pm`, `mp` (one: `±a`; two: `a ± b`)
 * - `ratio` (two or more): `3 : 4`; `pmod` (residue, modulus): `3 \\pmod 7`
 * - `log` with one argument: a logarithm of which the base is not said
 * - `union`, `inter`, `diff` (two, sets); `det`, `transpose`
 */
export interface Call {
  readonly type: "call";
  readonly name: string;
  readonly args: readonly Node[];
}

/** A function that only its name tells: `f(x)`, `P(A)`. Equal arguments give equal values. */
export interface Apply {
  readonly type: "apply";
  readonly name: string;
  readonly args: readonly Node[];
}

/** `list`: `1, 2`; `tuple`: `(1, 2)`; `bracket`: `[1, 2, 3]`; `set`: `{1, 2}`. */
export interface Group {
  readonly type: "group";
  readonly kind: "list" | "tuple" | "bracket" | "set";
  readonly items: readonly Node[];
  /** What stands between the items of a list: a comma or semicolon, or a word. */
  readonly joiner?: "," | "and" | "or";
  /** The list ends in an ellipsis: more items than are written. */
  readonly open?: boolean;
}

export interface Interval {
  readonly type: "interval";
  readonly low: Node;
  readonly high: Node;
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
}

export interface Matrix {
  readonly type: "matrix";
  readonly rows: readonly (readonly Node[])[];
}

/** `a < b <= c`: one more item than signs. */
export interface Relation {
  readonly type: "relation";
  readonly signs: readonly Sign[];
  readonly items: readonly Node[];
}

export type Sign = "=" | "<" | ">" | "<=" | ">=" | "!=" | "in" | "notin" | "~" | "subset" | "equiv";

/** An answer in words (`no solution`, `Monday`), lower-cased, spaces single. */
export interface Words {
  readonly type: "words";
  readonly text: string;
}

/** The deepest nesting that is read: far beyond any answer, short of the stack's end. */
export const MAX_DEPTH = 200;

export const call = (name: string, ...args: readonly Node[]): Call => ({
  type: "call",
  name,
  args,
});
export const sym = (name: string): Symbolic => ({ type: "sym", name });
export const num = (value: bigint | number, den = 1n): Numeral => ({
  type: "num",
  num: BigInt(value),
  den,
  decimal: false,
});

/** The tree with every node replaced, from the leaves up. */
export function mapped(node: Node, replace: (node: Node) => Node): Node {
  const inner = (child: Node) => mapped(child, replace);
  switch (node.type) {
    case "call":
    case "apply":
      return replace({ ...node, args: node.args.map(inner) });
    case "group":
    case "relation":
      return replace({ ...node, items: node.items.map(inner) });
    case "interval":
      return replace({ ...node, low: inner(node.low), high: inner(node.high) });
    case "matrix":
      return replace({ ...node, rows: node.rows.map((row) => row.map(inner)) });
    default:
      return replace(node);
  }
}

/** What a node is made of, in order. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.type) {
    case "call":
    case "apply":
      return node.args;
    case "group":
    case "relation":
      return node.items;
    case "interval":
      return [node.low, node.high];
    case "matrix":
      return node.rows.flat();
    default:
      return [];
  }
}
