import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BudgetSpent } from "../budget.ts";
import type { Real } from "./real.ts";
import * as real from "./real.ts";
import * as functions from "./real-functions.ts";

const LOW = 64;
const HIGH = 512;

function rational(num: number | bigint, den: number | bigint = 1, bits = LOW): Real {
  return real.fromRational(BigInt(num), BigInt(den), bits);
}

function some(x: Real | undefined): Real {
  if (x === undefined) throw new Error("no value");
  return x;
}

/** Whether the balls have a number in common. */
function meet(x: Real | undefined, y: Real | undefined): boolean {
  return real.containsZero(real.sub(some(x), some(y), 2 * HIGH));
}

/** Whether the ball agrees with a number cut off after its last digit, and knows `bits` bits. */
function is(x: Real | undefined, digits: string, bits: number): boolean {
  const [mantissa = "", exponent = "0"] = digits.split("e");
  const [whole = "", part = ""] = mantissa.split(".");
  const n = BigInt(whole + part);
  const places = BigInt(part.length) - BigInt(exponent);
  const den = places > 0n ? 10n ** places : 1n;
  const unit = places < 0n ? 10n ** -places : 1n;
  const ball = some(x);
  const low = real.fromRational((n - 1n) * unit, den, 4 * HIGH);
  const high = real.fromRational((n + 1n) * unit, den, 4 * HIGH);
  const isWithin =
    real.sign(real.sub(ball, low, 4 * HIGH)) !== -1 &&
    real.sign(real.sub(high, ball, 4 * HIGH)) !== -1;
  return isWithin && real.radiusMagnitude(ball) <= real.magnitude(ball) - bits;
}

const exacts = fc
  .tuple(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }), fc.integer({ min: -90, max: 10 }))
  .map(([m, e]): Real => real.round(m, e, 0n, LOW));
/** A ball, and an exact number within it. */
const balls = fc
  .tuple(exacts, fc.bigInt({ min: 0n, max: 1000n }), fc.bigInt({ min: -1000n, max: 1000n }))
  .map(([x, r, at]): { ball: Real; inside: Real } => ({
    ball: { m: x.m, e: x.e, r },
    inside: real.round(x.m + (at * r) / 1000n, x.e, 0n, LOW + 20),
  }));

