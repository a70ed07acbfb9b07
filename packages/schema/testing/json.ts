import fc from "fast-check";

/** JSON as strangers may write it: numbers that no double holds, keys that mean something to
 * JavaScript or stand twice, halves of surrogate pairs, escapes, space between tokens. As text,
 * since a value would be written by `JSON.stringify` in the one way that it knows. */

const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 24 });
const number = fc.oneof(
  fc.constantFrom("0", "-0", "-0.0", "1.0", "1e400", "-1e400", "1e-400", "1E5", "0.10", "12"),
  fc.constantFrom(
    "9007199254740993",
    "9223372036854775807",
    "0.1000000000000000055511151231257827",
  ),
  fc.tuple(fc.constantFrom("", "-"), digits).map(([sign, some]) => `${sign}1${some}`),
  fc
    .tuple(digits, fc.constantFrom("e", "E", "e+", "e-"), fc.nat(400))
    .map((all) => `1.${all.join("")}`),
);
const characters = fc.string({
  unit: fc.constantFrom(
    ..."ab {}[]:,é",
    ...'\\" \\\\ \\/ \\n \\u0000 \\ud800 \\udfff \\ud83d\\ude00 \\u0061 \\u2028 \u2028 \u007f 😀'.split(
      " ",
    ),
  ),
  maxLength: 8,
});
const string = characters.map((text) => `"${text}"`);
const key = fc.oneof(
  { weight: 3, arbitrary: string },
  fc.constantFrom(
    ...["__proto__", "constructor", "prototype", "toString", "metadata", "a", "1", "0"].map(
      (name) => `"${name}"`,
    ),
    '"meta\\u0064ata"',
  ),
);
const space = fc.constantFrom("", "", "", " ", "\t", "\r");

const { value, object } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(number, string, fc.constantFrom("true", "false", "null")),
    tie("object"),
    tie("array"),
  ),
  object: fc
    .tuple(space, fc.array(fc.tuple(key, space, tie("value")), { maxLength: 4 }))
    .map(
      ([gap, members]) =>
        `{${gap}${members.map(([name, around, item]) => `${name}${around}:${around}${item}`).join(`${gap},`)}}`,
    ),
  array: fc
    .tuple(space, fc.array(tie("value"), { maxLength: 4 }))
    .map(([gap, items]) => `[${gap}${items.join(`,${gap}`)}]`),
}));

export const anyJson: fc.Arbitrary<string> = value;
export const anyObject: fc.Arbitrary<string> = object;

let keys = 0;

/** What text means, by another way than `parseJson`: `JSON.parse` mistakes one key for another, but
 * not if each begins as no other ever has. With `numbers`, each is the text that it is written as. */
export function meaningOf(text: string, numbers: "doubles" | "as text" = "doubles"): unknown {
  const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d[-+.\deE]*/g;
  const marked = text.replace(token, (all, body?: string, colon?: string) => {
    if (colon !== undefined) return `"${++keys}~${body}"${colon}`;
    return body === undefined && numbers === "as text" ? `"number ${all}"` : all;
  });
  return unmarked(JSON.parse(marked));
}

function unmarked(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unmarked);
  const object = {};
  for (const [key, child] of Object.entries(value))
    Object.defineProperty(object, key.slice(key.indexOf("~") + 1), {
      configurable: true,
      enumerable: true,
      writable: true,
      value: unmarked(child),
    });
  return object;
}
