import type { DatabaseSync } from "node:sqlite";
import { prepare } from "../database.ts";
import type { Piece } from "./blobs.ts";
import type { Bucket } from "./buckets.ts";
import type { Metadata, StoredChecksums } from "./metadata.ts";

/** The version of what is written while a bucket keeps none. */
export const UNVERSIONED = "null";

export interface StoredObject {
  readonly id: number;
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  /** A deletion in a bucket that keeps versions. */
  readonly isMarker: boolean;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly meta: ObjectMeta;
  /** Empty where the bytes lie in the row. */
  readonly pieces: readonly Piece[];
}

export interface ObjectMeta extends Metadata {
  readonly checksums: StoredChecksums;
  readonly partSizes?: readonly number[];
}

/** What is to become an object. */
export interface ObjectDraft {
  readonly size: number;
  readonly etag: string;
  readonly meta: ObjectMeta;
  readonly inline: Uint8Array | undefined;
  readonly pieces: readonly Piece[];
}

export interface ObjectRow {
  readonly id: number;
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly marker: number;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly meta: string;
  readonly pieces: string;
}

const COLUMNS = "id, bucket, key, version, marker, size, etag, modified, meta, pieces";

/** What a deletion leaves in a bucket that keeps versions. */
export const MARKER: ObjectDraft = {
  size: 0,
  // That of no bytes: it stands in events, never in an answer.
  etag: "d41d8cd98f00b204e9800998ecf8427e",
  meta: { system: {}, user: {}, tags: {}, checksums: { values: {}, type: "FULL_OBJECT" } },
  inline: undefined,
  pieces: [],
};

/** What a bucket without versions never shows. */
export function versionOf(
  { versioning }: Bucket,
  { version }: StoredObject,
): { readonly version?: string } {
  return versioning === "" ? {} : { version };
}

export function parseRow({ marker, meta, pieces, ...row }: ObjectRow): StoredObject {
  return {
    ...row,
    isMarker: marker === 1,
    meta: JSON.parse(meta) as ObjectMeta,
    pieces: JSON.parse(pieces) as Piece[],
  };
}

export function prepareStatements(db: DatabaseSync) {
  return {
    current: prepare<ObjectRow>(
      db,
      `SELECT ${COLUMNS} FROM objects WHERE bucket = ? AND key = ? AND latest = 1`,
    ),
    version: prepare<ObjectRow>(
      db,
      `SELECT ${COLUMNS} FROM objects WHERE bucket = ? AND key = ? AND version = ?`,
    ),
    body: prepare<{ body: Uint8Array | null }>(db, "SELECT body FROM objects WHERE id = ?"),
    insert: prepare(
      db,
      "INSERT INTO objects (bucket, key, version, latest, marker, size, etag, modified, meta, pieces, body) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)",
    ),
    demote: prepare(
      db,
      "UPDATE objects SET latest = 0 WHERE bucket = ? AND key = ? AND latest = 1",
    ),
    promote: prepare(
      db,
      "UPDATE objects SET latest = 1 WHERE id = (SELECT max(id) FROM objects WHERE bucket = ? AND key = ?)",
    ),
    skip: prepare<{ seq: number }>(
      db,
      "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'objects' RETURNING seq",
    ),
    delete: prepare(db, "DELETE FROM objects WHERE id = ?"),
    setMeta: prepare(db, "UPDATE objects SET meta = ? WHERE id = ?"),
  };
}
