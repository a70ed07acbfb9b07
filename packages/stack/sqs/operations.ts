import type { Clock } from "../clock.ts";
import { ACCOUNT, queueArn } from "../identity.ts";
import { isAttributeName, withDefaults } from "./attributes.ts";
import { handleBatch } from "./batch.ts";
import { refuse } from "./errors.ts";
import {
  type Input,
  integer,
  optionalInteger,
  optionalText,
  text,
  textMap,
  texts,
} from "./input.ts";
import { md5, md5OfAttributes, readDraft } from "./message.ts";
import type { MessageStore } from "./messages.ts";
import type { MoveTasks } from "./move-tasks.ts";
import type { Queue, QueueStore } from "./queues.ts";
import { writeMessage } from "./received.ts";

const MAX_VISIBILITY_S = 43_200;
const MAX_WAIT_S = 20;
/** Messages a receive, entries a batch, as SQS bounds them. */
const MAX_MESSAGES = 10;
const MAX_LISTED_QUEUES = 1000;
const PURGE_EVERY_MS = 60_000;

export interface SqsServices {
  readonly queues: QueueStore;
  readonly messages: MessageStore;
  readonly moveTasks: MoveTasks;
  readonly clock: Clock;
}

export interface SqsContext extends SqsServices {
  /** Scheme and host as the client spoke to us: it sends to the host in a queue's URL. */
  readonly origin: string;
  /** Aborts when the client hangs up. */
  readonly signal: AbortSignal;
}

export type Output = Readonly<Record<string, unknown>>;
type Operation = (input: Input, context: SqsContext) => Output | Promise<Output>;

