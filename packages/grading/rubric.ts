import type { Component, ErrorInfo } from "@assay/schema";

/** How a record ends, given what its components say. */
export type Ending =
  | { readonly outcome: "scored"; readonly reward: number }
  | { readonly outcome: "abstained"; readonly reward: null }
  | { readonly outcome: "error"; readonly reward: null; readonly error: ErrorInfo };

/**
 * Combines the components of one record. `optional[i]` tells whether component i may be left out.
 *
 * `mean` is Σ weight·score / Σ weight, `sum` is Σ weight·score, both over what was scored and is no
 * gate. A gate that scores 0 makes the reward 0. A component that errs or abstains makes the record
 * err or abstain, unless it is optional; where nothing with a weight is left, the record abstains.
 */
export function combine(
  components: readonly Component[],
  optional: readonly boolean[],
  how: "mean" | "sum",
): Ending {
  const needed = components.filter(
    (component, i) => component.outcome === "scored" || !optional[i],
  );
  const failed = needed.filter((component) => component.outcome === "error");
  if (failed.length > 0) {
    // Retryable if anything in it is: a retry can then end otherwise for the record.
    const worst = failed.find((component) => component.error?.retryable) ?? failed[0];
    return { outcome: "error", reward: null, error: worst?.error as ErrorInfo };
  }
  if (needed.some((component) => component.outcome === "abstained"))
    return { outcome: "abstained", reward: null };
  let total = 0;
  let weights = 0;
  let counted = 0;
  let shut = false;
  for (const { gate, score, weight } of needed) {
    if (gate) shut ||= score === 0;
    else {
      total += weight * (score ?? 0);
      weights += weight;
      counted++;
    }
  }
  if (how === "mean" ? weights === 0 : counted === 0) return { outcome: "abstained", reward: null };
  const reward = shut ? 0 : how === "mean" ? total / weights : total;
  if (Number.isFinite(reward)) return { outcome: "scored", reward };
  const message = "weights and scores overflow to a reward that is not finite";
  return {
    outcome: "error",
    reward: null,
    error: { class: "invalid_trajectory", message, retryable: false },
  };
}
