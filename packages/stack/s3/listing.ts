import type { DatabaseSync } from "node:sqlite";
import { prepare, type Query } from "../database.ts";

/** Keys or common prefixes on one page, as S3 bounds them. */
export const MAX_KEYS = 1000;

export interface ListedRow {
  readonly id: number;
  readonly key: string;
  readonly version: string;
  readonly latest: number;
  readonly marker: number;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly meta: string;
}

export interface ListOptions {
  readonly bucket: string;
  readonly prefix: string;
  /** Keys that share what stands between the prefix and this are rolled up into one entry. */
  readonly delimiter: string;
  /** Only what comes after this key or common prefix. */
  readonly after: string;
  /** With `after`: only what comes after this version of that key. */
  readonly afterId?: number;
  readonly max: number;
}

export interface Listing {
  readonly rows: readonly ListedRow[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins, if there is one. */
  readonly next: { readonly after: string; readonly id: number | undefined } | undefined;
}

const COLUMNS = "id, key, version, latest, marker, size, etag, modified, meta";

/** Reads pages of keys in the order of their UTF-8 bytes, current versions or all. */
export class Lister {
  readonly #current: Query<ListedRow>;
  readonly #versions: Query<ListedRow>;

  constructor(db: DatabaseSync) {
    this.#current = prepare<ListedRow>(
      db,
      `SELECT ${COLUMNS} FROM objects
        WHERE bucket = ? AND latest = 1 AND key >= ? AND marker = 0 ORDER BY key LIMIT ?`,
    );
    this.#versions = prepare<ListedRow>(
      db,
      `SELECT ${COLUMNS} FROM objects
        WHERE bucket = ?1 AND key >= ?2 AND (key > ?2 OR id < ?3)
        ORDER BY key, id DESC LIMIT ?4`,
    );
  }

  list(options: ListOptions, kind: "current" | "versions"): Listing {
    const { bucket, prefix, delimiter, max } = options;
    const read = (limit: number) =>
      kind === "current"
        ? this.#current.all(bucket, from, limit)
        : this.#versions.all(bucket, from, beforeId, limit);
    const rows: ListedRow[] = [];
    const commonPrefixes: string[] = [];
    let from = firstKey(options);
    let beforeId = options.afterId ?? Number.MAX_SAFE_INTEGER;
    let last: { after: string; id: number | undefined } | undefined;
    for (;;) {
      const page = read(max - rows.length - commonPrefixes.length + 1);
      let skipTo: string | undefined;
      for (const row of page) {
        if (!row.key.startsWith(prefix)) return { rows, commonPrefixes, next: undefined };
        if (rows.length + commonPrefixes.length >= max)
          return { rows, commonPrefixes, next: max === 0 ? undefined : last };
        const end = delimiter === "" ? -1 : row.key.indexOf(delimiter, prefix.length);
        if (end >= 0) {
          const common = row.key.slice(0, end + delimiter.length);
          commonPrefixes.push(common);
          last = { after: common, id: undefined };
          skipTo = successor(common);
          if (skipTo === undefined) return { rows, commonPrefixes, next: undefined };
          break;
        }
        rows.push(row);
        last = { after: row.key, id: row.id };
      }
      if (skipTo === undefined) return { rows, commonPrefixes, next: undefined };
      from = skipTo;
      beforeId = Number.MAX_SAFE_INTEGER;
    }
  }
}

/** The least key that a page may hold. */
function firstKey({ prefix, delimiter, after, afterId }: ListOptions): string {
  if (after === "") return prefix;
  const at = delimiter === "" ? -1 : after.indexOf(delimiter, prefix.length);
  const isCommonPrefix =
    after.startsWith(prefix) && at >= 0 && at === after.length - delimiter.length;
  const start = isCommonPrefix
    ? (successor(after) ?? after)
    : afterId === undefined
      ? `${after}\0`
      : after;
  return compareBytes(start, prefix) > 0 ? start : prefix;
}

/** The least string above all that begin with `prefix`: the order of UTF-8 bytes is that of code
 * points, so the last code point that has a next one gets it. */
export function successor(prefix: string): string | undefined {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const next = (last.codePointAt(0) ?? 0) + 1;
    if (next <= 0x10ffff)
      return points.join("") + String.fromCodePoint(next === 0xd800 ? 0xe000 : next);
  }
  return undefined;
}

/** JavaScript orders strings by UTF-16 units, S3 by bytes. */
export function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
