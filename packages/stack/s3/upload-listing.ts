import { compareBytes } from "./listing.ts";
import type { Upload } from "./uploads.ts";

export interface UploadPage {
  readonly uploads: readonly Upload[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins, if there is one. */
  readonly next: { readonly key: string; readonly id: string } | undefined;
}

export interface UploadPageOptions {
  readonly prefix: string;
  readonly delimiter: string;
  readonly max: number;
  /** The key or common prefix that the page before ended with. */
  readonly keyMarker: string;
  /** With a key: the upload that the page before ended with. */
  readonly idMarker: string;
}

/** One page of uploads, given all of a bucket in the order of their keys and, within a key, of
 * their beginnings. They are few, so the whole is walked. */
export function pageUploads(all: readonly Upload[], options: UploadPageOptions): UploadPage {
  const { prefix, delimiter, keyMarker, idMarker, max } = options;
  const markerAt = all.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  const rest =
    markerAt >= 0
      ? all.slice(markerAt + 1)
      : all.filter(({ key }) => compareBytes(key, keyMarker) > 0);
  const uploads: Upload[] = [];
  const commonPrefixes: string[] = [];
  let next: UploadPage["next"];
  for (const upload of rest) {
    const { id, key } = upload;
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    if (common !== undefined && (common === keyMarker || common === commonPrefixes.at(-1)))
      continue;
    if (uploads.length + commonPrefixes.length >= max) return { uploads, commonPrefixes, next };
    if (common === undefined) uploads.push(upload);
    else commonPrefixes.push(common);
    next = common === undefined ? { key, id } : { key: common, id: "" };
  }
  return { uploads, commonPrefixes, next: undefined };
}
