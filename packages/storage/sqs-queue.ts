import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Outgoing, Queue } from "./ports.ts";

/** SQS takes so many messages in one call. */
const BATCH_MESSAGES = 10;
/** SQS takes so many bytes in one call; with room for attributes. */
const BATCH_BYTES = 1024 * 1024 - 16 * 1024;
/** How often messages that SQS refused within a batch are sent again. */
const ROUNDS = 3;
/** How many calls are under way at once: a thousand shards must not wait for a hundred round trips. */
const CALLS_AT_ONCE = 8;

const DEPTHS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

/** A queue of SQS, or of whatever speaks its protocol. */
export class SqsQueue implements Queue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async send(messages: readonly Outgoing[]): Promise<void> {
    const calls = packed(messages);
    for (let i = 0; i < calls.length; i += CALLS_AT_ONCE)
      await Promise.all(calls.slice(i, i + CALLS_AT_ONCE).map((call) => this.#sendBatch(call)));
  }

  /** Makes a received message visible again after `seconds`. */
  async release(receiptHandle: string, seconds: number): Promise<void> {
    await this.#client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.#url,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  }

  /** About how many messages it holds, seen or not. */
  async depth(): Promise<number> {
    const { Attributes = {} } = await this.#client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: [...DEPTHS] }),
    );
    return DEPTHS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  async #sendBatch(messages: readonly Outgoing[]): Promise<void> {
    let left = messages;
    for (let round = 1; left.length > 0; round++) {
      const { Failed = [] } = await this.#client.send(
        new SendMessageBatchCommand({
          QueueUrl: this.#url,
          Entries: left.map(({ body, delayS, group, numbers = {} }, i) => ({
            Id: String(i),
            MessageBody: body,
            DelaySeconds: delayS,
            MessageGroupId: group,
            MessageAttributes: Object.fromEntries(
              Object.entries(numbers).map(([name, value]) => [
                name,
                { DataType: "Number", StringValue: String(value) },
              ]),
            ),
          })),
        }),
      );
      const [failure] = Failed;
      if (failure !== undefined && (failure.SenderFault || round === ROUNDS))
        throw new Error(`SQS refused a message: ${failure.Code}: ${failure.Message}`);
      left = Failed.map(({ Id }) => left[Number(Id)] as Outgoing);
    }
  }
}

/** As few calls as hold all messages. */
function packed(messages: readonly Outgoing[]): Outgoing[][] {
  const calls: Outgoing[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.body);
    const last = calls.at(-1);
    if (last !== undefined && last.length < BATCH_MESSAGES && bytes + size <= BATCH_BYTES) {
      last.push(message);
      bytes += size;
    } else {
      calls.push([message]);
      bytes = size;
    }
  }
  return calls;
}
