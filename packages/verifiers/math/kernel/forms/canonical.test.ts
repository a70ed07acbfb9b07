import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, type Node, num, sym } from "../../tree.ts";
import { Budget, BudgetSpent } from "../budget.ts";
import { canonical, isRationalFunction, keyOf, rationalOf, sameFraction } from "./canonical.ts";

const STEPS = 20_000;
/** Of a hostile input: many times what it takes, since other work shares the machine. */
const PATIENCE_MS = 1_000;

/** Infix, as the claims below are written: `2*x^2`, `sqrt(x)`; f, g and P are functions unknown. */
function read(text: string): Node {
  const tokens = text.match(/\d+(?:\.\d+)?|[a-z_]\w*|\S/giu) ?? [];
  let at = 0;
  const next = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  };
  const atom = (): Node => {
    const token = tokens[at++] ?? "";
    if (token === "(") {
      const inner = sum();
      next(")");
      return inner;
    }
    if (/^\d/u.test(token)) {
      const [whole = "", part = ""] = token.split(".");
      return num(BigInt(whole + part), 10n ** BigInt(part.length));
    }
    if (!next("(")) return sym(token);
    const args: Node[] = [];
    while (!next(")")) {
      args.push(sum());
      next(",");
    }
    return /^[fgP]$/u.test(token) ? { type: "apply", name: token, args } : call(token, ...args);
  };
  const power = (): Node => {
    if (next("-")) return call("neg", power());
    const base = atom();
    return next("^") ? call("pow", base, power()) : base;
  };
  const term = (): Node => {
    let left = power();
    for (;;) {
      if (next("*")) left = call("mul", left, power());
      else if (next("/")) left = call("div", left, power());
      else return left;
    }
  };
  const sum = (): Node => {
    let left = term();
    for (;;) {
      if (next("+")) left = call("add", left, term());
      else if (next("-")) left = call("add", left, call("neg", term()));
      else return left;
    }
  };
  return sum();
}

/** Undefined where one of them has no form. */
function same(a: Node, b: Node): boolean | undefined {
  const budget = new Budget(STEPS);
  const [left, right] = [canonical(a, budget), canonical(b, budget)];
  return left && right && sameFraction(left, right, budget);
}

const form = (text: string) => canonical(read(text), new Budget(STEPS));

function claims(title: string, expected: boolean, lines: string): void {
  it.each(lines.trim().split("\n"))(`${title}: %s`, (line) => {
    const [left = "", right = ""] = line.split(" = ");
    expect(same(read(left), read(right))).toBe(expected);
  });
}

