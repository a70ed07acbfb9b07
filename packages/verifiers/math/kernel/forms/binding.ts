import type { Call, Node } from "../../tree.ts";
import { type Context, opaqueOf, variable } from "./atoms.ts";
import { derivative, integral, limit } from "./calculus.ts";
import { inverse, keyOf, NoForm, negate, ONE, ofFactor, ZERO } from "./fraction.ts";
import type { Fraction } from "./monomial.ts";
import { productOf, type Series, sumOf } from "./series.ts";

/** Where in a tree a form is made. */
export interface Scope extends Context {
  readonly bound: ReadonlyMap<string, Fraction>;
  /** How many operations around it bind a variable. */
  readonly depth: number;
  /** Within the argument of a trigonometric function, where degrees are angles. */
  readonly angle: boolean;
}

/** The form of a node within a scope. */
type Run = (node: Node, scope: Scope) => Fraction;

/** Names that stand for one number, and no variable. */
export const CONSTANTS: ReadonlySet<string> = new Set(["pi", "e", "i", "inf"]);

const INFINITE_KEYS = { 1: "inf", [-1]: "-inf" } as const;

/** The sign of `inf` or `-inf`. */
function infinite(node: Node): 1 | -1 | undefined {
  if (node.type === "sym") return node.name === "inf" ? 1 : undefined;
  if (node.type !== "call" || node.name !== "neg") return undefined;
  const [of] = node.args;
  return of !== undefined && infinite(of) === 1 ? -1 : undefined;
}

/** A bound variable's own name: the same however it was written, and no one else's. */
const boundName = ({ depth }: Scope): string => `#${depth}`;

const ofVariable = (name: string, context: Context): Fraction =>
  ofFactor(variable(name, context), 1, 1, context.budget);

const binding = (scope: Scope, name: string, value: Fraction): Scope => ({
  ...scope,
  bound: new Map([...scope.bound, [name, value]]),
  depth: scope.depth + 1,
});

/** A limit's value, or its sign where it is infinite. */
interface Bound {
  readonly key: string;
  readonly value: Fraction | undefined;
}

function boundOf(node: Node, scope: Scope, run: Run): Bound {
  const sign = infinite(node);
  if (sign !== undefined) return { key: INFINITE_KEYS[sign], value: undefined };
  const value = run(node, scope);
  return { key: keyOf(value, scope.budget), value };
}

/** An operation that nothing resolves, known by its limits and its body. */
function unresolved(
  name: string,
  body: Fraction,
  bounds: readonly Bound[],
  scope: Scope,
): Fraction {
  const keys = [...bounds.map(({ key }) => key), keyOf(body, scope.budget)];
  const values = bounds.flatMap(({ value }) => value ?? []);
  return opaqueOf(`${name}(${boundName(scope)},${keys.join(",")})`, [body, ...values], scope);
}

function series({ name, args }: Call, scope: Scope, run: Run): Fraction {
  const [index, from, to, body] = args;
  if (index?.type !== "sym" || from === undefined || to === undefined || body === undefined) {
    throw new NoForm("a series that is not complete");
  }
  const bounds = [boundOf(from, scope, run), boundOf(to, scope, run)] as const;
  const at = (value: Fraction): Fraction => run(body, binding(scope, index.name, value));
  const own = boundName(scope);
  let whole: Fraction | undefined;
  const general = (): Fraction => (whole ??= at(ofVariable(own, scope)));
  const [{ value: first }, { value: last, key }] = bounds;
  if (first !== undefined && key !== INFINITE_KEYS[-1]) {
    const of: Series = { index: own, from: first, to: last, body: general, at };
    const found = name === "sum" ? sumOf(of, scope) : productOf(of, scope);
    if (found !== undefined) return found;
  }
  return unresolved(name, general(), bounds, scope);
}

function integralOf({ args }: Call, scope: Scope, run: Run): Fraction {
  const [body, over, from, to] = args;
  if (body === undefined || over?.type !== "sym") throw new NoForm("an integral of nothing");
  if (from === undefined || to === undefined) {
    const name = freeName(over.name, scope);
    const of = run(body, scope);
    const by = ofVariable(name, scope);
    const key = `int(${keyOf(of, scope.budget)},d${keyOf(by, scope.budget)})`;
    return opaqueOf(key, [of, by], scope);
  }
  const bounds = [boundOf(from, scope, run), boundOf(to, scope, run)] as const;
  const own = boundName(scope);
  const of = run(body, binding(scope, over.name, ofVariable(own, scope)));
  const [{ value: low }, { value: high }] = bounds;
  const found =
    low === undefined || high === undefined ? undefined : integral(of, own, low, high, scope);
  return found ?? unresolved("int", of, bounds, scope);
}

/** The name of a variable that is differentiated by, and stays free. */
function freeName(name: string, { bound }: Scope): string {
  if (CONSTANTS.has(name) || bound.has(name)) throw new NoForm("a derivative by no free variable");
  return name;
}

function derivativeOf({ args }: Call, scope: Scope, run: Run): Fraction {
  const [body, by, times] = args;
  if (body === undefined || by?.type !== "sym") throw new NoForm("a derivative of nothing");
  const name = freeName(by.name, scope);
  const order = times === undefined ? ONE : run(times, scope);
  const of = run(body, scope);
  const found = derivative(of, name, order, scope);
  if (found !== undefined) return found;
  const over = ofVariable(name, scope);
  const keys = [of, over, order].map((value) => keyOf(value, scope.budget));
  return opaqueOf(`deriv(${keys.join(",")})`, [of, over], scope);
}

function limitOf({ args }: Call, scope: Scope, run: Run): Fraction {
  const [body, of, to] = args;
  if (body === undefined || of?.type !== "sym" || to === undefined) {
    throw new NoForm("a limit of nothing");
  }
  const own = boundName(scope);
  const bound = boundOf(to, scope, run);
  const found =
    bound.value === undefined
      ? limitAtInfinity(body, of.name, bound.key === INFINITE_KEYS[1], scope, run)
      : limit(run(body, binding(scope, of.name, ofVariable(own, scope))), own, bound.value, scope);
  if (found !== undefined) return found;
  const general = run(body, binding(scope, of.name, ofVariable(own, scope)));
  return unresolved("lim", general, [bound], scope);
}

/** As the inverse of the variable tends to zero from above. */
function limitAtInfinity(
  body: Node,
  name: string,
  isPositive: boolean,
  scope: Scope,
  run: Run,
): Fraction | undefined {
  const own = boundName(scope);
  const inner = { ...scope, positive: new Set([...scope.positive, own]) };
  const large = inverse(ofVariable(own, inner), scope.budget);
  const of = run(body, binding(inner, name, isPositive ? large : negate(large)));
  return limit(of, own, ZERO, inner);
}

export const BINDERS: ReadonlyMap<string, (node: Call, scope: Scope, run: Run) => Fraction> =
  new Map([
    ["sum", series],
    ["prod", series],
    ["int", integralOf],
    ["deriv", derivativeOf],
    ["lim", limitOf],
  ]);
