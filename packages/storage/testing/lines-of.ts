import type { Batch } from "@assay/grading";

/** The lines of a batch, each with its place: what a grader of tests walks over. */
export function* linesOf({ bytes, offset }: Batch) {
  const buffer = Buffer.from(bytes);
  for (let at = 0; at < buffer.length; ) {
    const newline = buffer.indexOf(10, at);
    const end = newline < 0 ? buffer.length : newline + 1;
    yield { text: buffer.subarray(at, end).toString(), offset: offset + at, end: offset + end };
    at = end;
  }
}
