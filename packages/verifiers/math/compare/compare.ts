import type { Budget } from "../kernel/budget.ts";
import { proportion, sameValue } from "../kernel/equal.ts";
import { freeVariables, hasDecimal, some } from "../kernel/facts.ts";
import { call, type Group, type Interval, type Node, num, type Relation } from "../tree.ts";
import { type Collection, collectionOf, distinct } from "./collections.ts";
import { matrixOf, type Rows, withoutDeterminants } from "./expand.ts";
import { identical } from "./identical.ts";
import {
  inLettersOf,
  isNamed,
  labelled,
  oriented,
  readNames,
  spreadChain,
  spreadPair,
  withoutApproximation,
} from "./labels.ts";
import { bareInPercent, basesResolved, isClock, isPercent, isRatio, isResidue } from "./numbers.ts";
import type { Policies } from "./policies.ts";
import { regionOf } from "./region.ts";

/** The most items of a list that are compared one with another. */
const MAX_ITEMS = 512;

/** The comparison of two trees under a task's policies. */
export class Comparison {
  readonly #policies: Policies;
  readonly #budget: Budget;

  constructor(policies: Policies, budget: Budget) {
    this.#policies = policies;
    this.#budget = budget;
  }

  same(left: Node, right: Node): boolean {
    this.#budget.spend();
    if (this.#isRounding(left, right) || this.#isRounding(right, left)) return true;
    const a = unwrapped(left);
    const b = unwrapped(right);
    if (identical(a, b)) return true;
    if (a.type === "words" || b.type === "words") return false;
    const values = this.#values(a, b);
    if (values !== undefined) return this.same(...values);
    if (a.type === "relation" && b.type === "relation") return this.#sameRelation(a, b);
    if (isInequality(a) || isInequality(b)) return this.#sameRegion(a, b);
    const [rows, others] = [matrixOf(a), matrixOf(b)];
    if (rows !== undefined && others !== undefined) return this.#sameMatrix(rows, others);
    const first = collectionOf(a);
    const second = collectionOf(b);
    if (first !== undefined && second !== undefined) return this.#sameCollection(first, second);
    if (first !== undefined || second !== undefined) {
      const only = first ?? second;
      const other = first === undefined ? a : b;
      if (only?.order !== "fixed" && !only?.open && this.#sameItems(only?.items ?? [], [other]))
        return true;
      return this.#sameRegion(a, b);
    }
    if (isSetLike(a) || isSetLike(b)) return this.#sameRegion(a, b);
    if (a.type === "relation" || b.type === "relation") return false;
    if (rows !== undefined || others !== undefined) return false;
    return this.#sameScalar(a, b);
  }

  /** Whether `a` is the decimal that `b` gives beside its exact value: `2\sqrt2 \approx 2.83`. */
  #isRounding(a: Node, b: Node): boolean {
    if (b.type !== "relation" || a.type === "relation" || !hasDecimal(a)) return false;
    const last = b.items.at(-1);
    return b.signs.at(-1) === "~" && last !== undefined && this.same(a, last);
  }

  /** The values to compare where `x = 5` may stand for 5; undefined where both stay as they are. */
  #values(a: Node, b: Node): readonly [Node, Node] | undefined {
    const first = labelled(a);
    const second = labelled(b);
    if (first === undefined && second === undefined) return undefined;
    if (first !== undefined && second !== undefined) {
      const sameName = first.label === second.label || first.label === "" || second.label === "";
      return sameName ? [first.value, inLettersOf(a, b, second.value)] : undefined;
    }
    const [named, other] = first === undefined ? [second, a] : [first, b];
    const chain = other.type === "group" ? spreadChain(first === undefined ? b : a) : undefined;
    if (chain !== undefined) return [chain, other];
    if (named === undefined || this.#policies.equations === "whole") return undefined;
    // An equation that gives no value stays one: `2x - y = 1` against `y = 2x - 1`.
    if (other.type === "relation" && !isInequality(other)) return undefined;
    if (!isEquationList(other)) return [named.value, other];
    const names = readNames(other);
    return names === undefined || isNamed(names) ? undefined : [named.value, names];
  }

  #sameRelation(left: Relation, right: Relation): boolean {
    const a = oriented(left);
    const b = oriented(right);
    const sameSigns = a.signs.join() === b.signs.join();
    if (sameSigns && a.items.every((item, i) => this.same(item, b.items[i] as Node))) return true;
    const [sign] = a.signs;
    if (a.signs.length === 1 && sameSigns && isPlain(a) && isPlain(b)) {
      const isSymmetric = sign === "=" || sign === "!=";
      if (isSymmetric || sign === "<" || sign === "<=") {
        const ratio = proportion(differenceOf(a), differenceOf(b), this.#budget);
        if (ratio === "positive" || (ratio === "negative" && isSymmetric)) return true;
      }
    }
    // Two conditions on numbers of one name: `x > 1, x < 2` and `1 < x < 2`.
    return namesOf(a) === namesOf(b) && this.#sameRegion(a, b);
  }

  /** Sets of reals, as pieces in order; with letters at their ends, by form. */
  #sameRegion(a: Node, b: Node): boolean {
    const first = regionOf(a, this.#budget);
    const second = first === undefined ? undefined : regionOf(b, this.#budget);
    if (first !== undefined && second !== undefined)
      return (
        first.length === second.length &&
        first.every((piece, i) => this.#sameInterval(piece, second[i] as Interval))
      );
    if (a.type === "interval" || b.type === "interval")
      return this.#sameInterval(asInterval(a), asInterval(b));
    if (a.type !== "call" || b.type !== "call" || a.name !== b.name) return false;
    if (!/^(?:union|inter|diff)$/.test(a.name)) return false;
    const [parts, others] = [operands(a, a.name), operands(b, b.name)];
    return a.name === "diff"
      ? parts.length === others.length &&
          parts.every((part, i) => this.same(part, others[i] as Node))
      : this.#sameItems(parts, others);
  }

  #sameInterval(a: Interval | undefined, b: Interval | undefined): boolean {
    return (
      a !== undefined &&
      b !== undefined &&
      a.lowOpen === b.lowOpen &&
      a.highOpen === b.highOpen &&
      this.same(a.low, b.low) &&
      this.same(a.high, b.high)
    );
  }

  #sameCollection(a: Collection, b: Collection): boolean {
    if (a.open !== b.open) return false;
    if (a.labels !== undefined && b.labels !== undefined) return this.#sameRecord(a, b);
    const { order } = this.#policies;
    const isFixed =
      order === "always" ||
      a.open ||
      (order === "form" && (a.order === "fixed" || b.order === "fixed"));
    // A list of three in square brackets can be no interval, and many write a set so.
    const kinds = [a.kind, b.kind].sort().join();
    const isSetInBrackets = kinds === "bracket,set" && a.items.length > 2 && order === "form";
    if (!isFixed || isSetInBrackets) return this.#sameItems(a.items, b.items);
    if (order === "form" && (a.order === "free" || b.order === "free")) return false;
    // Of two items these are intervals, and one has its ends and the other has not.
    if (kinds === "bracket,tuple" && a.items.length === 2) return false;
    return (
      a.items.length === b.items.length &&
      a.items.every((item, i) => this.same(item, b.items[i] as Node))
    );
  }

  #sameRecord(a: Collection, b: Collection): boolean {
    if (a.items.length !== b.items.length) return false;
    return a.items.every((item, i) => {
      const at = b.labels?.indexOf(a.labels?.[i] ?? "") ?? -1;
      return at >= 0 && this.same(item, b.items[at] as Node);
    });
  }

