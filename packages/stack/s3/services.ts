import type { Clock } from "../clock.ts";
import type { BucketStore } from "./buckets.ts";
import type { Notifier } from "./events.ts";
import type { Lister } from "./listing.ts";
import type { ObjectStore } from "./objects.ts";
import type { S3Request } from "./request.ts";
import type { UploadStore } from "./uploads.ts";

/** What the operations work on. */
export interface S3Services {
  readonly buckets: BucketStore;
  readonly objects: ObjectStore;
  readonly uploads: UploadStore;
  readonly lister: Lister;
  readonly notifier: Notifier;
  readonly clock: Clock;
}

export type S3Operation = (request: S3Request, services: S3Services) => void | Promise<void>;
