import type { Call, Node } from "../../tree.ts";
import { freeVariables, hasDecimal } from "../facts.ts";
import {
  binom,
  ceil,
  dfact,
  extreme,
  fact,
  floor,
  gcdOf,
  lcmOf,
  mod,
  percent,
  perm,
  sign,
} from "./arithmetic.ts";
import { callOf, exponential, I, isConstant, opaqueOf, PI, variable } from "./atoms.ts";
import { BINDERS, CONSTANTS, type Scope } from "./binding.ts";
import {
  add,
  addAll,
  divideBy,
  inverse,
  isZero,
  keyOf,
  minus,
  multiply,
  NoForm,
  negate,
  ONE,
  ofFactor,
  ofInteger,
  ofRational,
  scale,
} from "./fraction.ts";
import { expOf, lnOf, logOf, powerOf } from "./logarithms.ts";
import type { Fraction } from "./monomial.ts";
import { partsOf } from "./parts.ts";
import { absOf } from "./powers.ts";
import { signOf } from "./sign.ts";
import { arc, trigonometric } from "./trigonometry.ts";
import { imaginary, pi } from "./turns.ts";

/** What leaves an angle in degrees an angle. */
const LINEAR: ReadonlySet<string> = new Set(["add", "neg", "mul", "div"]);

const CIRCULAR: ReadonlySet<string> = new Set(["sin", "cos", "tan", "cot", "sec", "csc"]);

const LOG_BASE = ofInteger(10);

/** The form of a node. @throws NoForm where it has none, BudgetSpent */
export function formOf(node: Node, scope: Scope): Fraction {
  scope.budget.spend();
  switch (node.type) {
    case "num":
      return ofRational(node.num, node.den, scope.budget);
    case "sym":
      return symbol(node.name, scope);
    case "call":
      return callForm(node, scope);
    case "apply": {
      const args = node.args.map((arg) => formOf(arg, plain(scope)));
      const keys = args.map((arg) => keyOf(arg, scope.budget));
      return opaqueOf(`apply:${JSON.stringify(node.name)}(${keys.join(",")})`, args, scope);
    }
    case "group": {
      const [item, ...more] = node.items;
      const isParenthesis = node.kind === "tuple" || node.kind === "bracket";
      if (item === undefined || more.length > 0 || node.open === true || !isParenthesis) {
        throw new NoForm("a group");
      }
      return formOf(item, scope);
    }
    default:
      throw new NoForm(node.type);
  }
}

function symbol(name: string, scope: Scope): Fraction {
  const value = scope.bound.get(name);
  if (value !== undefined) return value;
  const { budget } = scope;
  if (name === "pi") return ofFactor(PI, 1, 1, budget);
  if (name === "i") return ofFactor(I, 1, 1, budget);
  if (name === "e") return ofFactor(exponential(ONE, scope), 1, 1, budget);
  if (CONSTANTS.has(name) || name.startsWith("set:")) throw new NoForm(name);
  return ofFactor(variable(name, scope), 1, 1, budget);
}

const plain = (scope: Scope): Scope => (scope.angle ? { ...scope, angle: false } : scope);

function callForm(node: Call, scope: Scope): Fraction {
  const { name } = node;
  const binder = BINDERS.get(name);
  if (binder !== undefined) return binder(node, plain(scope), formOf);
  const inner = CIRCULAR.has(name)
    ? { ...scope, angle: true }
    : LINEAR.has(name)
      ? scope
      : plain(scope);
  const args = node.args.map((arg) => formOf(arg, inner));
  const [first, second] = args;
  if (first === undefined) throw new NoForm(name);
  const found =
    severalForm(node, args, scope) ??
    (second === undefined ? unaryForm(name, first, scope) : binaryForm(name, first, second, scope));
  if (found === undefined) throw new NoForm(name);
  return found;
}

