import type { JsonObject, Message, StepReward } from "@assay/schema";
import type * as z from "zod";
import type { PortName, Ports } from "./ports.ts";

/**
 * What one verifier says of one trajectory. A verifier returns the first two; the third is ours,
 * and only the boundary in `judge.ts` makes it, out of whatever was thrown.
 *
 * `reason` is one of the verifier's own reason codes, or one of the boundary's.
 */
export type Verdict<Reason extends string = string> =
  | {
      readonly outcome: "scored";
      /** Finite, and within the verifier's `range`. */
      readonly score: number;
      readonly reason: Reason;
      /** The answer as it was read from the trajectory. */
      readonly answer?: string;
      readonly detail?: JsonObject;
      readonly steps?: readonly StepReward[];
    }
  | { readonly outcome: "abstained"; readonly reason: Reason; readonly detail?: JsonObject };

/** A trajectory as a verifier sees it. */
export interface View {
  /** The text of the last assistant message; "" where it has none. At most `maxChars` long. */
  readonly response: string;
  readonly messages: readonly Message[];
  readonly prompt: string | readonly Message[] | undefined;
}

export interface VerifyInput<Spec, Prepared> {
  /** The spec as its schema parsed it, with defaults filled in. */
  readonly spec: Spec;
  /** What `prepare` returned for this spec. */
  readonly prepared: Prepared;
  readonly trajectory: View;
  /** All rollouts of a group line, this one at `index`; undefined for a lone trajectory. */
  readonly siblings: readonly View[] | undefined;
  readonly index: number;
  /** Holds every port that the verifier names in `needs`. */
  readonly ports: Ports;
}

/** One labelled example: documentation and test in one. */
export interface Case {
  /** A claim in plain words, unique in its verifier. */
  readonly name: string;
  readonly spec: unknown;
  readonly response?: string;
  readonly messages?: readonly Message[];
  readonly expect: {
    readonly outcome: "scored" | "abstained";
    readonly score?: number;
    readonly reason: string;
    readonly answer?: string;
  };
}

export interface Doc {
  /** One sentence: what it decides. */
  readonly summary: string;
  /** Which part of the trajectory it reads, when it gives 1, 0 or between, when it abstains, its
   * limits and known leniency. Markdown. */
  readonly details: string;
  /** The reference that it follows, with its licence. */
  readonly source: string;
  /** The spec field that a bare label fills where a foreign protocol carries no spec. */
  readonly label?: string;
}

export interface Definition<
  Spec extends z.ZodType,
  Reasons extends Readonly<Record<string, string>>,
  Prepared,
> {
  /** As in `packages/verifiers/<name>/`. */
  readonly name: string;
  /** Raised whenever any verdict changes: a record names the version that spoke. */
  readonly version: number;
  readonly spec: Spec;
  /** Every reason code of this verifier, each with what it means. */
  readonly reasons: Reasons;
  /** Scores lie in [low, high]. Default [0, 1]. */
  readonly range?: readonly [low: number, high: number];
  /** The longest response in UTF-16 code units; a longer one scores 0, `response_too_long`. */
  readonly maxChars?: number;
  readonly needs?: readonly PortName[];
  readonly doc: Doc;
  readonly cases: readonly [Case, Case, ...Case[]];
  /** Work that depends on the spec alone: done once a task, however many rollouts share it.
   * May throw `TaskFault`: the task is at fault, and every rollout of it abstains. */
  prepare?(spec: z.infer<Spec>): Prepared;
  verify(
    input: VerifyInput<z.infer<Spec>, Prepared>,
  ): Verdict<keyof Reasons & string> | Promise<Verdict<keyof Reasons & string>>;
}

/** Thrown by `prepare` (or `verify`): the task cannot be judged by. The verdict is `abstained`. */
export class TaskFault<Reason extends string = string> extends Error {
  override name = "TaskFault";
  readonly reason: Reason;
  constructor(reason: Reason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A verifier with its types forgotten, as the registry holds it. */
export type Verifier = Definition<z.ZodType, Readonly<Record<string, string>>, unknown>;

/** Declares a verifier. Its folder's `index.ts` exports the result as default. */
export function defineVerifier<
  Spec extends z.ZodType,
  const Reasons extends Readonly<Record<string, string>>,
  Prepared = undefined,
>(definition: Definition<Spec, Reasons, Prepared>): Verifier {
  return definition as unknown as Verifier;
}
