import { formatOf } from "@assay/formats";
import type { Batch, Graded, GradeOptions, Origin } from "@assay/grading";
import { addTally, emptyTally } from "@assay/grading";
import type { ErrorInfo, Part, ShardMessage, Tally } from "@assay/schema";
import { announcePart } from "./announce.ts";
import { finishShard } from "./finish.ts";
import { partKey, triesPrefix } from "./keys.ts";
import { ShardLines } from "./lines.ts";
import { OpenPart } from "./open-part.ts";
import { headPart, listParts, partMeta, type Shard, shardOf } from "./parts.ts";
import * as policy from "./policy.ts";
import { SourceGone, type World } from "./ports.ts";
import { reject } from "./reject.ts";

/** Who grades: `GradingPool`, as far as this needs it. */
export interface Grader {
  grade(batches: AsyncIterable<Batch>, options: GradeOptions): AsyncGenerator<Graded>;
  /** The records of one line as this error, with nothing verified. */
  blame(line: Batch, origin: Origin, error: ErrorInfo): Promise<Graded>;
}

/** One handling of a shard message. */
export interface Delivery {
  readonly messageId: string;
  /** How often the message has been received, this time included. */
  readonly receives: number;
  readonly queuedMs: number;
  /** Aborted when only the time is left to write what is graded. */
  readonly outOfTime: AbortSignal;
}

/**
 * What becomes of the message: `ack` it; make it visible `again` soon; or `leave` it alone until
 * its visibility runs out.
 */
export type Disposition = "ack" | "again" | "leave";

export interface Handled {
  readonly disposition: Disposition;
  /** What this handling wrote. */
  readonly tally: Tally;
  /** The retryable error that it met, if any. */
  readonly passing: string | undefined;
}

/** Grades what is left of a shard, by the rules of the protocol (numbered as in its description). */
export async function gradeShard(
  world: World,
  grader: Grader,
  message: ShardMessage,
  delivery: Delivery,
): Promise<Handled> {
  const handling = new Handling(world, grader, message, delivery);
  const disposition = await handling.run().catch((error) => {
    if (error instanceof SourceGone) return handling.abandon();
    throw error;
  });
  return { disposition, tally: handling.tally, passing: handling.passing };
}

class Handling {
  readonly #world: World;
  readonly #grader: Grader;
  readonly #message: ShardMessage;
  readonly #delivery: Delivery;
  readonly #shard: Shard;
  readonly #origin: Origin;
  /** Rule 9: a fresh id for each handling, which its parts carry. */
  readonly #writer: string;
  /** The parts of the shard that are known, by their start. */
  readonly #parts = new Map<number, Part>();
  /** The first place in the shard without a record. */
  #chainEnd: number;
  #lookedUp = false;
  readonly tally = emptyTally();
  passing: string | undefined;