describe("what is proved equal", () => {
  claims(
    "numbers and roots",
    true,
    `
    0.5 = 1/2
    percent(25) = 1/4
    sqrt(8) = 2*sqrt(2)
    sqrt(2)*sqrt(3) = sqrt(6)
    1/(1+sqrt(2)) = sqrt(2)-1
    2^(1/3)*4^(1/3) = 2
    root(16,3) = 2*root(2,3)
    root(-8,3) = -2
    (-8)^(2/3) = 4
    sqrt(-4) = 2*i
    sqrt(i) = (1+i)/sqrt(2)
    1/(1+i) = (1-i)/2
    abs(3+4*i) = 5
    arg(1+i) = pi/4
    sqrt(3+2*sqrt(2)) = 1+sqrt(2)
    sqrt(2+sqrt(3)) = (sqrt(6)+sqrt(2))/2
    floor(sqrt(10)) = 3
    max(sqrt(2),1) = sqrt(2)
    mod(17,5) = 2
    binom(5,2) = 10
    (1+i)^10000 = 2^5000`,
  );
  claims(
    "rational functions and powers",
    true,
    `
    (x^2-1)/(x-1) = x+1
    1/(x-1)-1/(x+1) = 2/(x^2-1)
    x^1000000 = x^500000*x^500000
    sqrt(x)*sqrt(x) = x
    x^(1/3)*x^(2/3) = x
    sqrt(x^2) = abs(x)
    sqrt(x^2+2*x+1) = abs(x+1)
    sqrt(x^3) = x*sqrt(x)
    sqrt(x*y) = sqrt(x)*sqrt(y)
    sqrt(1/x) = 1/sqrt(x)
    (x^2)^(1/3) = x^(2/3)
    abs(1-x) = abs(x-1)
    abs(-2*x) = 2*abs(x)
    f((x^2-1)/(x-1)) = f(x+1)`,
  );
  claims(
    "exponentials and logarithms",
    true,
    `
    e^(x+1) = e*e^x
    e^(2*ln(x)) = x^2
    4^x = (2^x)^2
    6^x = 2^x*3^x
    2^(x+1) = 2*2^x
    2^(-x) = (1/2)^x
    2^log(3,2) = 3
    x^log(y,x) = y
    log(100) = 2
    ln(x^2) = 2*ln(abs(x))
    ln(x^2) = 2*ln(x)
    ln(x*y) = ln(x)+ln(y)
    (x*y)^n = x^n*y^n
    asinh(x) = ln(x+sqrt(x^2+1))
    cosh(x)^2-sinh(x)^2 = 1`,
  );
  claims(
    "trigonometry",
    true,
    `
    e^(i*pi) = -1
    e^(i*x) = cos(x)+i*sin(x)
    sin(degree(30)) = 1/2
    tan(pi/12) = 2-sqrt(3)
    (sqrt(5)+1)/2 = 2*cos(pi/5)
    sin(x)^2+cos(x)^2 = 1
    sin(a+b) = sin(a)*cos(b)+cos(a)*sin(b)
    (1-cos(x))/sin(x) = tan(x/2)
    cos(3*x) = 4*cos(x)^3-3*cos(x)
    sin(x)^4 = (3-4*cos(2*x)+cos(4*x))/8
    cos(pi-x) = -cos(x)
    asin(-1/2) = -pi/6
    tan(atan(1/2)+atan(1/3)) = 1
    sin(acos(x)) = sqrt(1-x^2)
    sin(2*asin(x)) = 2*x*sqrt(1-x^2)`,
  );
  claims(
    "symbols as generators of integers",
    true,
    `
    gcd(125,50*x) = 25
    gcd(x,-y) = 1
    gcd(sqrt(3),sqrt(2),sqrt(100)) = 1
    lcm(sqrt(5),sqrt(2)) = sqrt(10)
    lcm(2*y,x) = 2*x*y
    lcm(0.4*x,8/3) = 8*x
    gcd(0,-6) = 6
    max(1,2,x) = max(x,2)
    floor(x+2) = floor(x)+2
    fact(n+1) = (n+1)*fact(n)
    binom(n,2) = n*(n-1)/2
    binom(n,k) = fact(n)/(fact(k)*fact(n-k))`,
  );
  claims(
    "sums, derivatives, integrals, limits",
    true,
    `
    sum(k,1,n,k^3) = (n*(n+1)/2)^2
    sum(k,0,inf,1/2^k) = 2
    sum(i,0,n,2^i) = 2^(n+1)-1
    sum(k,1,inf,1/k^2) = sum(j,1,inf,1/j^2)
    prod(k,1,5,k) = 120
    deriv(x,x) = 1
    deriv(sin(x)*e^x,x) = e^x*(sin(x)+cos(x))
    deriv(x^x,x) = x^x*(ln(x)+1)
    int(x^2,x,0,1) = 1/3
    int(1/x,x,1,2) = ln(2)
    int(e^(-x),x,0,1) = 1-1/e
    int(sin(x),x,0,pi) = 2
    int(x*e^x,x,0,1) = int(t*e^t,t,0,1)
    lim(sin(x)/x,x,0) = 1
    lim((sqrt(x)-2)/(x-4),x,4) = 1/4
    lim((3*x^2+1)/(2*x^2-x),x,inf) = 3/2
    lim((1+1/x)^x,x,inf) = e
    lim(((x+h)^2-x^2)/h,h,0) = 2*x`,
  );
});

