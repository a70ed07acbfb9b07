import { lastChars } from "./python.ts";
import type { Rule } from "./rule.ts";

/** verl reads no more of a response than this, in code points. */
const READ_CHARS = 300;
const STRICT = /#### (-?[0-9.,]+)/g;
const NUMBER = /-?[0-9.,]+/g;

/**
 * The task's answer, or what stands after the `####` of a whole GSM8K solution: verl's
 * examples/data_preprocess/gsm8k.py takes it out the same way, from its first mark.
 */
function gold(answer: string): string {
  const [marked] = answer.matchAll(STRICT);
  return marked === undefined ? answer : withoutCommas(marked[1] ?? "");
}

function equals(gold: string, read: string): boolean {
  return gold === read;
}

/**
 * verl's utils/reward_score/gsm8k.py (Apache-2.0) with its default `method="strict"`, the form that
 * published GSM8K training runs are scored by: the last `#### 18` within the last 300 characters.
 * Compared as strings once the commas are gone: 18.0 is not 18.
 */
export const rule: Rule = {
  name: "gsm8k",
  gold,
  equals,
  extract(response) {
    const last = [...lastChars(response, READ_CHARS).matchAll(STRICT)].at(-1);
    return last === undefined ? undefined : withoutCommas(last[1] ?? "");
  },
};

/**
 * The same with `method="flexible"`: the last number, whatever it counts. Its commas and a period
 * that ends the sentence stay on it, as they do in the original: "is 1,000" is not 1000, nor is
 * "is 18." 18.
 */
export const flexible: Rule = {
  name: "gsm8k-flexible",
  gold,
  equals,
  extract(response) {
    const found = lastChars(response, READ_CHARS).match(NUMBER) ?? [];
    return found.findLast((number) => number !== ".") ?? found[0];
  },
};

function withoutCommas(number: string): string {
  return number.replaceAll(",", "");
}
