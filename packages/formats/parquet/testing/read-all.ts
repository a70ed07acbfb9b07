import { Unreadable } from "../../unreadable.ts";
import type { RandomAccess } from "../access.ts";
import { type Fetching, readRows } from "../rows.ts";
import { InMemory } from "./bytes.ts";

/** The lines that a file gives, each piece checked to be whole lines; and why it gave no more. */
export async function readAll(
  from: Uint8Array | RandomAccess,
  start = 0,
  end: number = Number.MAX_SAFE_INTEGER,
  fetching?: Fetching,
): Promise<{ text: string; unreadable: string | undefined }> {
  const file = from instanceof Uint8Array ? new InMemory(from) : from;
  const pieces: Uint8Array[] = [];
  let unreadable: string | undefined;
  try {
    for await (const piece of readRows(file, start, end, fetching)) {
      if (piece.at(-1) !== 0x0a) throw new Error("a piece does not end with a line");
      pieces.push(piece);
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    unreadable = error.message;
  }
  return { text: Buffer.concat(pieces).toString(), unreadable };
}
