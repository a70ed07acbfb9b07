import { once } from "node:events";

/** Writes to standard output, and waits while whoever reads it is behind. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

/** A line for people, on standard error, so that records on standard output stay clean. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Somebody's text on a terminal: control characters and what hides or turns writing are escaped. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (unfit) => `\\u{${unfit.codePointAt(0)?.toString(16)}}`,
  );
}

/** Columns, the first to the left and the rest to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
