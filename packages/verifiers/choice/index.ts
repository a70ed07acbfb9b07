import * as z from "zod";
import { defineVerifier, TaskFault } from "../define.ts";
import { clip } from "../shared/text.ts";
import { cases } from "./cases.ts";
import { findOption } from "./find.ts";
import { AMBIGUOUS, BEYOND, fold, NOTHING, type Options, readOptions } from "./options.ts";

/** One for each letter there is. */
const MAX_OPTIONS = 26;

export default defineVerifier({
  name: "choice",
  version: 1,
  spec: z.strictObject({
    /** A letter, or an option's text; of several, any is right. */
    answer: z.union([z.string(), z.array(z.string()).min(1)]),
    /** The options' texts: the first is A. Without them only letters are read. */
    options: z.array(z.string()).min(1).max(MAX_OPTIONS).optional(),
  }),
  reasons: {
    equal: "the option stated is an answer",
    not_equal: "the option stated is no answer",
    ambiguous: "two different options are stated at once",
    not_an_option: "the letter stated is past the last option",
    no_answer: "no option is stated",
    answer_unsupported: "the task's answer is neither a letter nor the text of exactly one option",
  },
  doc: {
    summary: "Compares the option that the response finally states with the right letter.",
    details: `
Reads the last assistant message, past a \`</think>\` if there is one, and **decides one option** by
form alone before it looks at the answer:

1. The last \`\\boxed{…}\` or \`\\fbox{…}\` that holds an option, or the last answer mark, whichever
   stands later. Marks are \`Answer: B\` (also "Final answer:", in markdown, as a heading, as JSON, as
   \`<answer>…</answer>\`, or the answer word and colon of another language) and "the answer is B".
   "The answer is not B" is none. A mark with a colon whose line states no option narrows the search
   to what follows it.
2. Without either, a response of one line that is nothing but an option: \`B\`, \`(B)\`, \`b\`,
   \`B. text\`, or an option's text.
3. Else the last loose statement: a letter set off as \`(B)\` or \`**B**\`, alone on its line, after a
   cue ("option B", "so B."), or affirmed ("B is correct"); a letter that heads its line, where no
   line is headed by another; or the last line or the first one being an option's text.

Letters may stand in brackets, quotes, markdown or \`\\text{}\`, be followed by the option's text, and
be full-width. "A" before another word is an article and "I" a person. An option's text counts where
\`options\` is given and it stands as a whole clause.

**1** if the option is an answer, else **0**: \`not_equal\`; \`ambiguous\` ("A or B", \`\\boxed{A, B}\`,
the list of options told again); \`not_an_option\` (a letter past the last option); \`no_answer\`, which
is also the reason where the response breaks off inside its last box.

**Abstains** (\`answer_unsupported\`) where the task's answer is neither a letter within the options
nor the text of exactly one of them. Answers of several letters ("AC") are not supported.

**Limits.** 26 options; option texts over 2,000 characters are found by their letter only; the last
1,000 answer words and the last 1,000 capital letters are looked at. Time is linear in the response.

**Known leniency.** A letter is taken at its word: the text after it is not compared, so \`(B) Earth\`
is B whatever B says. Guessing always earns the base rate. The last statement counts, so a response
may change its mind.
`.trim(),
    source:
      "assay's own rule. Formats and the words for 'answer' in other languages follow openai/simple-evals (MIT); checked against the extractors of simple-evals, MMLU-Pro, lm-evaluation-harness and NeMo Gym.",
    label: "answer",
  },
  cases,
  prepare(spec): { readonly options: Options; readonly answers: number } {
    const options = readOptions(spec.options);
    let answers = 0;
    for (const answer of [spec.answer].flat()) answers |= 1 << readAnswer(answer, options);
    return { options, answers };
  },
  verify({ prepared, trajectory }) {
    const option = findOption(trajectory.response, prepared.options);
    if (option === NOTHING) return { outcome: "scored", score: 0, reason: "no_answer" };
    if (option === AMBIGUOUS) return { outcome: "scored", score: 0, reason: "ambiguous" };
    if (option === BEYOND) return { outcome: "scored", score: 0, reason: "not_an_option" };
    const answer = String.fromCharCode(65 + option);
    return (prepared.answers >> option) & 1
      ? { outcome: "scored", score: 1, reason: "equal", answer }
      : { outcome: "scored", score: 0, reason: "not_equal", answer };
  },
});

/** The option that the task calls right: "B", "b", "(B)", "B." or an option's text. */
function readAnswer(answer: string, options: Options): number {
  const letter = /^\(?([A-Za-z])[).]{0,2}$/.exec(answer.trim())?.[1];
  const index = letter === undefined ? NOTHING : (letter.charCodeAt(0) | 32) - 97;
  if (index >= 0 && index < options.count) return index;
  const folded = fold(answer);
  const first = folded === "" ? NOTHING : options.texts.indexOf(folded);
  if (first >= 0 && options.texts.lastIndexOf(folded) === first) return first;
  throw new TaskFault("answer_unsupported", `${JSON.stringify(clip(answer))} is no option`);
}
