import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { ApiError } from "./errors.ts";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from "./identity.ts";

const ALGORITHM = "AWS4-HMAC-SHA256";
/** A presigned URL lives at most a week. */
const MAX_EXPIRES_S = 604_800;
/** Signed headers in one request; SDKs sign about ten. */
const MAX_SIGNED_HEADERS = 100;

export type Service = "s3" | "sqs";

export interface SignedRequest {
  readonly service: Service;
  readonly method: string;
  /** As it came, percent-encoded. */
  readonly path: string;
  /** As it came, without the question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Hex SHA-256 of the body or one of S3's words for "not signed". */
  readonly payloadHash: string;
}

/** What later signatures of the same request (those of a streamed body) build on. */
export interface Verified {
  readonly key: Buffer;
  readonly date: string;
  readonly scope: string;
  readonly signature: string;
}

interface Claim {
  readonly accessKeyId: string;
  readonly scope: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly date: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
}

/** Checks a request's signature (version 4, in the header or in the URL) or throws the error that
 * AWS would answer. The age of a header's signature is not checked: nobody can have listened on
 * loopback, and tests move the clock. A presigned URL does expire. */
export function verifySignature(request: SignedRequest, now: number): Verified {
  const { authorization } = request.headers;
  if (authorization?.startsWith("AWS ") || /(^|&)AWSAccessKeyId=/.test(request.query))
    throw new ApiError(
      "InvalidRequest",
      400,
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    );
  const claim =
    authorization === undefined ? readUrl(request, now) : readHeader(request, authorization);
  if (claim.service !== request.service || !claim.date.startsWith(claim.day))
    throw malformed(request.service, "The credential scope does not fit the request.");
  if (!claim.signedHeaders.includes("host"))
    throw malformed(request.service, "The header 'host' must be signed.");
  if (claim.accessKeyId !== ACCESS_KEY_ID)
    throw new ApiError(
      request.service === "s3" ? "InvalidAccessKeyId" : "InvalidClientTokenId",
      403,
      "The access key id you provided is not the local stack's.",
    );
  const key = deriveKey(claim.day, claim.region, claim.service);
  const expected = sign(
    key,
    [
      ALGORITHM,
      claim.date,
      claim.scope,
      sha256(Buffer.from(canonicalRequest(request, claim), "latin1")),
    ].join("\n"),
  );
  if (!sameText(expected, claim.signature))
    throw new ApiError(
      "SignatureDoesNotMatch",
      403,
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  return { key, date: claim.date, scope: claim.scope, signature: expected };
}

export function sign(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}

export function sameText(expected: string, given: string): boolean {
  return (
    expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given))
  );
}

export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Percent-encodes all but the characters that RFC 3986 leaves unreserved. */
export function encodeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function readHeader(request: SignedRequest, authorization: string): Claim {
  const [, credential, headers, signature] =
    /^AWS4-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  const date = request.headers["x-amz-date"];
  if (credential === undefined || headers === undefined || signature === undefined)
    throw malformed(request.service, "The Authorization header is not a version 4 signature.");
  if (typeof date !== "string" || !/^\d{8}T\d{6}Z$/.test(date))
    throw malformed(request.service, "The header x-amz-date is missing or malformed.");
  return {
    ...readCredential(request.service, credential),
    date,
    signedHeaders: readNames(request.service, headers),
    signature,
    payloadHash: request.payloadHash,
  };
}

function readUrl(request: SignedRequest, now: number): Claim {
  const query = new URLSearchParams(request.query);
  const signature = query.get("X-Amz-Signature");
  if (signature === null)
    throw new ApiError(
      request.service === "s3" ? "AccessDenied" : "MissingAuthenticationToken",
      403,
      "The request is not signed. Use the credentials of the local stack.",
    );
  const date = query.get("X-Amz-Date") ?? "";
  const seconds = query.get("X-Amz-Expires") ?? "";
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date)?.map(Number) ?? [];
  if (
    query.get("X-Amz-Algorithm") !== ALGORITHM ||
    !/^\d{1,6}$/.test(seconds) ||
    Number(seconds) > MAX_EXPIRES_S ||
    year === undefined ||
    month === undefined
  )
    throw new ApiError(
      "AuthorizationQueryParametersError",
      400,
      "X-Amz-Algorithm, X-Amz-Date or X-Amz-Expires is missing or malformed.",
    );
  const signed = Date.UTC(year, month - 1, day, hour, minute, second);
  if (now > signed + Number(seconds) * 1000)
    throw new ApiError("AccessDenied", 403, "Request has expired");
  return {
    ...readCredential(request.service, query.get("X-Amz-Credential") ?? ""),
    date,
    signedHeaders: readNames(request.service, query.get("X-Amz-SignedHeaders") ?? ""),
    signature,
    payloadHash: request.service === "s3" ? "UNSIGNED-PAYLOAD" : request.payloadHash,
  };
}

function readCredential(expected: Service, credential: string) {
  const [, accessKeyId, scope, day, region, service] =
    /^([^/]+)\/((\d{8})\/([^/]+)\/([^/]+)\/aws4_request)$/.exec(credential) ?? [];
  if (
    accessKeyId === undefined ||
    scope === undefined ||
    day === undefined ||
    region === undefined ||
    service === undefined
  )
    throw malformed(expected, "The credential is malformed.");
  return { accessKeyId, scope, day, region, service };
}

function readNames(service: Service, names: string): string[] {
  const list = names.split(";");
  if (list.length > MAX_SIGNED_HEADERS) throw malformed(service, "Too many headers are signed.");
  return list;
}

/** One character a byte: Node gives headers so, and all else in it is ASCII. */
function canonicalRequest(request: SignedRequest, claim: Claim): string {
  const headers = claim.signedHeaders.map((name) => {
    const value = request.headers[name] ?? "";
    const text = Array.isArray(value) ? value.join(",") : value;
    return `${name}:${text.trim().replace(/ +/g, " ")}`;
  });
  return [
    request.method,
    canonicalPath(request),
    canonicalQuery(request.query),
    ...headers,
    "",
    claim.signedHeaders.join(";"),
    claim.payloadHash,
  ].join("\n");
}

/** S3 encodes a path once; every other service encodes what is encoded already once more. */
function canonicalPath({ service, path }: SignedRequest): string {
  const segments = path.split("/");
  return segments
    .map((segment) => encodeUri(service === "s3" ? decodeUri(segment) : segment))
    .join("/");
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "" && !pair.startsWith("X-Amz-Signature="))
    .map((pair) => {
      const at = pair.indexOf("=");
      const name = at < 0 ? pair : pair.slice(0, at);
      const value = at < 0 ? "" : pair.slice(at + 1);
      return `${encodeUri(decodeUri(name))}=${encodeUri(decodeUri(value))}`;
    })
    .sort()
    .join("&");
}

export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError("InvalidURI", 400, "Couldn't parse the specified URI.");
  }
}

function deriveKey(day: string, region: string, service: string): Buffer {
  const hmac = (key: string | Buffer, text: string) =>
    createHmac("sha256", key).update(text).digest();
  return hmac(hmac(hmac(hmac(`AWS4${SECRET_ACCESS_KEY}`, day), region), service), "aws4_request");
}

function malformed(service: Service, message: string): ApiError {
  return new ApiError(
    service === "s3" ? "AuthorizationHeaderMalformed" : "IncompleteSignature",
    400,
    message,
  );
}
