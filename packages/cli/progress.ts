/** How often the bar is drawn, in milliseconds. */
const DRAW_MS = 100;
/** How often a plain line is printed where there is no terminal, in milliseconds. */
const PLAIN_MS = 5_000;
const BAR_CELLS = 24;

/** Where a job is. */
export interface Progress {
  readonly lines: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** A progress bar with rate and time left on a terminal; plain lines now and then elsewhere. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #started = performance.now();
  #drawn = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    if (!stream.isTTY) this.#drawn = this.#started;
  }

  show(progress: Progress): void {
    const now = performance.now();
    if (now - this.#drawn < (this.#stream.isTTY ? DRAW_MS : PLAIN_MS)) return;
    this.#drawn = now;
    const text = describeProgress(progress, (now - this.#started) / 1_000);
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[K");
  }
}

/** `[######----]  42 %  12,345 lines  8,100/s  3 s left`. */
export function describeProgress({ bytes, lines, totalBytes }: Progress, seconds: number): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, bytes / totalBytes);
  const full = Math.round(share * BAR_CELLS);
  const rate = seconds > 0 ? Math.round(lines / seconds) : 0;
  const left = share > 0 ? Math.ceil((seconds / share) * (1 - share)) : undefined;
  return [
    `[${"#".repeat(full)}${"-".repeat(BAR_CELLS - full)}]`,
    `${Math.floor(share * 100)} %`.padStart(5),
    `${lines.toLocaleString("en")} lines`,
    `${rate.toLocaleString("en")}/s`,
    left === undefined ? "waiting" : `${left} s left`,
  ].join("  ");
}
