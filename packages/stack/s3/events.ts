import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { transact } from "../database.ts";
import { ApiError } from "../errors.ts";
import { ACCOUNT, REGION } from "../identity.ts";
import { encodeUri } from "../signature.ts";
import type { MessageStore } from "../sqs/messages.ts";
import type { QueueStore } from "../sqs/queues.ts";
import type { Bucket, BucketStore, Notification } from "./buckets.ts";

/** S3's bound on the notifications of one bucket. */
const MAX_NOTIFICATIONS = 100;

/** What the stack can tell; a configuration may name no other. */
const EVENTS = [
  "s3:ObjectCreated:*",
  "s3:ObjectCreated:Put",
  "s3:ObjectCreated:Post",
  "s3:ObjectCreated:Copy",
  "s3:ObjectCreated:CompleteMultipartUpload",
  "s3:ObjectRemoved:*",
  "s3:ObjectRemoved:Delete",
  "s3:ObjectRemoved:DeleteMarkerCreated",
];

/** What happened to an object. */
export interface ObjectEvent {
  /** Such as `ObjectCreated:Put`. */
  readonly name: string;
  readonly key: string;
  /** Grows with every change of any object. */
  readonly sequence: number;
  readonly size?: number;
  readonly etag?: string;
  readonly version?: string;
}

/** Sends what happens in buckets to the queues that are to hear of it. */
export class Notifier {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #buckets: BucketStore;
  readonly #queues: QueueStore;
  readonly #messages: MessageStore;

  constructor(
    db: DatabaseSync,
    clock: Clock,
    buckets: BucketStore,
    queues: QueueStore,
    messages: MessageStore,
  ) {
    this.#db = db;
    this.#clock = clock;
    this.#buckets = buckets;
    this.#queues = queues;
    this.#messages = messages;
  }

  /** Replaces a bucket's notifications. Every queue that is new to it gets a test event. */
  configure(bucket: Bucket, notifications: readonly Notification[]): void {
    if (notifications.length > MAX_NOTIFICATIONS)
      throw invalid(`A bucket has at most ${MAX_NOTIFICATIONS} notifications`);
    for (const { queue, events } of notifications) {
      if (this.#queues.find(queue) === undefined)
        throw invalid(`Unable to validate the destination: there is no queue ${queue}`);
      for (const event of events)
        if (!EVENTS.includes(event)) throw invalid(`The event ${event} is not supported`);
    }
    notifications.forEach((one, index) => {
      if (notifications.slice(0, index).some((other) => overlap(one, other)))
        throw invalid(
          "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.",
        );
    });
    const known = new Set(bucket.notifications.map(({ queue }) => queue));
    transact(this.#db, () => {
      this.#buckets.setNotifications(bucket.name, notifications);
      for (const queue of new Set(notifications.map((one) => one.queue)))
        if (!known.has(queue)) this.#send(queue, this.#testEvent(bucket.name));
    });
  }

  /** To be called in the transaction that makes the change, so that neither is without the other. */
  announce(bucket: Bucket, event: ObjectEvent): void {
    for (const notification of bucket.notifications)
      if (matches(notification, event))
        this.#send(notification.queue, { Records: [this.#record(bucket, notification, event)] });
  }

  /** A queue that is gone hears nothing, as with S3. */
  #send(queueName: string, content: object): void {
    const queue = this.#queues.find(queueName);
    if (queue !== undefined)
      this.#messages.send(queue, { body: JSON.stringify(content), attributes: {} });
  }

  #testEvent(bucket: string): object {
    return {
      Service: "Amazon S3",
      Event: "s3:TestEvent",
      Time: new Date(this.#clock.now()).toISOString(),
      Bucket: bucket,
      RequestId: randomId(),
      HostId: randomId(),
    };
  }

  #record(bucket: Bucket, notification: Notification, event: ObjectEvent): object {
    return {
      eventVersion: "2.5",
      eventSource: "aws:s3",
      awsRegion: REGION,
      eventTime: new Date(this.#clock.now()).toISOString(),
      eventName: event.name,
      userIdentity: { principalId: `AWS:${ACCOUNT}` },
      requestParameters: { sourceIPAddress: "127.0.0.1" },
      responseElements: { "x-amz-request-id": randomId(), "x-amz-id-2": randomId() },
      s3: {
        s3SchemaVersion: "1.0",
        configurationId: notification.id,
        bucket: {
          name: bucket.name,
          ownerIdentity: { principalId: ACCOUNT },
          arn: `arn:aws:s3:::${bucket.name}`,
        },
        object: {
          key: encodeEventKey(event.key),
          ...(event.size !== undefined && { size: event.size }),
          ...(event.etag !== undefined && { eTag: event.etag }),
          ...(event.version !== undefined && { versionId: event.version }),
          sequencer: event.sequence.toString(16).toUpperCase().padStart(18, "0"),
        },
      },
    };
  }
}

/** Keys stand in events as in a form: percent-encoded but for slashes, blanks as plus signs. */
export function encodeEventKey(key: string): string {
  return encodeUri(key).replaceAll("%2F", "/").replaceAll("%20", "+");
}

/** Whether one event could match both. S3 takes no such configuration: it tells an event once. */
function overlap(one: Notification, other: Notification): boolean {
  const covers = (wide: string, narrow: string) =>
    wide === narrow || (wide.endsWith("*") && narrow.startsWith(wide.slice(0, -1)));
  return (
    one.events.some((a) => other.events.some((b) => covers(a, b) || covers(b, a))) &&
    (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)) &&
    (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix))
  );
}

function matches({ events, prefix, suffix }: Notification, { name, key }: ObjectEvent): boolean {
  const isNamed = events.some(
    (event) =>
      event === `s3:${name}` ||
      (event.endsWith("*") && `s3:${name}`.startsWith(event.slice(0, -1))),
  );
  return isNamed && key.startsWith(prefix) && key.endsWith(suffix);
}

function invalid(message: string): ApiError {
  return new ApiError("InvalidArgument", 400, message);
}

function randomId(): string {
  return randomBytes(8).toString("hex").toUpperCase();
}