describe("a ball", () => {
  it("contains what its operations give of the numbers within it", () => {
    fc.assert(
      fc.property(balls, balls, fc.integer({ min: 20, max: 130 }), (a, b, bits) => {
        for (const f of [real.add, real.sub, real.mul, real.div]) {
          const wide = f(a.ball, b.ball, bits);
          if (wide !== undefined && !meet(wide, f(a.inside, b.inside, HIGH))) return false;
        }
        return true;
      }),
    );
  });

  it("contains what functions give of the numbers within it", () => {
    fc.assert(
      fc.property(balls, fc.integer({ min: 20, max: 130 }), ({ ball, inside }, bits) => {
        const all = [
          (x: Real, bits: number) => real.sqrt(x, bits),
          (x: Real, bits: number) => real.root(x, 3, bits),
          (x: Real, bits: number) => functions.ln(x, bits),
          (x: Real, bits: number) => functions.atan(x, bits),
          (x: Real, bits: number) => functions.sinCos(x, bits).sin,
          (x: Real, bits: number) => functions.sinCos(x, bits).cos,
          (x: Real, bits: number) => (real.magnitude(x) < 40 ? functions.exp(x, bits) : undefined),
        ];
        return all.every((f) => {
          const wide = f(ball, bits);
          return wide === undefined || meet(wide, f(inside, HIGH));
        });
      }),
    );
  });

  it("of an exact number stays exact where the result fits", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        const [x, y] = [rational(a), rational(b)];
        const sum = real.add(x, y, LOW);
        const product = real.mul(x, y, 2 * LOW);
        const back = b === 0 ? x : some(real.div(product, y, LOW));
        const root = some(real.sqrt(real.mul(x, x, 2 * LOW), LOW));
        return (
          [sum, product, back, root].every(real.isExact) &&
          real.floor(sum) === BigInt(a) + BigInt(b) &&
          real.floor(product) === BigInt(a) * BigInt(b) &&
          real.floor(back) === BigInt(a) &&
          real.floor(root) === BigInt(Math.abs(a))
        );
      }),
    );
  });

  it("is no wider than a few last bits where its operands are exact", () => {
    fc.assert(
      fc.property(exacts, fc.integer({ min: 60, max: 800 }), (x, bits) => {
        const results = [
          functions.sinCos(x, bits).sin,
          functions.atan(x, bits),
          real.fromRational(x.m, 7n, bits),
        ];
        if (x.m > 0n) results.push(some(functions.ln(x, bits)), some(real.sqrt(x, bits)));
        // A sine may be nearer to zero than its argument is to a multiple of pi.
        return results.every(
          (y) => real.radiusMagnitude(y) <= Math.max(real.magnitude(y), -90) - bits + 8,
        );
      }),
    );
  });

  it("has a sign, a floor and a size only where all of its numbers have", () => {
    const wide: Real = { m: 1n, e: 0, r: 2n };
    expect(real.sign(wide)).toBeUndefined();
    expect(real.containsZero(wide)).toBe(true);
    expect(real.floor(wide)).toBeUndefined();
    expect(real.div(real.ONE, wide, LOW)).toBeUndefined();
    expect(real.sqrt(wide, LOW)).toBeUndefined();
    expect(functions.ln(wide, LOW)).toBeUndefined();
    expect(real.sign({ m: -5n, e: -1, r: 2n })).toBe(-1);
    expect(real.floor({ m: -5n, e: -1, r: 0n })).toBe(-3n);
    expect(real.floor({ m: 22n, e: -3, r: 1n })).toBe(2n);
    expect(real.floor({ m: -1n, e: -(2 ** 30), r: 0n })).toBe(-1n);
    expect(real.magnitude(real.ZERO)).toBe(Number.NEGATIVE_INFINITY);
    expect(real.magnitude(rational(8))).toBe(4);
    expect(real.approximate(rational(1, 3))).toBe(1 / 3);
    expect(real.approximate(rational(10n ** 300n))).toBe(1e300);
  });
});

