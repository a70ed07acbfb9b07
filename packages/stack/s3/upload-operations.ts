import { ApiError } from "../errors.ts";
import {
  childrenNamed,
  childText,
  malformed,
  parseXml,
  type XmlChild,
  type XmlElement,
} from "../xml.ts";
import { receiveBody, receiveText } from "./body.ts";
import { ALGORITHMS, type Algorithm, readAlgorithm } from "./checksums.ts";
import { readWriteConditions } from "./conditions.ts";
import { readMetadata, writeChecksums } from "./metadata.ts";
import { versionOf } from "./object.ts";
import { versionHeader } from "./object-operations.ts";
import { header, invalidArgument, isoTime, reply, replyXml, type S3Request } from "./request.ts";
import type { S3Operation, S3Services } from "./services.ts";
import { pageUploads } from "./upload-listing.ts";
import { type ClaimedPart, etagOf, piecesOf, type Upload } from "./uploads.ts";

/** S3's bounds on part numbers and on what one page lists. */
export const MAX_PART_NUMBER = 10_000;
const MAX_LISTED = 1000;

export const createMultipartUpload: S3Operation = (request, { buckets, uploads }) => {
  const { name } = buckets.get(request.bucket);
  const upload = uploads.create({
    bucket: name,
    key: request.key,
    metadata: readMetadata(request),
    ...readChecksumChoice(request),
  });
  replyXml(
    request,
    "InitiateMultipartUploadResult",
    [
      ["Bucket", name],
      ["Key", request.key],
      ["UploadId", upload.id],
    ],
    upload.algorithm && {
      "x-amz-checksum-algorithm": upload.algorithm.toUpperCase(),
      "x-amz-checksum-type": upload.checksumType,
    },
  );
};

export const uploadPart: S3Operation = async (request, services) => {
  const { objects, uploads } = services;
  const upload = findUpload(request, services);
  const number = readPartNumber(request);
  // In a file however small: the object will be made of the files of its parts.
  const body = await receiveBody(request, objects.blobs, 0);
  try {
    if (upload.checksumType === "COMPOSITE" && upload.algorithm !== undefined)
      requireChecksum(upload.algorithm, body.checksums[upload.algorithm]);
    const part = uploads.addPart(upload, number, body);
    reply(request, 200, {
      etag: `"${part.etag}"`,
      ...writeChecksums({ values: part.checksums, type: upload.checksumType }),
    });
  } catch (error) {
    objects.blobs.remove(body.pieces);
    throw error;
  }
};

export const completeMultipartUpload: S3Operation = async (request, services) => {
  const { buckets, objects, uploads } = services;
  const conditions = readWriteConditions(request);
  // A checksum in the headers is of the object, not of this document.
  const claimed = readClaims(parseXml(await receiveText(request, [])));
  const upload = findUpload(request, services);
  const parts = uploads.choose(upload, claimed);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  checkSize(request, size);
  const checksums = await uploads.checksum(upload, parts);
  checkWhole(request, upload, checksums.values);
  // Nothing may have happened to the upload or its parts while the checksum was computed.
  const again = uploads.choose(findUpload(request, services), claimed);
  if (again.some(({ blob }, index) => blob !== parts[index]?.blob)) throw uploadChanged(upload);
  const bucket = buckets.get(request.bucket);
  const used = new Set(parts.map(({ blob }) => blob));
  const unused = uploads.parts(upload).filter(({ blob }) => !used.has(blob));
  const object = objects.put(
    bucket,
    request.key,
    {
      size,
      etag: etagOf(parts),
      meta: { ...upload.metadata, checksums, partSizes: parts.map(({ size }) => size) },
      inline: undefined,
      pieces: piecesOf(parts),
    },
    conditions,
    "ObjectCreated:CompleteMultipartUpload",
    () => uploads.forget(upload),
  );
  objects.blobs.remove(piecesOf(unused));
  replyXml(
    request,
    "CompleteMultipartUploadResult",
    [
      ["Location", `http://${request.headers.host}/${bucket.name}/${encodeURI(request.key)}`],
      ["Bucket", bucket.name],
      ["Key", request.key],
      ["ETag", `"${object.etag}"`],
      ...Object.entries(checksums.values).map<XmlChild>(([algorithm, value]) => [
        `Checksum${algorithm.toUpperCase()}`,
        value,
      ]),
      upload.algorithm !== undefined && ["ChecksumType", checksums.type],
    ],
    versionHeader(versionOf(bucket, object)),
  );
};

export const abortMultipartUpload: S3Operation = (request, services) => {
  services.uploads.abort(findUpload(request, services));
  reply(request, 204);
};

export const listParts: S3Operation = (request, services) => {
  const upload = findUpload(request, services);
  const max = readMax(request, "max-parts");
  const after = Number(request.query.get("part-number-marker") ?? 0) || 0;
  const parts = services.uploads.parts(upload).filter(({ number }) => number > after);
  const page = parts.slice(0, max);
  replyXml(request, "ListPartsResult", [
    ["Bucket", upload.bucket],
    ["Key", upload.key],
    ["UploadId", upload.id],
    ["PartNumberMarker", after],
    page.length < parts.length && ["NextPartNumberMarker", page.at(-1)?.number ?? after],
    ["MaxParts", max],
    ["IsTruncated", page.length < parts.length],
    ["StorageClass", "STANDARD"],
    upload.algorithm !== undefined && ["ChecksumAlgorithm", upload.algorithm.toUpperCase()],
    upload.algorithm !== undefined && ["ChecksumType", upload.checksumType],
    ...page.map<XmlChild>((part) => [
      "Part",
      [
        ["PartNumber", part.number],
        ["LastModified", isoTime(part.modified)],
        ["ETag", `"${part.etag}"`],
        ["Size", part.size],
        ...Object.entries(part.checksums).map<XmlChild>(([algorithm, value]) => [
          `Checksum${algorithm.toUpperCase()}`,
          value,
        ]),
      ],
    ]),
  ]);
};

