import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

export type Random = () => number;

export interface Clients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

/** What was acknowledged, and what was under way at a kill. */
export const noCount = () => ({
  "puts, small": 0,
  "puts, large": 0,
  "puts, conditional": 0,
  "conditional puts refused": 0,
  "parts uploaded": 0,
  "uploads completed": 0,
  "objects deleted": 0,
  "messages sent": 0,
  "messages received": 0,
  "messages deleted": 0,
  "requests cut off by a kill": 0,
  "objects read back": 0,
});
export type Count = ReturnType<typeof noCount>;

const BUCKET = "crash";
const QUEUE = "crash";
/** Keys that one client overwrites and deletes again and again. */
const KEYS_A_CLIENT = 6;
/** Races of two clients for a new key that are read back after each kill. */
const RACES_KEPT = 40;
const SMALL_BYTES = 2_000;
/** Far above what the stack keeps within its database. */
const LARGE_BYTES = 400_000;
/** Every part but the last has at least this. */
const PART_BYTES = 5 * 1024 * 1024;
/** Longer than any run: within one server's life a message is received once. */
const VISIBILITY_S = 3_600;
const REQUEST_MS = 20_000;
/** Receives of one sweep: more than ever lie in the queue, which each check halves. */
const MAX_SWEEPS = 1_000;

/** What an object may be: the value of its last acknowledged write, or one that was cut off. */
type Value = number | undefined;

interface Slot {
  readonly key: string;
  /** One of these it is. More than one only after a cut-off. */
  possible: Value[];
  upload: Multipart | undefined;
}

interface Multipart {
  readonly id: string;
  readonly value: number;
  readonly etags: string[];
  isCompleting: boolean;
}

/** What is known of a message. One that came to a client is there, whatever its sender was told. */
interface Letter {
  id: string | undefined;
  isThere: boolean;
  deletion: "none" | "asked" | "acknowledged";
  /** The server that lives now has delivered it. */
  isInFlight: boolean;
}

interface Race {
  readonly key: string;
  readonly tried: number[];
  winner: number | undefined;
}

/** The clients' book: what they were told, against which a stack that opens again is held. */
export class Ledger {
  readonly #count: Count;
  readonly #violate: (text: string) => void;
  readonly #slots: Slot[][];
  readonly #races: Race[] = [];
  readonly #letters = new Map<string, Letter>();
  #queueUrl = "";
  #next = 1;

