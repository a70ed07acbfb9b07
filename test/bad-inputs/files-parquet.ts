import { parquetOf, textColumn, thriftOf } from "../../packages/formats/parquet/testing/write.ts";
import { type FileCase, fileCase, GOOD_TEXT } from "./file-case.ts";
import { INVALID } from "./outcome.ts";
import { doubles, GOOD_PARQUET, goodColumns, page, texts, textsOrNull } from "./parquet.ts";

const rejected = (message: string) => ({ rejected: "unreadable", message });
const rows = (graded: number, at: number, message: string, kind = INVALID) => ({
  graded,
  errors: [{ at, message, class: kind }],
});

/** Files of `.parquet`. Row numbers count from 1. */
export const filesParquet: readonly FileCase[] = [
  fileCase(
    "Parquet without rows",
    "rows-none.parquet",
    () => parquetOf(0, [textColumn("task"), textColumn("response")]),
    { graded: 0 },
  ),
  fileCase(
    "nulls in a column that may be missing",
    "nulls.parquet",
    () => parquetOf(2, [...goodColumns(2), textsOrNull("id", null, "b")]),
    { graded: 2 },
    "null is absent",
  ),
  fileCase(
    "a null in `response`",
    "null-response.parquet",
    () =>
      parquetOf(2, [
        goodColumns(2)[0] as ReturnType<typeof texts>,
        textsOrNull("response", "B", null),
      ]),
    rows(1, 2, 'response: expected exactly one of "response" and "messages"'),
  ),
  fileCase(
    "`NaN` in `policy_step`, as pandas writes an integer that is missing",
    "nan.parquet",
    () => parquetOf(2, [...goodColumns(2), doubles("policy_step", 7, Number.NaN)]),
    rows(1, 2, 'policy_step: expected a number, got a string ("NaN")'),
  ),
  fileCase(
    "pandas' index",
    "index.parquet",
    () => parquetOf(3, [...goodColumns(3), texts("__index_level_0__", "0", "1", "2")]),
    { graded: 3 },
    "passed over",
  ),
  fileCase(
    "a `task` that is no JSON",
    "task.parquet",
    () => parquetOf(1, [texts("task", "math"), texts("response", "B")]),
    rows(
      0,
      1,
      'task: expected an object with "verifier" and "spec", or with a "rubric", got a string ("math")',
    ),
  ),
  fileCase(
    "text that is not UTF-8",
    "latin1.parquet",
    () =>
      parquetOf(1, [
        goodColumns(1)[0] as ReturnType<typeof texts>,
        texts("response", Buffer.from("é", "latin1")),
      ]),
    rows(0, 1, "response: expected a string, got an object"),
  ),
  fileCase(
    "a row damaged in the middle",
    "damaged.parquet",
    () =>
      parquetOf(2, [
        textColumn("task", page(goodTask()), page(goodTask())),
        textColumn("response", page("B"), { values: 1, bytes: Buffer.from([9, 0, 0, 0, 66]) }),
      ]),
    rows(
      1,
      2,
      'its row 1 cannot be read: column "response": its values end too soon',
      "unreadable",
    ),
  ),
  fileCase(
    "other columns",
    "other.parquet",
    () => parquetOf(1, [texts("data_source", "gsm8k"), texts("reward_model", "{}")]),
    rejected(
      'no trajectory has the columns "data_source", "reward_model": the columns are id, group, task, prompt, policy_step, deadline, metadata, response, messages, rollouts, and data of your own goes under "metadata"',
    ),
  ),
  fileCase(
    "Parquet cut short",
    "cut.parquet",
    () => GOOD_PARQUET.subarray(0, -9),
    rejected("it is no Parquet file, or was cut off: it does not end in PAR1"),
  ),
  fileCase(
    "encrypted Parquet",
    "encrypted.parquet",
    () => parquetOf(3, goodColumns(3), (footer) => ({ ...footer, 8: { 1: {} } })),
    rejected("it is encrypted"),
  ),
  fileCase(
    "an encrypted footer",
    "footer.parquet",
    () => Buffer.concat([GOOD_PARQUET.subarray(0, -4), Buffer.from("PARE")]),
    rejected("it is encrypted"),
  ),
  fileCase(
    "a damaged footer",
    "footer-bad.parquet",
    () => damagedFooter(),
    rejected("its footer is corrupt: its schema does not add up"),
  ),
  fileCase(
    "an empty file named `.parquet`",
    "empty.parquet",
    () => "",
    rejected("it is too short to be a Parquet file"),
  ),
  fileCase(
    "plain JSON named `.parquet`",
    "plain.parquet",
    () => GOOD_TEXT,
    rejected("it is no Parquet file, or was cut off: it does not end in PAR1"),
  ),
];

function goodTask(): string {
  return '{"verifier":"choice","spec":{"answer":"B"}}';
}

function damagedFooter(): Uint8Array {
  const footer = thriftOf({ 1: 1 });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from("PAR1"), footer, length, Buffer.from("PAR1")]);
}