  /** Two sets: each item of either is an item of the other. */
  #sameItems(left: readonly Node[], right: readonly Node[]): boolean {
    const a = distinct(left);
    const b = distinct(right);
    if (a.length > MAX_ITEMS || b.length > MAX_ITEMS) return false;
    const unmatched = new Set(b);
    for (const item of a) {
      const found = b.find((other) => this.same(item, other));
      if (found === undefined) return false;
      unmatched.delete(found);
    }
    for (const item of unmatched) if (!a.some((other) => this.same(item, other))) return false;
    return true;
  }

  #sameMatrix(a: Rows, b: Rows): boolean {
    if (a.length !== b.length) return false;
    return a.every(
      (row, i) =>
        row.length === b[i]?.length && row.every((cell, j) => this.same(cell, b[i]?.[j] as Node)),
    );
  }

  #sameScalar(a: Node, b: Node): boolean {
    if (isResidue(a) || isResidue(b)) return this.#sameResidue(a, b);
    if (isRatio(a) && isRatio(b)) return this.#sameRatio(a.args, b.args);
    if (isRatio(a) || isRatio(b)) {
      const [ratio, other] = isRatio(a) ? [a, b] : [b, a];
      const [above, below] = (ratio as { args: readonly Node[] }).args;
      return (
        (ratio as { args: readonly Node[] }).args.length === 2 &&
        this.same(call("div", above as Node, below as Node), other)
      );
    }
    const [left, right] = basesResolved(a, b);
    if (this.#policies.percent === "either") {
      const [inner, other] = [bareInPercent(left), bareInPercent(right)];
      if (inner !== undefined && !isPercent(right) && this.#sameNumber(inner, right)) return true;
      if (other !== undefined && !isPercent(left) && this.#sameNumber(left, other)) return true;
    }
    return this.#sameNumber(left, right);
  }

  /** `3 \pmod 7` is `10 \pmod 7`, and 3 where the other answer names no modulus. */
  #sameResidue(a: Node, b: Node): boolean {
    const [value, modulus] = isResidue(a) ? a.args : [a];
    const [other, otherModulus] = isResidue(b) ? b.args : [b];
    if (value === undefined || other === undefined) return false;
    if (modulus === undefined || otherModulus === undefined) return this.same(value, other);
    if (!this.same(modulus, otherModulus)) return false;
    const difference = call("add", value, call("neg", other));
    return this.#sameNumber(call("mod", difference, modulus), num(0));
  }

  #sameNumber(a: Node, b: Node): boolean {
    return sameValue(
      withoutDeterminants(a),
      withoutDeterminants(b),
      this.#policies.decimals,
      this.#budget,
    );
  }

  /** `1:2` is `2:4`; `4:30` is a time of day and not `2:15`. */
  #sameRatio(a: readonly Node[], b: readonly Node[]): boolean {
    if (a.length !== b.length) return false;
    if (a.every((item, i) => this.same(item, b[i] as Node))) return true;
    if (isClock(a) && isClock(b)) return false;
    const [first, other] = [a[0] as Node, b[0] as Node];
    return a.every((item, i) =>
      this.same(call("mul", item, other), call("mul", b[i] as Node, first)),
    );
  }
}

