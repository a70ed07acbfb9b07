import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError, StackError } from "./errors.ts";
import type { Exchange, Services } from "./exchange.ts";
import { answerS3 } from "./s3/answer.ts";
import { writeError } from "./s3/request.ts";
import { answerSqs, type SqsProtocol } from "./sqs/answer.ts";
import { isJson, jsonProtocol } from "./sqs/json.ts";
import { isQuery, queryProtocol } from "./sqs/query.ts";

const HOST = "127.0.0.1";

/** Clients keep connections open for about a minute; closing first would cut their next call. */
const KEEP_ALIVE_MS = 75_000;

/** Names under which a client on this machine reaches the stack. */
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|\[::1\]|(?:[\w.-]+\.)?localhost)(?::\d+)?$/i;

export function listen(services: Services, port: number): Promise<Server> {
  const server = createServer((message, response) => {
    const url = message.url ?? "/";
    const at = url.indexOf("?");
    void answer(services, {
      message,
      response,
      method: message.method ?? "GET",
      path: at < 0 ? url : url.slice(0, at),
      query: at < 0 ? "" : url.slice(at + 1),
      requestId: randomBytes(8).toString("hex").toUpperCase(),
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // A large upload over a slow disk takes what it takes.
  server.requestTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === "EADDRINUSE"
          ? `port ${port} is in use: stop what listens there, or choose another port`
          : `cannot listen on port ${port} (${error.code}): choose another port`;
      reject(new StackError(reason, { cause: error, option: "port" }));
    });
    server.listen(port, HOST, () => resolve(server));
  });
}

export function urlOf(server: Server): string {
  return `http://${HOST}:${(server.address() as AddressInfo).port}`;
}

async function answer(services: Services, exchange: Exchange): Promise<void> {
  const { response, method, requestId } = exchange;
  const sqs = chooseSqs(exchange);
  // The protocol of whoever asks may reckon by this clock, so it must be that of all else here.
  response.setHeader("date", new Date(services.clock.now()).toUTCString());
  try {
    refuseForeign(exchange);
    if (sqs === undefined) await answerS3(services, exchange);
    else await answerSqs(services, exchange, sqs);
  } catch (error) {
    const refusal = toApiError(services, error);
    keepWhileSending(exchange);
    // Once the status is out, all that is left is to show that this is no whole answer.
    if (response.headersSent || response.destroyed) response.destroy();
    else if (sqs === undefined) writeError(response, method, requestId, refusal);
    else sqs.writeError(response, requestId, refusal);
  }
}

/** The protocol of a request for SQS; nothing where it is one for S3. */
function chooseSqs(exchange: Exchange): SqsProtocol | undefined {
  if (isJson(exchange.message.headers["x-amz-target"])) return jsonProtocol;
  return isQuery(exchange) ? queryProtocol : undefined;
}

/** A client that is refused amid its body gets the answer at once, and its connection stays until it
 * has sent the rest or hung up: closed before, it would find a broken pipe and no answer. */
function keepWhileSending({ message, response }: Exchange): void {
  if (message.complete) return;
  const end = response.end.bind(response);
  response.end = (data?: unknown) => {
    if (data instanceof Uint8Array || typeof data === "string") response.write(data);
    else response.flushHeaders();
    message.once("close", () => end()).resume();
    return response;
  };
}

/** Any web page can make a browser send requests here, and the credentials are no secret. A name
 * that is not this machine's, or an origin that is not, gives such a page away. */
function refuseForeign({ message }: Exchange): void {
  const { host = "", origin } = message.headers;
  if (!LOOPBACK.test(host))
    throw new ApiError("AccessDenied", 403, `The host ${host} is not this machine.`);
  if (origin !== undefined && !LOOPBACK.test(origin.replace(/^https?:\/\//, "")))
    throw new ApiError("AccessDenied", 403, `Pages of ${origin} may not use this stack.`);
}

function toApiError({ explain }: Services, error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError("InternalError", 500, explain(error) ?? `The stack failed: ${message}`);
}