  constructor(world: World, grader: Grader, message: ShardMessage, delivery: Delivery) {
    this.#world = world;
    this.#grader = grader;
    this.#message = message;
    this.#delivery = delivery;
    this.#shard = shardOf(message);
    this.#writer = world.newId();
    this.#chainEnd = message.start;
    this.#origin = {
      job: message.job,
      sid: message.sid,
      file: message.source.key,
      queuedMs: delivery.queuedMs,
    };
  }

  async run(): Promise<Disposition> {
    const message = this.#message;
    const solo = this.#isSolo();
    // Rule 6: on the first delivery of a shard's first message nothing can stand yet, mostly.
    const first = this.#delivery.receives === 1 && message.start === this.#shard.start && !solo;
    if (!first) await this.#lookUp();
    if (this.#chainEnd >= message.end) return await this.#finish();
    const bucket = this.#world.bucket(message.source.bucket);
    const lines = new ShardLines(bucket, message.source, this.#chainEnd, message.end);
    try {
      return solo ? await this.#alone(lines) : await this.#inSteps(lines);
    } finally {
      await lines.close();
    }
  }

  /** Rule 1: the source is gone. What stands is announced, then the rest is rejected. */
  async abandon(): Promise<Disposition> {
    if (!this.#lookedUp) await this.#lookUp();
    if (this.#chainEnd >= this.#message.end) return await this.#finish();
    await reject(this.#world, this.#delivery.messageId, this.#message.reply_to, {
      job: this.#message.job,
      reason: "source_gone",
      message: `${this.#message.source.key}: the version that was submitted is no more`,
    });
    return "ack";
  }

  #wrote(): boolean {
    return this.tally.lines > 0;
  }

  #isSolo(): boolean {
    return this.#message.solo || this.#delivery.receives >= policy.SOLO_RECEIVE;
  }

  /** Rule 6: the chain's end, and the announcements that a dead worker may owe. */
  async #lookUp(): Promise<void> {
    this.#lookedUp = true;
    const starts = await listParts(this.#world.rewards, this.#message, this.#shard);
    const last = starts.at(-1);
    this.#chainEnd = this.#shard.start;
    if (last === undefined) return;
    for (const start of starts) {
      if (start < this.#message.start && start !== last) continue;
      const { part } = await headPart(this.#world.rewards, this.#message, start);
      this.#parts.set(start, part);
      if (start >= this.#message.start) await announcePart(this.#world, this.#message, part);
    }
    this.#chainEnd = this.#parts.get(last)?.end ?? this.#chainEnd;
  }

  /** Rule 7: the whole rest on the first receive, smaller steps on each later one. */
  async #inSteps(lines: ShardLines): Promise<Disposition> {
    const smaller = policy.STEP_FACTOR ** (this.#delivery.receives - 1);
    const step =
      this.#delivery.receives === 1
        ? Number.MAX_SAFE_INTEGER
        : Math.max(1, Math.floor(policy.SHARD_BYTES / smaller));
    while (await lines.hasMore()) {
      const open = new OpenPart();
      const graded = this.#grader.grade(lines.take(step), {
        origin: this.#origin,
        settle: false,
        signal: this.#delivery.outOfTime,
      });
      let stopped = false;
      for await (const piece of graded) {
        open.add(piece);
        stopped = piece.short;
        this.passing = piece.passing;
        // The last part of a shard reaches to its end, so that nobody need look again.
        if (open.bytes >= policy.PART_BYTES && !(await this.#write(open))) return "leave";
      }
      if (!stopped && !(await lines.hasMore())) open.end = this.#message.end;
      if (open.bytes > 0 && !(await this.#write(open))) return "leave";
      if (stopped || (this.#delivery.outOfTime.aborted && (await lines.hasMore())))
        return await this.#stop();
    }
    return await this.#finish();
  }

  /** Rule 8: one line at a time, alone in the invocation, each try marked. */
  async #alone(lines: ShardLines): Promise<Disposition> {
    const from = this.#chainEnd;
    while (await lines.hasMore()) {
      if (this.#delivery.outOfTime.aborted) return await this.#stop();
      // Past the span in which the trouble lay, lines go together again.
      if (this.#wrote() && this.#chainEnd - from >= this.#soloSpan()) return await this.#stop();
      for await (const line of lines.take(1)) {
        const ending = await this.#lineAlone(line, lines);
        if (ending !== "next") return ending;
      }
    }
    return await this.#finish();
  }

  #soloSpan(): number {
    const isRows = formatOf(this.#message.source.key) === "parquet";
    return isRows ? policy.SOLO_SPAN_ROWS : policy.SOLO_SPAN_BYTES;
  }

  async #lineAlone(line: Batch, lines: ShardLines): Promise<Disposition | "next"> {
    const tries = triesPrefix(this.#message.job, this.#message.sid, line.offset);
    const { nowMs, objects } = await this.#world.rewards.list(tries);
    const dead = objects.filter(({ modifiedMs }) => nowMs - modifiedMs > policy.TRY_DEAD_MS);
    const crashed = dead.length >= policy.DEAD_TRIES;
    const mark = `${tries}${this.#world.newId()}`;
    if (!crashed) await this.#world.rewards.create(mark, new Uint8Array(0));
    try {
      const graded = crashed
        ? await this.#grader.blame(line, this.#origin, crashError(dead.length))
        : await this.#gradeOne(line);
      this.passing = graded.passing;
      if (graded.short) return await this.#stop();
      const open = new OpenPart();
      open.add(graded);
      if (!(await lines.hasMore())) open.end = this.#message.end;
      if (open.bytes > 0 && !(await this.#write(open))) return "leave";
      // One line has had its error; the next ones have all their deliveries before them.
      return crashed || graded.passing !== undefined ? await this.#stop() : "next";
    } finally {
      // Stopped alive: this was no try that its line brought down.
      if (!crashed) await this.#world.rewards.remove(mark);
    }
  }

  async #gradeOne(line: Batch): Promise<Graded> {
    const [graded] = await Array.fromAsync(
      this.#grader.grade(once(line), {
        origin: this.#origin,
        // Retries within the invocation and deliveries are used up: what fails now has failed.
        settle: this.#message.solo || this.#delivery.receives >= policy.MAX_RECEIVES,
        signal: this.#delivery.outOfTime,
      }),
    );
    return graded as Graded;
  }

  /** Rules 5, 9 and 13: the part, named by the chain's end, then its announcement. False where
   * another's part stands there. */
  async #write(open: OpenPart): Promise<boolean> {
    const { rewards } = this.#world;
    const { job, sid } = this.#message;
    const start = this.#chainEnd;
    // Its last line may end past the shard; the lines of a part begin within it.
    const end = Math.min(open.end, this.#message.end);
    const { records, tally } = open.close();
    const key = partKey(job, sid, start);
    const meta = partMeta(this.#writer, end, tally);
    if ((await rewards.create(key, records, meta)) === "exists") {
      const standing = await headPart(rewards, this.#message, start);
      if (standing.writer !== this.#writer) return false;
    }
    const part: Part = { key, start, end, ...tally };
    this.#parts.set(start, part);
    this.#chainEnd = end;
    addTally(this.tally, tally);
    await announcePart(this.#world, this.#message, part, records);
    return true;
  }

  /** Rule 10: short of time, or stopped by something that will pass. */
  async #stop(): Promise<Disposition> {
    if (!this.#wrote()) return "again";
    if (this.#chainEnd >= this.#message.end) return await this.#finish();
    const remainder: ShardMessage = { ...this.#message, start: this.#chainEnd, solo: false };
    await this.#world.shards.send([{ body: JSON.stringify(remainder), group: remainder.job }]);
    return "ack";
  }

  /** Rule 13: the chain is closed. */
  async #finish(): Promise<Disposition> {
    // All that stands from the message's start on is known by now.
    const starts =
      this.#message.start === this.#shard.start
        ? [...this.#parts.keys()]
        : await listParts(this.#world.rewards, this.#message, this.#shard);
    const parts: Part[] = [];
    for (const start of starts) {
      const known = this.#parts.get(start);
      parts.push(known ?? (await headPart(this.#world.rewards, this.#message, start)).part);
    }
    await finishShard(this.#world, this.#message, this.#shard, parts);
    return "ack";
  }
}

function crashError(times: number): ErrorInfo {
  const message = `grading this line took its invocation down ${times} times`;
  return { class: "crashed", message, retryable: true };
}

async function* once(line: Batch): AsyncGenerator<Batch> {
  yield line;
}
