import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** A log line beyond this is cut in two, so that output without line ends cannot pile up here. */
const MAX_LINE = 65_536;

/** Passes on what a stream prints, line by line, the last one even where no line end follows. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let pending = "";
  stream.on("data", (data: Buffer) => {
    const lines = (pending + decoder.write(data)).split(/\r?\n/);
    pending = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    while (pending.length > MAX_LINE) {
      onLine(pending.slice(0, MAX_LINE));
      pending = pending.slice(MAX_LINE);
    }
  });
  stream.on("end", () => {
    pending += decoder.end();
    if (pending !== "") onLine(pending);
  });
}
