import { createReadStream } from "node:fs";
import { textLines } from "@assay/grading";
import type { RewardRecord } from "@assay/schema";
import { say } from "./output.ts";

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
  const numbers = await lineNumbers(
    file,
    shown.map(({ source }) => source.offset),
  );
  for (const [i, record] of shown.entries()) say(errorLine(file, numbers[i] ?? 0, record));
  if (total > shown.length) say(`… and ${total - shown.length} more`);
}

export function errorLine(file: string, line: number, { error, source }: RewardRecord): string {
  const place = source.index === 0 ? "" : ` rollout ${source.index}:`;
  return `${file}:${line}:${place} ${error?.message} (${error?.class})`;
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

/** The line numbers, from 1, of ascending byte offsets in a file. */
export async function lineNumbers(file: string, offsets: readonly number[]): Promise<number[]> {
  const numbers: number[] = [];
  let line = 1;
  let at = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      while (offsets[numbers.length] === at) numbers.push(line);
      if (byte === NEWLINE) line++;
      at++;
    }
    if (numbers.length === offsets.length) break;
  }
  return numbers;
}
