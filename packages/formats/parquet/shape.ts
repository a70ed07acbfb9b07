import { Unreadable } from "../unreadable.ts";
import type { RandomAccess } from "./access.ts";
import { type Footer, readFooter } from "./footer.ts";
import { readSchema, type Schema } from "./schema.ts";

export interface ParquetShape {
  readonly rows: number;
  /** Each with its rows [start, end) and their compressed bytes. */
  readonly groups: readonly {
    readonly start: number;
    readonly end: number;
    readonly bytes: number;
  }[];
}

/** How a file is cut, from its footer alone. Throws `Unreadable`. */
export async function readShape(file: RandomAccess): Promise<ParquetShape> {
  const { groups, rows } = (await open(file)).footer;
  return {
    rows,
    groups: groups.map(({ chunks, end, start }) => ({
      start,
      end,
      bytes: chunks.reduce((sum, chunk) => sum + chunk.end - chunk.start, 0),
    })),
  };
}

export async function open(file: RandomAccess): Promise<{ footer: Footer; schema: Schema }> {
  const footer = await readFooter(file);
  const schema = readSchema(footer.elements);
  for (const { chunks, end, start } of footer.groups) {
    const fits =
      chunks.length === schema.leaves.length &&
      schema.leaves.every(({ maxRep, stored }, index) => {
        const { type, values } = chunks[index] as (typeof chunks)[number];
        return (
          stored.type === type && (maxRep === 0 ? values === end - start : values >= end - start)
        );
      });
    if (!fits) throw new Unreadable("its footer is corrupt: its row groups do not fit its schema");
  }
  return { footer, schema };
}
