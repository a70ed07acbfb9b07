import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, type Node, num, sym } from "../../tree.ts";
import { Budget, BudgetSpent } from "../budget.ts";
import type { Complex } from "./complex.ts";
import * as complex from "./complex.ts";
import { evaluate, type Point } from "./evaluate.ts";
import * as real from "./real.ts";

const LOW = 64;
const HIGH = 512;
const STEPS = 1_000_000;

const n = (value: number | bigint, den = 1n) => num(value, den);
const [pi, e, i, x, k, inf] = ["pi", "e", "i", "x", "k", "inf"].map(sym) as [
  Node,
  Node,
  Node,
  Node,
  Node,
  Node,
];

function pointAt(snap: boolean): Point & { calls: [string, number[]][] } {
  const calls: [string, number[]][] = [];
  return {
    calls,
    snap,
    imprecise: false,
    variable: (name, bits) => complex.ofRational(BigInt(name.charCodeAt(0)), 97n, bits),
    opaque: (name, args, bits) => {
      calls.push([name, args.map((arg) => real.approximate(arg.re))]);
      return complex.ofRational(355n, 113n, bits);
    },
  };
}

function value(node: Node, bits = LOW, point: Point = pointAt(false)): Complex | undefined {
  return evaluate(node, point, bits, new Budget(STEPS));
}

/** The value where it is exact, as num/den. */
function exact(node: Node): string | undefined {
  const z = value(node, 256);
  if (z === undefined || !complex.isReal(z) || !real.isExact(z.re)) return undefined;
  const { m, e } = z.re;
  if (e >= 0) return String(m << BigInt(e));
  let [top, bottom] = [m, 1n << BigInt(-e)];
  while (top % 2n === 0n && bottom > 1n) [top, bottom] = [top / 2n, bottom / 2n];
  return bottom === 1n ? String(top) : `${top}/${bottom}`;
}

function meet(z: Complex | undefined, w: Complex | undefined): boolean {
  if (z === undefined || w === undefined) return false;
  const off = complex.sub(z, w, HIGH);
  return real.containsZero(off.re) && real.containsZero(off.im);
}

/** Whether both have a value, it is the same, and known to most of the bits asked for. */
function same(a: Node, b: Node, bits = 256): boolean {
  const [z, w] = [value(a, bits), value(b, bits)];
  if (z === undefined || w === undefined) return false;
  const radius = Math.max(real.radiusMagnitude(z.re), real.radiusMagnitude(z.im));
  return meet(z, w) && radius < 40 - bits;
}

/** Undefined, and whether more precision is asked for. */
function missing(node: Node, snap = false): "none" | "imprecise" | "there" {
  const point = pointAt(snap);
  if (value(node, 256, point) !== undefined) return "there";
  return point.imprecise ? "imprecise" : "none";
}

const UNARY =
  "neg sqrt abs exp ln sin cos tan atan sinh tanh asinh asin acos acosh atanh re im conj arg sign percent floor ceil".split(
    " ",
  );
const BINARY = ["add", "mul", "div", "pow", "max", "min", "mod", "root", "log"];
const { tree: trees } = fc.letrec<{ tree: Node }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.integer({ min: -9, max: 9 }).map((m) => n(m)),
      fc
        .tuple(fc.integer({ min: -20, max: 20 }), fc.bigInt({ min: 1n, max: 12n }))
        .map(([m, d]) => n(m, d)),
      fc.constantFrom(pi, e, i, x, sym("y")),
    ),
    fc.tuple(fc.constantFrom(...UNARY), tie("tree")).map(([name, a]) => call(name, a)),
    fc
      .tuple(fc.constantFrom(...BINARY), tie("tree"), tie("tree"))
      .map(([name, a, b]) => call(name, a, b)),
  ),
}));

