import fc from "fast-check";
import { call, type Interval, type Node, num, sym } from "../tree.ts";
import { areApart, isDefined } from "./double.ts";

// For tests: random answers of every kind that has a value, shrinking towards small ones.

const MOST_ITEMS = 5;
const MOST_PIECES = 3;
const DEPTH = 4;

const digit = fc.integer({ min: 1, max: 9 }).map((value) => num(value));
const whole: fc.Arbitrary<Node> = fc
  .oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 12 }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 400 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 9_999_999 }) },
  )
  .map((value) => num(value));

/** A fraction in lowest terms, mostly small, sometimes a decimal. */
const fraction: fc.Arbitrary<Node> = fc
  .tuple(
    fc.integer({ min: 1, max: 60 }),
    fc.constantFrom(2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 25, 100, 1000),
  )
  .map(([above, below]) => {
    const common = divisor(above, below);
    return num(above / common, BigInt(below / common));
  });

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

const variable = fc.constantFrom("x", "a", "b", "w", "z", "theta").map(sym);
const constant = fc.constantFrom("pi", "e").map(sym);
const exponent = fc.integer({ min: 2, max: 4 }).map((value) => num(value));

type Make = (node: Node, other: Node) => Node;

/** Trees over these leaves, made by these operations. */
function trees(leaf: fc.Arbitrary<Node>, operations: fc.Arbitrary<Make>): fc.Arbitrary<Node> {
  const { node } = fc.letrec<{ node: Node }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small", maxDepth: DEPTH, withCrossShrink: true },
      leaf,
      fc.tuple(operations, tie("node"), tie("node")).map(([make, a, b]) => make(a, b)),
    ),
  }));
  return node;
}

const add: Make = (a, b) => call("add", a, b);
const minus: Make = (a, b) => call("add", a, call("neg", b));
const multiply: Make = (a, b) => call("mul", a, b);
const divide: Make = (a, b) => call("div", a, b);
const negate: Make = (a) => call("neg", a);
const root: Make = (a) => call("sqrt", a);
const absolute: Make = (a) => call("abs", a);
const square: Make = (a) => call("pow", a, num(2));
const cube: Make = (a) => call("pow", a, num(3));
const reciprocal: Make = (a) => call("pow", a, call("neg", num(1)));
const ofName =
  (name: string): Make =>
  (a) =>
    call(name, a);

const arithmetic = fc.constantFrom(add, minus, multiply, divide, negate, square);
const numbers = trees(fc.oneof(whole, whole, fraction), arithmetic);
const surds = trees(
  fc.oneof(
    whole,
    digit.map((n) => call("sqrt", n)),
    fraction,
    constant,
  ),
  fc.constantFrom(add, minus, multiply, divide, negate, square, root, absolute, reciprocal),
);
const cubics = trees(
  fc.oneof(
    digit,
    digit.map((n) => call("root", n, num(3))),
  ),
  fc.constantFrom(add, minus, multiply, divide, cube),
);
const polynomials = trees(
  fc.oneof(variable, digit, variable, fraction),
  fc.constantFrom(add, minus, multiply, negate, square, cube),
);
const rationals = trees(
  fc.oneof(variable, digit, fc.constantFrom("x", "a").map(sym)),
  fc.constantFrom(add, minus, multiply, divide, square, reciprocal),
);
const transcendent = trees(
  fc.oneof(
    digit,
    variable,
    constant,
    fc
      .tuple(
        fc.constantFrom(
          "sin",
          "cos",
          "tan",
          "ln",
          "exp",
          "sqrt",
          "atan",
          "sinh",
          "cosh",
          "sec",
          "cot",
        ),
        fc.oneof(
          variable,
          digit,
          fc.tuple(digit, variable).map(([n, x]) => call("mul", n, x)),
          fc.tuple(digit, digit).map(([n, d]) => call("div", call("mul", n, sym("pi")), d)),
          fc.tuple(variable, digit).map(([x, n]) => call("add", x, n)),
        ),
      )
      .map(([name, argument]) => call(name, argument)),
    fc.tuple(digit, exponent).map(([n, base]) => call("log", n, base)),
  ),
  fc.constantFrom(add, minus, multiply, divide, negate, square),
);
const nestedFunctions = trees(
  fc.oneof(digit, variable, constant),
  fc.constantFrom(
    add,
    multiply,
    divide,
    minus,
    ofName("sin"),
    ofName("exp"),
    ofName("ln"),
    root,
    absolute,
    square,
  ),
);
const powers = trees(
  fc.oneof(digit, variable),
  fc.constantFrom(
    add,
    multiply,
    (a: Node, b: Node) => call("pow", num(2), call("add", a, b)),
    (a: Node, b: Node) => call("pow", sym("e"), call("mul", a, b)),
    (a: Node) => call("pow", a, num(1, 2n)),
    (a: Node) => call("pow", a, call("neg", num(2))),
  ),
);
const imaginary = trees(
  fc.oneof(digit, fc.constant(sym("i")), digit),
  fc.constantFrom(add, minus, multiply, divide, square, negate),
);
const counting = trees(
  fc.oneof(
    digit,
    digit.map((n) => call("fact", n)),
    fc.tuple(digit, digit).map(([n, k]) => call("binom", call("add", n, k), k)),
    fc.tuple(digit, digit).map(([n, k]) => call("floor", call("div", n, k))),
    fc.tuple(digit, digit).map(([n, k]) => call("ceil", call("mul", n, call("sqrt", k)))),
  ),
  fc.constantFrom(add, minus, multiply, divide),
);

