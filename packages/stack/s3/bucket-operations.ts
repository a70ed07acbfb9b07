import { ApiError } from "../errors.ts";
import { ACCOUNT, nameInArn, queueArn, REGION } from "../identity.ts";
import {
  childrenNamed,
  childText,
  malformed,
  parseXml,
  type XmlChild,
  type XmlElement,
} from "../xml.ts";
import { receiveText } from "./body.ts";
import type { Notification, Versioning } from "./buckets.ts";
import { checkKey, invalidArgument, reply, replyXml } from "./request.ts";
import type { S3Operation } from "./services.ts";

/** Keys in one DeleteObjects, as S3 bounds them. */
const MAX_DELETIONS = 1000;

/** Buckets on one page of a list, as S3 bounds them. */
const MAX_BUCKETS = 10_000;

export const listBuckets: S3Operation = (request, { buckets }) => {
  const { query } = request;
  const prefix = query.get("prefix") ?? "";
  const max = query.get("max-buckets") ?? String(MAX_BUCKETS);
  if (!/^\d{1,5}$/.test(max) || Number(max) < 1 || Number(max) > MAX_BUCKETS)
    throw invalidArgument("max-buckets", max);
  // The name of the last bucket that was given: names are in the alphabet of tokens.
  const token = query.get("continuation-token") ?? "";
  const rest = buckets.all().filter(({ name }) => name.startsWith(prefix) && name > token);
  const page = rest.slice(0, Number(max));
  replyXml(request, "ListAllMyBucketsResult", [
    ["Owner", [["ID", ACCOUNT]]],
    [
      "Buckets",
      page.map<XmlChild>(({ name, created }) => [
        "Bucket",
        [
          ["Name", name],
          ["CreationDate", new Date(created).toISOString()],
          ["BucketRegion", REGION],
        ],
      ]),
    ],
    page.length < rest.length && ["ContinuationToken", page.at(-1)?.name ?? ""],
    prefix !== "" && ["Prefix", prefix],
  ]);
};

export const createBucket: S3Operation = async (request, { buckets }) => {
  // The region that it names is ours whatever it says.
  await receiveText(request);
  buckets.create(request.bucket);
  reply(request, 200, { location: `/${request.bucket}` });
};

export const headBucket: S3Operation = (request, { buckets }) => {
  buckets.get(request.bucket);
  reply(request, 200, { "x-amz-bucket-region": REGION });
};

export const deleteBucket: S3Operation = (request, { buckets, uploads }) => {
  const { name } = buckets.get(request.bucket);
  buckets.delete(name);
  // Objects and versions keep a bucket; uploads that were never completed go with it.
  for (const upload of uploads.list(name)) uploads.abort(upload);
  reply(request, 204);
};

export const getBucketLocation: S3Operation = (request, { buckets }) => {
  buckets.get(request.bucket);
  // The oldest region has no name here.
  replyXml(request, "LocationConstraint", []);
};

export const getBucketVersioning: S3Operation = (request, { buckets }) => {
  const { versioning } = buckets.get(request.bucket);
  replyXml(request, "VersioningConfiguration", [versioning !== "" && ["Status", versioning]]);
};

export const putBucketVersioning: S3Operation = async (request, { buckets }) => {
  const { name } = buckets.get(request.bucket);
  const status = childText(parseXml(await receiveText(request)), "Status");
  if (status !== "Enabled" && status !== "Suspended") throw malformed();
  buckets.setVersioning(name, status satisfies Versioning);
  reply(request, 200);
};

export const getBucketNotification: S3Operation = (request, { buckets }) => {
  const { notifications } = buckets.get(request.bucket);
  replyXml(request, "NotificationConfiguration", notifications.map(writeNotification));
};

export const putBucketNotification: S3Operation = async (request, { buckets, notifier }) => {
  const bucket = buckets.get(request.bucket);
  const { children } = parseXml(await receiveText(request));
  const other = children.find(({ name }) => name !== "QueueConfiguration");
  if (other !== undefined)
    throw new ApiError("NotImplemented", 501, `This stack does not implement ${other.name}.`);
  notifier.configure(bucket, children.map(readNotification));
  reply(request, 200);
};

export const deleteObjects: S3Operation = async (request, { buckets, objects }) => {
  const bucket = buckets.get(request.bucket);
  const document = parseXml(await receiveText(request));
  const isQuiet = childText(document, "Quiet") === "true";
  const entries = childrenNamed(document, "Object");
  if (entries.length === 0 || entries.length > MAX_DELETIONS) throw malformed();
  const results: XmlChild[] = [];
  for (const entry of entries) {
    const key = childText(entry, "Key");
    if (key === undefined || key === "") throw malformed();
    const version = childText(entry, "VersionId");
    try {
      checkKey(key);
      const marker =
        version === undefined
          ? objects.delete(bucket, key, childText(entry, "ETag"))
          : objects.deleteVersion(bucket, key, version);
      if (!isQuiet)
        results.push([
          "Deleted",
          [
            ["Key", key],
            version !== undefined && ["VersionId", version],
            marker?.isMarker && ["DeleteMarker", true],
            marker?.isMarker && ["DeleteMarkerVersionId", marker.version],
          ],
        ]);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      results.push([
        "Error",
        [
          ["Key", key],
          version !== undefined && ["VersionId", version],
          ["Code", error.code],
          ["Message", error.message],
        ],
      ]);
    }
  }
  replyXml(request, "DeleteResult", results);
};

function readNotification(element: XmlElement): Notification {
  const queue = childText(element, "Queue");
  const events = childrenNamed(element, "Event").map(({ text }) => text);
  if (queue === undefined || events.length === 0) throw malformed();
  const rules = childrenNamed(element, "Filter")
    .flatMap((filter) => childrenNamed(filter, "S3Key"))
    .flatMap((key) => childrenNamed(key, "FilterRule"));
  const rule = (name: string) => {
    const found = rules.find((one) => childText(one, "Name")?.toLowerCase() === name);
    return found === undefined ? "" : (childText(found, "Value") ?? "");
  };
  return {
    id: childText(element, "Id") ?? `${nameInArn(queue)}-${events.join("-")}`,
    queue: nameInArn(queue),
    events,
    prefix: rule("prefix"),
    suffix: rule("suffix"),
  };
}

function writeNotification({ id, queue, events, prefix, suffix }: Notification): XmlChild {
  const rules = Object.entries({ Prefix: prefix, Suffix: suffix }).filter(
    ([, value]) => value !== "",
  );
  return [
    "QueueConfiguration",
    [
      ["Id", id],
      ["Queue", queueArn(queue)],
      ...events.map<XmlChild>((event) => ["Event", event]),
      rules.length > 0 && [
        "Filter",
        [
          [
            "S3Key",
            rules.map<XmlChild>(([name, value]) => [
              "FilterRule",
              [
                ["Name", name],
                ["Value", value],
              ],
            ]),
          ],
        ],
      ],
    ],
  ];
}
