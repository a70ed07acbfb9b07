import { createHash, randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { prepare, type Query, transact } from "../database.ts";
import { ApiError } from "../errors.ts";
import type { BlobStore, Piece } from "./blobs.ts";
import type { Body } from "./body.ts";
import { type Algorithm, type Checksums, createChecksum } from "./checksums.ts";
import type { Metadata, StoredChecksums } from "./metadata.ts";

/** S3's floor for every part but the last. */
const MIN_PART_BYTES = 5 * 1024 ** 2;

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly started: number;
  readonly metadata: Metadata;
  readonly algorithm: Algorithm | undefined;
  readonly checksumType: StoredChecksums["type"];
}

export interface Part {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly checksums: Checksums;
  readonly blob: string;
}

/** A part as the client names it when it completes an upload. */
export interface ClaimedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksums: Checksums;
}

interface UploadRow {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly started: number;
  readonly meta: string;
  readonly algorithm: string;
  readonly checksum_type: StoredChecksums["type"];
}

interface PartRow {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly checksums: string;
  readonly blob: string;
}

/** Uploads in parts, until they are completed or given up. */
export class UploadStore {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #blobs: BlobStore;
  readonly #find: Query<UploadRow>;
  readonly #parts: Query<PartRow>;

  constructor(db: DatabaseSync, clock: Clock, blobs: BlobStore) {
    this.#db = db;
    this.#clock = clock;
    this.#blobs = blobs;
    this.#find = prepare<UploadRow>(
      db,
      "SELECT * FROM uploads WHERE id = ? AND bucket = ? AND key = ?",
    );
    this.#parts = prepare<PartRow>(db, "SELECT * FROM parts WHERE upload = ? ORDER BY number");
  }

  create(draft: Omit<Upload, "id" | "started">): Upload {
    const id = randomBytes(32).toString("base64url");
    const started = this.#clock.now();
    prepare(this.#db, "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?)").run(
      id,
      draft.bucket,
      draft.key,
      started,
      JSON.stringify(draft.metadata),
      draft.algorithm ?? "",
      draft.checksumType,
    );
    return { ...draft, id, started };
  }

  get(bucket: string, key: string, id: string): Upload {
    const row = this.#find.get(id, bucket, key);
    if (row === undefined)
      throw new ApiError(
        "NoSuchUpload",
        404,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
        { UploadId: id },
      );
    return parseRow(row);
  }

  list(bucket: string): Upload[] {
    return prepare<UploadRow>(
      this.#db,
      "SELECT * FROM uploads WHERE bucket = ? ORDER BY key, started",
    )
      .all(bucket)
      .map(parseRow);
  }

  parts({ id }: Upload): Part[] {
    return this.#parts.all(id).map((row) => ({
      ...row,
      checksums: JSON.parse(row.checksums) as Checksums,
    }));
  }

  /** Keeps a part, in the place of an earlier one of its number. */
  addPart(upload: Upload, number: number, body: Body): Part {
    const [piece] = body.pieces;
    const part: Part = {
      number,
      size: body.size,
      etag: body.md5,
      modified: this.#clock.now(),
      checksums: body.checksums,
      blob: piece?.blob ?? "",
    };
    const replaced = transact(this.#db, () => {
      // It may have been completed or aborted while the body was on its way.
      this.get(upload.bucket, upload.key, upload.id);
      const earlier = this.parts(upload).filter((one) => one.number === number);
      prepare(this.#db, "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?)").run(
        upload.id,
        number,
        part.size,
        part.etag,
        part.modified,
        JSON.stringify(part.checksums),
        part.blob,
      );
      return earlier;
    });
    this.#blobs.remove(piecesOf(replaced));
    return part;
  }

  abort(upload: Upload): void {
    const parts = this.parts(upload);
    transact(this.#db, () => this.forget(upload));
    this.#blobs.remove(piecesOf(parts));
  }

  /** Drops the rows of an upload; the files of its parts stay. */
  forget({ id }: Upload): void {
    prepare(this.#db, "DELETE FROM parts WHERE upload = ?").run(id);
    prepare(this.#db, "DELETE FROM uploads WHERE id = ?").run(id);
  }

  /** The stored parts that a client names, if it names them rightly. */
  choose(upload: Upload, claimed: readonly ClaimedPart[]): Part[] {
    const stored = new Map(this.parts(upload).map((part) => [part.number, part]));
    if (claimed.some(({ number }, index) => number <= (claimed[index - 1]?.number ?? 0)))
      throw new ApiError(
        "InvalidPartOrder",
        400,
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
      );
    return claimed.map((claim, index) => {
      const part = stored.get(claim.number);
      const agrees = (algorithm: string, value: string) =>
        part !== undefined && part.checksums[algorithm as Algorithm] === value;
      if (
        part === undefined ||
        part.etag !== claim.etag ||
        !Object.entries(claim.checksums).every(([algorithm, value]) => agrees(algorithm, value))
      )
        throw new ApiError(
          "InvalidPart",
          400,
          "One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not match the part's entity tag.",
          { PartNumber: String(claim.number) },
        );
      if (index < claimed.length - 1 && part.size < MIN_PART_BYTES)
        throw new ApiError(
          "EntityTooSmall",
          400,
          "Your proposed upload is smaller than the minimum allowed size",
          { PartNumber: String(claim.number) },
        );
      return part;
    });
  }

  /** The checksum of an object of these parts: over their checksums, or over all their bytes. */
  async checksum(upload: Upload, parts: readonly Part[]): Promise<StoredChecksums> {
    const { algorithm, checksumType: type } = upload;
    if (algorithm === undefined) return { values: {}, type };
    const checksum = createChecksum(algorithm);
    if (type === "COMPOSITE") {
      for (const part of parts)
        checksum.update(Buffer.from(part.checksums[algorithm] ?? "", "base64"));
      return { values: { [algorithm]: `${checksum.digest()}-${parts.length}` }, type };
    }
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    for await (const data of this.#blobs.read(piecesOf(parts), 0, size)) checksum.update(data);
    return { values: { [algorithm]: checksum.digest() }, type };
  }
}

/** The files of parts; an empty part has none. */
export function piecesOf(parts: readonly Part[]): Piece[] {
  return parts.filter(({ blob }) => blob !== "").map(({ blob, size }) => ({ blob, size }));
}

/** The MD5 over the parts' MD5s, and their number: no MD5 of the object itself. */
export function etagOf(parts: readonly Part[]): string {
  const hash = createHash("md5");
  for (const { etag } of parts) hash.update(Buffer.from(etag, "hex"));
  return `${hash.digest("hex")}-${parts.length}`;
}

function parseRow({ meta, algorithm, checksum_type, ...row }: UploadRow): Upload {
  return {
    ...row,
    metadata: JSON.parse(meta) as Metadata,
    algorithm: algorithm === "" ? undefined : (algorithm as Algorithm),
    checksumType: checksum_type,
  };
}
