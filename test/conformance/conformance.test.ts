import { it } from "vitest";
import { served } from "./target.ts";

// One file for the runner, so that all checks run side by side against one stack: most of them
// wait. To run some, choose them by their names: `-t "a range"`.

const S3 = [
  "buckets",
  "objects",
  "reads",
  "writes",
  "versions",
  "listing",
  "multipart",
  "copies",
  "checksums",
  "streams",
  "access",
].map((name) => `s3-${name}`);
const SQS = ["queues", "messages", "batches", "receives", "dead-letters"].map(
  (name) => `sqs-${name}`,
);
const BOTH = ["events", "event-configurations"];

for (const subject of [
  ...(served.sqs ? SQS : []),
  ...(served.s3 ? S3 : []),
  ...(served.s3 && served.sqs ? BOTH : []),
]) {
  try {
    await import(`./${subject}.checks.ts`);
  } catch (error) {
    // A server that cannot even be set up for a subject fails that one, and not all.
    it(`${subject} can be set up`, () => {
      throw error;
    });
  }
}
