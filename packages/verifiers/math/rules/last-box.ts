/**
 * The content of a response's last `\boxed{…}` as hendrycks/math (MIT) and verl (Apache-2.0) find
 * it with `last_boxed_only_string` and `remove_boxed`. `\boxed 5` with a space anywhere beats every
 * brace, and what stands in no braces and after no space (`\boxed5`), in braces never closed or in
 * an `\fbox` is no answer.
 */
export function lastMathBox(response: string): string | undefined {
  const spaced = response.lastIndexOf(SPACED);
  if (spaced < 0) return closedBox(response, response.lastIndexOf("\\boxed"));
  const dollar = response.indexOf("$", spaced);
  return response.slice(spaced + SPACED.length, dollar < 0 ? undefined : dollar);
}

/** The last `\boxed{…}` as verl's math_dapo.py finds it: only with its brace. */
export function lastBracedBox(response: string): string | undefined {
  return closedBox(response, response.lastIndexOf(BRACED));
}

const SPACED = "\\boxed ";
const BRACED = "\\boxed{";

/** Braces count wherever they stand, escaped ones too. */
function closedBox(response: string, at: number): string | undefined {
  if (at < 0 || !response.startsWith(BRACED, at)) return undefined;
  const start = at + BRACED.length;
  let depth = 1;
  for (let end = start; end < response.length; end++) {
    const code = response.charCodeAt(end);
    if (code === 123) depth++;
    else if (code === 125 && --depth === 0) return response.slice(start, end);
  }
  return undefined;
}