export const listMultipartUploads: S3Operation = (request, { buckets, uploads }) => {
  const { name } = buckets.get(request.bucket);
  const { query } = request;
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const max = readMax(request, "max-uploads");
  const keyMarker = query.get("key-marker") ?? "";
  const idMarker = query.get("upload-id-marker") ?? "";
  const page = pageUploads(uploads.list(name), { prefix, delimiter, max, keyMarker, idMarker });
  replyXml(request, "ListMultipartUploadsResult", [
    ["Bucket", name],
    ["KeyMarker", keyMarker],
    ["UploadIdMarker", idMarker],
    ["Prefix", prefix],
    delimiter !== "" && ["Delimiter", delimiter],
    page.next && ["NextKeyMarker", page.next.key],
    page.next && ["NextUploadIdMarker", page.next.id],
    ["MaxUploads", max],
    ["IsTruncated", page.next !== undefined],
    ...page.uploads.map<XmlChild>((upload) => [
      "Upload",
      [
        ["Key", upload.key],
        ["UploadId", upload.id],
        ["StorageClass", "STANDARD"],
        ["Initiated", isoTime(upload.started)],
      ],
    ]),
    ...page.commonPrefixes.map<XmlChild>((common) => ["CommonPrefixes", [["Prefix", common]]]),
  ]);
};

export function findUpload(request: S3Request, { buckets, uploads }: S3Services): Upload {
  const { name } = buckets.get(request.bucket);
  return uploads.get(name, request.key, request.query.get("uploadId") ?? "");
}

export function readPartNumber(request: S3Request): number {
  const text = request.query.get("partNumber") ?? "";
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > MAX_PART_NUMBER)
    throw invalidArgument("partNumber", text);
  return number;
}

/** CRCs of parts can stand for the whole; digests only for the digests of the parts. */
function readChecksumChoice(request: S3Request): Pick<Upload, "algorithm" | "checksumType"> {
  const name = header(request, "x-amz-checksum-algorithm");
  const type = header(request, "x-amz-checksum-type")?.toUpperCase();
  if (name === undefined) return { algorithm: undefined, checksumType: "FULL_OBJECT" };
  const algorithm = readAlgorithm(name);
  if (algorithm === undefined) throw invalidArgument("x-amz-checksum-algorithm", name);
  const canBeWhole = algorithm.startsWith("crc");
  const canBeComposite = algorithm !== "crc64nvme";
  if (type === "FULL_OBJECT" && canBeWhole) return { algorithm, checksumType: type };
  if (type === "COMPOSITE" && canBeComposite) return { algorithm, checksumType: type };
  if (type !== undefined) throw invalidArgument("x-amz-checksum-type", type);
  return { algorithm, checksumType: canBeComposite ? "COMPOSITE" : "FULL_OBJECT" };
}

function requireChecksum(algorithm: Algorithm, value: string | undefined): void {
  if (value === undefined)
    throw new ApiError(
      "InvalidRequest",
      400,
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm}, actual checksum Type: null`,
    );
}

/** A client may say how long the whole object must be. */
function checkSize(request: S3Request, size: number): void {
  const claimed = header(request, "x-amz-mp-object-size");
  if (claimed !== undefined && Number(claimed) !== size)
    throw new ApiError(
      "InvalidRequest",
      400,
      `The provided 'x-amz-mp-object-size' header value ${claimed} does not match what was computed: ${size}`,
    );
}

/** A client may say what the whole object must come to. */
function checkWhole(
  request: S3Request,
  { algorithm }: Upload,
  values: Readonly<Partial<Record<Algorithm, string>>>,
): void {
  if (algorithm === undefined) return;
  const claimed = header(request, `x-amz-checksum-${algorithm}`);
  if (claimed !== undefined && claimed !== values[algorithm])
    throw new ApiError(
      "BadDigest",
      400,
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    );
}

function readClaims(document: XmlElement): ClaimedPart[] {
  const parts = childrenNamed(document, "Part");
  if (parts.length === 0 || parts.length > MAX_PART_NUMBER) throw malformed();
  return parts.map((part) => {
    const checksums: Partial<Record<Algorithm, string>> = {};
    for (const algorithm of ALGORITHMS) {
      const value = childText(part, `Checksum${algorithm.toUpperCase()}`);
      if (value !== undefined) checksums[algorithm] = value;
    }
    const etag = (childText(part, "ETag") ?? "").replaceAll('"', "");
    return { number: Number(childText(part, "PartNumber")), etag, checksums };
  });
}

function readMax(request: S3Request, name: string): number {
  const text = request.query.get(name) ?? String(MAX_LISTED);
  if (!/^\d{1,9}$/.test(text)) throw invalidArgument(name, text);
  return Math.min(Number(text), MAX_LISTED);
}

function uploadChanged({ id }: Upload): ApiError {
  return new ApiError(
    "InvalidPart",
    400,
    "A part was replaced while the upload was being completed.",
    { UploadId: id },
  );
}
