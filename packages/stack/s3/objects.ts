import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { prepare, transact } from "../database.ts";
import { ApiError } from "../errors.ts";
import type { BlobStore, Piece } from "./blobs.ts";
import type { Bucket } from "./buckets.ts";
import { checkWrite, preconditionFailed, type WriteConditions } from "./conditions.ts";
import type { Notifier } from "./events.ts";
import type { Metadata } from "./metadata.ts";
import {
  MARKER,
  type ObjectDraft,
  type ObjectMeta,
  parseRow,
  prepareStatements,
  type StoredObject,
  UNVERSIONED,
  versionOf,
} from "./object.ts";
import { Races } from "./races.ts";

export class ObjectStore {
  readonly blobs: BlobStore;
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #notifier: Notifier;
  readonly races = new Races();
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(db: DatabaseSync, clock: Clock, blobs: BlobStore, notifier: Notifier) {
    this.#db = db;
    this.#clock = clock;
    this.blobs = blobs;
    this.#notifier = notifier;
    this.#statements = prepareStatements(db);
  }

  /** The newest version, unless that is a deletion. */
  current(bucket: string, key: string): StoredObject | undefined {
    const row = this.#statements.current.get(bucket, key);
    return row === undefined || row.marker === 1 ? undefined : parseRow(row);
  }

  /** What a read of this key, perhaps of one version, is about; or the error that it gets. */
  find(bucket: string, key: string, version: string | undefined): StoredObject {
    const row =
      version === undefined
        ? this.#statements.current.get(bucket, key)
        : this.#statements.version.get(bucket, key, version);
    if (row === undefined)
      throw version === undefined
        ? noSuchKey(key)
        : new ApiError("NoSuchVersion", 404, "The specified version does not exist.", {
            Key: key,
            VersionId: version,
          });
    if (row.marker === 0) return parseRow(row);
    const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": row.version };
    throw version === undefined
      ? noSuchKey(key, headers)
      : new ApiError(
          "MethodNotAllowed",
          405,
          "The specified method is not allowed against this resource.",
          { Method: "GET", ResourceType: "DeleteMarker" },
          headers,
        );
  }

  /** A version's place among all, or nothing where it is gone. */
  idOf(bucket: string, key: string, version: string): number | undefined {
    return this.#statements.version.get(bucket, key, version)?.id;
  }

  /** The bytes of an object that has no pieces. */
  inlineBytes({ id }: StoredObject): Uint8Array {
    return this.#statements.body.get(id)?.body ?? new Uint8Array();
  }

  /** Writes an object if the conditions hold, tells the queues, and drops what it replaces: all
   * or nothing. `also` joins the transaction. */
  put(
    bucket: Bucket,
    key: string,
    draft: ObjectDraft,
    conditions: WriteConditions,
    eventName: string,
    also: () => void = () => {},
  ): StoredObject {
    const { object, dropped } = transact(this.#db, () => {
      checkWrite(conditions, this.current(bucket.name, key));
      also();
      const gone = this.#makeRoom(bucket, key);
      const written = this.#insert(bucket, key, draft, false);
      this.#notifier.announce(bucket, {
        name: eventName,
        key,
        sequence: written.id,
        size: written.size,
        etag: written.etag,
        ...versionOf(bucket, written),
      });
      return { object: written, dropped: gone };
    });
    this.blobs.remove(dropped);
    return object;
  }

  /** Deletes, or in a bucket that keeps versions marks as deleted. Gives the marker, if one was
   * made. */
  delete(bucket: Bucket, key: string, ifMatch?: string): StoredObject | undefined {
    const { marker, dropped } = transact(this.#db, () => {
      const standing = this.current(bucket.name, key);
      if (ifMatch !== undefined && standing === undefined) throw preconditionFailed("If-Match");
      checkWrite({ ifMatch, ifNoneMatch: false }, standing);
      if (bucket.versioning === "" && standing === undefined) return { dropped: [] };
      const gone = this.#makeRoom(bucket, key);
      if (bucket.versioning === "") {
        const sequence = this.#nextSequence();
        this.#notifier.announce(bucket, { name: "ObjectRemoved:Delete", key, sequence });
        return { dropped: gone };
      }
      const made = this.#insert(bucket, key, MARKER, true);
      this.#notifier.announce(bucket, {
        name: "ObjectRemoved:DeleteMarkerCreated",
        key,
        sequence: made.id,
        etag: made.etag,
        ...versionOf(bucket, made),
      });
      return { marker: made, dropped: gone };
    });
    this.races.lose(bucket.name, key);
    this.blobs.remove(dropped);
    return marker;
  }

  /** Deletes one version for good; the one before it, if any, becomes the current one. */
  deleteVersion(bucket: Bucket, key: string, version: string): StoredObject | undefined {
    const row = this.#statements.version.get(bucket.name, key, version);
    if (row === undefined) return undefined;
    const object = parseRow(row);
    transact(this.#db, () => {
      this.#statements.delete.run(object.id);
      this.#statements.promote.run(bucket.name, key);
      this.#notifier.announce(bucket, {
        name: "ObjectRemoved:Delete",
        key,
        sequence: this.#nextSequence(),
        version,
      });
    });
    this.races.lose(bucket.name, key);
    this.blobs.remove(object.pieces);
    return object;
  }

  setTags(object: StoredObject, tags: Metadata["tags"]): void {
    const meta: ObjectMeta = { ...object.meta, tags };
    this.#statements.setMeta.run(JSON.stringify(meta), object.id);
  }

  /** Every file that some row names. */
  *knownBlobs(): Iterable<string> {
    for (const { pieces } of prepare<{ pieces: string }>(
      this.#db,
      "SELECT pieces FROM objects WHERE pieces <> '[]'",
    ).iterate())
      for (const { blob } of JSON.parse(pieces) as Piece[]) yield blob;
    for (const { blob } of prepare<{ blob: string }>(this.#db, "SELECT blob FROM parts").iterate())
      yield blob;
  }

  /** Makes way for a new current version. Gives the files of what had to go for good. */
  #makeRoom(bucket: Bucket, key: string): readonly Piece[] {
    this.#statements.demote.run(bucket.name, key);
    if (bucket.versioning === "Enabled") return [];
    const row = this.#statements.version.get(bucket.name, key, UNVERSIONED);
    if (row === undefined) return [];
    this.#statements.delete.run(row.id);
    return parseRow(row).pieces;
  }

  #insert(bucket: Bucket, key: string, draft: ObjectDraft, isMarker: boolean): StoredObject {
    const { size, etag, meta, pieces } = draft;
    const version =
      bucket.versioning === "Enabled" ? randomBytes(24).toString("base64url") : UNVERSIONED;
    const modified = this.#clock.now();
    const { lastInsertRowid } = this.#statements.insert.run(
      bucket.name,
      key,
      version,
      isMarker ? 1 : 0,
      size,
      etag,
      modified,
      JSON.stringify(meta),
      JSON.stringify(pieces),
      draft.inline ?? null,
    );
    const id = Number(lastInsertRowid);
    return { id, bucket: bucket.name, key, version, isMarker, size, etag, modified, meta, pieces };
  }

  /** A number that no object has, below those of all objects to come. */
  #nextSequence(): number {
    return this.#statements.skip.get()?.seq ?? 0;
  }
}

function noSuchKey(key: string, headers: Readonly<Record<string, string>> = {}): ApiError {
  return new ApiError("NoSuchKey", 404, "The specified key does not exist.", { Key: key }, headers);
}
