import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { prepare, type Query } from "../database.ts";
import { ApiError } from "../errors.ts";

export type Versioning = "" | "Enabled" | "Suspended";

/** Which events of a bucket go to which queue. */
export interface Notification {
  readonly id: string;
  readonly queue: string;
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

export interface Bucket {
  readonly name: string;
  readonly created: number;
  readonly versioning: Versioning;
  readonly notifications: readonly Notification[];
}

interface BucketRow {
  readonly name: string;
  readonly created: number;
  readonly versioning: Versioning;
  readonly notifications: string;
}

export class BucketStore {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #find: Query<BucketRow>;

  constructor(db: DatabaseSync, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    this.#find = prepare<BucketRow>(db, "SELECT * FROM buckets WHERE name = ?");
  }

  find(name: string): Bucket | undefined {
    const row = this.#find.get(name);
    return row === undefined ? undefined : parseRow(row);
  }

  get(name: string): Bucket {
    const bucket = this.find(name);
    if (bucket === undefined)
      throw new ApiError("NoSuchBucket", 404, "The specified bucket does not exist", {
        BucketName: name,
      });
    return bucket;
  }

  all(): Bucket[] {
    return prepare<BucketRow>(this.#db, "SELECT * FROM buckets ORDER BY name").all().map(parseRow);
  }

  /** Creating what stands is no error, as in the region whose name the stack bears. */
  create(name: string): Bucket {
    const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(name);
    if (!/^[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/.test(name) || isAddress)
      throw new ApiError("InvalidBucketName", 400, "The specified bucket is not valid.", {
        BucketName: name,
      });
    prepare(this.#db, "INSERT OR IGNORE INTO buckets (name, created) VALUES (?, ?)").run(
      name,
      this.#clock.now(),
    );
    return this.get(name);
  }

  delete(name: string): void {
    const isUsed = prepare<object>(this.#db, "SELECT 1 FROM objects WHERE bucket = ? LIMIT 1").get(
      name,
    );
    if (isUsed !== undefined)
      throw new ApiError("BucketNotEmpty", 409, "The bucket you tried to delete is not empty", {
        BucketName: name,
      });
    prepare(this.#db, "DELETE FROM buckets WHERE name = ?").run(name);
  }

  setVersioning(name: string, versioning: Versioning): void {
    prepare(this.#db, "UPDATE buckets SET versioning = ? WHERE name = ?").run(versioning, name);
  }

  setNotifications(name: string, notifications: readonly Notification[]): void {
    prepare(this.#db, "UPDATE buckets SET notifications = ? WHERE name = ?").run(
      JSON.stringify(notifications),
      name,
    );
  }
}

function parseRow(row: BucketRow): Bucket {
  return { ...row, notifications: JSON.parse(row.notifications) as Notification[] };
}