/** Without brackets around one thing, and with the exact side of an approximation. */
function unwrapped(node: Node): Node {
  if (node.type === "group" && node.items.length === 1 && !node.open && node.kind !== "set")
    return unwrapped(node.items[0] as Node);
  if (node.type === "sym" && node.name.startsWith("text:"))
    return { type: "words", text: node.name.slice(5) };
  if (isPercent(node) && node.type === "call" && isInfinite(node.args[0] as Node))
    return node.args[0] as Node;
  return spreadPair(withoutApproximation(node));
}

function isInfinite(node: Node): boolean {
  return node.type === "sym" && node.name === "inf";
}

function isInequality(node: Node): boolean {
  if (node.type === "relation")
    return node.signs.some((sign) => /^(?:[<>]=?|!=|notin)$/.test(sign));
  if (node.type !== "group" || node.kind !== "list") return false;
  const [first] = node.items;
  const isDifference = first?.type === "relation" && first.signs.join() === "!=";
  return isDifference || (first !== undefined && node.items.every(isInequality));
}

function isEquationList(node: Node): node is Group {
  return node.type === "group" && node.items.some((item) => item.type === "relation");
}

function isSetLike(node: Node): boolean {
  return (
    node.type === "interval" ||
    (node.type === "sym" && node.name.startsWith("set:")) ||
    (node.type === "call" && /^(?:union|inter|diff)$/.test(node.name))
  );
}

function namesOf(node: Node): string {
  return [...freeVariables(node)].sort().join();
}

/** Whether both sides are values, so that one can be taken from the other. */
function isPlain(relation: Relation): boolean {
  return !relation.items.some((item) =>
    some(item, ({ type }) => type === "group" || type === "interval" || type === "matrix"),
  );
}

function differenceOf(relation: Relation): Node {
  const [left, right] = relation.items;
  return call("add", left as Node, call("neg", right as Node));
}

function asInterval(node: Node): Interval | undefined {
  if (node.type === "interval") return node;
  if (node.type !== "group" || node.items.length !== 2) return undefined;
  if (node.kind !== "tuple" && node.kind !== "bracket") return undefined;
  const isOpen = node.kind === "tuple";
  const [low, high] = node.items as readonly [Node, Node];
  return { type: "interval", low, high, lowOpen: isOpen, highOpen: isOpen };
}

function operands(node: Node, name: string): readonly Node[] {
  if (node.type !== "call" || node.name !== name) return [node];
  if (name === "diff") return node.args;
  return node.args.flatMap((arg) => operands(arg, name));
}
