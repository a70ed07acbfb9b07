import { ApiError } from "../errors.ts";
import { checksumHeader } from "./body.ts";
import { ALGORITHMS, type Checksums } from "./checksums.ts";
import { type Headers, header, invalidArgument, type S3Request } from "./request.ts";

/** S3's bounds on what a client may hang on an object. */
const MAX_USER_BYTES = 2048;
const MAX_TAGS = 10;

const SYSTEM_HEADERS = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
] as const;

/** What an object carries beside its bytes. */
export interface Metadata {
  /** By header name. */
  readonly system: Readonly<Record<string, string>>;
  readonly user: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface StoredChecksums {
  readonly values: Checksums;
  readonly type: "FULL_OBJECT" | "COMPOSITE";
}

export function readMetadata(request: S3Request): Metadata {
  const system: Record<string, string> = { "content-type": "binary/octet-stream" };
  for (const name of SYSTEM_HEADERS) {
    const value = header(request, name);
    if (value !== undefined && value !== "") system[name] = value;
  }
  // How the body travelled is no property of the object.
  const encodings = (system["content-encoding"] ?? "")
    .split(",")
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== "" && encoding !== "aws-chunked");
  if (encodings.length > 0) system["content-encoding"] = encodings.join(", ");
  else delete system["content-encoding"];

  const user: Record<string, string> = {};
  let bytes = 0;
  for (const name of Object.keys(request.headers)) {
    if (!name.startsWith("x-amz-meta-")) continue;
    const value = header(request, name) ?? "";
    user[name.slice("x-amz-meta-".length)] = value;
    bytes += name.length - "x-amz-meta-".length + value.length;
  }
  if (bytes > MAX_USER_BYTES)
    throw new ApiError(
      "MetadataTooLarge",
      400,
      "Your metadata headers exceed the maximum allowed metadata size",
    );
  const tags = Object.fromEntries(new URLSearchParams(header(request, "x-amz-tagging") ?? ""));
  return { system, user, tags: checkTags(tags) };
}

export function checkTags(tags: Record<string, string>): Record<string, string> {
  for (const [key, value] of Object.entries(tags))
    if (key === "" || key.length > 128 || value.length > 256)
      throw new ApiError("InvalidTag", 400, "The tag provided was not a valid tag.", {
        TagKey: key,
      });
  if (Object.keys(tags).length > MAX_TAGS)
    throw new ApiError("BadRequest", 400, `Object tags cannot be greater than ${MAX_TAGS}`);
  return tags;
}

/** An object's own headers, those that a GET may replace by `response-…` parameters replaced. */
export function writeMetadata({ system, user, tags }: Metadata, query: URLSearchParams): Headers {
  const headers: Record<string, string | number> = {};
  for (const name of SYSTEM_HEADERS) {
    const value = query.get(`response-${name}`) ?? system[name];
    if (value === undefined) continue;
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw invalidArgument(`response-${name}`, value);
    headers[name] = value;
  }
  for (const [name, value] of Object.entries(user)) headers[`x-amz-meta-${name}`] = value;
  const count = Object.keys(tags).length;
  if (count > 0) headers["x-amz-tagging-count"] = count;
  return headers;
}

export function writeChecksums({ values, type }: StoredChecksums): Headers {
  const headers: Record<string, string> = {};
  for (const algorithm of ALGORITHMS) {
    const value = values[algorithm];
    if (value === undefined) continue;
    headers[checksumHeader(algorithm)] = value;
    headers["x-amz-checksum-type"] = type;
  }
  return headers;
}
