import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError } from "../errors.ts";
import { chunksOf, type Exchange, type Services } from "../exchange.ts";
import { answerWith } from "../faults.ts";
import { sha256, verifySignature } from "../signature.ts";
import type { Input } from "./input.ts";
import { type Output, operations } from "./operations.ts";

/** A message of 1 MiB, every character of it escaped, and room for its attributes. */
const MAX_BODY_BYTES = 8 * 1024 ** 2;

/** How a client writes operations and reads answers. */
export interface SqsProtocol {
  readRequest(
    exchange: Exchange,
    body: string,
  ): { readonly operation: string; readonly input: Input };
  writeOutput(response: ServerResponse, requestId: string, operation: string, output: Output): void;
  writeError(response: ServerResponse, requestId: string, error: ApiError): void;
}

export async function answerSqs(
  services: Services,
  exchange: Exchange,
  protocol: SqsProtocol,
): Promise<void> {
  const { message, requestId, method, path, query } = exchange;
  const body = await readBody(message);
  verifySignature(
    {
      service: "sqs",
      method,
      path,
      query,
      headers: message.headers,
      payloadHash: sha256(body),
    },
    services.clock.now(),
  );
  const { operation, input } = protocol.readRequest(exchange, body.toString());
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (run === undefined)
    throw new ApiError("NotImplemented", 501, `This stack does not implement SQS ${operation}.`);
  const hangUp = new AbortController();
  exchange.response.once("close", () => hangUp.abort());
  const context = {
    ...services.sqs,
    origin: `http://${message.headers.host}`,
    signal: hangUp.signal,
  };
  const fault = services.faults({ service: "sqs", operation, target: readTarget(input) });
  await answerWith(fault, exchange, services.clock, async (response) => {
    protocol.writeOutput(response, requestId, operation, await run(input, context));
  });
}

function readTarget({ QueueUrl: url, QueueName: name }: Input): string {
  if (typeof url === "string") return url.slice(url.lastIndexOf("/") + 1);
  return typeof name === "string" ? name : "";
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const held: Buffer[] = [];
  let size = 0;
  for await (const data of chunksOf(message)) {
    size += data.length;
    if (size > MAX_BODY_BYTES)
      throw new ApiError("RequestEntityTooLarge", 413, "The request is too large.");
    held.push(data);
  }
  return Buffer.concat(held);
}
