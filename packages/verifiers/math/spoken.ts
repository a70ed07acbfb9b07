import { type Node, num, sym } from "./tree.ts";

const UNITS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

const PHRASES: Readonly<Record<string, Node>> = {
  infinity: sym("inf"),
  "positive infinity": sym("inf"),
  "all real numbers": sym("set:R"),
  "all reals": sym("set:R"),
  "empty set": sym("set:empty"),
  "the empty set": sym("set:empty"),
  "no solution": sym("set:empty"),
  "no solutions": sym("set:empty"),
  "no real solution": sym("set:empty"),
  "no real solutions": sym("set:empty"),
};

/** What a text in words says as mathematics: a number to a hundred, a set with a name. */
export function spokenValue(text: string): Node | undefined {
  const phrase = text
    .toLowerCase()
    .replace(/[.\s]+/g, " ")
    .trim();
  const value = numberSpelled(phrase);
  return value === undefined
    ? Object.hasOwn(PHRASES, phrase)
      ? PHRASES[phrase]
      : undefined
    : num(value);
}

/** `five`, `twenty-one`, `one hundred` as a number. */
export function numberSpelled(text: string): number | undefined {
  if (/^(?:a|one) hundred$/.test(text)) return 100;
  const unit = UNITS.indexOf(text);
  if (unit >= 0) return unit;
  const [tens = "", ones, ...more] = text.split(/[- ]/);
  const ten = TENS.indexOf(tens);
  if (ten < 0 || more.length > 0) return undefined;
  const one = ones === undefined ? 0 : UNITS.indexOf(ones);
  return one < 0 || one > 9 ? undefined : (ten + 2) * 10 + one;
}
