/** Exit statuses of every command. */
export const EXIT = {
  /** Every line scored or abstained. */
  done: 0,
  /** Usage, or a bad file: nothing was graded. */
  usage: 1,
  /** Some records are `error`. */
  errors: 2,
  /** Stopped by Ctrl-C, as shells report it. */
  interrupted: 130,
  /** Whoever read standard output has had enough, as shells report it. */
  pipeClosed: 141,
} as const;

/** Something that the person at the keyboard can mend: shown without a stack trace. */
export class UsageError extends Error {
  override name = "UsageError";
}
