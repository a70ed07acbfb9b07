import { lastBox } from "../shared/boxed.ts";
import { afterThinking, lastForeignMark, type Mark, Marks } from "../shared/marks.ts";
import { isSpace, lineEnd } from "../shared/text.ts";
import { readLoosely } from "./loose.ts";
import { readOption } from "./option.ts";
import { NOTHING, type Options } from "./options.ts";

/** The longest response that may be a bare option and nothing else. */
const MAX_BARE_CHARS = 2_000;

/**
 * The option that the response states as its answer: what the last box or answer mark says,
 * whichever stands later. Without either, the response as a whole or its last loose statement. A
 * mark that no option follows on its line narrows the search to what stands after it.
 */
export function findOption(text: string, options: Options): number {
  const from = afterThinking(text);
  let box = lastBox(text, from);
  const boxed = box?.closed ? readOption(text, box.start, box.end, options) : NOTHING;
  // A box may hold a value or a formula that is no option: then it states none. One that is never
  // closed is where the response breaks off.
  if (box?.closed && boxed === NOTHING) box = undefined;
  const marks = new Marks(text, from);
  let mark = marks.previous();
  for (; mark && mark.at > (box?.at ?? -1); mark = marks.previous()) {
    const option = readOption(text, mark.start, bodyEnd(text, mark), options);
    if (option !== NOTHING) return option;
    if (mark.firm) return readLoosely(text.slice(0, mark.end), mark.start, options);
  }
  if (box) return boxed;
  mark = lastForeignMark(text, from);
  if (mark) {
    const option = readOption(text, mark.start, bodyEnd(text, mark), options);
    return option === NOTHING ? readLoosely(text, mark.start, options) : option;
  }
  return readUnmarked(text, from, options);
}

/** A mark speaks for the first line after it that is not blank. */
function bodyEnd(text: string, mark: Mark): number {
  let start = mark.start;
  while (start < mark.end && isSpace(text.charCodeAt(start))) start++;
  return lineEnd(text, start, mark.end);
}

function readUnmarked(text: string, from: number, options: Options): number {
  const bare = text.length - from <= MAX_BARE_CHARS ? text.slice(from).trim() : "";
  if (bare !== "" && !bare.includes("\n")) {
    const option = readOption(bare, 0, bare.length, options);
    if (option !== NOTHING) return option;
  }
  return readLoosely(text, from, options);
}