  constructor(clients: number, count: Count, violate: (text: string) => void) {
    this.#count = count;
    this.#violate = violate;
    this.#slots = Array.from({ length: clients }, (_, client) =>
      Array.from({ length: KEYS_A_CLIENT }, (_, index) => ({
        key: `objects/${client}/${index}`,
        possible: [undefined],
        upload: undefined,
      })),
    );
  }

  async setUp({ s3, sqs }: Clients): Promise<void> {
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE }));
    this.#queueUrl = QueueUrl;
  }

  /** One client at work, one request after the other, until the stack is killed. */
  async work(clients: Clients, client: number, random: Random, killed: AbortSignal): Promise<void> {
    const slots = this.#slots[client] ?? [];
    while (!killed.aborted) {
      const slot = slots[Math.floor(random() * slots.length)] as Slot;
      const dice = random();
      if (slot.upload !== undefined) await this.#goOn(clients, slot, random);
      else if (dice < 0.2) await this.#put(clients, slot, SMALL_BYTES, random);
      else if (dice < 0.35) await this.#put(clients, slot, LARGE_BYTES, random);
      else if (dice < 0.45) await this.#delete(clients, slot);
      else if (dice < 0.55) await this.#startUpload(clients, slot);
      else if (dice < 0.65) await this.#race(clients);
      else if (dice < 0.85) await this.#sendMessage(clients);
      else await this.#receive(clients, random);
    }
  }

  /** Holds a stack that has just opened against the book, which then has no doubt left. */
  async verify(clients: Clients, random: Random): Promise<void> {
    for (const slot of this.#slots.flat()) {
      await this.#readBack(clients, slot);
      if (slot.upload !== undefined) await this.#checkUpload(clients, slot, slot.upload);
    }
    for (const race of this.#races) {
      const found = await this.#read(clients, race.key);
      const expected = race.winner === undefined ? [undefined, ...race.tried] : [race.winner];
      if (!expected.includes(found))
        this.#violate(`${race.key}: won by ${race.winner}, and it is ${found}`);
      race.winner = found;
      if (found === undefined) race.tried.length = 0;
    }
    this.#races.splice(0, Math.max(0, this.#races.length - RACES_KEPT));
    await this.#drain(clients, random);
  }

  async #put(clients: Clients, slot: Slot, size: number, random: Random): Promise<void> {
    const value = this.#next++;
    const [before] = slot.possible;
    slot.possible = [before, value];
    const input = { Bucket: BUCKET, Key: slot.key, Body: bodyOf(value, size) };
    const isConditional = random() < 0.3;
    const condition = !isConditional
      ? {}
      : before === undefined
        ? { IfNoneMatch: "*" }
        : { IfMatch: (await this.#etag(clients, slot.key)) ?? "*" };
    const told = await this.#ask(clients.s3.send(new PutObjectCommand({ ...input, ...condition })));
    if (told === undefined) return;
    slot.possible = [value];
    this.#count[
      isConditional ? "puts, conditional" : size > SMALL_BYTES ? "puts, large" : "puts, small"
    ]++;
  }

  async #etag({ s3 }: Clients, Key: string): Promise<string | undefined> {
    const told = await this.#ask(s3.send(new GetObjectCommand({ Bucket: BUCKET, Key })));
    await told?.Body?.transformToByteArray().catch(() => {});
    return told?.ETag;
  }

  async #delete({ s3 }: Clients, slot: Slot): Promise<void> {
    slot.possible = [...slot.possible, undefined];
    const told = await this.#ask(
      s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: slot.key })),
    );
    if (told === undefined) return;
    slot.possible = [undefined];
    this.#count["objects deleted"]++;
  }

  async #startUpload({ s3 }: Clients, slot: Slot): Promise<void> {
    const input = { Bucket: BUCKET, Key: slot.key };
    const told = await this.#ask(s3.send(new CreateMultipartUploadCommand(input)));
    if (told?.UploadId !== undefined)
      slot.upload = { id: told.UploadId, value: this.#next++, etags: [], isCompleting: false };
  }

  /** The next step of an upload: at times a whole part and a last one, mostly a last one alone. */
  async #goOn({ s3 }: Clients, slot: Slot, random: Random): Promise<void> {
    const upload = slot.upload as Multipart;
    const { id: UploadId, value, etags } = upload;
    const input = { Bucket: BUCKET, Key: slot.key, UploadId };
    const parts = value % 5 === 0 ? 2 : 1;
    if (etags.length < parts) {
      const isLast = etags.length === parts - 1;
      const Body = bodyOf(value, isLast ? LARGE_BYTES : PART_BYTES);
      const PartNumber = etags.length + 1;
      const told = await this.#ask(s3.send(new UploadPartCommand({ ...input, PartNumber, Body })));
      if (told?.ETag === undefined) return;
      etags.push(told.ETag);
      this.#count["parts uploaded"]++;
      return;
    }
    // Open uploads are to be met by kills too.
    if (random() < 0.3) return;
    upload.isCompleting = true;
    slot.possible = [slot.possible[0], value];
    const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
    const told = await this.#ask(
      s3.send(new CompleteMultipartUploadCommand({ ...input, MultipartUpload: { Parts } })),
    );
    if (told === undefined) return;
    slot.possible = [value];
    slot.upload = undefined;
    this.#count["uploads completed"]++;
  }

  /** Two clients want to be the first to write a key: one is told so, at most. */
  async #race({ s3 }: Clients): Promise<void> {
    const race: Race = { key: `races/${this.#next++}`, tried: [], winner: undefined };
    this.#races.push(race);
    await Promise.all(
      [SMALL_BYTES, LARGE_BYTES].map(async (size) => {
        const value = this.#next++;
        race.tried.push(value);
        const input = { Bucket: BUCKET, Key: race.key, Body: bodyOf(value, size) };
        const told = await this.#ask(
          s3.send(new PutObjectCommand({ ...input, IfNoneMatch: "*" })),
          ["PreconditionFailed", "ConditionalRequestConflict"],
        );
        if (told === undefined) return;
        if (race.winner !== undefined) this.#violate(`${race.key}: two were told that they won`);
        race.winner = value;
        this.#count["puts, conditional"]++;
      }),
    );
  }

  async #sendMessage({ sqs }: Clients): Promise<void> {
    const body = `message ${this.#next++}`;
    this.#letters.set(body, { id: undefined, isThere: false, deletion: "none", isInFlight: false });
    const input = { QueueUrl: this.#queueUrl, MessageBody: body };
    const told = await this.#ask(sqs.send(new SendMessageCommand(input)));
    if (told === undefined) return;
    this.#meet(body, told.MessageId);
    this.#count["messages sent"]++;
  }

  async #receive(clients: Clients, random: Random): Promise<number> {
    const input = {
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: VISIBILITY_S,
    };
    const told = await this.#ask(clients.sqs.send(new ReceiveMessageCommand(input)));
    const messages = told?.Messages ?? [];
    for (const { Body = "", MessageId } of messages) {
      this.#count["messages received"]++;
      this.#arrive(Body, MessageId);
    }
    for (const { Body = "", ReceiptHandle } of messages)
      if (random() < 0.5) await this.#deleteMessage(clients, Body, ReceiptHandle);
    return messages.length;
  }

  async #deleteMessage({ sqs }: Clients, body: string, ReceiptHandle: string | undefined) {
    const letter = this.#letters.get(body);
    if (letter === undefined) return;
    letter.deletion = "asked";
    const input = { QueueUrl: this.#queueUrl, ReceiptHandle };
    const told = await this.#ask(sqs.send(new DeleteMessageCommand(input)));
    if (told === undefined) return;
    letter.deletion = "acknowledged";
    this.#count["messages deleted"]++;
  }

  #arrive(body: string, id: string | undefined): void {
    const letter = this.#meet(body, id);
    if (letter === undefined) return;
    if (letter.deletion === "acknowledged") this.#violate(`"${body}" was deleted, and is back`);
    if (letter.isInFlight) this.#violate(`"${body}" came while it was in flight`);
    letter.isInFlight = true;
  }

  /** A body is one message, however often it comes. */
  #meet(body: string, id: string | undefined): Letter | undefined {
    const letter = this.#letters.get(body);
    if (letter === undefined) this.#violate(`nobody sent "${body}"`);
    else {
      if (letter.id !== undefined && letter.id !== id)
        this.#violate(`"${body}" is there as two messages`);
      letter.id = id;
      letter.isThere = true;
    }
    return letter;
  }

  /** Receives all that is there: it must be what was sent and not deleted. */
  async #drain(clients: Clients, random: Random): Promise<void> {
    for (const letter of this.#letters.values()) letter.isInFlight = false;
    const found = new Map<string, string | undefined>();
    for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#queueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: VISIBILITY_S,
        }),
      );
      if (Messages.length === 0) break;
      for (const { Body = "", MessageId, ReceiptHandle } of Messages) {
        this.#arrive(Body, MessageId);
        found.set(Body, ReceiptHandle);
      }
    }
    for (const [body, letter] of this.#letters) {
      if (found.has(body)) continue;
      if (letter.isThere && letter.deletion === "none")
        this.#violate(`"${body}" was sent, and is gone`);
      // One that was cut off on its way in or out is gone for good now.
      letter.isThere = true;
      letter.deletion = "acknowledged";
    }
    for (const [body, ReceiptHandle] of found) {
      const letter = this.#letters.get(body);
      if (letter === undefined) continue;
      letter.deletion = "none";
      // Half of them go, so that the queue stays short; the others are there to be received.
      if (random() < 0.5) await this.#deleteMessage(clients, body, ReceiptHandle);
      else {
        letter.isInFlight = false;
        await clients.sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: this.#queueUrl,
            ReceiptHandle,
            VisibilityTimeout: 0,
          }),
        );
      }
    }
  }

  async #readBack(clients: Clients, slot: Slot): Promise<void> {
    const found = await this.#read(clients, slot.key);
    if (!slot.possible.includes(found))
      this.#violate(`${slot.key}: expected ${slot.possible.join(" or ")}, and it is ${found}`);
    slot.possible = [found];
  }

  /** Which value an object has, every byte of it compared. */
  async #read({ s3 }: Clients, Key: string): Promise<Value> {
    this.#count["objects read back"]++;
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      const value = Number.parseInt(bytes.toString("latin1", 0, 16), 10);
      const isWhole =
        sizesOf(value).includes(bytes.length) && bytes.equals(wholeOf(value, bytes.length));
      if (!isWhole) this.#violate(`${Key}: ${bytes.length} bytes that nobody wrote so`);
      return value;
    } catch (error) {
      if ((error as Error).name === "NoSuchKey") return undefined;
      throw error;
    }
  }

  /** An upload that was open must have all parts that were acknowledged; one that was being
   * completed is either still open or has become the object. */
  async #checkUpload({ s3 }: Clients, slot: Slot, upload: Multipart): Promise<void> {
    try {
      const input = { Bucket: BUCKET, Key: slot.key, UploadId: upload.id };
      const { Parts = [] } = await s3.send(new ListPartsCommand(input));
      for (const [index, etag] of upload.etags.entries())
        if (Parts[index]?.ETag !== etag) this.#violate(`${slot.key}: part ${index + 1} is gone`);
      if (slot.possible[0] === upload.value)
        this.#violate(`${slot.key}: completed, and its upload is still open`);
      upload.isCompleting = false;
    } catch (error) {
      if ((error as Error).name !== "NoSuchUpload") throw error;
      if (!upload.isCompleting || slot.possible[0] !== upload.value)
        this.#violate(`${slot.key}: its upload is gone`);
      slot.upload = undefined;
    }
  }

  /** The answer; nothing where a kill cut it off. Any other failure is none that may be. */
  async #ask<Answer>(
    call: Promise<Answer>,
    refusals: readonly string[] = [],
  ): Promise<Answer | undefined> {
    const late = AbortSignal.timeout(REQUEST_MS);
    const isLate = new Promise<never>((_, reject) => {
      late.addEventListener("abort", () => reject(new Error("no answer")), { once: true });
    });
    try {
      return await Promise.race([call, isLate]);
    } catch (error) {
      const { name, message, $metadata } = error as Error & {
        $metadata?: { httpStatusCode?: number };
      };
      if (refusals.includes(name)) this.#count["conditional puts refused"]++;
      else if ($metadata?.httpStatusCode === undefined && message !== "no answer")
        this.#count["requests cut off by a kill"]++;
      else this.#violate(`${name}: ${message}`);
      return undefined;
    }
  }
}

/** So many bytes that tell which value they are, and where one is torn. */
function bodyOf(value: number, size: number): Buffer {
  return Buffer.alloc(size, `${String(value).padStart(15, "0")} `);
}

/** The sizes that an object of a value may have: put whole, or of one part or two. */
function sizesOf(value: number): number[] {
  const isOfTwo = value % 5 === 0;
  return [SMALL_BYTES, LARGE_BYTES, ...(isOfTwo ? [PART_BYTES + LARGE_BYTES] : [])];
}

function wholeOf(value: number, size: number): Buffer {
  if (size <= LARGE_BYTES) return bodyOf(value, size);
  return Buffer.concat([bodyOf(value, PART_BYTES), bodyOf(value, LARGE_BYTES)]);
}
