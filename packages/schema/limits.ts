/** The longest line that is a trajectory, in bytes. One line is in memory whole. Whatever of a line
 * has no bound of its own below (a response, a prompt, a message's text) is bounded by this alone:
 * it is read and never repeated. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** The most characters of an id or group: they travel in keys, logs and S3 metadata. */
export const MAX_ID_CHARS = 256;
/** The most characters of a rubric component's name: every record repeats it. */
export const MAX_NAME_CHARS = 64;
/** The most rollouts in one group line: all of them are in memory at once. */
export const MAX_ROLLOUTS = 4_096;
/** The most verifiers in one rubric: every record repeats them all. */
export const MAX_RUBRIC_ITEMS = 64;
/** The most verdicts on one group line, rollouts times components: the two bounds above together
 * would let a line of 70 kB ask for a quarter of a million, each repeated in the records. */
export const MAX_VERDICTS = 16_384;
/** The most characters that a group line's own metadata may come to in its records beyond the first:
 * it stands in each of them. Without this, 8 MB on a line of 4,096 rollouts would come to 32 GB. */
export const MAX_REPEATED_CHARS = 4 * 1024 * 1024;
/** The most messages in one trajectory. */
export const MAX_MESSAGES = 10_000;
/** The most parts of one message's content: far above what a model is shown. */
export const MAX_CONTENT_PARTS = 10_000;
/** The most tool calls in one message: far above what a policy writes in a turn. */
export const MAX_TOOL_CALLS = 1_000;
/** How deep people's own JSON (`metadata`, `spec`, a part of a message) may nest: deeper than this,
 * writing or reading it could overflow the stack, at a depth that differs from machine to machine. */
export const MAX_JSON_DEPTH = 100;
/** How deep a whole trajectory may nest: its own levels, and people's JSON at the innermost. */
export const MAX_LINE_DEPTH = MAX_JSON_DEPTH + 8;
/** The most keys of any one object in a line. With a million, each time that an object is gone through
 * takes half a second: the same line would be graded here, and time out on a slower machine. */
export const MAX_KEYS = 65_536;
/** The most strings (keys too), arrays and objects in a line. Each takes some 50 bytes and more where
 * it is worked with: with the eight million that a line has room for, it would be a matter of chance
 * whether a worker's heap holds it. Numbers take next to nothing. */
export const MAX_VALUES = 1_000_000;
/** The most characters of a point in time: RFC 3339 sets no end to the digits of a second. */
export const MAX_TIME_CHARS = 64;
/** The most characters of a source's file name: S3 takes keys of 1,024 bytes. */
export const MAX_FILE_CHARS = 1_024;
/** The most characters of a `sid`: a name of 40, a dash and 26 of a hash, with room. */
export const MAX_SID_CHARS = 128;
/** The most characters of an error's message: it stands in a record, in logs and on a terminal. */
export const MAX_ERROR_CHARS = 1_000;
/** The most characters of somebody's text that a message quotes, such as an unknown key. */
export const MAX_QUOTED_CHARS = 64;
