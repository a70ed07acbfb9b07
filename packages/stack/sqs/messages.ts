import { randomBytes, randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { prepare, transact } from "../database.ts";
import { type Call, type FaultPlan, noFaults } from "../faults.ts";
import { queueArn } from "../identity.ts";
import { Arrivals } from "./arrivals.ts";
import { invalid, refuse } from "./errors.ts";
import type { Draft, Message, MessageAttributes } from "./message.ts";
import type { Queue, QueueStore } from "./queues.ts";
import { Turns } from "./turns.ts";

/** Rows read at a time: with bodies of 1 MiB a page stays a few dozen megabytes. */
const PAGE = 32;

/** How often a queue that is read is swept of what its retention has ended. */
const EXPIRE_EVERY_MS = 60_000;

/** A place in `messages` and the receive that it belongs to. */
const HANDLE = /^([0-9a-z]{1,11})-([\w-]{22})$/;

interface MessageRow {
  readonly seq: number;
  readonly id: string;
  readonly sent: number;
  readonly receives: number;
  readonly tries: number;
  readonly first_received: number | null;
  readonly dead_letter_source: string | null;
  readonly group_id: string | null;
  readonly trace: string | null;
  readonly attributes: string;
  readonly body: string;
}

interface FlightRow {
  readonly seq: number;
  readonly receipt: string | null;
  readonly visible: number;
}

export interface Counts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface TakeOptions {
  readonly max: number;
  readonly visibilityMs: number;
  /** Asked before each message is taken; the first it refuses stays, with all behind it. */
  readonly accepts?: (message: Message) => boolean;
}

export class MessageStore {
  readonly arrivals: Arrivals;
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #queues: QueueStore;
  readonly #faults: FaultPlan;
  readonly #lastExpiry = new Map<number, number>();
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #turns: Turns;

  constructor(db: DatabaseSync, clock: Clock, queues: QueueStore, faults: FaultPlan = noFaults) {
    this.#faults = faults;
    this.#db = db;
    this.#clock = clock;
    this.#queues = queues;
    this.arrivals = new Arrivals(clock);
    this.#statements = prepareStatements(db);
    this.#turns = new Turns(db);
  }

  /** Makes what was in flight visible: at start nobody can still be at work on it. */
  landAll(): void {
    const now = this.#clock.now();
    prepare(
      this.#db,
      "UPDATE messages SET visible = ? WHERE visible > ? AND receipt IS NOT NULL",
    ).run(now, now);
  }

  /** Joins the transaction that is open, if one is. */
  send(queue: Queue, draft: Draft): string {
    const id = randomUUID();
    const now = this.#clock.now();
    this.#statements.insert.run(
      queue.id,
      id,
      now,
      now + (draft.delayMs ?? queue.delayMs),
      draft.group ?? null,
      draft.trace ?? null,
      JSON.stringify(draft.attributes),
      draft.body,
    );
    this.arrivals.announce(queue.id);
    return id;
  }

  /** Takes what is visible now, without waiting. */
  take(queue: Queue, { max, visibilityMs, accepts = () => true }: TakeOptions): Message[] {
    this.#expire(queue);
    return transact(this.#db, () => {
      const now = this.#clock.now();
      const taken = new Map<number, Message>();
      for (;;) {
        const rows = this.#visible(queue, now, Math.min(PAGE, max - taken.size));
        // With no visibility time-out the same rows come again.
        const fresh = rows.filter(({ seq }) => !taken.has(seq));
        for (const row of fresh) {
          const fault = this.#faults(deliveryTo(queue));
          if (row.sent <= now - queue.retentionMs) this.#statements.delete.run(row.seq);
          else if (fault?.kind === "late") this.#statements.setVisible.run(now + fault.ms, row.seq);
          else if (!this.#bury(queue, row, now)) {
            const message = receive(row, now);
            if (!accepts(message)) return [...taken.values()];
            const visible = fault?.kind === "duplicate" ? now : now + visibilityMs;
            const receipt = message.receiptHandle.slice(-22);
            this.#statements.take.run(visible, now, receipt, row.seq);
            taken.set(row.seq, message);
            this.#turns.serve(queue.id, row.group_id);
          }
        }
        if (fresh.length === 0 || taken.size >= max) return [...taken.values()];
      }
    });
  }

  /** Takes what is visible; if nothing is, waits for something to be. */
  async receive(
    queue: Queue,
    options: TakeOptions & { readonly waitMs: number; readonly signal: AbortSignal },
  ): Promise<Message[]> {
    const deadline = this.#clock.now() + options.waitMs;
    for (;;) {
      // A client that hung up must not take messages with it.
      if (options.signal.aborted || this.#queues.find(queue.name)?.id !== queue.id) return [];
      const messages = this.take(queue, options);
      if (messages.length > 0 || this.#clock.now() >= deadline) return messages;
      await this.waitForNext(queue, deadline, options.signal);
    }
  }

  /** Until a message may be there to take, or until the given time. */
  waitForNext(queue: Queue, until: number, signal: AbortSignal): Promise<void> {
    const next = this.#statements.nextVisible.get(queue.id)?.visible ?? null;
    return this.arrivals.wait(queue.id, Math.min(until, next ?? Infinity), signal);
  }

  /** A handle that a later receive has outdated deletes nothing, and that is no error. */
  delete(queue: Queue, handle: string): boolean {
    const row = this.#find(queue, handle);
    if (row === undefined) return false;
    this.#statements.delete.run(row.seq);
    return true;
  }

  changeVisibility(queue: Queue, handle: string, visibilityMs: number): void {
    const now = this.#clock.now();
    const row = this.#find(queue, handle);
    if (row === undefined)
      throw invalid(
        `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    if (row.visible <= now)
      throw refuse("MessageNotInflight", "The message referred to is not in flight.");
    this.#statements.setVisible.run(now + visibilityMs, row.seq);
    this.arrivals.announce(queue.id);
  }

  /** Makes a message visible, unless it is so already or has been received by another. */
  land(queue: Queue, handle: string): void {
    const now = this.#clock.now();
    const row = this.#find(queue, handle);
    if (row !== undefined && row.visible > now) this.changeVisibility(queue, handle, 0);
  }

  count(queue: Queue): Counts {
    const now = this.#clock.now();
    const counts = this.#statements.count.get(now, now, now, queue.id, now - queue.retentionMs);
    return counts ?? { visible: 0, inFlight: 0, delayed: 0 };
  }

  purge(queue: Queue): void {
    this.#statements.purge.run(queue.id);
  }

  /** Up to `limit` messages that lie in a queue, back to where they came from as new ones, or to
   * `target`. Gives their number. */
  redrive(queue: Queue, target: Queue | undefined, limit: number): number {
    return transact(this.#db, () => {
      const now = this.#clock.now();
      const rows = this.#statements.atRest.all(queue.id, now, limit);
      let moved = 0;
      for (const { seq, source } of rows) {
        const home = target ?? (source === null ? undefined : this.#queues.find(source));
        if (home === undefined) continue;
        this.#statements.renew.run(home.id, randomUUID(), now, now, seq);
        this.arrivals.announce(home.id);
        moved++;
      }
      return moved;
    });
  }

  /** What is to be taken next: one of each group in its turn, or what came first where all are one. */
  #visible(queue: Queue, now: number, limit: number): MessageRow[] {
    const [group, ...others] = this.#turns.order(queue.id, now);
    if (others.length === 0) return this.#statements.visible.all(queue.id, now, limit);
    const rows: MessageRow[] = [];
    // Of some groups nothing is visible, since all is delayed or under way.
    for (const name of [group ?? null, ...others]) {
      if (rows.length === limit) break;
      rows.push(...this.#statements.visibleOf.all(queue.id, name, now));
    }
    return rows;
  }

  /** Moves a message that was tried often enough to the dead letters. */
  #bury(queue: Queue, row: MessageRow, now: number): boolean {
    if (queue.redrive === undefined || row.tries < queue.redrive.maxReceives) return false;
    const target = this.#queues.find(queue.redrive.queue);
    if (target === undefined) return false;
    this.#statements.bury.run(target.id, now, queue.name, row.seq);
    this.arrivals.announce(target.id);
    return true;
  }

  #find(queue: Queue, handle: string): FlightRow | undefined {
    const [, seq, receipt] = HANDLE.exec(handle) ?? [];
    if (seq === undefined)
      throw refuse("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not valid.`);
    const row = this.#statements.find.get(Number.parseInt(seq, 36), queue.id);
    return row?.receipt === receipt ? row : undefined;
  }

  #expire(queue: Queue): void {
    const now = this.#clock.now();
    if (now - (this.#lastExpiry.get(queue.id) ?? 0) < EXPIRE_EVERY_MS) return;
    this.#lastExpiry.set(queue.id, now);
    this.#statements.expire.run(queue.id, now - queue.retentionMs);
  }
}

function deliveryTo({ name }: Queue): Call {
  return { service: "sqs", operation: "Deliver", target: name };
}

function receive(row: MessageRow, now: number): Message {
  return {
    id: row.id,
    receiptHandle: `${row.seq.toString(36)}-${randomBytes(16).toString("base64url")}`,
    body: row.body,
    attributes: JSON.parse(row.attributes) as MessageAttributes,
    sent: row.sent,
    receives: row.receives + 1,
    firstReceived: row.first_received ?? now,
    ...(row.dead_letter_source !== null && { deadLetterSource: queueArn(row.dead_letter_source) }),
    ...(row.group_id !== null && { group: row.group_id }),
    ...(row.trace !== null && { trace: row.trace }),
  };
}

function prepareStatements(db: DatabaseSync) {
  return {
    insert: prepare(
      db,
      "INSERT INTO messages (queue, id, sent, visible, group_id, trace, attributes, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    ),
    visible: prepare<MessageRow>(
      db,
      "SELECT * FROM messages WHERE queue = ? AND visible <= ? ORDER BY visible, seq LIMIT ?",
    ),
    visibleOf: prepare<MessageRow>(
      db,
      "SELECT * FROM messages WHERE queue = ? AND group_id IS ? AND visible <= ? ORDER BY visible, seq LIMIT 1",
    ),
    nextVisible: prepare<{ visible: number | null }>(
      db,
      "SELECT min(visible) AS visible FROM messages WHERE queue = ?",
    ),
    take: prepare(
      db,
      "UPDATE messages SET visible = ?, receives = receives + 1, tries = tries + 1, first_received = coalesce(first_received, ?), receipt = ? WHERE seq = ?",
    ),
    bury: prepare(
      db,
      "UPDATE messages SET queue = ?, visible = ?, tries = 0, receipt = NULL, dead_letter_source = ? WHERE seq = ?",
    ),
    find: prepare<FlightRow>(
      db,
      "SELECT seq, receipt, visible FROM messages WHERE seq = ? AND queue = ?",
    ),
    delete: prepare(db, "DELETE FROM messages WHERE seq = ?"),
    setVisible: prepare(db, "UPDATE messages SET visible = ? WHERE seq = ?"),
    count: prepare<Counts>(
      db,
      `SELECT count(*) FILTER (WHERE visible <= ?) AS visible,
        count(*) FILTER (WHERE visible > ? AND receipt IS NOT NULL) AS inFlight,
        count(*) FILTER (WHERE visible > ? AND receipt IS NULL) AS delayed
        FROM messages WHERE queue = ? AND sent > ?`,
    ),
    purge: prepare(db, "DELETE FROM messages WHERE queue = ?"),
    expire: prepare(db, "DELETE FROM messages WHERE queue = ? AND sent <= ?"),
    atRest: prepare<{ seq: number; source: string | null }>(
      db,
      "SELECT seq, dead_letter_source AS source FROM messages WHERE queue = ? AND visible <= ? ORDER BY seq LIMIT ?",
    ),
    renew: prepare(
      db,
      "UPDATE messages SET queue = ?, id = ?, sent = ?, visible = ?, receives = 0, tries = 0, first_received = NULL, receipt = NULL, dead_letter_source = NULL WHERE seq = ?",
    ),
  };
}
