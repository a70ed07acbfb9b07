import { createReadStream } from "node:fs";
import { formatOf, inflate, isCompressed, Unreadable } from "@assay/formats";
import { textLines } from "@assay/grading";
import type { RewardRecord } from "@assay/schema";
import { printable, say } from "./output.ts";

/** How many records that are `error` are shown by name; the rest is counted. */
export const MOST_SHOWN = 10;
const NEWLINE = 0x0a;

/** Shows records that are `error` as `rollouts.jsonl:17: task.spec.answer: expected …`. */
export async function showErrors(
  file: string,
  records: AsyncIterable<Uint8Array>,
  total: number,
): Promise<void> {
  const shown = await firstErrors(records, Math.min(total, MOST_SHOWN));
  const numbers = await placesIn(
    file,
    shown.map(({ source }) => source.offset),
  );
  for (const [i, record] of shown.entries()) say(errorLine(file, numbers[i] ?? 0, record));
  if (total > shown.length) say(`… and ${total - shown.length} more`);
}

export function errorLine(file: string, line: number, { error, source }: RewardRecord): string {
  const place = source.index === 0 ? "" : ` rollout ${source.index}:`;
  return `${printable(file)}:${line}:${place} ${error?.message} (${error?.class})`;
}

/** The first `most` records that are `error`, of records as JSON lines. */
export async function firstErrors(
  records: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  most: number,
): Promise<RewardRecord[]> {
  const found: RewardRecord[] = [];
  for await (const line of textLines(records)) {
    if (!line.includes('"outcome":"error"')) continue;
    const record = JSON.parse(line) as RewardRecord;
    if (record.outcome === "error") found.push(record);
    if (found.length >= most) break;
  }
  return found;
}

/** Where in a file the records' lines stand, as people count: line numbers, or rows of Parquet, from 1. */
async function placesIn(file: string, offsets: readonly number[]): Promise<number[]> {
  const format = formatOf(file);
  if (format === "parquet") return offsets.map((row) => row + 1);
  const bytes = createReadStream(file);
  return await lineNumbers(isCompressed(format) ? inflate(bytes, format) : bytes, offsets);
}

/** The line numbers, from 1, of ascending byte offsets in a text. A break in it is no matter: what is
 * asked for stands before it, or is where it breaks. */
export async function lineNumbers(
  text: AsyncIterable<Uint8Array>,
  offsets: readonly number[],
): Promise<number[]> {
  const numbers: number[] = [];
  let line = 1;
  let at = 0;
  try {
    for await (const chunk of text) {
      for (const byte of chunk) {
        while (offsets[numbers.length] === at) numbers.push(line);
        if (byte === NEWLINE) line++;
        at++;
      }
      if (numbers.length === offsets.length) return numbers;
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return [...numbers, ...offsets.slice(numbers.length).map(() => line)];
}
