import { ApiError } from "../errors.ts";
import { header, type S3Request } from "./request.ts";

export interface WriteConditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: boolean;
}

export const unconditional: WriteConditions = { ifMatch: undefined, ifNoneMatch: false };

/** What S3 takes of a write: If-None-Match with a star or If-Match with an ETag, and one of them. */
export function readWriteConditions(request: S3Request): WriteConditions {
  const ifNoneMatch = header(request, "if-none-match");
  const ifMatch = header(request, "if-match");
  if (ifNoneMatch !== undefined && ifMatch !== undefined)
    throw notImplemented("If-Match,If-None-Match", "it takes one condition");
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*")
    throw notImplemented("If-None-Match", "a write takes only If-None-Match: *");
  if (ifMatch === "*") throw notImplemented("If-Match", "a write takes only an ETag there");
  return { ifMatch, ifNoneMatch: ifNoneMatch !== undefined };
}

/** Checks a write against the object that stands, a delete marker counting as none. */
export function checkWrite(
  { ifMatch, ifNoneMatch }: WriteConditions,
  standing: { readonly etag: string } | undefined,
): void {
  if (ifNoneMatch && standing !== undefined) throw preconditionFailed("If-None-Match");
  if (ifMatch === undefined) return;
  if (standing === undefined)
    throw new ApiError("NoSuchKey", 404, "The specified key does not exist.");
  if (!matches(ifMatch, standing.etag)) throw preconditionFailed("If-Match");
}

/** Checks a read, or with a prefix the source of a copy. The order is RFC 9110's: an ETag that
 * speaks outweighs a date. */
export function checkRead(
  request: S3Request,
  standing: { readonly etag: string; readonly modified: number },
  prefix = "",
): void {
  const ifMatch = header(request, `${prefix}if-match`);
  const ifNoneMatch = header(request, `${prefix}if-none-match`);
  const modified = Math.floor(standing.modified / 1000) * 1000;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, standing.etag)) throw preconditionFailed("If-Match");
  } else {
    const since = readDate(header(request, `${prefix}if-unmodified-since`));
    if (since !== undefined && modified > since) throw preconditionFailed("If-Unmodified-Since");
  }
  if (ifNoneMatch !== undefined) {
    if (matches(ifNoneMatch, standing.etag)) throw unchanged(prefix, "If-None-Match", standing);
  } else {
    const since = readDate(header(request, `${prefix}if-modified-since`));
    if (since !== undefined && modified <= since)
      throw unchanged(prefix, "If-Modified-Since", standing);
  }
}

export function preconditionFailed(condition: string): ApiError {
  return new ApiError(
    "PreconditionFailed",
    412,
    "At least one of the pre-conditions you specified did not hold",
    { Condition: condition },
  );
}

function notImplemented(name: string, reason: string): ApiError {
  return new ApiError(
    "NotImplemented",
    501,
    `A header you provided implies functionality that is not implemented: ${reason}`,
    { Header: name },
  );
}

/** A reader is told that it has the object already; a copy fails. */
function unchanged(
  prefix: string,
  condition: string,
  { etag, modified }: { readonly etag: string; readonly modified: number },
): ApiError {
  if (prefix !== "") return preconditionFailed(condition);
  const lastModified = new Date(modified).toUTCString();
  return new ApiError(
    "NotModified",
    304,
    "Not Modified",
    {},
    {
      etag: `"${etag}"`,
      "last-modified": lastModified,
    },
  );
}

function matches(condition: string, etag: string): boolean {
  return condition
    .split(",")
    .map((one) => one.trim().replace(/^W\//, "").replace(/^"|"$/g, ""))
    .some((one) => one === "*" || one === etag);
}

function readDate(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
