const view = new DataView(new ArrayBuffer(8));
/** A double holds no integer of more bits than this without becoming infinite. */
const DOUBLE_BITS = 1023;
/** The bias of a double's exponent, less the bit before its point. */
const EXPONENT_BIAS = 1022;
/** Up to here a double holds every integer, so its exponent is the integer's. */
const SAFE_BITS = 53;

/** How many bits |n| has; 0 for 0n. */
export function bitLength(n: bigint): number {
  if (n === 0n) return 0;
  const double = Number(n);
  if (!Number.isFinite(double)) {
    const digits = abs(n).toString(16);
    return 4 * (digits.length - 1) + (32 - Math.clz32(Number.parseInt(digits.charAt(0), 16)));
  }
  view.setFloat64(0, double);
  const high = view.getUint32(0);
  const bits = ((high >>> 20) & 0x7ff) - EXPONENT_BIAS;
  // Only a long run of ones rounds up to the next power of two.
  if (bits <= SAFE_BITS || (high & 0xfffff) !== 0 || view.getUint32(4) !== 0) return bits;
  return abs(n) >> BigInt(bits - 1) === 0n ? bits - 1 : bits;
}

export function abs(n: bigint): bigint {
  return n < 0n ? -n : n;
}

export function gcd(a: bigint, b: bigint): bigint {
  let x = abs(a);
  let y = abs(b);
  while (y !== 0n) {
    const rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}

/** The quotient rounded down, where BigInt's own is rounded towards zero. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** The integer part of the square root of n >= 0n. */
export function isqrt(n: bigint): bigint {
  const bits = bitLength(n);
  if (bits <= SAFE_BITS) return BigInt(Math.floor(Math.sqrt(Number(n))));
  // The root of the upper half has half of the digits, so that one step of Newton's, from above,
  // makes all of them or all but the last.
  let root: bigint;
  if (bits < DOUBLE_BITS) {
    root = BigInt(Math.floor(Math.sqrt(Number(n)))) + 1n;
    root += root >> BigInt(SAFE_BITS - 2);
  } else {
    const half = BigInt(bits >> 2);
    root = (isqrt(n >> (2n * half)) + 1n) << half;
  }
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** The integer part of the `degree`th root of n >= 0n. */
export function iroot(n: bigint, degree: number): bigint {
  if (n < 2n) return n;
  const bits = bitLength(n);
  if (degree >= bits) return 1n;
  if (degree === 2) return isqrt(n);
  // From the root of the upper half, as above; below a few bits from a power of two.
  const half = Math.floor(bits / degree / 2);
  let root =
    half < 2
      ? 1n << BigInt(Math.ceil(bits / degree))
      : (iroot(n >> BigInt(half * degree), degree) + 1n) << BigInt(half);
  const k = BigInt(degree);
  for (;;) {
    const next = ((k - 1n) * root + n / root ** (k - 1n)) / k;
    if (next >= root) return root;
    root = next;
  }
}
