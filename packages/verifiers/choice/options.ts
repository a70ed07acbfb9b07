import { matchEnd } from "../shared/text.ts";

/** What a place in the response says. An option is its index: A is 0. */
export const NOTHING = -1;
/** Two different options at once. */
export const AMBIGUOUS = -2;
/** A letter past the last option. */
export const BEYOND = -3;

/** The longest option that is looked for by its text; of a longer one only the letter counts. */
const MAX_TEXT_CHARS = 2_000;

/** The options of a task as they are looked for. */
export interface Options {
  /** How many letters there are: 26 where the options are unknown. */
  readonly count: number;
  /** Their texts, folded; none where they are unknown. */
  readonly texts: readonly string[];
  /** The length of the longest text. */
  readonly longest: number;
  /** One bit for each letter that some text begins with as a word (`E. coli`): there the text is
   * tried before the letter. */
  readonly lettered: number;
}

const TEXT_END = /\s*(?:$|[.,;:!?)\]}*_"'”\n\\<]|\s(?:because|since|as)\b)/y;

export function readOptions(options: readonly string[] | undefined): Options {
  const texts = (options ?? []).map((text) => (text.length > MAX_TEXT_CHARS ? "" : fold(text)));
  let lettered = 0;
  for (const text of texts)
    if (/^[a-z][^a-z0-9]./.test(text)) lettered |= 1 << (text.charCodeAt(0) - 97);
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  return { count: options?.length ?? 26, texts, longest, lettered };
}

/** A text as options are compared: case, dollar signs, a final stop and the width of spaces do not
 * count. */
export function fold(text: string): string {
  return flatten(text.trim()).replace(/[.。]$/, "");
}

function flatten(text: string): string {
  return text.replace(/\\?\$/g, "").replace(/\s+/g, " ").toLowerCase();
}

/** The option whose text stands at `at` up to the end of a clause; the longest, where several do. */
export function optionTextAt(text: string, at: number, end: number, options: Options): number {
  // Twice the longest and a little: room for wider spaces.
  const flat = flatten(text.slice(at, Math.min(end, at + 2 * options.longest + 16)));
  let found = NOTHING;
  let longest = 0;
  for (const [index, option] of options.texts.entries()) {
    if (option === "" || option.length < longest || !flat.startsWith(option)) continue;
    if (flat.length > option.length && matchEnd(TEXT_END, flat, option.length) < 0) continue;
    found = option.length === longest ? AMBIGUOUS : index;
    longest = option.length;
  }
  return found;
}
