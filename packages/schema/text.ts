import { MAX_QUOTED_CHARS } from "./limits.ts";

/** What a terminal or a reader of lines could take for more than text: control characters, line
 * separators, marks that turn the direction of writing, halves of surrogate pairs. */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** `text` cut to `most` characters, the last of which then is an ellipsis; never through a
 * surrogate pair. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const code = text.charCodeAt(most - 2);
  const isHalf = code >= 0xd800 && code < 0xdc00;
  return `${text.slice(0, isHalf ? most - 2 : most - 1)}…`;
}

/** Somebody's text as a message may quote it: cut, on one line, and nothing but text. */
export function quotable(text: string): string {
  return clip(text, MAX_QUOTED_CHARS).replace(UNFIT, (unfit) =>
    [...Array(unfit.length).keys()]
      .map((at) => `\\u${unfit.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
