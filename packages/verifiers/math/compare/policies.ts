/** How answers are compared where the field does not agree, as the task's spec has it. */
export interface Policies {
  /** Where one side is written as a decimal: equal once both are rounded to so many places. */
  readonly decimals: number;
  /** `either`: 28% is 28 as well as 0.28. `exact`: it is 0.28. */
  readonly percent: "either" | "exact";
  /** `ignore`: units are dropped. `match`: a unit on either side must stand on both. */
  readonly units: "ignore" | "match";
  /** `form`: order counts in tuples and not in sets and lists. `always`, `never`: everywhere. */
  readonly order: "form" | "always" | "never";
  /** `value`: `x = 5` answers 5. `whole`: it does not. */
  readonly equations: "value" | "whole";
}
