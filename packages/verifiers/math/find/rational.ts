/** An exact number as it was written. The denominator is positive; no lowest terms. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
  /** Written with a decimal point, so possibly rounded by its writer. */
  readonly decimal: boolean;
  /** Written as a percentage; `num / den` is what stands before the sign. */
  readonly percent: boolean;
}
