import type { ServerResponse } from "node:http";
import type { SqsProtocol } from "./answer.ts";
import { queryCode, refuse } from "./errors.ts";
import { type Input, isRecord } from "./input.ts";
import type { Output } from "./operations.ts";

const TARGET = "AmazonSQS.";

/** Whether a request names an SQS operation in the JSON protocol. */
export function isJson(target: string | readonly string[] | undefined): target is string {
  return typeof target === "string" && target.startsWith(TARGET);
}

/** The protocol of today's SDKs. */
export const jsonProtocol: SqsProtocol = {
  readRequest({ message }, body) {
    const target = message.headers["x-amz-target"];
    return {
      operation: isJson(target) ? target.slice(TARGET.length) : "",
      input: parse(body),
    };
  },

  writeOutput(response, requestId, _operation, output) {
    send(response, 200, requestId, output, {});
  },

  writeError(response, requestId, error) {
    const fault = error.status < 500 ? "Sender" : "Receiver";
    send(
      response,
      error.status,
      requestId,
      { __type: `com.amazonaws.sqs#${error.code}`, message: error.message },
      { "x-amzn-query-error": `${queryCode(error)};${fault}` },
    );
  },
};

function parse(body: string): Input {
  let input: unknown;
  try {
    input = JSON.parse(body === "" ? "{}" : body);
  } catch {
    throw refuse("SerializationException", "The request body is not JSON.");
  }
  if (!isRecord(input)) throw refuse("SerializationException", "The request body is no object.");
  return input;
}

function send(
  response: ServerResponse,
  status: number,
  requestId: string,
  output: Output,
  headers: Record<string, string>,
): void {
  const body = JSON.stringify(output);
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": requestId,
    ...headers,
  });
  response.end(body);
}