describe("what is not", () => {
  claims(
    "differs on the common domain",
    false,
    `
    sqrt(x^2) = x
    abs(x) = x
    sqrt(x*y)*sqrt(x/y) = x
    (x^2)^(n/2) = x^n
    (x*y)^(n/2)*(x/y)^(n/2) = x^n
    abs(y^(n/2)) = y^(n/2)
    int(x,x) = int(y,y)
    deriv(f(x),x) = deriv(f(y),y)
    asin(x) = acos(x)
    int(1/x^2,x,-1,1) = -2
    lim(abs(x)/x,x,0) = 1`,
  );

  it.each(["1/0", "1/(x-x)", "inf", "set:R", "0^(-1)", "ln(0)", "pm(1)", "lim(1/x,x,0)"])(
    "%s has no form",
    (text) => {
      expect(text === "set:R" ? canonical(sym(text), new Budget(STEPS)) : form(text)).toBe(
        undefined,
      );
    },
  );
});

describe("the form", () => {
  it("is a rational number where it has no atoms left", () => {
    const found = form("(1+sqrt(2))*(sqrt(2)-1)/4");
    expect(found && rationalOf(found)).toEqual({ num: 1n, den: 4n });
    const other = form("sqrt(2)");
    expect(other && rationalOf(other)).toBe(undefined);
  });

  it("decides on difference only where its atoms are independent", () => {
    const isDecided = (text: string): boolean | undefined => {
      const found = form(text);
      return found && isRationalFunction(found);
    };
    for (const text of ["x/2", "sqrt(2)*x+i", "pi*x", "e^2"]) expect(isDecided(text)).toBe(true);
    for (const text of ["sqrt(x)", "e+pi", "sin(x)", "f(2)"]) expect(isDecided(text)).toBe(false);
  });

  it("has one key however it is written", () => {
    const key = (text: string): string | undefined => {
      const found = form(text);
      return found && keyOf(found);
    };
    expect(key("(x^2-1)/(x-1)")).toBe(key("1+x"));
    expect(key("(2*x+2)/(4*y)")).toBe(key("(x+1)/(y+y)"));
    expect(key("(x-1)/(1-y)")).toBe(key("(1-x)/(y-1)"));
    expect(key("x")).not.toBe(key("y"));
  });
});

const PRIME = 2n ** 61n - 1n;
const VARIABLES = ["x", "y", "z"];

function modularPower(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [b, e] = [base, exponent]; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * b) % PRIME;
    b = (b * b) % PRIME;
  }
  return result;
}

/** The value modulo a prime, undefined where a denominator vanishes. */
function residue(node: Node, at: ReadonlyMap<string, bigint>): bigint | undefined {
  if (node.type === "num") return (node.num * modularPower(node.den, PRIME - 2n)) % PRIME;
  if (node.type === "sym") return at.get(node.name);
  if (node.type !== "call") return undefined;
  const [a, b = 0n] = node.args.map((arg) => residue(arg, at));
  if (a === undefined || b === undefined) return undefined;
  switch (node.name) {
    case "add":
      return (a + b) % PRIME;
    case "neg":
      return -a % PRIME;
    case "mul":
      return (a * b) % PRIME;
    case "div":
      return b % PRIME === 0n
        ? undefined
        : (a * modularPower((b + PRIME) % PRIME, PRIME - 2n)) % PRIME;
    default:
      return modularPower((a + PRIME) % PRIME, b);
  }
}

/** No one of them is a small expression in the others. */
const PLACE = [1_234_567_890_123_457n, 987_654_321_987_653n, 1_618_033_988_749_894_849n];

const isZeroAt = (node: Node): boolean | undefined => {
  const at = new Map(VARIABLES.map((name, i) => [name, PLACE[i] ?? 0n]));
  const value = residue(node, at);
  return value === undefined ? undefined : value % PRIME === 0n;
};

const leaves: fc.Arbitrary<Node> = fc.oneof(
  fc.constantFrom(...VARIABLES).map(sym),
  fc.integer({ min: -5, max: 5 }).map((n) => num(n)),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .map(([n, d]) => num(n, BigInt(d))),
);

const { tree } = fc.letrec<{ tree: Node }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: "tree" },
    leaves,
    fc
      .tuple(fc.constantFrom("add", "mul", "add", "mul", "div"), tie("tree"), tie("tree"))
      .map(([name, a, b]) => call(name, a, b)),
    fc.tuple(tie("tree"), fc.integer({ min: 0, max: 3 })).map(([a, n]) => call("pow", a, num(n))),
    tie("tree").map((a) => call("neg", a)),
  ),
}));