describe("functions", () => {
  const known: readonly [string, (bits: number) => Real | undefined, string][] = [
    [
      "pi",
      (bits) => functions.pi(bits),
      "3.14159265358979323846264338327950288419716939937510582097494",
    ],
    [
      "e",
      (bits) => functions.exp(real.ONE, bits),
      "2.71828182845904523536028747135266249775724709369995957496697",
    ],
    [
      "ln 2",
      (bits) => functions.ln(rational(2), bits),
      "0.693147180559945309417232121458176568075500134360255254120680",
    ],
    [
      "ln 7/11",
      (bits) => functions.ln(rational(7, 11, bits), bits),
      "-0.451985123743057238956590834521949570184622124355555986759178",
    ],
    [
      "sin 1",
      (bits) => functions.sinCos(real.ONE, bits).sin,
      "0.841470984807896506652502321630298999622563060798371065672752",
    ],
    [
      "cos 1",
      (bits) => functions.sinCos(real.ONE, bits).cos,
      "0.540302305868139717400936607442976603732310420617922227670097",
    ],
    [
      "atan 1/2",
      (bits) => functions.atan(rational(1, 2), bits),
      "0.463647609000806116214256231461214402028537054286120263810933",
    ],
    [
      "atan 7/4",
      (bits) => functions.atan(rational(7, 4), bits),
      "1.05165021254837366745986731208629982963024430034204461753698",
    ],
    [
      "exp -100",
      (bits) => functions.exp(rational(-100), bits),
      "3.72007597602083596295969580386311833735889229237678196712061e-44",
    ],
    [
      "exp 100.5",
      (bits) => functions.exp(rational(201, 2), bits),
      "44319559098458954160107061979564816895899481.8706306490748769",
    ],
    [
      "the cube root of 2",
      (bits) => real.root(rational(2), 3, bits),
      "1.25992104989487316476721060727822835057025146470150798008198",
    ],
    [
      "sin 10^1000",
      (bits) => functions.sinCos({ m: 10n ** 1000n, e: 0, r: 0n }, bits).sin,
      "0.653359798210369856948099468039768574265916540815405159205371",
    ],
  ];

  it.each(known)("know %s", (_, f, digits) => {
    for (const bits of [30, 64, 128, 768, 3000]) expect(is(f(bits), digits, bits - 6)).toBe(true);
  });

  it("keep the identities that make them", () => {
    fc.assert(
      fc.property(exacts, fc.integer({ min: 30, max: 400 }), (x, bits) => {
        const { sin, cos } = functions.sinCos(x, bits);
        const squares = real.add(real.mul(sin, sin, bits), real.mul(cos, cos, bits), bits);
        const size = real.add(real.abs(x), real.ONE, bits);
        const log = some(functions.ln(size, bits));
        const root = some(real.sqrt(size, bits));
        const cube = some(real.root(size, 3, bits));
        const tangent = real.div(sin, cos, bits);
        const small = real.scale(x, -61 - Math.max(0, x.e));
        const turned = functions.sinCos(small, bits);
        return (
          meet(squares, real.ONE) &&
          meet(functions.exp(log, bits), size) &&
          meet(real.mul(root, root, bits), size) &&
          meet(real.mul(cube, real.mul(cube, cube, bits), bits), size) &&
          (tangent === undefined || meet(squares, real.ONE)) &&
          meet(functions.atan(some(real.div(turned.sin, turned.cos, bits)), bits), small)
        );
      }),
    );
  });

  it("are exact where the argument is zero or one", () => {
    expect(functions.exp(real.ZERO, LOW)).toEqual(real.ONE);
    expect(functions.ln(real.ONE, LOW)).toEqual(real.ZERO);
    expect(functions.sinCos(real.ZERO, LOW)).toEqual({ sin: real.ZERO, cos: real.ONE });
    expect(functions.atan(real.ZERO, LOW)).toEqual(real.ZERO);
    expect(real.sqrt(real.ZERO, LOW)).toEqual(real.ZERO);
  });

  it("keep the digits of tiny arguments", () => {
    for (const power of [-20, -70, -1000, -(2 ** 36)]) {
      const x = real.scale(rational(3), power);
      for (const y of [functions.sinCos(x, LOW).sin, functions.atan(x, LOW)]) {
        expect(real.radiusMagnitude(y)).toBeLessThan(power - LOW + 8);
        expect(real.magnitude(real.sub(y, x, LOW))).toBeLessThan(
          Math.max(3 * power + 6, power - LOW + 8),
        );
      }
      const next = real.add(real.ONE, x, LOW);
      if (2 * power < -LOW) expect(meet(functions.exp(x, LOW), next)).toBe(true);
      const log = some(functions.ln(real.add(real.ONE, x, HIGH), LOW));
      if (power > -HIGH) expect(real.radiusMagnitude(log)).toBeLessThan(power - LOW + 8);
    }
  });

  it("give the same balls whatever was computed before", () => {
    const before = functions.ln(rational(5, 3, 128), 128);
    functions.ln(rational(5, 3, 2000), 2000);
    expect(functions.ln(rational(5, 3, 128), 128)).toEqual(before);
  });

  it("refuse what is too large to have an exponent or an angle, at once", () => {
    const start = performance.now();
    const huge = real.scale(real.ONE, 2 ** 39);
    expect(() => functions.exp(huge, LOW)).toThrow(BudgetSpent);
    expect(() => functions.exp(real.neg(huge), LOW)).toThrow(BudgetSpent);
    expect(() => functions.exp(real.scale(real.ONE, 41), LOW)).toThrow(BudgetSpent);
    expect(() => functions.sinCos(huge, LOW)).toThrow(BudgetSpent);
    expect(() => real.floor(huge)).toThrow(BudgetSpent);
    expect(() => real.mul(huge, real.mul(huge, huge, LOW), LOW)).toThrow(BudgetSpent);
    expect(real.magnitude(some(functions.exp(real.scale(real.ONE, 39), LOW)))).toBeGreaterThan(
      2 ** 39,
    );
    expect(real.add(huge, real.ONE, LOW).e).toBeGreaterThan(2 ** 38);
    expect(performance.now() - start).toBeLessThan(50);
  });
});
