import { ApiError } from "../errors.ts";
import * as bucket from "./bucket-operations.ts";
import * as copy from "./copy-operations.ts";
import * as list from "./list-operations.ts";
import * as object from "./object-operations.ts";
import { checkKey, header, type S3Request } from "./request.ts";
import type { S3Operation } from "./services.ts";
import * as upload from "./upload-operations.ts";

const OPERATIONS = {
  ListBuckets: bucket.listBuckets,
  CreateBucket: bucket.createBucket,
  HeadBucket: bucket.headBucket,
  DeleteBucket: bucket.deleteBucket,
  GetBucketLocation: bucket.getBucketLocation,
  GetBucketVersioning: bucket.getBucketVersioning,
  PutBucketVersioning: bucket.putBucketVersioning,
  GetBucketNotificationConfiguration: bucket.getBucketNotification,
  PutBucketNotificationConfiguration: bucket.putBucketNotification,
  DeleteObjects: bucket.deleteObjects,
  ListObjects: list.listObjects,
  ListObjectsV2: list.listObjectsV2,
  ListObjectVersions: list.listObjectVersions,
  PutObject: object.putObject,
  GetObject: object.getObject,
  HeadObject: object.getObject,
  DeleteObject: object.deleteObject,
  GetObjectTagging: object.getObjectTagging,
  PutObjectTagging: object.putObjectTagging,
  DeleteObjectTagging: object.deleteObjectTagging,
  GetObjectAttributes: object.getObjectAttributes,
  CopyObject: copy.copyObject,
  CreateMultipartUpload: upload.createMultipartUpload,
  UploadPart: upload.uploadPart,
  UploadPartCopy: copy.uploadPartCopy,
  CompleteMultipartUpload: upload.completeMultipartUpload,
  AbortMultipartUpload: upload.abortMultipartUpload,
  ListParts: upload.listParts,
  ListMultipartUploads: upload.listMultipartUploads,
} satisfies Readonly<Record<string, S3Operation>>;

export type S3OperationName = keyof typeof OPERATIONS;

/** By method and by the query parameter that chooses an operation; none chooses the plain one. */
type Routes = Readonly<Record<string, S3OperationName>>;

const BUCKET_ROUTES: Routes = {
  PUT: "CreateBucket",
  HEAD: "HeadBucket",
  DELETE: "DeleteBucket",
  GET: "ListObjects",
  "GET list-type": "ListObjectsV2",
  "GET versions": "ListObjectVersions",
  "GET uploads": "ListMultipartUploads",
  "GET location": "GetBucketLocation",
  "GET versioning": "GetBucketVersioning",
  "PUT versioning": "PutBucketVersioning",
  "GET notification": "GetBucketNotificationConfiguration",
  "PUT notification": "PutBucketNotificationConfiguration",
  "POST delete": "DeleteObjects",
};

const OBJECT_ROUTES: Routes = {
  PUT: "PutObject",
  GET: "GetObject",
  HEAD: "HeadObject",
  DELETE: "DeleteObject",
  "GET tagging": "GetObjectTagging",
  "PUT tagging": "PutObjectTagging",
  "DELETE tagging": "DeleteObjectTagging",
  "GET attributes": "GetObjectAttributes",
  "POST uploads": "CreateMultipartUpload",
  "PUT uploadId": "UploadPart",
  "POST uploadId": "CompleteMultipartUpload",
  "GET uploadId": "ListParts",
  "DELETE uploadId": "AbortMultipartUpload",
};

/** Every parameter of S3 that names an operation of its own, so that one that is not here is
 * refused and not taken for the plain one. */
const SUBRESOURCES = new Set(
  `abac accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory
  legal-hold lifecycle list-type location logging metadataConfiguration metadataTable metrics
  notification object-lock ownershipControls policy policyStatus publicAccessBlock renameObject
  replication requestPayment restore retention select session tagging torrent uploadId uploads
  versioning versions website`.split(/\s+/),
);

/** Headers that promise what the stack cannot keep. */
const UNSUPPORTED_HEADERS =
  /^x-amz-(?:server-side-encryption-customer-|object-lock-|write-offset-)/;

export function findOperation(request: S3Request): {
  readonly name: S3OperationName;
  readonly run: S3Operation;
} {
  const name = findName(request);
  return { name, run: OPERATIONS[name] };
}

function findName(request: S3Request): S3OperationName {
  const { method, key } = request;
  for (const name of Object.keys(request.headers))
    if (UNSUPPORTED_HEADERS.test(name)) throw notImplemented(`the header ${name}`);
  if (request.bucket === "") {
    if (method === "GET") return "ListBuckets";
    throw notImplemented(`${method} on the service`);
  }
  checkKey(key);
  const chosen = [...request.query.keys()].filter((name) => SUBRESOURCES.has(name));
  const [subresource] = chosen;
  if (key !== "" && method === "PUT" && header(request, "x-amz-copy-source") !== undefined) {
    if (subresource === undefined) return "CopyObject";
    if (subresource === "uploadId") return "UploadPartCopy";
  }
  const routes = key === "" ? BUCKET_ROUTES : OBJECT_ROUTES;
  const route = subresource === undefined ? method : `${method} ${subresource}`;
  const name = chosen.length > 1 ? undefined : routes[route];
  if (name === undefined) {
    const path = key === "" ? "/bucket" : "/bucket/key";
    throw notImplemented(`${method} ${path}${chosen.length > 0 ? `?${chosen.join("&")}` : ""}`);
  }
  return name;
}

function notImplemented(what: string): ApiError {
  return new ApiError("NotImplemented", 501, `This stack does not implement ${what} of S3.`);
}
