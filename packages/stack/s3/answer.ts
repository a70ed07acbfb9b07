import { ApiError } from "../errors.ts";
import type { Exchange, Services } from "../exchange.ts";
import { answerWith } from "../faults.ts";
import { decodeUri, verifySignature } from "../signature.ts";
import type { S3Request } from "./request.ts";
import { findOperation } from "./router.ts";

/** A host that names the bucket, as clients write it unless they are told not to. */
const VIRTUAL_HOST = /^([a-z0-9][a-z0-9.-]+)\.localhost(?::\d+)?$/;

/** Answers a request for S3. The bucket stands before the host, or is the first segment of the
 * path; the key is all the rest. */
export async function answerS3(services: Services, exchange: Exchange): Promise<void> {
  const { message, response, method, path, query, requestId } = exchange;
  const { headers } = message;
  const payloadHash = headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD";
  if (typeof payloadHash !== "string")
    throw new ApiError("InvalidRequest", 400, "x-amz-content-sha256 must stand once.");
  const verified = verifySignature(
    { service: "s3", method, path, query, headers, payloadHash },
    services.clock.now(),
  );
  const host = VIRTUAL_HOST.exec(headers.host ?? "")?.[1];
  const fullPath = host === undefined ? path : `/${host}${path}`;
  const [, bucket = "", key = ""] = /^\/([^/]*)(?:\/(.*))?$/s.exec(fullPath) ?? [];
  const request: S3Request = {
    message,
    response,
    method,
    bucket: decodeUri(bucket),
    key: decodeUri(key),
    query: new URLSearchParams(query),
    headers,
    payloadHash,
    verified,
    requestId,
  };
  requireLength(request);
  const { name, run } = findOperation(request);
  const target = `${request.bucket}/${request.key}`;
  const fault = services.faults({ service: "s3", operation: name, target });
  await answerWith(fault, exchange, services.clock, (response) =>
    run({ ...request, response }, services.s3),
  );
}

function requireLength({ method, key, headers }: S3Request): void {
  const isSized =
    headers["content-length"] !== undefined ||
    headers["x-amz-decoded-content-length"] !== undefined;
  if (method === "PUT" && key !== "" && !isSized)
    throw new ApiError(
      "MissingContentLength",
      411,
      "You must provide the Content-Length HTTP header.",
    );
}
