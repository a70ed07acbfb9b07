import { createHash } from "node:crypto";
import { ApiError } from "../errors.ts";
import { decodeUri } from "../signature.ts";
import type { XmlChild } from "../xml.ts";
import type { Body } from "./body.ts";
import type { Bucket } from "./buckets.ts";
import { type Algorithm, createChecksum } from "./checksums.ts";
import { checkRead, readWriteConditions } from "./conditions.ts";
import { readMetadata } from "./metadata.ts";
import { type ObjectMeta, type StoredObject, versionOf } from "./object.ts";
import { versionHeader } from "./object-operations.ts";
import { type Range, readRange } from "./ranges.ts";
import {
  type Headers,
  header,
  invalidArgument,
  isoTime,
  replyXml,
  type S3Request,
} from "./request.ts";
import type { S3Operation, S3Services } from "./services.ts";
import { findUpload, readPartNumber } from "./upload-operations.ts";

export const copyObject: S3Operation = (request, services) => {
  const { buckets, objects } = services;
  const target = buckets.get(request.bucket);
  const { bucket, object: source } = findSource(request, services);
  const meta = chooseMeta(request, source);
  const isSame = source.bucket === target.name && source.key === request.key;
  if (isSame && meta === source.meta && target.versioning !== "Enabled")
    throw new ApiError(
      "InvalidRequest",
      400,
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  const isInline = source.pieces.length === 0;
  const pieces = objects.blobs.link(source.pieces);
  try {
    const object = objects.put(
      target,
      request.key,
      {
        size: source.size,
        etag: source.etag,
        meta,
        inline: isInline ? objects.inlineBytes(source) : undefined,
        pieces,
      },
      readWriteConditions(request),
      "ObjectCreated:Copy",
    );
    replyXml(
      request,
      "CopyObjectResult",
      [
        ["LastModified", isoTime(object.modified)],
        ["ETag", `"${object.etag}"`],
        ...writeChecksumElements(object.meta),
      ],
      { ...versionHeader(versionOf(target, object)), ...sourceHeader(bucket, source) },
    );
  } catch (error) {
    objects.blobs.remove(pieces);
    throw error;
  }
};

export const uploadPartCopy: S3Operation = async (request, services) => {
  const { objects, uploads } = services;
  const upload = findUpload(request, services);
  const number = readPartNumber(request);
  const { bucket, object: source } = findSource(request, services);
  const { start, end } = readCopyRange(request, source.size);
  const body = await copyBytes(services, source, start, end, upload.algorithm);
  try {
    const part = uploads.addPart(upload, number, body);
    replyXml(
      request,
      "CopyPartResult",
      [
        ["LastModified", isoTime(part.modified)],
        ["ETag", `"${part.etag}"`],
        ...Object.entries(part.checksums).map<XmlChild>(([algorithm, value]) => [
          `Checksum${algorithm.toUpperCase()}`,
          value,
        ]),
      ],
      sourceHeader(bucket, source),
    );
  } catch (error) {
    objects.blobs.remove(body.pieces);
    throw error;
  }
};

/** Unlike a GET's, it has both its ends, and is not cut to what there is. */
function readCopyRange(request: S3Request, size: number): Range {
  const text = header(request, "x-amz-copy-source-range");
  if (text === undefined) return { start: 0, end: size };
  const [, last] = /^bytes=\d+-(\d+)$/.exec(text) ?? [];
  const range = readRange(text, size);
  if (last === undefined || range === undefined)
    throw invalidArgument("x-amz-copy-source-range", text);
  if (Number(last) >= size)
    throw new ApiError("InvalidRange", 416, "The requested range is not satisfiable", {
      RangeRequested: text,
      ActualObjectSize: String(size),
    });
  return range;
}

function findSource(
  request: S3Request,
  { buckets, objects }: S3Services,
): { readonly bucket: Bucket; readonly object: StoredObject } {
  const text = header(request, "x-amz-copy-source") ?? "";
  const [path = "", version] = text.split("?versionId=");
  const [, name, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeUri(path)) ?? [];
  if (name === undefined || key === undefined) throw invalidArgument("x-amz-copy-source", text);
  const bucket = buckets.get(name);
  const object = objects.find(name, key, version);
  checkRead(request, object, "x-amz-copy-source-");
  return { bucket, object };
}

/** A copy carries what its source carries, unless the client sends other metadata or tags. */
function chooseMeta(request: S3Request, source: StoredObject): ObjectMeta {
  const replaces = (name: string) => header(request, name)?.toUpperCase() === "REPLACE";
  const replacesMetadata = replaces("x-amz-metadata-directive");
  const replacesTags = replaces("x-amz-tagging-directive");
  if (!replacesMetadata && !replacesTags) return source.meta;
  const given = readMetadata(request);
  const { system, user } = replacesMetadata ? given : source.meta;
  const { tags } = replacesTags ? given : source.meta;
  return { ...source.meta, system, user, tags };
}

async function copyBytes(
  { objects }: S3Services,
  source: StoredObject,
  start: number,
  end: number,
  algorithm: Algorithm | undefined,
): Promise<Body> {
  const md5 = createHash("md5");
  const checksum = algorithm === undefined ? undefined : createChecksum(algorithm);
  const writer = objects.blobs.create();
  const keep = (data: Uint8Array) => {
    md5.update(data);
    checksum?.update(data);
    writer.write(data);
  };
  try {
    if (source.pieces.length === 0) keep(objects.inlineBytes(source).subarray(start, end));
    else for await (const data of objects.blobs.read(source.pieces, start, end)) keep(data);
    writer.close();
    return {
      size: end - start,
      md5: md5.digest("hex"),
      checksums:
        algorithm === undefined || checksum === undefined ? {} : { [algorithm]: checksum.digest() },
      inline: undefined,
      pieces: [{ blob: writer.id, size: end - start }],
    };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

function sourceHeader(bucket: Bucket, source: StoredObject): Headers {
  return bucket.versioning === "" ? {} : { "x-amz-copy-source-version-id": source.version };
}

function writeChecksumElements({ checksums }: ObjectMeta): XmlChild[] {
  const elements = Object.entries(checksums.values).map<XmlChild>(([algorithm, value]) => [
    `Checksum${algorithm.toUpperCase()}`,
    value,
  ]);
  return elements.length === 0 ? [] : [...elements, ["ChecksumType", checksums.type]];
}
