import type { Case } from "./outcome.ts";

/** Inputs that are odd for when they come. The test does each by hand. */
export const moments = {
  again: {
    input: "the same FILE graded twice",
    outcome: { graded: 3 },
    note: "the second time, what stands is told again and nothing is graded",
  },
  droppedTwice: {
    input: "the same bytes dropped twice under one key",
    outcome: { graded: 3 },
    note: "one source: graded once, announced twice",
  },
  submittedTwice: {
    input: "the same message twice",
    outcome: { graded: 1 },
    note: "graded once, announced twice",
  },
  overwritten: {
    input: "an object overwritten while its shards wait",
    outcome: {
      rejected: "source_gone",
      message: "drops/w/a.jsonl: the version that was submitted is no more",
    },
    note: "of the old version; the new one is graded",
    exit: 0,
  },
  deleted: {
    input: "an object deleted while its shards wait",
    outcome: {
      rejected: "source_gone",
      message: "drops/w/b.jsonl: the version that was submitted is no more",
    },
  },
  changed: {
    input: "FILE changed since `assay grade` was stopped on it",
    outcome: { graded: 2 },
    note: "what the file holds now is graded; what was left of the old one is dropped",
  },
  mended: {
    input: "FILE mended after it was rejected, and dropped again",
    outcome: { graded: 3 },
    note: "`assay watch` waits for the new version",
  },
} as const satisfies Record<string, Case>;
