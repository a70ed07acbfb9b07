import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Case, exitOf, INVALID, type LineError, type Outcome } from "./outcome.ts";
import { commands, drops, files, lines, messages, moments } from "./table.ts";

/** What people read of the table. */
export const BAD_INPUTS_PAGE = join(import.meta.dirname, "../../docs/bad-inputs.md");

export function badInputsPage(): string {
  const cases = [lines, files, commands, drops, messages, Object.values(moments)];
  const count = cases.reduce((sum, { length }) => sum + length, 0);
  return `<!-- Made by \`npm run generate\` from test/bad-inputs; \`test/bad-inputs.test.ts\` keeps it current and tries every row. -->

# Bad and odd inputs

What becomes of ${count} of them. \`…\` stands for what differs from one machine or file to the next. The classes of errors and the reasons of rejections, and what to do about each: [input.md](input.md#errors).

## Lines

Each among good lines, which are graded. The exit status is that of \`assay score\` and \`assay grade\`.

${tableOf(lines)}

## Files

Each as \`assay grade FILE\`. Lines, and rows of Parquet, are counted from 1. A file that is rejected keeps no other from being graded.

${tableOf(files)}

## Command lines

${tableOf(commands)}

## Keys

Objects put into the bucket of trajectories; each holds three good lines unless its name tells otherwise. The exit status is that of \`assay watch JOB\`, where there is a job.

${tableOf(drops)}

## Messages

To the queue \`submissions\`. The exit status is that of \`assay watch JOB\`, where there is a job.

${tableOf(messages)}

## At the wrong time

${tableOf(Object.values(moments))}
`;
}

/** The job is told apart from none at all: `assay watch` needs one. */
function tableOf(cases: readonly (Case & { readonly job?: string; readonly key?: string })[]) {
  const rows = cases.map((one) => {
    const happens = [inWords(one.outcome), one.note].filter((text) => text !== undefined);
    return `| ${cell(one.input)} | ${cell(happens.join("; "))} | ${status(one)} |`;
  });
  return ["| input | what happens | exit status |", "| --- | --- | --- |", ...rows].join("\n");
}

function status(one: Case & { readonly job?: string }): string {
  const isSent = "key" in one || "body" in one;
  const isHeard = one.job !== undefined && !("refused" in one.outcome);
  return isSent && !isHeard ? "–" : String(one.exit ?? exitOf(one.outcome));
}

function inWords(outcome: Outcome): string {
  if ("scored" in outcome) return `scored ${outcome.scored}, ${code(outcome.reason)}`;
  if ("abstained" in outcome) return `abstained, ${code(outcome.abstained)}`;
  if ("error" in outcome) return `${kindOf(outcome.class)}: ${code(outcome.error)}`;
  if ("rejected" in outcome) return `rejected, ${code(outcome.rejected)}: ${code(outcome.message)}`;
  if ("refused" in outcome) return `refused: ${code(outcome.refused)}`;
  if ("nothing" in outcome) return "nothing";
  const errors = outcome.errors?.map(errorInWords) ?? [];
  const graded =
    outcome.graded === 0 && errors.length === 0 ? "no lines" : `${outcome.graded} graded`;
  return [
    graded,
    ...errors,
    ...("more" in outcome ? ["and the like for lines after it"] : []),
  ].join("; ");
}

function errorInWords({ at, class: kind, message }: LineError): string {
  return `line ${at} ${kindOf(kind)}: ${code(message)}`;
}

function kindOf(kind = INVALID): string {
  return `error, ${code(kind)}`;
}

/** Text as it is, on one line of Markdown. */
function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text.replaceAll("\n", " ")}${fence}`;
}

function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replace(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

if (import.meta.main) writeFileSync(BAD_INPUTS_PAGE, badInputsPage());
