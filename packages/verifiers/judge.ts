import type { ErrorInfo } from "@assay/schema";
import { TaskFault, type Verdict, type Verifier, type VerifyInput } from "./define.ts";
import { PortError } from "./ports.ts";

/** The longest response that a verifier reads unless it says otherwise, in UTF-16 code units: far
 * above what a policy writes (4 MiB is about a million tokens), far below what stalls a regex. */
export const DEFAULT_MAX_CHARS = 4 * 1024 * 1024;

/** A verdict, or our own failure to give one. */
export type Judgement =
  | Verdict
  | { readonly outcome: "error"; readonly reason: string; readonly error: ErrorInfo };

/** Reasons that the boundary gives in any verifier's name. */
export const BOUNDARY_REASONS = {
  response_too_long: "the response is longer than the verifier reads",
  port_failed: "what runs code or asks a model could not do its work",
  verifier_failed: "the verifier itself failed",
} as const;

/** The one error boundary: whatever a verifier throws or wrongly returns becomes our `error`,
 * never a score. Answers at once where the verifier does. */
export function judge(
  verifier: Verifier,
  input: VerifyInput<unknown, unknown>,
): Judgement | Promise<Judgement> {
  const limit = verifier.maxChars ?? DEFAULT_MAX_CHARS;
  if (input.trajectory.response.length > limit)
    return {
      outcome: "scored",
      score: low(verifier),
      reason: "response_too_long",
      detail: { limit },
    };
  const missing = verifier.needs?.find((port) => input.ports[port] === undefined);
  if (missing !== undefined)
    return failure(verifier, new PortError(`no port "${missing}" here`, { retryable: false }));
  try {
    const verdict = verifier.verify(input);
    return verdict instanceof Promise
      ? verdict.then((value) => checked(verifier, value)).catch((error) => failure(verifier, error))
      : checked(verifier, verdict);
  } catch (error) {
    return failure(verifier, error);
  }
}

/** `prepare` under the same boundary: what it returned, or the judgement for every rollout. */
export function prepare(
  verifier: Verifier,
  spec: unknown,
): { readonly prepared: unknown } | { readonly judgement: Judgement } {
  try {
    return { prepared: verifier.prepare?.(spec) };
  } catch (error) {
    return { judgement: failure(verifier, error) };
  }
}

function low(verifier: Verifier): number {
  return Math.max(0, verifier.range?.[0] ?? 0);
}

function checked(verifier: Verifier, verdict: Verdict): Judgement {
  if (!Object.hasOwn(verifier.reasons, verdict.reason))
    throw new Error(`undeclared reason ${JSON.stringify(verdict.reason)}`);
  if (verdict.outcome === "scored") {
    const [least, most] = verifier.range ?? [0, 1];
    if (!(Number.isFinite(verdict.score) && verdict.score >= least && verdict.score <= most))
      throw new Error(`score ${verdict.score} is not within [${least}, ${most}]`);
  }
  return verdict;
}

function failure(verifier: Verifier, error: unknown): Judgement {
  if (error instanceof TaskFault && Object.hasOwn(verifier.reasons, error.reason))
    return { outcome: "abstained", reason: error.reason, detail: { message: error.message } };
  const message = error instanceof Error ? error.message : String(error);
  const isPort = error instanceof PortError;
  const reason = isPort ? "port_failed" : "verifier_failed";
  const retryable = isPort && error.retryable;
  return { outcome: "error", reason, error: { class: reason, message, retryable } };
}
