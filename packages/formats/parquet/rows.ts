import { Unreadable } from "../unreadable.ts";
import { preloaded, type RandomAccess } from "./access.ts";
import { Column } from "./column.ts";
import type { Group } from "./footer.ts";
import { Held } from "./held.ts";
import { LineBuffer, Overlong } from "./line-buffer.ts";
import { RowWriter } from "./row-writer.ts";
import type { Schema } from "./schema.ts";
import { open } from "./shape.ts";

/** How a file is fetched. */
export interface Fetching {
  /** Row groups that lie within so many bytes are fetched at once, several together. */
  readonly wholeBytes: number;
  /** Of larger ones, so much is fetched ahead, shared by the columns as they share the bytes, so
   * that all run out at about the same row. */
  readonly aheadBytes: number;
  /** The least and the most that a column fetches at once. */
  readonly minStepBytes: number;
  readonly maxStepBytes: number;
}
/** A request costs as much time as one or two MB, so each asks for more than that, where it can. */
const FETCHING: Fetching = {
  wholeBytes: 4 * 1024 * 1024,
  aheadBytes: 8 * 1024 * 1024,
  minStepBytes: 32 * 1024,
  maxStepBytes: 4 * 1024 * 1024,
};
/** About how many bytes of lines are given at once. */
const CHUNK_BYTES = 256 * 1024;

/**
 * The rows [start, end) as JSON lines: in order, whole lines in each piece, each ended by a newline.
 * A row longer than a line may be is one line all the same, cut off one byte beyond the limit.
 * Throws `Unreadable` behind the last row that can be read; what `file` throws is passed on.
 */
export async function* readRows(
  file: RandomAccess,
  start: number,
  end: number,
  fetching: Fetching = FETCHING,
): AsyncGenerator<Uint8Array> {
  const { footer, schema } = await open(file);
  const out = new LineBuffer();
  const writer = new RowWriter(schema, out);
  const groups = footer.groups.filter((group) => group.start < end && group.end > start);
  let fetched: { from: RandomAccess; end: number } = { from: file, end: 0 };
  let row = Math.max(0, start);
  try {
    for (const [index, group] of groups.entries()) {
      if (placeOf(group).end > fetched.end)
        fetched = await fetchGroups(file, groups, index, fetching);
      const columns = columnsOf(schema, group, fetched.from, fetching);
      writer.readFrom(columns);
      const used = columns.filter((column) => column !== undefined);
      for (; row < Math.min(end, group.end); row++) {
        const inGroup = row - group.start;
        if (used.some(({ complete }) => complete <= inGroup)) await loadAll(used, inGroup);
        writeLine(writer, out, used, inGroup);
        if (out.lines >= CHUNK_BYTES) yield out.take();
      }
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    out.dropLine();
    if (out.lines > 0) yield out.take();
    throw new Unreadable(`its row ${row} cannot be read: ${error.message}`, { cause: error });
  }
  if (out.lines > 0) yield out.take();
}

/** Together, for each may wait for a request. Of several that fail, always the same one is told. */
async function loadAll(columns: readonly Column[], row: number): Promise<void> {
  const lagging = columns.filter(({ complete }) => complete <= row);
  const loads = await Promise.allSettled(lagging.map((column) => column.load(row)));
  for (const load of loads) if (load.status === "rejected") throw load.reason;
}

function writeLine(
  writer: RowWriter,
  out: LineBuffer,
  columns: readonly Column[],
  row: number,
): void {
  try {
    writer.write();
    out.endLine();
  } catch (error) {
    if (!(error instanceof Overlong)) throw error;
    for (const column of columns) column.skipTo(row + 1);
    out.cutLine();
  }
}

function columnsOf(
  { leaves, root }: Schema,
  { chunks, end, start }: Group,
  file: RandomAccess,
  fetching: Fetching,
): (Column | undefined)[] {
  const held = new Held();
  const total = chunks.reduce((sum, chunk) => sum + chunk.end - chunk.start, 0);
  const columns: (Column | undefined)[] = leaves.map(() => undefined);
  for (const { node } of root.fields)
    for (let leaf = node.first; leaf < node.last; leaf++) {
      const chunk = chunks[leaf] as Group["chunks"][number];
      const share = Math.ceil((fetching.aheadBytes * (chunk.end - chunk.start)) / total);
      const step = Math.min(fetching.maxStepBytes, Math.max(fetching.minStepBytes, share));
      const description = leaves[leaf] as Schema["leaves"][number];
      columns[leaf] = new Column(description, chunk, end - start, file, step, held);
    }
  return columns;
}

/** Fetches a group, and as many behind it as lie close; or nothing, if it is large. */
async function fetchGroups(
  file: RandomAccess,
  groups: readonly Group[],
  first: number,
  { wholeBytes }: Fetching,
): Promise<{ from: RandomAccess; end: number }> {
  let start = Infinity;
  let end = 0;
  for (let index = first; index < groups.length; index++) {
    const place = placeOf(groups[index] as Group);
    const [from, to] = [Math.min(start, place.start), Math.max(end, place.end)];
    if (to - from > wholeBytes) break;
    [start, end] = [from, to];
  }
  return end === 0 ? { from: file, end: 0 } : { from: await preloaded(file, start, end), end };
}

function placeOf({ chunks }: Group): { start: number; end: number } {
  let start = Infinity;
  let end = 0;
  for (const chunk of chunks) {
    start = Math.min(start, chunk.start);
    end = Math.max(end, chunk.end);
  }
  return { start, end };
}
