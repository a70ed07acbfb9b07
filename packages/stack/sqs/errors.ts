import { ApiError } from "../errors.ts";

/** Where the code of the old Query protocol differs from the error's name in the JSON protocol.
 * Clients of the JSON protocol get both. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  QueueNameExists: "QueueAlreadyExists",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  InvalidBatchEntryId: "AWS.SimpleQueueService.InvalidBatchEntryId",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  PurgeQueueInProgress: "AWS.SimpleQueueService.PurgeQueueInProgress",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
};

export function queryCode(error: ApiError): string {
  return QUERY_CODES[error.code] ?? error.code;
}

export function refuse(code: string, message: string): ApiError {
  return new ApiError(code, 400, message);
}

export const invalid = (message: string) => refuse("InvalidParameterValue", message);

export const missing = (parameter: string) =>
  refuse("MissingParameter", `The request must contain the parameter ${parameter}.`);

export const noSuchQueue = () => refuse("QueueDoesNotExist", "The specified queue does not exist.");
