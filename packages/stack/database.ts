import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { StackError } from "./errors.ts";

/** Raised whenever a table changes shape; `openDatabase` then has to migrate or refuse. */
const FORMAT = 1;

/** Pages that SQLite may keep in memory, in KiB: listings of a thousand keys stay warm, and what is
 * beyond that is in the system's own cache. */
const CACHE_KIB = 8_192;

const SQLITE_BUSY = 5;

const SCHEMA = `
CREATE TABLE buckets (
  name TEXT PRIMARY KEY,
  created INTEGER NOT NULL,
  versioning TEXT NOT NULL DEFAULT '',
  notifications TEXT NOT NULL DEFAULT '[]'
) STRICT, WITHOUT ROWID;

-- One row a version. Keys are compared as UTF-8 bytes, the order in which S3 lists them.
-- The body comes last, so that a listing never touches the pages it lies on.
CREATE TABLE objects (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  version TEXT NOT NULL,
  latest INTEGER NOT NULL,
  marker INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  meta TEXT NOT NULL,
  pieces TEXT NOT NULL,
  body BLOB
) STRICT;
CREATE INDEX object_versions ON objects (bucket, key, id DESC);
CREATE UNIQUE INDEX current_objects ON objects (bucket, key) WHERE latest = 1;

CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  bucket TEXT NOT NULL,
  key TEXT NOT NULL,
  started INTEGER NOT NULL,
  meta TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  checksum_type TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE parts (
  upload TEXT NOT NULL,
  number INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  checksums TEXT NOT NULL,
  blob TEXT NOT NULL,
  PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE queues (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  attributes TEXT NOT NULL,
  tags TEXT NOT NULL,
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL
) STRICT;

-- A message that has a receipt and is not visible is in flight; one without is delayed.
-- "receives" counts over all queues, as clients see it; "tries" only in this queue, for its redrive.
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  queue INTEGER NOT NULL,
  id TEXT NOT NULL,
  sent INTEGER NOT NULL,
  visible INTEGER NOT NULL,
  receives INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  first_received INTEGER,
  receipt TEXT,
  dead_letter_source TEXT,
  group_id TEXT,
  trace TEXT,
  attributes TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX messages_by_visibility ON messages (queue, visible);
`;

/** What makes reading quick and changes no table: added to folders that are older. */
const INDEXES = `
CREATE INDEX IF NOT EXISTS messages_by_group ON messages (queue, group_id, visible);
`;

/** A prepared statement whose rows have a known shape. */
export interface Query<Row> {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
  iterate(...values: SQLInputValue[]): IterableIterator<Row>;
  run(...values: SQLInputValue[]): { changes: number | bigint; lastInsertRowid: number | bigint };
}

/** The one place where SQLite's untyped rows get their type: from the statement that names them. */
export function prepare<Row = never>(db: DatabaseSync, sql: string): Query<Row> {
  return db.prepare(sql) as unknown as Query<Row>;
}

/** All or nothing. Inside another transaction it joins that one. */
export function transact<Result>(db: DatabaseSync, work: () => Result): Result {
  if (db.isTransaction) return work();
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** How long a folder's lock is waited for, in milliseconds: a process that was just killed may take
 * so long to be gone. */
const LOCK_WAIT_MS = 2_000;

/** Takes the folder for this process alone, until the lock is closed or the process ends,
 * however it ends: the lock is the operating system's. */
export function lockFolder(dir: string): DatabaseSync {
  mkdirSync(dir, { recursive: true });
  const lock = new DatabaseSync(join(dir, "lock.db"), { timeout: LOCK_WAIT_MS });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new StackError(
      `the folder ${dir} is in use by another running stack: stop that one, or choose another folder`,
      { cause: error, option: "dir" },
    );
  }
}

export function createTables(db: DatabaseSync): void {
  db.exec(SCHEMA);
  db.exec(INDEXES);
  db.exec(`PRAGMA user_version = ${FORMAT}`);
}

export function openDatabase(dir: string): DatabaseSync {
  const db = new DatabaseSync(join(dir, "stack.db"));
  try {
    // With NORMAL a commit survives the end of the process, not always a power cut; a power cut
    // takes the last commits and never leaves a broken file.
    db.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -${CACHE_KIB}`,
    );
    const { format } = prepare<{ format: number }>(
      db,
      "SELECT user_version AS format FROM pragma_user_version",
    ).get() ?? { format: 0 };
    if (format === 0) {
      transact(db, () => createTables(db));
    } else if (format !== FORMAT) {
      throw new StackError(
        `${dir} was written in format ${format}, and this version reads format ${FORMAT}: use the version that wrote it, or another folder`,
      );
    } else db.exec(INDEXES);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
