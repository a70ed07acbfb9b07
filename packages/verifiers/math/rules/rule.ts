/**
 * Whether two expressions in an old grader's normal form have the same value: `2sqrt(3)`, `x^2/2`,
 * `3pi`, lower case throughout. What is no expression has none: a tuple, an equation, words.
 */
export type SameValue = (gold: string, read: string) => boolean;

/**
 * One of the field's old graders, kept as it was for teams that must match old numbers. It decides
 * by form what a response answers, and scores 1 or 0.
 */
export interface Rule {
  readonly name: string;
  /** The answer that the rule extracts from a response; undefined where it finds none: a 0. */
  extract(response: string): string | undefined;
  /** The task's answer as the rule's own data preparation would hand it to `equals`. */
  gold(answer: string): string;
  /** `sameValue` stands for the computer algebra that a grader calls once its guards let it. */
  equals(gold: string, read: string, sameValue: SameValue): boolean;
}