/** All by halves: one after another, a long product would be multiplied out a thousand times. */
function joined(
  args: readonly Fraction[],
  join: (a: Fraction, b: Fraction) => Fraction,
): Fraction | undefined {
  if (args.length < 2) return args[0];
  const middle = args.length >> 1;
  const left = joined(args.slice(0, middle), join);
  const right = joined(args.slice(middle), join);
  return left && right && join(left, right);
}

function isReal(node: Call): boolean {
  return hasDecimal(node) && freeVariables(node).size > 0;
}

function severalForm(node: Call, args: readonly Fraction[], scope: Scope): Fraction | undefined {
  const { budget } = scope;
  switch (node.name) {
    case "add":
      return addAll(args, budget);
    case "mul":
      return joined(args, (a, b) => multiply(a, b, budget)) ?? ONE;
    case "gcd":
      return gcdOf(args, isReal(node), scope);
    case "lcm":
      return lcmOf(args, isReal(node), scope);
    case "max":
    case "min":
      return extreme(node.name, args, scope);
    default:
      return undefined;
  }
}

function binaryForm(name: string, a: Fraction, b: Fraction, scope: Scope): Fraction | undefined {
  switch (name) {
    case "div":
      return divideBy(a, b, scope.budget);
    case "pow":
      return powerOf(a, b, scope);
    case "root":
      return powerOf(a, inverse(b, scope.budget), scope);
    case "log":
      return logOf(a, b, scope);
    case "mod":
      return mod(a, b, scope);
    case "binom":
      return binom(a, b, scope);
    case "perm":
      return perm(a, b, scope);
    default:
      return undefined;
  }
}

function unaryForm(name: string, of: Fraction, scope: Scope): Fraction | undefined {
  const { budget } = scope;
  switch (name) {
    case "neg":
      return negate(of);
    case "sqrt":
      return powerOf(of, ofRational(1n, 2n, budget), scope);
    case "abs":
      return absOf(of, scope);
    case "floor":
      return floor(of, scope);
    case "ceil":
      return ceil(of, scope);
    case "sign":
      return sign(of, scope);
    case "fact":
      return fact(of, scope);
    case "dfact":
      return dfact(of, scope);
    case "exp":
      return expOf(of, scope);
    case "ln":
      return lnOf(of, "careful", scope);
    case "log":
      return logOf(of, LOG_BASE, scope);
    case "percent":
      return percent(of, scope);
    case "degree":
      return scope.angle ? multiply(scale(of, 1n, 180n, budget), pi(budget), budget) : of;
    case "re":
    case "im":
    case "conj":
    case "arg":
      return partForm(name, of, scope);
    default:
      return trigonometric(name, of, scope) ?? arc(name, of, scope);
  }
}

/** Of known numbers; what a letter stands for may be complex. */
function partForm(name: string, of: Fraction, scope: Scope): Fraction {
  const { budget } = scope;
  const parts = isConstant(of, budget) ? partsOf(of, budget) : undefined;
  if (parts === undefined) return callOf(name, [of], scope);
  const { re, im } = parts;
  if (name === "re") return re;
  if (name === "im") return im;
  if (name === "conj") return minus(re, multiply(im, imaginary(budget), budget), budget);
  return argument(re, im, scope) ?? callOf(name, [of], scope);
}

function argument(re: Fraction, im: Fraction, scope: Scope): Fraction | undefined {
  const { budget } = scope;
  if (isZero(re) && isZero(im)) throw new NoForm("the argument of zero");
  const [side, height] = [signOf(re, budget), signOf(im, budget)];
  if (side === undefined || height === undefined) return undefined;
  if (side === 0) return scale(pi(budget), BigInt(height), 2n, budget);
  const slope = arc("atan", divideBy(im, re, budget), scope);
  if (slope === undefined || side === 1) return slope;
  return add(slope, scale(pi(budget), height === -1 ? -1n : 1n, 1n, budget), budget);
}
