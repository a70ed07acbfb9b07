import { createContext, Script } from "node:vm";
import type { Verifier } from "../../packages/verifiers/define.ts";
import type { Judgement } from "../../packages/verifiers/judge.ts";
import { grade } from "../../packages/verifiers/testing/grade.ts";

/** Far beyond any answer's budget: a row that takes longer is a hang, and must not stop the rest. */
const LIMIT_MS = 20_000;

export type Outcome = Judgement | { readonly outcome: "timeout"; readonly reason: "timeout" };

export interface Timed {
  readonly verdict: Outcome;
  readonly ms: number;
}

const sandbox: { work: () => void } = { work: () => {} };
const context = createContext(sandbox);
const call = new Script("work()");

/** A verdict and its time. Only `vm` can end code that never returns, short of its thread. */
export function timed(verifier: Verifier, spec: unknown, response: string): Timed {
  let verdict: Outcome = { outcome: "timeout", reason: "timeout" };
  const start = performance.now();
  let ms = LIMIT_MS;
  sandbox.work = () => {
    const given = grade(verifier, spec, response);
    if (given instanceof Promise) throw new Error("this verifier answers later");
    ms = performance.now() - start;
    verdict = given;
  };
  try {
    call.runInContext(context, { timeout: LIMIT_MS });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Such as a spec that the verifier does not take: one row's matter, and no reason to stop.
    if (code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") {
      const thrown = { class: "threw", message, retryable: false };
      return {
        verdict: { outcome: "error", reason: "threw", error: thrown },
        ms: performance.now() - start,
      };
    }
  }
  return { verdict, ms };
}
