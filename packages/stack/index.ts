import { join } from "node:path";
import { type Clock, systemClock } from "./clock.ts";
import { lockFolder, openDatabase } from "./database.ts";
import { ApiError, StackError } from "./errors.ts";
import { type FaultPlan, noFaults } from "./faults.ts";
import { explainFolder } from "./folder.ts";
import { ACCESS_KEY_ID, queueArn, REGION, SECRET_ACCESS_KEY } from "./identity.ts";
import { Subscriber, type Subscription, type SubscriptionOptions } from "./lambda/subscriber.ts";
import { BlobStore } from "./s3/blobs.ts";
import { BucketStore } from "./s3/buckets.ts";
import { Notifier } from "./s3/events.ts";
import { Lister } from "./s3/listing.ts";
import { ObjectStore } from "./s3/objects.ts";
import { UploadStore } from "./s3/uploads.ts";
import { listen, urlOf } from "./server.ts";
import { MessageStore } from "./sqs/messages.ts";
import { MoveTasks } from "./sqs/move-tasks.ts";
import { queueUrl } from "./sqs/operations.ts";
import { QueueStore } from "./sqs/queues.ts";

export { type Clock, ManualClock, systemClock, type Timer } from "./clock.ts";
export { StackError } from "./errors.ts";
export {
  type Call,
  conflict,
  type Fault,
  type FaultPlan,
  type FaultRates,
  type FaultRule,
  internalError,
  scriptFaults,
  seedFaults,
  slowDown,
  throttled,
} from "./faults.ts";
export { explainFolder } from "./folder.ts";
export type { Subscription, SubscriptionOptions, SubscriptionStats } from "./lambda/subscriber.ts";

export { createRandom } from "./random.ts";

export interface StackOptions {
  /** Where everything is kept. One process at a time may use it. */
  readonly dir: string;
  /** 0, the default, takes any free one. */
  readonly port?: number;
  readonly clock?: Clock;
  /** What is to go wrong, for tests. */
  readonly faults?: FaultPlan;
  /** Hears what functions print, line by line. */
  readonly onLog?: (functionName: string, line: string) => void;
  /** Hears, as often as it is met, what stands in the way and the folder's owner can mend. */
  readonly onTrouble?: (message: string) => void;
}

export interface BucketOptions {
  readonly versioning?: boolean;
  readonly notifications?: readonly {
    readonly queue: string;
    /** Such as `s3:ObjectCreated:*`. */
    readonly events: readonly string[];
    readonly prefix?: string;
    readonly suffix?: string;
  }[];
}

export interface QueueOptions {
  readonly visibilityTimeoutS?: number;
  readonly retentionS?: number;
  readonly deadLetter?: { readonly queue: string; readonly maxReceives: number };
}

/** S3, SQS and the polling of queues for functions, all in this process. */
export interface Stack {
  /** `http://127.0.0.1:<port>`: S3 and SQS both. */
  readonly url: string;
  /** What makes an AWS client talk to this stack. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes the bucket, or sets an existing one to these options. */
  createBucket(name: string, options?: BucketOptions): void;
  /** Makes the queue, or sets an existing one to these options. Gives its URL. */
  createQueue(name: string, options?: QueueOptions): string;
  queueUrl(name: string): string;
  /** Feeds a queue's messages to a function, in processes of its own. */
  subscribe(options: SubscriptionOptions): Subscription;
  /** Ends at once what runs. Messages that were being handled are there again at the next start. */
  stop(): Promise<void>;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, port = 0, clock = systemClock, faults = noFaults } = options;
  const { onLog = () => {}, onTrouble = () => {} } = options;
  const explain = (error: unknown) => {
    const message = explainFolder(dir, error)?.message;
    if (message !== undefined) onTrouble(message);
    return message;
  };
  const opened: { close(): void }[] = [];
  const closeAll = () => {
    for (const one of opened.reverse()) one.close();
  };
  try {
    opened.push(lockFolder(dir));
    const db = openDatabase(dir);
    opened.push(db);
    const queues = new QueueStore(db, clock);
    const messages = new MessageStore(db, clock, queues, faults);
    messages.landAll();
    const moveTasks = new MoveTasks(queues, messages, clock);
    const buckets = new BucketStore(db, clock);
    const notifier = new Notifier(db, clock, buckets, queues, messages);
    const blobs = new BlobStore(join(dir, "blobs"));
    const objects = new ObjectStore(db, clock, blobs, notifier);
    const known = new Set(objects.knownBlobs());
    blobs.sweep((blob) => known.has(blob));
    const uploads = new UploadStore(db, clock, blobs);
    const s3 = { buckets, objects, uploads, notifier, clock, lister: new Lister(db) };
    const server = await listen(
      { s3, sqs: { queues, messages, moveTasks, clock }, clock, explain, faults },
      port,
    );
    const url = urlOf(server);
    const env = {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
    };
    let stopped: Promise<void> | undefined;
    const stop = async () => {
      await subscriber.stop();
      moveTasks.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      closeAll();
    };
    const subscriber = new Subscriber({ queues, messages, clock, env, dir, onLog, explain });
    return {
      url,
      env,

      createBucket: (name, { versioning, notifications } = {}) =>
        refuse(dir, () => {
          buckets.create(name);
          if (versioning !== undefined)
            buckets.setVersioning(
              name,
              versioning ? "Enabled" : buckets.get(name).versioning === "" ? "" : "Suspended",
            );
          if (notifications !== undefined)
            notifier.configure(
              buckets.get(name),
              notifications.map(({ queue, events, prefix = "", suffix = "" }) => {
                const id = [queue, ...events, prefix, suffix].join(" ").trim();
                return { id, queue, events, prefix, suffix };
              }),
            );
        }),

      createQueue: (name, queueOptions = {}) =>
        refuse(dir, () => {
          const attributes = writeAttributes(queueOptions);
          const standing = queues.find(name);
          if (standing === undefined) queues.create(name, attributes);
          else queues.update(standing, attributes);
          return queueUrl(url, name);
        }),

      queueUrl: (name) => refuse(dir, () => queueUrl(url, queues.get(name).name)),

      subscribe: (subscription) => refuse(dir, () => subscriber.subscribe(subscription)),

      stop() {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    closeAll();
    throw explainFolder(dir, error) ?? error;
  }
}

function writeAttributes({ visibilityTimeoutS, retentionS, deadLetter }: QueueOptions) {
  return {
    ...(visibilityTimeoutS !== undefined && { VisibilityTimeout: String(visibilityTimeoutS) }),
    ...(retentionS !== undefined && { MessageRetentionPeriod: String(retentionS) }),
    ...(deadLetter !== undefined && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(deadLetter.queue),
        maxReceiveCount: deadLetter.maxReceives,
      }),
    }),
  };
}

/** A refusal that is meant for a client is here one for the program that set the stack up. */
function refuse<Result>(dir: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof ApiError) throw new StackError(error.message, { cause: error });
    throw explainFolder(dir, error) ?? error;
  }
}