describe("a value", () => {
  it("at a low precision contains that at a high one, and is missing only where that is", () => {
    fc.assert(
      fc.property(trees, (node) => {
        const [low, high] = [pointAt(false), pointAt(false)];
        try {
          const wide = value(node, LOW, low);
          const narrow = value(node, HIGH, high);
          if (wide === undefined) return low.imprecise || narrow === undefined;
          return narrow === undefined ? high.imprecise : meet(wide, narrow);
        } catch (error) {
          return error instanceof BudgetSpent;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("is exact where it is rational", () => {
    expect(exact(call("add", n(1, 3n), n(1, 6n)))).toBe("1/2");
    expect(exact(call("mul", n(6), n(1, 3n)))).toBe("2");
    expect(exact(call("pow", n(2, 3n), n(-2)))).toBe("9/4");
    expect(exact(call("pow", n(0), n(0)))).toBe("1");
    expect(exact(call("sqrt", n(9, 4n)))).toBe("3/2");
    expect(exact(call("pow", n(8), n(-2, 3n)))).toBe("1/4");
    expect(exact(call("mul", i, i))).toBe("-1");
    expect(exact(call("log", n(8), n(2)))).toBe("3");
    expect(exact(call("log", n(100)))).toBe("2");
    expect(exact(call("percent", n(50)))).toBe("1/2");
    expect(exact(call("floor", n(-7, 2n)))).toBe("-4");
    expect(exact(call("ceil", pi))).toBe("4");
    expect(exact(call("sign", call("neg", pi)))).toBe("-1");
    expect(exact(call("abs", call("add", n(3), call("mul", n(4), i))))).toBe("5");
    expect(exact(call("max", n(1), n(3), n(2)))).toBe("3");
    expect(exact(call("min", pi, n(3), e, n(1)))).toBe("1");
  });

  it("counts", () => {
    expect(exact(call("fact", n(10)))).toBe("3628800");
    expect(exact(call("dfact", n(7)))).toBe("105");
    expect(exact(call("dfact", n(-1)))).toBe("1");
    expect(exact(call("binom", n(10), n(3)))).toBe("120");
    expect(exact(call("binom", n(1000000), n(999998)))).toBe("499999500000");
    expect(exact(call("binom", n(3), n(10)))).toBe("0");
    expect(exact(call("binom", n(1, 2n), n(3)))).toBe("1/16");
    expect(exact(call("binom", n(-3), n(2)))).toBe("6");
    expect(exact(call("perm", n(5), n(2)))).toBe("20");
    expect(exact(call("mod", n(-7), n(3)))).toBe("2");
    expect(exact(call("mod", n(7), n(-3)))).toBe("-2");
    expect(exact(call("mod", n(7, 2n), n(1)))).toBe("1/2");
    expect(exact(call("gcd", n(12), n(-18)))).toBe("6");
    expect(exact(call("gcd", n(3, 2n), n(9, 4n)))).toBe("3/4");
    expect(exact(call("lcm", n(4), n(6), n(10)))).toBe("60");
    expect(missing(call("fact", n(-1)))).toBe("none");
    expect(missing(call("mod", n(1), n(0)))).toBe("none");
  });

  it("of an odd root of a negative number is real; all other powers are principal", () => {
    expect(exact(call("pow", n(-8), n(1, 3n)))).toBe("-2");
    expect(exact(call("pow", n(-8), call("div", n(2), n(3))))).toBe("4");
    expect(exact(call("root", n(-27), n(3)))).toBe("-3");
    expect(same(call("pow", n(-2), n(1, 3n)), call("neg", call("root", n(2), n(3))))).toBe(true);
    expect(
      same(call("pow", call("neg", pi), n(3, 5n)), call("neg", call("pow", pi, n(3, 5n)))),
    ).toBe(true);
    expect(same(call("sqrt", n(-3)), call("mul", i, call("sqrt", n(3))))).toBe(true);
    expect(value(call("sqrt", n(-3)))?.re).toEqual(real.ZERO);
    expect(same(call("root", n(-4), n(4)), call("add", n(1), i))).toBe(true);
    expect(same(call("pow", i, i), call("exp", call("div", pi, n(-2))))).toBe(true);
    expect(same(call("pow", i, n(1, 3n)), call("exp", call("div", call("mul", i, pi), n(6))))).toBe(
      true,
    );
    expect(same(call("add", call("pow", e, call("mul", i, pi)), n(1)), n(0))).toBe(true);
  });

  it("of a variable that is a whole number is used as one that is written", () => {
    const point: Point = { ...pointAt(false), variable: () => complex.ofRational(3n, 1n, LOW) };
    const third = value(call("pow", n(-8), call("div", n(1), x)), LOW, point);
    expect(third).toEqual(complex.ofRational(-2n, 1n, LOW));
  });

  it("of a function of a real number stays real wherever it is", () => {
    for (const name of [
      "sin",
      "cos",
      "tan",
      "asin",
      "acos",
      "atan",
      "asinh",
      "atanh",
      "tanh",
      "asech",
    ]) {
      const z = value(call(name, n(1, 3n)));
      expect(z && complex.isReal(z), name).toBe(true);
    }
    expect(same(call("sin", call("asin", n(2))), n(2))).toBe(true);
    expect(same(call("cosh", call("acosh", n(-1, 2n))), n(-1, 2n))).toBe(true);
    expect(same(call("tan", call("atan", call("mul", n(2), i))), call("mul", n(2), i))).toBe(true);
    expect(same(call("acot", n(-1)), call("mul", n(3, 4n), pi))).toBe(true);
    expect(same(call("asec", n(2)), call("div", pi, n(3)))).toBe(true);
  });

  it("of degrees is an angle within trigonometric functions, and a number elsewhere", () => {
    const degrees = (d: number) => call("degree", n(d));
    expect(same(call("sin", degrees(30)), n(1, 2n))).toBe(true);
    expect(same(call("cos", call("add", degrees(100), call("neg", degrees(40)))), n(1, 2n))).toBe(
      true,
    );
    expect(same(call("tan", call("div", degrees(90), n(2))), n(1))).toBe(true);
    expect(exact(degrees(30))).toBe("30");
    expect(same(call("sin", call("abs", degrees(30))), call("sin", n(30)))).toBe(true);
  });

  it("of a sum is its terms', of the index bound within", () => {
    expect(exact(call("sum", k, n(1), n(100), k))).toBe("5050");
    expect(exact(call("prod", k, n(1), n(6), k))).toBe("720");
    expect(exact(call("sum", k, n(3), n(2), k))).toBe("0");
    expect(exact(call("sum", i, n(1), n(3), call("sum", k, n(1), i, call("mul", i, k))))).toBe(
      "25",
    );
    expect(same(call("sum", e, n(1), n(2), call("pow", e, n(2))), n(5))).toBe(true);
    expect(same(call("sum", k, n(1), n(3), x), call("mul", n(3), x))).toBe(true);
    expect(missing(call("sum", k, n(0), n(3), call("div", n(1), k)))).toBe("none");
  });

  it("that cannot be worked out is known by what it is made of", () => {
    const calls = (node: Node) => {
      const point = pointAt(false);
      value(node, 128, point);
      return point.calls;
    };
    const square = (v: Node) => call("pow", v, n(2));
    const integral = (v: Node) => call("int", square(v), v, n(0), n(1));
    expect(calls(integral(x))).toEqual(calls(integral(sym("t"))));
    expect(calls(integral(x))).not.toEqual(calls(call("int", square(x), x, n(0), n(2))));
    const series = (to: Node) => call("sum", k, n(1), to, call("div", n(1), square(k)));
    expect(calls(series(inf))[0]?.[0]).toBe("sum");
    expect(calls(series(inf))).not.toEqual(calls(series(call("neg", inf))));
    expect(calls(call("lim", square(k), k, inf))[0]?.[1]).toHaveLength(3);
    expect(calls(call("deriv", square(x), x, n(1)))).not.toEqual(
      calls(call("deriv", square(sym("y")), sym("y"), n(1))),
    );
    expect(calls(call("fact", n(1, 2n)))).toEqual([["fact", [0.5]]]);
    expect(calls({ type: "apply", name: "f", args: [n(2), n(3)] })).toEqual([["apply:f", [2, 3]]]);
  });

  it("is missing where there is none", () => {
    const poles = [
      call("div", n(1), n(0)),
      call("ln", n(0)),
      call("pow", n(0), n(-1)),
      call("pow", n(0), call("neg", pi)),
      call("arg", n(0)),
      call("atanh", n(1)),
      call("atan", i),
      call("cot", n(0)),
      call("root", n(2), n(0)),
      call("max", n(1), i),
      call("floor", i),
      call("add", n(1), inf),
      call("pm", n(1)),
      sym("set:R"),
      call("union", sym("set:R"), sym("set:Z")),
      call("sqrt", { type: "words", text: "none" }),
      { type: "group", kind: "list", items: [n(1)] } as const,
      { type: "group", kind: "tuple", items: [n(1), n(2)] } as const,
    ];
    for (const node of poles) expect(missing(node), JSON.stringify(node, String)).toBe("none");
    expect(exact({ type: "group", kind: "bracket", items: [n(7)] })).toBe("7");
  });
});

describe("a jump", () => {
  const two = call("mul", call("sqrt", n(2)), call("sqrt", n(2)));
  const zero = call("sub" as string, n(0));
  const nothing = call("add", two, n(-2));

  it("is undecided from near, and taken to be hit once there is no more precision", () => {
    const pole = call("tan", call("degree", n(90)));
    expect(missing(zero)).toBe("none");
    for (const node of [pole, call("div", n(1), nothing), call("ln", nothing)]) {
      expect(missing(node)).toBe("imprecise");
      expect(missing(node, true)).toBe("none");
    }
    const cases: [Node, Node][] = [
      [call("floor", two), n(2)],
      [call("ceil", two), n(2)],
      [call("sign", nothing), n(0)],
      [call("sqrt", nothing), n(0)],
      [call("fact", two), n(2)],
      [call("asin", call("div", two, n(2))), call("div", pi, n(2))],
      [call("ln", call("add", n(-1), call("mul", nothing, i))), call("mul", i, pi)],
      [call("mod", two, n(1)), n(0)],
      [call("gcd", two, n(4)), n(2)],
    ];
    for (const [node, expected] of cases) {
      expect(missing(node), JSON.stringify(node, String)).toBe("imprecise");
      expect(meet(value(node, 256, pointAt(true)), value(expected, 256))).toBe(true);
    }
  });

  it("is not taken to be hit from further away", () => {
    const off = call("pow", n(10), n(-50));
    expect(exact(call("floor", call("add", two, call("neg", off))))).toBe("1");
    const point = pointAt(true);
    expect(
      real.floor(value(call("floor", call("add", two, off)), 256, point)?.re ?? real.ZERO),
    ).toBe(2n);
    const loud = call("mul", nothing, call("pow", n(10), n(60)));
    expect(missing(call("floor", loud), true)).toBe("imprecise");
  });

  it("is none for a greatest number: it needs no decision", () => {
    expect(same(call("max", two, n(2)), n(2))).toBe(true);
    expect(same(call("min", two, n(2), pi), n(2))).toBe(true);
  });
});

describe("hostile trees", () => {
  const tower = (base: number, height: number): Node =>
    height === 1 ? n(base) : call("pow", n(base), tower(base, height - 1));
  const deep = (name: string, depth: number): Node =>
    depth === 0 ? n(3) : call(name, deep(name, depth - 1));
  const trees: [string, Node][] = [
    ["10^10^10", tower(10, 3)],
    ["9^9^9^9^9", tower(9, 5)],
    ["2^-(10^30)", call("pow", n(2), call("neg", call("pow", n(10), n(30))))],
    ["100000!", call("fact", n(100_000))],
    ["3!!!!…", deep("fact", 100)],
    ["exp exp exp …", deep("exp", 100)],
    ["binom", call("binom", n(1_000_000), n(500_000))],
    ["a falling product", call("perm", call("pow", n(10), n(900)), n(9_000))],
    ["a long sum", call("sum", k, n(1), call("pow", n(10), n(9)), k)],
    ["sin of a tower", call("sin", call("pow", n(10), n(15_000)))],
    ["pi^(10^30)", call("pow", pi, call("pow", n(10), n(30)))],
  ];

  it.each(trees)("%s: end at once", (_, node) => {
    const start = performance.now();
    expect(() => value(node, 768)).toThrow(BudgetSpent);
    expect(performance.now() - start).toBeLessThan(50);
  });

  it("spend the budget in proportion to the time that they take", () => {
    const sum = (body: Node, to = 10_000) => call("sum", k, n(1), n(to), body);
    const loops = [
      sum(call("sum", i, n(1), n(10_000), call("mul", i, k))),
      sum(call("sin", k)),
      sum(call("pow", pi, call("div", k, n(7)))),
      sum(call("div", n(1), k)),
      call("prod", k, n(1), n(4_000), k),
      sum(call("gcd", call("pow", n(3), n(30_000)), call("add", call("pow", n(2), n(50_000)), k))),
      sum(call("fact", n(5_000))),
      sum(call("binom", x, n(300))),
      sum(call("root", n(10n ** 900n + 1n), n(7))),
    ];
    for (const node of loops) {
      const budget = new Budget(50_000);
      const start = performance.now();
      try {
        evaluate(node, pointAt(false), 768, budget);
      } catch (error) {
        expect(error).toBeInstanceOf(BudgetSpent);
      }
      const spent = 50_000 - budget.left;
      const took = performance.now() - start;
      // Generous: other work shares the machine.
      expect(took, JSON.stringify(node, String)).toBeLessThan(spent / 100);
    }
  });

  it("loses nothing near one: (1 + 1/N)^N is e", () => {
    const large = 10n ** 60n;
    const z = value(call("pow", n(large + 1n, large), n(large)), 128);
    expect(meet(z, value(call("mul", e, n(large * 2n - 1n, large * 2n)), 128))).toBe(true);
  });
});