/** The same function, written otherwise: reordered, expanded, taken apart. */
function rewritten(node: Node, choose: () => boolean): Node {
  if (node.type !== "call") return node;
  const args = node.args.map((arg) => rewritten(arg, choose));
  const [a, b] = args;
  if (a === undefined || choose()) return call(node.name, ...args);
  if (b === undefined) return call("mul", num(-1), a);
  const [left, right] = b.type === "call" && b.name === "add" ? b.args : [];
  switch (node.name) {
    case "add":
      return call("neg", call("add", call("neg", b), call("neg", a)));
    case "mul":
      return left && right
        ? call("add", call("mul", left, a), call("mul", right, a))
        : call("mul", b, a);
    case "div":
      return call("mul", call("pow", b, num(-1)), a);
    default: {
      const times = b.type === "num" ? Number(b.num) : 0;
      return times < 2 ? call("pow", a, b) : call("mul", ...new Array<Node>(times).fill(a));
    }
  }
}

describe("of rational functions", () => {
  it("all ways to write one are proved equal", () => {
    fc.assert(
      fc.property(tree, fc.infiniteStream(fc.boolean()), (node, choices) => {
        const other = rewritten(node, () => choices.next().value);
        const found = within(() => same(node, other));
        fc.pre(found !== "spent" && found !== undefined);
        expect(found).toBe(true);
      }),
    );
  });

  it("forms are equal exactly where their values are", () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const isZero = isZeroAt(call("add", a, call("neg", b)));
        const found = within(() => same(a, b));
        fc.pre(found !== "spent" && found !== undefined && isZero !== undefined);
        expect(found).toBe(isZero);
        expect(within(() => same(a, call("add", a, num(1))))).not.toBe(true);
      }),
    );
  });
});

function within<T>(work: () => T): T | "spent" {
  try {
    return work();
  } catch (error) {
    if (error instanceof BudgetSpent) return "spent";
    throw error;
  }
}

const nested = (times: number, wrap: (inner: Node) => Node, start: Node = sym("x")): Node => {
  let node = start;
  for (let i = 0; i < times; i++) node = wrap(node);
  return node;
};

const HOSTILE: readonly (readonly [string, Node])[] = [
  ...[
    "x^(10^9)",
    "(x+1)^(10^9)",
    "(a+b+c+d)^100",
    "10^10^10",
    "fact(100000)",
    "binom(1000000,500000)",
    "2^(1/1000000007)",
    "sqrt(1000000007*1000000009)",
    "root(10^3000+1,3)",
    "sum(k,1,1000000000,k^2)",
    "sum(k,1,1000,1/k)",
    "sum(k,1,1000,sum(j,1,k,sqrt(j)))",
    "prod(k,1,1000,x+k)",
    "sin(x)^100",
    "sin(10^20)",
    "deriv((x^2+1)^20*sin(x)^5,x,5)",
    "lim((sin(x)-x)/x^9,x,0)",
    "1/(sqrt(2)+sqrt(3)+sqrt(5)+sqrt(7)+sqrt(11)+sqrt(13))",
  ].map((text) => [text, read(text)] as const),
  ["nested roots", nested(90, (x) => call("sqrt", call("add", num(1), call("pow", x, num(2)))))],
  ["nested sines", nested(190, (x) => call("sin", x))],
  ["nested fractions", nested(90, (x) => call("div", num(1), call("add", x, sym("y"))))],
  ["nested squares", nested(60, (x) => call("pow", call("add", x, read("sqrt(3)")), num(2)))],
  [
    "nested derivatives",
    nested(60, (x) => call("deriv", call("mul", x, read("sin(x)")), sym("x"))),
  ],
  ["a shared tree", nested(40, (x) => call("f", x, x))],
  ["a shared product", nested(40, (x) => call("mul", call("add", x, sym("y")), x))],
];

describe("whatever is sent", () => {
  it.each(HOSTILE)("%s ends", (_, node) => {
    const start = performance.now();
    const budget = new Budget(STEPS);
    const found = within(() => canonical(node, budget));
    if (found !== "spent" && found !== undefined) {
      const other = canonical(read("sin(2*x)+sqrt(y)"), new Budget(STEPS));
      within(() => other && sameFraction(found, other, budget));
    }
    expect(performance.now() - start).toBeLessThan(PATIENCE_MS);
  });
});
