/** The most characters of an id or group: they travel in keys, logs and S3 metadata. */
export const MAX_ID_CHARS = 256;
/** The most rollouts in one group line: all of them are in memory at once. */
export const MAX_ROLLOUTS = 4_096;
/** The most verifiers in one rubric: every record repeats them all. */
export const MAX_RUBRIC_ITEMS = 64;
/** The most messages in one trajectory. */
export const MAX_MESSAGES = 10_000;
/** How deep people's own JSON (`metadata`, `spec`) may nest: deeper than this, echoing it could
 * overflow the stack, at a depth that differs from machine to machine. */
export const MAX_JSON_DEPTH = 100;
/** The longest line that is a trajectory, in bytes. One line is in memory whole. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
