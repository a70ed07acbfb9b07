import { ApiError } from "../errors.ts";
import { MAX_MESSAGE_BYTES } from "./attributes.ts";
import { refuse } from "./errors.ts";
import { type Input, isRecord, record, records, text } from "./input.ts";
import type { Output } from "./operations.ts";

const MAX_ENTRIES = 10;

/** Each entry succeeds or fails by itself; only a batch that is no batch fails as a whole. */
export function handleBatch(input: Input, handle: (entry: Input) => Output): Output {
  const entries = records(input, "Entries");
  if (entries.length === 0)
    throw refuse("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > MAX_ENTRIES)
    throw refuse(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  const ids = entries.map((entry) => text(entry, "Id"));
  for (const id of ids)
    if (!/^[\w-]{1,80}$/.test(id))
      throw refuse(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      );
  if (new Set(ids).size !== ids.length)
    throw refuse("BatchEntryIdsNotDistinct", "Id is repeated in the batch.");
  checkSize(entries);

  const successful: Output[] = [];
  const failed: Output[] = [];
  entries.forEach((entry, index) => {
    try {
      successful.push({ Id: ids[index], ...handle(entry) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failed.push({
        Id: ids[index],
        SenderFault: true,
        Code: error.code,
        Message: error.message,
      });
    }
  });
  return { Successful: successful, Failed: failed };
}

/** All messages of a batch together, attributes included, may be as long as one. */
function checkSize(entries: readonly Input[]): void {
  const bytes = entries.reduce((sum, entry) => sum + sizeOfEntry(entry), 0);
  if (bytes > MAX_MESSAGE_BYTES)
    throw refuse(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
}

/** What is no text counts for nothing here: its entry will fail by itself. */
function sizeOfEntry(entry: Input): number {
  const length = (value: unknown, encoding: BufferEncoding = "utf8") =>
    typeof value === "string" ? Buffer.byteLength(value, encoding) : 0;
  let bytes = length(entry["MessageBody"]);
  for (const [name, value] of Object.entries(record(entry, "MessageAttributes"))) {
    if (!isRecord(value)) continue;
    bytes += length(name) + length(value["DataType"]) + length(value["StringValue"]);
    bytes += length(value["BinaryValue"], "base64");
  }
  return bytes;
}