export const operations: Readonly<Record<string, Operation>> = {
  CreateQueue(input, context) {
    const name = text(input, "QueueName");
    context.queues.create(name, textMap(input, "Attributes"), textMap(input, "tags"));
    return { QueueUrl: queueUrl(context.origin, name) };
  },

  GetQueueUrl(input, { queues, origin }) {
    return { QueueUrl: queueUrl(origin, queues.get(text(input, "QueueName")).name) };
  },

  ListQueues(input, { queues, origin }) {
    const prefix = optionalText(input, "QueueNamePrefix") ?? "";
    const max = optionalInteger(input, "MaxResults", 1, MAX_LISTED_QUEUES);
    const after = optionalText(input, "NextToken") ?? "";
    const names = queues
      .all()
      .map(({ name }) => name)
      .filter((name) => name.startsWith(prefix) && name > after);
    const page = names.slice(0, max ?? MAX_LISTED_QUEUES);
    return {
      QueueUrls: page.map((name) => queueUrl(origin, name)),
      // Without MaxResults SQS gives no token, however many there are.
      ...(max !== undefined && names.length > max && { NextToken: page.at(-1) }),
    };
  },

  DeleteQueue(input, context) {
    const queue = readQueue(input, context);
    context.queues.delete(queue);
    context.messages.arrivals.announce(queue.id);
    return {};
  },

  PurgeQueue(input, context) {
    const queue = readQueue(input, context);
    const now = context.clock.now();
    if (now - (lastPurges.get(queue) ?? -Infinity) < PURGE_EVERY_MS)
      throw refuse(
        "PurgeQueueInProgress",
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      );
    lastPurges.set(queue, now);
    context.messages.purge(queue);
    return {};
  },

  SetQueueAttributes(input, context) {
    const queue = readQueue(input, context);
    context.queues.update(queue, textMap(input, "Attributes"));
    return {};
  },

  GetQueueAttributes(input, context) {
    const queue = readQueue(input, context);
    const wanted = new Set(texts(input, "AttributeNames"));
    const { visible, inFlight, delayed } = context.messages.count(queue);
    const all: Record<string, string> = {
      ...withDefaults(queue.attributes),
      QueueArn: queueArn(queue.name),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      CreatedTimestamp: String(Math.floor(queue.created / 1000)),
      LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
    };
    for (const name of wanted)
      if (name !== "All" && !isAttributeName(name))
        throw refuse("InvalidAttributeName", `Unknown Attribute ${name}.`);
    const chosen = Object.entries(all).filter(([name]) => wanted.has("All") || wanted.has(name));
    return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
  },

  ListQueueTags(input, context) {
    return { Tags: readQueue(input, context).tags };
  },

  TagQueue(input, context) {
    const queue = readQueue(input, context);
    context.queues.setTags(queue, { ...queue.tags, ...textMap(input, "Tags") });
    return {};
  },

  UntagQueue(input, context) {
    const queue = readQueue(input, context);
    const gone = new Set(texts(input, "TagKeys"));
    const kept = Object.entries(queue.tags).filter(([name]) => !gone.has(name));
    context.queues.setTags(queue, Object.fromEntries(kept));
    return {};
  },

  ListDeadLetterSourceQueues(input, context) {
    const sources = context.queues.sourcesOf(readQueue(input, context).name);
    return { queueUrls: sources.map(({ name }) => queueUrl(context.origin, name)) };
  },

  SendMessage(input, context) {
    const queue = readQueue(input, context);
    return send(input, queue, context);
  },

  SendMessageBatch(input, context) {
    const queue = readQueue(input, context);
    return handleBatch(input, (entry) => send(entry, queue, context));
  },

  async ReceiveMessage(input, context) {
    const queue = readQueue(input, context);
    const visibilityS = optionalInteger(input, "VisibilityTimeout", 0, MAX_VISIBILITY_S);
    const waitS = optionalInteger(input, "WaitTimeSeconds", 0, MAX_WAIT_S);
    const messages = await context.messages.receive(queue, {
      max: optionalInteger(input, "MaxNumberOfMessages", 1, MAX_MESSAGES) ?? 1,
      visibilityMs: visibilityS === undefined ? queue.visibilityMs : visibilityS * 1000,
      waitMs: waitS === undefined ? queue.waitMs : waitS * 1000,
      signal: context.signal,
    });
    if (messages.length === 0) return {};
    const system = [
      ...texts(input, "AttributeNames"),
      ...texts(input, "MessageSystemAttributeNames"),
    ];
    const own = texts(input, "MessageAttributeNames");
    return { Messages: messages.map((message) => writeMessage(message, system, own)) };
  },

  DeleteMessage(input, context) {
    const queue = readQueue(input, context);
    context.messages.delete(queue, text(input, "ReceiptHandle"));
    return {};
  },

  DeleteMessageBatch(input, context) {
    const queue = readQueue(input, context);
    return handleBatch(input, (entry) => {
      context.messages.delete(queue, text(entry, "ReceiptHandle"));
      return {};
    });
  },

  ChangeMessageVisibility(input, context) {
    const queue = readQueue(input, context);
    return changeVisibility(input, queue, context);
  },

  ChangeMessageVisibilityBatch(input, context) {
    const queue = readQueue(input, context);
    return handleBatch(input, (entry) => changeVisibility(entry, queue, context));
  },

  StartMessageMoveTask: (input, { moveTasks }) => moveTasks.start(input),
  ListMessageMoveTasks: (input, { moveTasks }) => moveTasks.list(input),
  CancelMessageMoveTask: (input, { moveTasks }) => moveTasks.cancel(input),
};

/** When each queue was last purged. Keyed by the queue as it stands, so one that was changed or
 * made anew may be purged at once. */
const lastPurges = new WeakMap<Queue, number>();

export function queueUrl(origin: string, name: string): string {
  return `${origin}/${ACCOUNT}/${name}`;
}

/** Only the name at the end of the URL counts: behind another host name it is the same queue. */
function readQueue(input: Input, { queues }: SqsContext): Queue {
  const url = text(input, "QueueUrl");
  return queues.get(url.slice(url.lastIndexOf("/") + 1));
}

function send(input: Input, queue: Queue, { messages }: SqsContext): Output {
  const draft = readDraft(input, queue.maxMessageBytes);
  const digest = md5OfAttributes(draft.attributes);
  return {
    MessageId: messages.send(queue, draft),
    MD5OfMessageBody: md5(draft.body),
    ...(digest !== undefined && { MD5OfMessageAttributes: digest }),
  };
}

function changeVisibility(input: Input, queue: Queue, { messages }: SqsContext): Output {
  const visibilityS = integer(input, "VisibilityTimeout", 0, MAX_VISIBILITY_S);
  messages.changeVisibility(queue, text(input, "ReceiptHandle"), visibilityS * 1000);
  return {};
}
