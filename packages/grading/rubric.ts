import type { Component, ErrorInfo } from "@assay/schema";

/** How a record ends, given what its components say. */
export type Ending =
  | { readonly outcome: "scored"; readonly reward: number }
  | { readonly outcome: "abstained"; readonly reward: null }
  | { readonly outcome: "error"; readonly reward: null; readonly error: ErrorInfo };

/** As much of a task as matters here: `components[i].optional` is about component i. */
export interface Rubric {
  readonly components: readonly { readonly optional: boolean }[];
  readonly combine: "mean" | "sum";
}

/**
 * Combines the components of one record.
 *
 * `mean` is Σ weight·score / Σ weight, `sum` is Σ weight·score, both over what was scored and is no
 * gate. A gate that scores 0 makes the reward 0. A component that errs or abstains makes the record
 * err or abstain, unless it is optional; where nothing with a weight is left, the record abstains.
 */
export function combine(components: readonly Component[], rubric: Rubric): Ending {
  let error: ErrorInfo | undefined;
  let abstained = false;
  let shut = false;
  let total = 0;
  let weights = 0;
  let counted = 0;
  for (const [i, component] of components.entries()) {
    const { gate, outcome, score, weight } = component;
    if (outcome === "scored") {
      if (gate) shut ||= score === 0;
      else {
        total += weight * (score ?? 0);
        weights += weight;
        counted++;
      }
    } else if (rubric.components[i]?.optional !== true) {
      if (outcome === "abstained") abstained = true;
      // Retryable if anything in it is: a retry can then end otherwise for the record.
      else if (error === undefined || component.error?.retryable) error = component.error;
    }
  }
  if (error !== undefined) return { outcome: "error", reward: null, error };
  const { combine: how } = rubric;
  if (abstained || (how === "mean" ? weights === 0 : counted === 0))
    return { outcome: "abstained", reward: null };
  const reward = shut ? 0 : how === "mean" ? total / weights : total;
  if (Number.isFinite(reward)) return { outcome: "scored", reward };
  const message = "weights and scores overflow to a reward that is not finite";
  return {
    outcome: "error",
    reward: null,
    error: { class: "invalid_trajectory", message, retryable: false },
  };
}
