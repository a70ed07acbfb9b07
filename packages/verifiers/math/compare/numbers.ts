import { some } from "../kernel/facts.ts";
import type { Call, Node } from "../tree.ts";

export function isRatio(node: Node): node is Call {
  return node.type === "call" && node.name === "ratio";
}

/** `4:30`: a time of day. */
export function isClock(terms: readonly Node[]): boolean {
  return (
    terms.length === 2 &&
    terms.every((term) => term.type === "num" && term.den === 1n) &&
    (terms[0] as { num: bigint }).num <= 24n &&
    (terms[1] as { num: bigint }).num < 60n &&
    (terms[1] as { num: bigint }).num >= 10n
  );
}

export function isPercent(node: Node): boolean {
  return node.type === "call" && node.name === "percent";
}

/** The number before a percent sign, where it is written as one numeral. */
export function bareInPercent(node: Node): Node | undefined {
  if (node.type !== "call" || node.name !== "percent") return undefined;
  const [inner] = node.args;
  const bare = inner?.type === "call" && inner.name === "neg" ? inner.args[0] : inner;
  if (bare?.type !== "num") return undefined;
  return bare.decimal || bare.den === 1n ? inner : undefined;
}

/** Beside a numeral without a base only the digits count: the base is a unit. Two with a base are
 * the same where digits and base are, since the task asks for that base. */
export function basesResolved(a: Node, b: Node): readonly [Node, Node] {
  if (some(a, isBase) && some(b, isBase)) return [a, b];
  return [digitsOf(a), digitsOf(b)];
}

function isBase(node: Node): boolean {
  return node.type === "apply" && node.name === "base";
}

function digitsOf(node: Node): Node {
  if (node.type === "call" && node.args.some((arg) => some(arg, isBase)))
    return { ...node, args: node.args.map(digitsOf) };
  return node.type === "apply" && node.name === "base" ? (node.args[0] as Node) : node;
}

/** `3 \pmod 7` */
export function isResidue(node: Node): node is Call & { readonly name: "pmod" } {
  return node.type === "call" && node.name === "pmod";
}