/** Answers that are one value. */
export const scalars: fc.Arbitrary<Node> = fc
  .oneof(
    whole,
    fraction,
    numbers,
    surds,
    cubics,
    polynomials,
    rationals,
    transcendent,
    nestedFunctions,
    powers,
    imaginary,
    counting,
  )
  .filter(isDefined);

const item = fc
  .oneof(
    whole,
    whole.map((value) => call("neg", value)),
    fraction,
    polynomials,
    digit.map((n) => call("sqrt", n)),
    surds,
  )
  .filter(isDefined);

const tuples = fc
  .array(item, { minLength: 2, maxLength: MOST_ITEMS })
  .map((items): Node => ({ type: "group", kind: "tuple", items }));

const sets = fc
  .array(fc.oneof({ weight: 4, arbitrary: item }, { weight: 1, arbitrary: tuples }), {
    minLength: 1,
    maxLength: MOST_ITEMS,
  })
  .filter((items) => new Set(items.map(({ type }) => type === "group")).size === 1)
  .map((items): Node => ({ type: "group", kind: "set", items }));

const matrices = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 3 }))
  .chain(([height, width]) =>
    fc.array(fc.array(item, { minLength: width, maxLength: width }), {
      minLength: height,
      maxLength: height,
    }),
  )
  .map((rows): Node => ({ type: "matrix", rows }));

const plusMinus = fc
  .tuple(
    item,
    fc.oneof(
      digit,
      digit.map((n) => call("sqrt", n)),
    ),
  )
  .map(([a, b]) => call("pm", a, b));

/** A distance between two ends of intervals. */
const step = fc.oneof(
  digit,
  digit.map((n) => call("sqrt", n)),
  fraction,
);

/** A set of reals: pieces in rising order that do not touch. */
const regions = fc
  .tuple(
    fc.oneof(
      digit,
      digit.map((n) => call("neg", n)),
      fraction,
      digit.map((n) => call("sqrt", n)),
    ),
    fc.array(fc.tuple(step, fc.boolean(), step, fc.boolean()), {
      minLength: 1,
      maxLength: MOST_PIECES,
    }),
    fc.constantFrom("", "", "low", "high", "both"),
  )
  .map(([start, steps, infinite]): Node => {
    const pieces: Interval[] = [];
    let low: Node = start;
    for (const [i, [length, lowOpen, gap, highOpen]] of steps.entries()) {
      const high = call("add", low, length);
      const isFirst = i === 0 && /low|both/.test(infinite);
      const isLast = i === steps.length - 1 && /high|both/.test(infinite);
      pieces.push({
        type: "interval",
        low: isFirst ? call("neg", sym("inf")) : low,
        high: isLast ? sym("inf") : high,
        lowOpen: lowOpen || isFirst,
        highOpen: highOpen || isLast,
      });
      low = call("add", high, gap);
    }
    return pieces
      .slice(1)
      .reduce((left: Node, piece) => call("union", left, piece), pieces[0] as Node);
  })
  .filter((node) => isDefined(node) && piecesOf(node).length > 0 && areApart(piecesOf(node)));

function piecesOf(node: Node): readonly Interval[] {
  if (node.type === "interval") return [node];
  return node.type === "call" ? node.args.flatMap(piecesOf) : [];
}

/** Equations of two variables, with or without a name alone on one side. */
const equations = fc
  .tuple(
    fc.oneof(
      fc.constant(sym("y")),
      digit.map((n) => call("mul", n, sym("y"))),
      fc.constant(call("pow", sym("y"), num(2))),
    ),
    fc.oneof(polynomials, rationals),
  )
  .map(([left, right]): Node => ({ type: "relation", signs: ["="], items: [left, right] }))
  .filter(isDefined);

/** Answers of every kind. */
export const answers: fc.Arbitrary<Node> = fc.oneof(
  { weight: 10, arbitrary: scalars },
  { weight: 2, arbitrary: tuples },
  { weight: 2, arbitrary: sets },
  { weight: 1, arbitrary: matrices },
  { weight: 2, arbitrary: regions },
  { weight: 1, arbitrary: plusMinus },
  { weight: 1, arbitrary: equations },
);
