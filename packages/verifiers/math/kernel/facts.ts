import { type Call, childrenOf, type Node } from "../tree.ts";

/** Names that stand for one number, and no variable. */
const CONSTANTS: ReadonlySet<string> = new Set(["pi", "e", "i", "inf"]);
/** Operations that bind a variable, and where among the arguments it stands. */
const BINDERS: ReadonlyMap<string, number> = new Map([
  ["sum", 0],
  ["prod", 0],
  ["lim", 1],
]);

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The variables that a value depends on. */
export function freeVariables(node: Node, found = new Set<string>()): Set<string> {
  if (node.type === "sym") {
    if (!CONSTANTS.has(node.name) && !node.name.startsWith("set:")) found.add(node.name);
    return found;
  }
  const place = node.type === "call" ? BINDERS.get(node.name) : undefined;
  const isDefinite = node.type === "call" && node.name === "int" && node.args.length === 4;
  const bound = node.type === "call" ? node.args[isDefinite ? 1 : (place ?? -1)] : undefined;
  if (bound?.type !== "sym") {
    for (const child of childrenOf(node)) freeVariables(child, found);
    return found;
  }
  const inner = new Set<string>();
  for (const child of childrenOf(node)) freeVariables(child, inner);
  inner.delete(bound.name);
  for (const name of inner) found.add(name);
  return found;
}

export function some(node: Node, test: (node: Node) => boolean): boolean {
  return test(node) || childrenOf(node).some((child) => some(child, test));
}

/** Whether a number in it is written with a decimal point. */
export function hasDecimal(node: Node): boolean {
  return some(node, (inner) => inner.type === "num" && inner.decimal);
}

/** Whether both are constants and one of them is written as a decimal. */
export function isDecimalConstant(a: Node, b: Node): boolean {
  if (!(hasDecimal(a) || hasDecimal(b))) return false;
  return freeVariables(a).size === 0 && freeVariables(b).size === 0;
}

/** Operations that mean something of whole numbers only. */
const WHOLE: ReadonlySet<string> = new Set(["fact", "dfact", "binom", "perm", "mod", "gcd", "lcm"]);

/** Letters that stand for whole numbers where a power of -1 or a multiple of pi says so. */
const WHOLE_LETTERS = /^[jklmnKMN](?:_|$)/;

/** The variables in it that stand for whole numbers: in `n!`, `\binom{n}{2}`, `(-1)^n`, `\cos n\pi`. */
export function wholeVariables(node: Node, found = new Set<string>()): Set<string> {
  if (node.type === "call") {
    const isSeries = node.name === "sum" || node.name === "prod";
    const isWhole = isSeries || WHOLE.has(node.name);
    if (isWhole || isAboutParity(node))
      for (const part of isSeries ? node.args.slice(1, 3) : [node])
        for (const name of freeVariables(part))
          if (isWhole || WHOLE_LETTERS.test(name)) found.add(name);
  }
  for (const child of childrenOf(node)) wholeVariables(child, found);
  return found;
}

function isAboutParity({ name, args }: Call): boolean {
  const [first, second] = args;
  switch (name) {
    case "pow":
      return first !== undefined && second !== undefined && isNegative(first);
    case "sin":
    case "cos":
    case "exp":
      return first !== undefined && some(first, isPi);
    default:
      return false;
  }
}

function isPi(node: Node): boolean {
  return node.type === "sym" && node.name === "pi";
}

function isNegative(node: Node): boolean {
  if (node.type === "num") return node.num < 0n;
  if (node.type !== "call") return false;
  if (node.name === "neg") return freeVariables(node).size === 0;
  return node.name === "div" && node.args[0] !== undefined && isNegative(node.args[0]);
}

/** A number of 32 bits that tells most trees apart. */
export function fingerprint(node: Node): number {
  let hash = FNV_OFFSET;
  const add = (text: string) => {
    for (let i = 0; i < text.length; i++)
      hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME) >>> 0;
  };
  const visit = (inner: Node) => {
    add(`(${inner.type}`);
    if (inner.type === "num") add(`${inner.num}/${inner.den}`);
    else if (inner.type === "sym" || inner.type === "call" || inner.type === "apply")
      add(inner.name);
    for (const child of childrenOf(inner)) visit(child);
    add(")");
  };
  visit(node);
  return hash;
}
