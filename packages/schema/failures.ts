/**
 * What may become of input other than a verdict, each with what it means and what to do about it.
 * `docs/input.md` is made from these; a test goes through the sources for any that is missing here.
 */
export interface Failure {
  readonly means: string;
  readonly todo: string;
}

/** The classes of the `error` of a record or of one of its components. */
export const ERROR_CLASSES: Readonly<Record<string, Failure>> = {
  invalid_trajectory: {
    means:
      "the line is no trajectory: not JSON, not UTF-8, a field missing, unknown or out of its bounds, a verifier that is not shipped or a spec that does not fit it; or its weights overflow",
    todo: "mend the line as its message says, and submit it anew",
  },
  unreadable: {
    means:
      "the source cannot be read from here on: a compressed file is cut short or damaged, or a Parquet file is; what came before is graded",
    todo: "write the file again, and submit it under another name",
  },
  deadline: {
    means: "the line's `deadline` had passed before it was graded",
    todo: "none, if that was the purpose; else submit it with a later one",
  },
  port_failed: {
    means:
      "what runs code or asks a model could not do its work, through several deliveries; or there is none here",
    todo: "`assay retry JOB`, where the record says that it is retryable",
  },
  verifier_failed: {
    means: "the verifier itself failed: a defect of ours, whatever the line holds",
    todo: "report it with the line; grade it with the next version under another job",
  },
  verifier_timeout: {
    means: "grading the line took more CPU time than any line may",
    todo: "report it with the line, unless the line was made to be slow",
  },
  verifier_stalled: {
    means: "grading the line waited too long by the clock, through several deliveries",
    todo: "`assay retry JOB`",
  },
  verifier_out_of_memory: {
    means: "grading the line took more memory than any line may",
    todo: "shorten the line; if it is a usual one, report it",
  },
  verifier_crashed: {
    means: "grading the line ended its worker",
    todo: "report it with the line",
  },
  crashed: {
    means: "grading the line took its whole invocation down, several times",
    todo: "`assay retry JOB` once; if it comes again, report it with the line",
  },
};

/** The reasons of a rejection: of a submission, or of an object that was dropped. */
export const REJECTION_REASONS: Readonly<Record<string, Failure>> = {
  malformed: {
    means: "the message is no submission: not JSON, or a field missing, unknown or wrong",
    todo: "mend the message as its message says: `schemas/submission.json`",
  },
  not_a_drop: {
    means: "the bucket told of an object that is not under `drops/<job>/`, or whose job is no name",
    todo: "drop it under `drops/<job>/<path>`, the job as `[a-z0-9][a-z0-9._-]{0,63}`",
  },
  format: {
    means: "the object's name has no extension that is read",
    todo: "name it by what it is: see the formats above",
  },
  source_gone: {
    means: "the object is not there, or was overwritten or deleted before it was graded to its end",
    todo: "drop it again, and leave it alone until its manifest stands",
  },
  reply_to: {
    means: "the queue of `reply_to` is not on the deployment's list",
    todo: "name one that is, or leave `reply_to` out and read `results`",
  },
  unsupported: {
    means: "this version does not do what was asked for",
    todo: "see the README for what is there",
  },
  unreadable: {
    means:
      "the Parquet file cannot be read at all: it is none, is cut short, encrypted or damaged at its end, or its columns are not the fields of a trajectory",
    todo: "write the file again as its message says: its columns are the fields above",
  },
  too_large: {
    means: "the object is larger than one of its format may be",
    todo: "cut it into several; an uncompressed `.jsonl` may be the largest by far",
  },
};
