import { lastMathBox } from "./last-box.ts";
import type { Rule } from "./rule.ts";
import { stripString } from "./strip-string.ts";

/**
 * The MATH data set's own rule: `is_equiv` of hendrycks/math (MIT) on the last box, as verl's
 * utils/reward_score/math_reward.py (Apache-2.0, once math.py) applies it and lm-eval's
 * hendrycks_math (MIT) on another extraction. Equal strings after normalisation, no algebra.
 */
export const rule: Rule = {
  name: "hendrycks",
  extract: lastMathBox,
  gold: (answer) => answer,
  equals(gold, read) {
    const a = stripString(gold);
    const b = stripString(read);
    return a === undefined || b === undefined ? gold === read : a === b;
  },
};
