import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type Case, registry, type Verifier } from "@assay/verifiers";
import { parquetOf, plainText, textColumn } from "../../packages/formats/parquet/testing/write.ts";

export const EXAMPLES = join(import.meta.dirname, "../../examples");

/** How many accepted cases of a verifier are shown; of each other kind one is enough. */
const MOST_ACCEPTED = 3;
/** A longer response is a matter for tests. */
const MOST_CHARS = 300;
/** Whose examples are shown in every format, and how many of each: a dozen rows. */
const IN_EVERY_FORMAT = ["choice", "math", "qa"];
const EACH = 4;

/** A line of an example, which tells in its metadata what its record will say. */
export interface ExampleLine {
  readonly id: string;
  readonly task: object;
  readonly response?: string;
  readonly messages?: Case["messages"];
  readonly metadata: {
    readonly case: string;
    readonly expect: { readonly reward: number | null; readonly reason: string };
  };
}

/** Some of a verifier's cases: what it accepts, and one of each way in which it does not. */
function linesOf({ cases, name }: Verifier): ExampleLine[] {
  const shown = new Map<string, number>();
  return cases
    .filter(({ messages, response = "" }) => messages !== undefined || response.length < MOST_CHARS)
    .filter(({ expect: { reason, score } }) => {
      const kind = score === 1 ? "accepted" : reason;
      shown.set(kind, (shown.get(kind) ?? 0) + 1);
      return (shown.get(kind) ?? 0) <= (score === 1 ? MOST_ACCEPTED : 1);
    })
    .map(({ expect: { reason, score = null }, messages, name: claim, response, spec }, i) => ({
      id: `${name}-${i + 1}`,
      task: { verifier: name, spec },
      ...(messages === undefined ? { response: response ?? "" } : { messages }),
      metadata: { case: claim, expect: { reward: score, reason } },
    }));
}

function jsonl(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Columns of text: what is no text is JSON text. */
function parquet(lines: readonly ExampleLine[]): Uint8Array {
  const columns = ["id", "task", "response", "metadata"] as const;
  return parquetOf(
    lines.length,
    columns.map((name) => {
      const texts = lines.map((line) => {
        const value = line[name] ?? "";
        return typeof value === "string" ? value : JSON.stringify(value);
      });
      return textColumn(name, { values: texts.length, bytes: plainText(...texts) });
    }),
  );
}

/** One prompt, its rollouts on one line: they share the task, and give a record each. */
const group = [
  {
    group: "eggs",
    task: { id: "eggs", verifier: "math", spec: { answer: "18" } },
    prompt:
      "Janet's ducks lay 16 eggs a day. She eats 3, bakes with 4, sells the rest at $2. Income?",
    policy_step: 7,
    rollouts: [
      { response: "16 - 3 - 4 = 9, and 9 * 2 = 18. The answer is 18." },
      { response: "16 * 2 = 32. The answer is 32." },
      {
        messages: [
          { role: "assistant", content: "9 eggs are left, so she makes \\boxed{18} dollars." },
        ],
        metadata: { temperature: 0.7 },
      },
    ],
  },
];

/** Several components: here a weighted mean behind a gate. */
const tower = { answers: ["Eiffel Tower"] };
const rubric = ["Eiffel Tower", "the old Eiffel Tower", "Big Ben", ""].map((response, i) => ({
  id: `rubric-${i + 1}`,
  task: {
    rubric: [
      { name: "overlap", verifier: "qa", spec: { ...tower, metric: "f1" } },
      { name: "exact", verifier: "qa", spec: { ...tower, metric: "em" }, weight: 3 },
      { name: "known", verifier: "qa", spec: { answers: ["eiffel"], metric: "f1" }, gate: true },
    ],
  },
  response,
}));

/** Every example that is made here, by its file's name. */
export function examples(): Map<string, string | Uint8Array> {
  const made = new Map<string, string | Uint8Array>();
  for (const verifier of registry.all())
    made.set(`${verifier.name}.jsonl`, jsonl(linesOf(verifier)));
  const dozen = IN_EVERY_FORMAT.flatMap((name) =>
    linesOf(registry.find(name) as Verifier).slice(0, EACH),
  );
  const text = jsonl(dozen);
  made.set("formats.jsonl", text);
  made.set("formats.jsonl.gz", gzipSync(text));
  made.set("formats.jsonl.zst", zstdCompressSync(text));
  made.set("formats.parquet", parquet(dozen));
  made.set("group.jsonl", jsonl(group));
  made.set("rubric.jsonl", jsonl(rubric));
  return made;
}

if (import.meta.main)
  for (const [name, content] of examples()) writeFileSync(join(EXAMPLES, name), content);
