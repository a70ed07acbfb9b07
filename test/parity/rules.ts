// Compares what `rules.py` wrote down, the originals' verdicts, with our own; see there.
import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { rules } from "../../packages/verifiers/math/rules/index.ts";
import { latexToText } from "../../packages/verifiers/math/rules/latex-text/write.ts";
import { stripString } from "../../packages/verifiers/math/rules/strip-string.ts";

/** Differences of one kind that are shown; the rest is counted. */
const SHOWN = 5;

interface Row {
  readonly gold: string;
  readonly response: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly whole: Readonly<Record<string, number>>;
  readonly read: Readonly<Record<string, string | null>>;
  readonly stripped: string | null;
  readonly text: string | null;
}

const counts = new Map<string, { compared: number; different: number }>();

function compare(kind: string, row: Row, want: unknown, have: unknown): void {
  const count = counts.get(kind) ?? { compared: 0, different: 0 };
  counts.set(kind, count);
  count.compared++;
  if (want === have || count.different++ >= SHOWN) return;
  const response = row.response.slice(-300);
  print(`${kind}: ${JSON.stringify({ gold: row.gold, response, want, have })}`);
}

function ruleOf(kind: string) {
  const [name = "", algebra] = kind.split(", ");
  const rule = rules[name as keyof typeof rules];
  if (rule === undefined) throw new Error(`no rule ${name}`);
  const equals = (gold: string, read: string) =>
    rule.equals(rule.gold(gold), read, () => algebra !== undefined) ? 1 : 0;
  return { extract: rule.extract, equals };
}

function compareAll(row: Row): void {
  const { gold, response } = row;
  for (const [kind, want] of Object.entries(row.scores)) {
    const { extract, equals } = ruleOf(kind);
    const read = extract(response);
    compare(`${kind}: score`, row, want, read === undefined ? 0 : equals(gold, read));
  }
  for (const [kind, want] of Object.entries(row.whole))
    compare(`${kind}: whole response`, row, want, ruleOf(kind).equals(gold, response));
  for (const [kind, want] of Object.entries(row.read))
    compare(`${kind}: what is read`, row, want, ruleOf(kind).extract(response) ?? null);
  compare("_strip_string", row, row.stripped, stripString(response) ?? null);
  const latex = response.replaceAll("$", "").replaceAll("%", "");
  compare("latex_to_text", row, row.text, latexToText(latex) ?? null);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const file = process.argv[2] ?? "";
if (existsSync(file)) {
  for await (const line of createInterface({ input: createReadStream(file) }))
    compareAll(JSON.parse(line) as Row);
  for (const [kind, { compared, different }] of counts)
    print(`${different} of ${compared} differ: ${kind}`);
  if ([...counts.values()].some(({ different }) => different > 0)) process.exitCode = 1;
} else {
  print("skipped: no verdicts of the originals; rules.py writes them");
}
