import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { ApiError } from "../errors.ts";
import type { Verified } from "../signature.ts";
import { writeXml, type XmlChild } from "../xml.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** S3's bound on a key. */
const MAX_KEY_BYTES = 1024;

/** A request whose signature was checked. */
export interface S3Request {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly payloadHash: string;
  readonly verified: Verified;
  readonly requestId: string;
}

export type Headers = Readonly<Record<string, string | number>>;

/** One header that may stand once. */
export function header(request: S3Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

export function reply(
  request: S3Request,
  status: number,
  headers: Headers = {},
  body: string | Uint8Array = "",
): void {
  const { response } = request;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.writeHead(status, {
    ...commonHeaders(request.requestId),
    ...(status !== 204 && status !== 304 && { "content-length": bytes.length }),
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

export function replyXml(
  request: S3Request,
  root: string,
  children: readonly XmlChild[],
  headers: Headers = {},
): void {
  const body = writeXml(root, children, NAMESPACE);
  reply(request, 200, { "content-type": "application/xml", ...headers }, body);
}

export function commonHeaders(requestId: string): Headers {
  return { "x-amz-request-id": requestId, "x-amz-id-2": requestId, server: "AmazonS3" };
}

export function writeError(
  response: ServerResponse,
  method: string,
  requestId: string,
  error: ApiError,
): void {
  const body = writeXml("Error", [
    ["Code", error.code],
    ["Message", error.message],
    ...Object.entries(error.fields),
    ["RequestId", requestId],
    ["HostId", requestId],
  ]);
  const hasBody = method !== "HEAD" && error.status !== 304;
  response.writeHead(error.status, {
    ...commonHeaders(requestId),
    ...error.headers,
    ...(error.status !== 304 && { "content-type": "application/xml" }),
    ...(hasBody && { "content-length": Buffer.byteLength(body) }),
  });
  response.end(hasBody ? body : undefined);
}

/** S3 knows when an object was modified to the second, in listings as in headers. */
export function isoTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

/** XML, and this server's clients, cannot carry a NUL; S3 bounds the length. */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES)
    throw new ApiError("KeyTooLongError", 400, "Your key is too long");
  if (key.includes("\0"))
    throw new ApiError("InvalidArgument", 400, "A key must not contain the character NUL.");
}

/** The version that a request is about, if it names one. */
export function readVersion({ query }: S3Request): string | undefined {
  const version = query.get("versionId") ?? undefined;
  if (version !== undefined && !/^[\w.-]{1,1024}$/.test(version))
    throw new ApiError("InvalidArgument", 400, "Invalid version id specified");
  return version;
}

export function invalidArgument(name: string, value: string): ApiError {
  return new ApiError("InvalidArgument", 400, `The value of ${name} is invalid.`, {
    ArgumentName: name,
    ArgumentValue: value,
  });
}
