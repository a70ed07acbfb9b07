import { ACCOUNT } from "../identity.ts";
import { encodeUri } from "../signature.ts";
import type { XmlChild } from "../xml.ts";
import { type ListedRow, type Listing, MAX_KEYS } from "./listing.ts";
import type { ObjectMeta } from "./object.ts";
import { checkKey, invalidArgument, isoTime, replyXml, type S3Request } from "./request.ts";
import type { S3Operation } from "./services.ts";

/** A continuation token is a key in base64. */
const MAX_TOKEN = 2048;

export const listObjectsV2: S3Operation = (request, { buckets, lister }) => {
  const { name } = buckets.get(request.bucket);
  const { prefix, delimiter, max, encode, encodingType } = readOptions(request);
  const token = request.query.get("continuation-token");
  const startAfter = request.query.get("start-after") ?? "";
  const after = token === null ? startAfter : readToken(token);
  const listing = lister.list({ bucket: name, prefix, delimiter, after, max }, "current");
  replyXml(request, "ListBucketResult", [
    ["Name", name],
    ["Prefix", encode(prefix)],
    delimiter !== "" && ["Delimiter", encode(delimiter)],
    ["MaxKeys", max],
    ["KeyCount", listing.rows.length + listing.commonPrefixes.length],
    ["IsTruncated", listing.next !== undefined],
    encodingType !== undefined && ["EncodingType", encodingType],
    startAfter !== "" && ["StartAfter", encode(startAfter)],
    token !== null && ["ContinuationToken", token],
    listing.next && ["NextContinuationToken", writeToken(listing.next.after)],
    ...writeContents(listing, encode, request.query.get("fetch-owner") === "true"),
  ]);
};

export const listObjects: S3Operation = (request, { buckets, lister }) => {
  const { name } = buckets.get(request.bucket);
  const { prefix, delimiter, max, encode, encodingType } = readOptions(request);
  const marker = request.query.get("marker") ?? "";
  const after = rollUp(marker, prefix, delimiter);
  const listing = lister.list({ bucket: name, prefix, delimiter, after, max }, "current");
  replyXml(request, "ListBucketResult", [
    ["Name", name],
    ["Prefix", encode(prefix)],
    ["Marker", encode(marker)],
    delimiter !== "" && ["Delimiter", encode(delimiter)],
    ["MaxKeys", max],
    ["IsTruncated", listing.next !== undefined],
    encodingType !== undefined && ["EncodingType", encodingType],
    // Without a delimiter the last key serves, and S3 gives no marker.
    delimiter !== "" && listing.next && ["NextMarker", encode(listing.next.after)],
    ...writeContents(listing, encode, true),
  ]);
};

export const listObjectVersions: S3Operation = (request, { buckets, objects, lister }) => {
  const { name } = buckets.get(request.bucket);
  const { prefix, delimiter, max, encode, encodingType } = readOptions(request);
  const after = request.query.get("key-marker") ?? "";
  const version = request.query.get("version-id-marker") ?? "";
  const afterId = version === "" ? undefined : objects.idOf(name, after, version);
  const listing = lister.list(
    { bucket: name, prefix, delimiter, after, max, ...(afterId !== undefined && { afterId }) },
    "versions",
  );
  const lastVersion = listing.rows.at(-1)?.version;
  replyXml(request, "ListVersionsResult", [
    ["Name", name],
    ["Prefix", encode(prefix)],
    ["KeyMarker", encode(after)],
    ["VersionIdMarker", version],
    delimiter !== "" && ["Delimiter", encode(delimiter)],
    ["MaxKeys", max],
    ["IsTruncated", listing.next !== undefined],
    encodingType !== undefined && ["EncodingType", encodingType],
    listing.next && ["NextKeyMarker", encode(listing.next.after)],
    listing.next?.id !== undefined &&
      lastVersion !== undefined && ["NextVersionIdMarker", lastVersion],
    ...listing.rows.map((row) => writeVersion(row, encode)),
    ...writePrefixes(listing, encode),
  ]);
};

/** Where a marker, unlike the second version's start-after, lies in a common prefix, the listing
 * goes on behind that prefix. */
function rollUp(marker: string, prefix: string, delimiter: string): string {
  const end =
    delimiter === "" || !marker.startsWith(prefix) ? -1 : marker.indexOf(delimiter, prefix.length);
  return end < 0 ? marker : marker.slice(0, end + delimiter.length);
}

function readOptions({ query }: S3Request) {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const maxKeys = query.get("max-keys") ?? String(MAX_KEYS);
  const encodingType = query.get("encoding-type") ?? undefined;
  checkKey(prefix);
  checkKey(delimiter);
  if (!/^\d{1,9}$/.test(maxKeys)) throw invalidArgument("max-keys", maxKeys);
  if (encodingType !== undefined && encodingType !== "url")
    throw invalidArgument("encoding-type", encodingType);
  return {
    prefix,
    delimiter,
    max: Math.min(Number(maxKeys), MAX_KEYS),
    encodingType,
    encode: (text: string) =>
      encodingType === "url" ? encodeUri(text).replaceAll("%2F", "/") : text,
  };
}

type Encode = (text: string) => string;

function writeContents(listing: Listing, encode: Encode, withOwner: boolean): XmlChild[] {
  return [
    ...listing.rows.map<XmlChild>((row) => [
      "Contents",
      [
        ["Key", encode(row.key)],
        ...writeProperties(row),
        withOwner && ["Owner", [["ID", ACCOUNT]]],
      ],
    ]),
    ...writePrefixes(listing, encode),
  ];
}

function writeVersion(row: ListedRow, encode: Encode): XmlChild {
  const common: XmlChild[] = [
    ["Key", encode(row.key)],
    ["VersionId", row.version],
    ["IsLatest", row.latest === 1],
    ["Owner", [["ID", ACCOUNT]]],
  ];
  if (row.marker === 1)
    return ["DeleteMarker", [...common, ["LastModified", isoTime(row.modified)]]];
  return ["Version", [...common, ...writeProperties(row)]];
}

function writeProperties({ modified, etag, size, meta }: ListedRow): XmlChild[] {
  const { checksums } = JSON.parse(meta) as ObjectMeta;
  const algorithms = Object.keys(checksums.values);
  return [
    ["LastModified", isoTime(modified)],
    ["ETag", `"${etag}"`],
    ...algorithms.map<XmlChild>((name) => ["ChecksumAlgorithm", name.toUpperCase()]),
    algorithms.length > 0 && ["ChecksumType", checksums.type],
    ["Size", size],
    ["StorageClass", "STANDARD"],
  ];
}

function writePrefixes({ commonPrefixes }: Listing, encode: Encode): XmlChild[] {
  return commonPrefixes.map((prefix) => ["CommonPrefixes", [["Prefix", encode(prefix)]]]);
}

function writeToken(key: string): string {
  return Buffer.from(key).toString("base64url");
}

function readToken(token: string): string {
  if (token.length > MAX_TOKEN || !/^[\w-]+$/.test(token))
    throw invalidArgument("continuation-token", token.slice(0, MAX_TOKEN));
  return Buffer.from(token, "base64url").toString();
}
