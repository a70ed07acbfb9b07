import {
  type ColumnOf,
  levels,
  type PageOf,
  parquetOf,
  plainText,
  run,
  textColumn,
} from "../../packages/formats/parquet/testing/write.ts";
import { TASK } from "./line-case.ts";

const OPTIONAL = 1;
const DOUBLE = 5;
const BYTE_ARRAY = 6;
const JSON_TASK = JSON.stringify(TASK);

/** Text in every row. */
export function texts(name: string, ...values: readonly (string | Uint8Array)[]): ColumnOf {
  return textColumn(name, page(...values));
}

export function page(...values: readonly (string | Uint8Array)[]): PageOf {
  return { values: values.length, bytes: plainText(...values) };
}

/** Text, or nothing where it is null. */
export function textsOrNull(name: string, ...values: readonly (string | null)[]): ColumnOf {
  const present = values.filter((value) => value !== null);
  const bytes = Buffer.concat([presence(values), plainText(...present)]);
  return {
    schema: [{ 1: BYTE_ARRAY, 3: OPTIONAL, 4: name, 6: 0 }],
    leaves: [{ type: BYTE_ARRAY, pages: [{ values: values.length, bytes }] }],
  };
}

/** Numbers as pandas keeps integers of which some are missing. */
export function doubles(name: string, ...values: readonly number[]): ColumnOf {
  const numbers = Buffer.alloc(8 * values.length);
  for (const [i, value] of values.entries()) numbers.writeDoubleLE(value, 8 * i);
  const bytes = Buffer.concat([presence(values), numbers]);
  return {
    schema: [{ 1: DOUBLE, 3: OPTIONAL, 4: name }],
    leaves: [{ type: DOUBLE, pages: [{ values: values.length, bytes }] }],
  };
}

function presence(values: readonly unknown[]): Buffer {
  return levels(...values.map((value) => run(1, value === null ? 0 : 1)));
}

/** The columns of rows that score 1. */
export function goodColumns(rows: number): ColumnOf[] {
  return [
    texts("task", ...Array<string>(rows).fill(JSON_TASK)),
    texts("response", ...Array<string>(rows).fill("The answer is B.")),
  ];
}

export const GOOD_PARQUET = parquetOf(3, goodColumns(3));
