import type { Complex } from "./complex.ts";
import * as complex from "./complex.ts";
import type { Point } from "./evaluate.ts";
import * as real from "./real.ts";

/** Fractional bits of a coordinate: enough that no answer meets a zero of the difference by chance,
 * few enough that small products of coordinates stay exact. */
const COORDINATE_BITS = 20;

/** Where the coordinates of each point lie, as [least, span, signs]: near and far from zero, since
 * logarithms, roots and arc functions each have a domain of their own. */
const REGIONS: readonly (readonly [least: number, span: number, sign: "+" | "-" | "±" | "∓"])[] = [
  [1, 2, "+"],
  [0, 1, "+"],
  [0, 3, "±"],
  [0, 1, "∓"],
  [1, 4, "-"],
  [5, 40, "+"],
];
/** The same for variables that stand for whole numbers, as [least, span]. */
const WHOLE_REGIONS: readonly (readonly [least: number, span: number])[] = [
  [2, 5],
  [3, 9],
  [2, 3],
  [5, 15],
  [8, 20],
  [4, 30],
];

/** The points at which two expressions are compared: fixed by the names of their variables and a
 * `seed` that both expressions make, so that nobody can know them before he has answered. */
export function points(
  variables: readonly string[],
  seed: number,
  whole: ReadonlySet<string>,
): readonly ReadonlyMap<string, Complex>[] {
  if (variables.length === 0) return [new Map()];
  const random = generator(seed);
  return REGIONS.map((region, at) => {
    const values = new Map<string, Complex>();
    const taken = new Set<bigint>();
    for (const [i, name] of variables.entries()) {
      const unit = 1 << COORDINATE_BITS;
      const wholeRegion = whole.has(name) ? WHOLE_REGIONS[at] : undefined;
      const [least, span, signs] = wholeRegion === undefined ? region : [...wholeRegion, "+"];
      let size = least * unit + Math.floor(random() * span * unit) + 1;
      if (wholeRegion !== undefined) size = Math.round(size / unit) * unit;
      // Signs in turn, so that products of two variables are negative too.
      const isNegative =
        signs === "-" || (signs === "±" && i % 2 === 1) || (signs === "∓" && i % 2 === 0);
      let scaled = BigInt(isNegative ? -size : size);
      // Two variables that happen to be equal would hide which is which.
      while (taken.has(scaled)) scaled += BigInt(unit);
      taken.add(scaled);
      const value = real.scale(real.fromInteger(scaled, 4 * COORDINATE_BITS), -COORDINATE_BITS);
      values.set(name, complex.ofReal(value));
    }
    return values;
  });
}

/** Mulberry32: a small generator whose numbers are the same on any machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Known {
  readonly name: string;
  readonly args: readonly Complex[];
  readonly value: Complex;
}

/** One point, with the values that functions known by name only were given there. */
export class TrialPoint implements Point {
  readonly values: ReadonlyMap<string, Complex>;
  readonly snap: boolean;
  imprecise = false;
  readonly #known: Known[] = [];

  constructor(values: ReadonlyMap<string, Complex>, snap: boolean) {
    this.values = values;
    this.snap = snap;
  }

  variable(name: string): Complex {
    return this.values.get(name) ?? complex.ZERO;
  }

  opaque(name: string, args: readonly Complex[], bits: number): Complex {
    const same = this.#known.find(
      (known) =>
        known.name === name &&
        known.args.length === args.length &&
        known.args.every((arg, i) => overlaps(arg, args[i] as Complex, bits)),
    );
    if (same !== undefined) return same.value;
    const random = generator(this.#known.length + 1);
    const scaled = BigInt(Math.floor(random() * 2 ** 30) + 2 ** 28);
    const value = complex.ofReal(real.scale(real.fromInteger(scaled, bits), -28));
    this.#known.push({ name, args, value });
    return value;
  }
}

function overlaps(a: Complex, b: Complex, bits: number): boolean {
  const difference = complex.sub(a, b, bits);
  return real.containsZero(difference.re) && real.containsZero(difference.im);
}
