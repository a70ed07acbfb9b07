import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ApiError } from "../errors.ts";
import { childrenNamed, childText, parseXml, type XmlChild } from "../xml.ts";
import { receiveBody, receiveText } from "./body.ts";
import { checkRead, readWriteConditions } from "./conditions.ts";
import { checkTags, readMetadata, writeChecksums, writeMetadata } from "./metadata.ts";
import { type StoredObject, versionOf } from "./object.ts";
import { type Range, readRange } from "./ranges.ts";
import {
  commonHeaders,
  type Headers,
  header,
  readVersion,
  reply,
  replyXml,
  type S3Request,
} from "./request.ts";
import type { S3Operation, S3Services } from "./services.ts";

/** Bodies up to here lie in the database: one write instead of a file. */
const INLINE_BYTES = 65_536;

export const putObject: S3Operation = async (request, { buckets, objects }) => {
  buckets.get(request.bucket);
  const conditions = readWriteConditions(request);
  const metadata = readMetadata(request);
  const object = await objects.races.run(request.bucket, request.key, async (checkRace) => {
    const body = await receiveBody(request, objects.blobs, INLINE_BYTES);
    try {
      if (conditions.ifNoneMatch || conditions.ifMatch !== undefined) checkRace();
      // Read anew: it may have changed, or gone, while the body was on its way.
      return objects.put(
        buckets.get(request.bucket),
        request.key,
        {
          size: body.size,
          etag: body.md5,
          meta: { ...metadata, checksums: { values: body.checksums, type: "FULL_OBJECT" } },
          inline: body.inline,
          pieces: body.pieces,
        },
        conditions,
        "ObjectCreated:Put",
      );
    } catch (error) {
      objects.blobs.remove(body.pieces);
      throw error;
    }
  });
  reply(request, 200, {
    etag: `"${object.etag}"`,
    ...writeChecksums(object.meta.checksums),
    ...versionHeader(versionOf(buckets.get(request.bucket), object)),
  });
};

export const getObject: S3Operation = async (request, { buckets, objects }) => {
  const bucket = buckets.get(request.bucket);
  const object = objects.find(bucket.name, request.key, readVersion(request));
  checkRead(request, object);
  const part = readPart(request, object);
  const range = part ?? readRange(header(request, "range"), object.size);
  const { start, end } = range ?? { start: 0, end: object.size };
  const headers: Headers = {
    ...commonHeaders(request.requestId),
    ...writeMetadata(object.meta, request.query),
    etag: `"${object.etag}"`,
    "last-modified": new Date(object.modified).toUTCString(),
    "accept-ranges": "bytes",
    "content-length": end - start,
    ...versionHeader(versionOf(bucket, object)),
    ...(range !== undefined && { "content-range": `bytes ${start}-${end - 1}/${object.size}` }),
    ...(part !== undefined &&
      object.meta.partSizes && { "x-amz-mp-parts-count": object.meta.partSizes.length }),
    // A checksum of the whole says nothing about a part of it.
    ...(range === undefined &&
      header(request, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED" &&
      writeChecksums(object.meta.checksums)),
  };
  request.response.writeHead(range === undefined ? 200 : 206, headers);
  if (request.method === "HEAD") request.response.end();
  else if (object.pieces.length === 0)
    request.response.end(objects.inlineBytes(object).subarray(start, end));
  else
    await pipeline(Readable.from(objects.blobs.read(object.pieces, start, end)), request.response);
};

export const deleteObject: S3Operation = (request, { buckets, objects }) => {
  const bucket = buckets.get(request.bucket);
  const version = readVersion(request);
  if (version === undefined) {
    const marker = objects.delete(bucket, request.key, header(request, "if-match"));
    reply(request, 204, {
      ...(marker && { "x-amz-delete-marker": "true", "x-amz-version-id": marker.version }),
    });
    return;
  }
  const gone = objects.deleteVersion(bucket, request.key, version);
  reply(request, 204, {
    "x-amz-version-id": version,
    ...(gone?.isMarker && { "x-amz-delete-marker": "true" }),
  });
};

export const getObjectTagging: S3Operation = (request, services) => {
  const { meta } = findObject(request, services);
  replyXml(request, "Tagging", [
    [
      "TagSet",
      Object.entries(meta.tags).map<XmlChild>(([key, value]) => [
        "Tag",
        [
          ["Key", key],
          ["Value", value],
        ],
      ]),
    ],
  ]);
};

export const putObjectTagging: S3Operation = async (request, services) => {
  const tags: Record<string, string> = {};
  for (const set of childrenNamed(parseXml(await receiveText(request)), "TagSet"))
    for (const tag of childrenNamed(set, "Tag"))
      tags[childText(tag, "Key") ?? ""] = childText(tag, "Value") ?? "";
  services.objects.setTags(findObject(request, services), checkTags(tags));
  reply(request, 200);
};

export const deleteObjectTagging: S3Operation = (request, services) => {
  services.objects.setTags(findObject(request, services), {});
  reply(request, 204);
};

export const getObjectAttributes: S3Operation = (request, services) => {
  const object = findObject(request, services);
  const wanted = new Set(
    (header(request, "x-amz-object-attributes") ?? "").split(",").map((name) => name.trim()),
  );
  const { values, type } = object.meta.checksums;
  const checksums = Object.entries(values).map<XmlChild>(([algorithm, value]) => [
    `Checksum${algorithm.toUpperCase()}`,
    value,
  ]);
  replyXml(
    request,
    "GetObjectAttributesResponse",
    [
      wanted.has("ETag") && ["ETag", object.etag],
      wanted.has("Checksum") &&
        checksums.length > 0 && ["Checksum", [...checksums, ["ChecksumType", type]]],
      wanted.has("ObjectParts") &&
        object.meta.partSizes && ["ObjectParts", [["PartsCount", object.meta.partSizes.length]]],
      wanted.has("StorageClass") && ["StorageClass", "STANDARD"],
      wanted.has("ObjectSize") && ["ObjectSize", object.size],
    ],
    {
      "last-modified": new Date(object.modified).toUTCString(),
      ...versionHeader(versionOf(services.buckets.get(request.bucket), object)),
    },
  );
};

export function versionHeader({ version }: { readonly version?: string }): Headers {
  return version === undefined ? {} : { "x-amz-version-id": version };
}

function findObject(request: S3Request, { buckets, objects }: S3Services): StoredObject {
  const bucket = buckets.get(request.bucket);
  return objects.find(bucket.name, request.key, readVersion(request));
}

/** The bytes of the part that a GET asks for by number. */
function readPart(request: S3Request, object: StoredObject): Range | undefined {
  const text = request.query.get("partNumber");
  if (text === null) return undefined;
  const number = Number(text);
  const sizes = object.meta.partSizes ?? [object.size];
  const size = sizes[number - 1];
  if (size === undefined)
    throw new ApiError("InvalidPartNumber", 416, "The requested partnumber is not satisfiable");
  const start = sizes.slice(0, number - 1).reduce((sum, one) => sum + one, 0);
  return size === 0 ? undefined : { start, end: start + size };
}
