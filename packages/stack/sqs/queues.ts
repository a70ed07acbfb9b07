import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { prepare, transact } from "../database.ts";
import {
  checkAttributes,
  type QueueAttributes,
  type Redrive,
  readRedrive,
  readRedriveAllow,
  withDefaults,
} from "./attributes.ts";
import { invalid, noSuchQueue, refuse } from "./errors.ts";

/** Tags on one queue, as SQS bounds them. */
const MAX_TAGS = 50;

export interface Queue {
  readonly id: number;
  readonly name: string;
  /** As set; what was not set is not here. */
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
  readonly created: number;
  readonly modified: number;
  readonly visibilityMs: number;
  readonly delayMs: number;
  readonly retentionMs: number;
  readonly waitMs: number;
  readonly maxMessageBytes: number;
  readonly redrive: Redrive | undefined;
}

interface QueueRow {
  readonly id: number;
  readonly name: string;
  readonly attributes: string;
  readonly tags: string;
  readonly created: number;
  readonly modified: number;
}

export class QueueStore {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  /** Nobody else writes to the database, so what was read once stays true until we change it. */
  readonly #known = new Map<string, Queue>();

  constructor(db: DatabaseSync, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    for (const row of prepare<QueueRow>(db, "SELECT * FROM queues ORDER BY name").all())
      this.#known.set(row.name, parseRow(row));
  }

  find(name: string): Queue | undefined {
    return this.#known.get(name);
  }

  get(name: string): Queue {
    const queue = this.#known.get(name);
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }

  all(): Queue[] {
    return [...this.#known.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Creates it, or gives back the one that stands if every given attribute agrees with it. */
  create(name: string, attributes: QueueAttributes, tags: Queue["tags"] = {}): Queue {
    if (name.endsWith(".fifo"))
      throw refuse("UnsupportedOperation", "FIFO queues are not part of this stack.");
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name))
      throw invalid(
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
      );
    const standing = this.find(name);
    if (standing === undefined) {
      this.#check(name, attributes);
      const now = this.#clock.now();
      prepare(
        this.#db,
        "INSERT INTO queues (name, attributes, tags, created, modified) VALUES (?, ?, ?, ?, ?)",
      ).run(name, JSON.stringify(attributes), JSON.stringify(checkTags(tags)), now, now);
      return this.#reload(name);
    }
    const effective = withDefaults(standing.attributes);
    for (const [key, value] of Object.entries(attributes))
      if (!sameValue(effective[key], value))
        throw refuse(
          "QueueNameExists",
          `A queue already exists with the same name and a different value for attribute ${key}`,
        );
    return standing;
  }

  /** An empty value puts an attribute back to its default. */
  update(queue: Queue, changes: QueueAttributes): Queue {
    const merged = Object.entries({ ...queue.attributes, ...changes });
    const attributes = Object.fromEntries(merged.filter(([, value]) => value !== ""));
    this.#check(queue.name, attributes);
    prepare(this.#db, "UPDATE queues SET attributes = ?, modified = ? WHERE id = ?").run(
      JSON.stringify(attributes),
      this.#clock.now(),
      queue.id,
    );
    return this.#reload(queue.name);
  }

  setTags(queue: Queue, tags: Queue["tags"]): void {
    prepare(this.#db, "UPDATE queues SET tags = ? WHERE id = ?").run(
      JSON.stringify(checkTags(tags)),
      queue.id,
    );
    this.#reload(queue.name);
  }

  delete(queue: Queue): void {
    transact(this.#db, () => {
      prepare(this.#db, "DELETE FROM messages WHERE queue = ?").run(queue.id);
      prepare(this.#db, "DELETE FROM queues WHERE id = ?").run(queue.id);
    });
    this.#known.delete(queue.name);
  }

  /** The queues whose dead letters come to this one. */
  sourcesOf(name: string): Queue[] {
    return this.all().filter(({ redrive }) => redrive?.queue === name);
  }

  #check(name: string, attributes: QueueAttributes): void {
    checkAttributes(attributes);
    const redrive = readRedrive(attributes);
    if (redrive === undefined) return;
    const target = this.find(redrive.queue);
    if (target === undefined)
      throw invalid(
        `Value ${attributes["RedrivePolicy"]} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
      );
    const { permission, sources } = readRedriveAllow(target.attributes);
    if (permission === "denyAll" || (permission === "byQueue" && !sources.includes(name)))
      throw invalid(
        `Value ${attributes["RedrivePolicy"]} for parameter RedrivePolicy is invalid. Reason: The dead letter target's RedriveAllowPolicy does not admit this queue.`,
      );
  }

  #reload(name: string): Queue {
    const row = prepare<QueueRow>(this.#db, "SELECT * FROM queues WHERE name = ?").get(name);
    if (row === undefined) throw noSuchQueue();
    const queue = parseRow(row);
    this.#known.set(name, queue);
    return queue;
  }
}

function parseRow(row: QueueRow): Queue {
  const attributes = JSON.parse(row.attributes) as Record<string, string>;
  const full = withDefaults(attributes);
  return {
    ...row,
    attributes,
    tags: JSON.parse(row.tags) as Record<string, string>,
    visibilityMs: Number(full["VisibilityTimeout"]) * 1000,
    delayMs: Number(full["DelaySeconds"]) * 1000,
    retentionMs: Number(full["MessageRetentionPeriod"]) * 1000,
    waitMs: Number(full["ReceiveMessageWaitTimeSeconds"]) * 1000,
    maxMessageBytes: Number(full["MaximumMessageSize"]),
    redrive: readRedrive(attributes),
  };
}

function checkTags(tags: Queue["tags"]): Queue["tags"] {
  if (Object.keys(tags).length > MAX_TAGS) throw invalid(`A queue has at most ${MAX_TAGS} tags.`);
  return tags;
}

/** Policies are JSON, and two texts of one policy are the same policy. */
function sameValue(left: string | undefined, right: string): boolean {
  if (left === right) return true;
  if (left === undefined || !left.startsWith("{")) return false;
  try {
    return JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
  } catch {
    return false;
  }
}
