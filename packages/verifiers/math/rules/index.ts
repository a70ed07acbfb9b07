import * as dapo from "./dapo.ts";
import * as gsm8k from "./gsm8k.ts";
import * as hendrycks from "./hendrycks.ts";
import * as prm800k from "./prm800k.ts";
import type { Rule } from "./rule.ts";

export type { Rule, SameValue } from "./rule.ts";

/** The old graders that are kept, by name. */
export const RULE_NAMES = [
  "prm800k",
  "hendrycks",
  "gsm8k",
  "gsm8k-flexible",
  "dapo",
  "dapo-box",
] as const;

export const rules: Readonly<Record<(typeof RULE_NAMES)[number], Rule>> = {
  prm800k: prm800k.rule,
  hendrycks: hendrycks.rule,
  gsm8k: gsm8k.rule,
  "gsm8k-flexible": gsm8k.flexible,
  dapo: dapo.rule,
  "dapo-box": dapo.box,
};
