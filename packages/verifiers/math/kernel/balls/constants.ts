import { isqrt } from "../integers.ts";

/** Constants are kept for precisions that are multiples of this, so that few are kept. */
const STEP_BITS = 64;
/** What the steps of a series may lose altogether: an ulp for each of at most thousands of terms,
 * and a little more where they are summed with weights. */
const GUARD_BITS = 32;

/** A fixed-point constant: `value * 2^-scale`, off by less than 2^-scale. */
export interface Fixed {
  readonly value: bigint;
  readonly scale: number;
}

/** Keeps what `make` computes at each precision. That the precision alone decides, and no better
 * value computed before is cut down, makes results the same whatever was computed before. */
function kept(make: (scale: number) => bigint): (bits: number) => Fixed {
  const known = new Map<number, Fixed>();
  return (bits) => {
    const scale = Math.ceil(bits / STEP_BITS) * STEP_BITS;
    let constant = known.get(scale);
    if (constant === undefined) {
      constant = { value: make(scale + GUARD_BITS) >> BigInt(GUARD_BITS), scale };
      known.set(scale, constant);
    }
    return constant;
  };
}

/** `constant` to `scale` bits after the point, not more than it has; off by less than 2. */
export function at(constant: Fixed, scale: number): bigint {
  return constant.value >> BigInt(constant.scale - scale);
}

/** 640320^3 / 24 */
const CHUDNOVSKY = 10939058860032000n;

/** Chudnovsky's series: 47 bits a term. */
export const pi = kept((scale) => {
  const one = 1n << BigInt(scale);
  let term = one;
  let sum = one;
  let weighted = 0n;
  for (let k = 1n; term !== 0n; k += 1n) {
    term = (term * -((6n * k - 5n) * (2n * k - 1n) * (6n * k - 1n))) / (k * k * k * CHUDNOVSKY);
    sum += term;
    weighted += k * term;
  }
  const root = isqrt(10005n << BigInt(2 * scale));
  return (426880n * root * one) / (13591409n * sum + 545140134n * weighted);
});

export const ln2 = kept(
  (scale) =>
    18n * inverseTangent(1n, 26n, scale, true) -
    2n * inverseTangent(1n, 4801n, scale, true) +
    8n * inverseTangent(1n, 8749n, scale, true),
);

/** ln(i/64) for i of 48 to 96. */
export const lnOf64ths: readonly ((bits: number) => Fixed)[] = Array.from({ length: 97 }, (_, i) =>
  kept((scale) => 2n * inverseTangent(BigInt(i - 64), BigInt(i + 64), scale, true)),
);

/** atan(i/32) for i of 0 to 64, each from the one before. */
export const atanOf32nds: readonly ((bits: number) => Fixed)[] = Array.from(
  { length: 65 },
  (_, i) =>
    kept((scale) => {
      let sum = 0n;
      for (let j = 1n; j <= BigInt(i); j += 1n)
        sum += inverseTangent(32n, 1024n + j * (j - 1n), scale, false);
      return sum;
    }),
);

/** atan(num/den), or atanh, by its series: |num/den| is at most a fifth. */
function inverseTangent(num: bigint, den: bigint, scale: number, hyperbolic: boolean): bigint {
  const up = hyperbolic ? num * num : -num * num;
  const down = den * den;
  let power = (num << BigInt(scale)) / den;
  let sum = power;
  for (let k = 3n; power !== 0n; k += 2n) {
    power = (power * up) / down;
    sum += power / k;
  }
  return sum;
}
