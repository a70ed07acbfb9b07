import type { Outcome } from "./timed.ts";

/**
 * Where a wrong verdict comes from, as far as the verdict itself tells:
 * `gold`: the task's answer was not understood. `extraction`: another piece of the response was
 * read than what stands in its last box, or than all of it where it is nothing but an answer.
 * `reading`: the right piece, not understood. `comparison`: understood, and compared wrongly.
 */
export type Cause = "gold" | "extraction" | "reading" | "comparison" | "fault";

export function causeOf(verdict: Outcome, response: string): Cause {
  if (verdict.outcome === "abstained") return "gold";
  if (verdict.outcome !== "scored") return "fault";
  const { answer, reason } = verdict;
  // Verdicts that name no answer had none to name, or gave up before they could.
  if (answer === undefined) return reason === "no_answer" ? "extraction" : "reading";
  const meant = answerIn(response);
  if (meant === undefined || !bare(meant).includes(bare(answer))) return "extraction";
  return reason === "equal" || reason === "not_equal" ? "comparison" : "reading";
}

/** A response no longer than this, with no box in it, is taken to be an answer and nothing else. */
const BARE_CHARS = 200;

function answerIn(response: string): string | undefined {
  const box = response.lastIndexOf("\\boxed");
  if (box < 0) return response.length <= BARE_CHARS ? response : undefined;
  const open = response.indexOf("{", box);
  if (open < 0) return response.slice(box);
  let depth = 0;
  for (let at = open; at < response.length; at++) {
    if (response[at] === "{") depth++;
    else if (response[at] === "}" && --depth === 0) return response.slice(open + 1, at);
  }
  return response.slice(open + 1);
}

/** Less all that a verdict may have left out of the answer that it names, its clipped end too. */
function bare(text: string): string {
  return text.replace(/[\s$…]|\\[()[\],;:! ]/g, "");
}
