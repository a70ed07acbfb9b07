import { GOOD_TEXT } from "./file-case.ts";
import { goodLine, lineEnding } from "./line-case.ts";
import type { Case, Outcome } from "./outcome.ts";

/** A message to the queue `submissions`. */
export interface MessageCase extends Case {
  readonly body: string;
  /** The job that it names, one of its own, where it names one. */
  readonly job?: string;
  /** What its record says, as it is written there. */
  readonly shows?: string;
}

/** An object that stands there, dropped under a job of its own. */
export const STANDING = { job: "standing", key: "drops/standing/a.jsonl", body: GOOD_TEXT };
const NOT_ALLOWED = "https://sqs.eu-west-1.amazonaws.com/123456789012/theirs";
const DIGITS = '{"n":123456789012345678901234567890,"f":1.0}';
const MAX_MESSAGE_BYTES = 1_048_576;

const NOTHING_ASKED = 'expected "job", and one of "trajectories", "source" and "eval"';

const malformed = (message: string) => ({ rejected: "malformed", message });

function raw(input: string, body: string, outcome: Outcome): MessageCase {
  return { input, body, outcome };
}

let jobs = 0;

/** A submission with a job of its own. */
function submission(
  input: string,
  fields: object | ((job: string) => string),
  outcome: Outcome,
  rest: Pick<MessageCase, "note" | "shows"> = {},
): MessageCase {
  const job = `m${++jobs}`;
  const body = typeof fields === "function" ? fields(job) : JSON.stringify({ job, ...fields });
  return { input, job, body, outcome, ...rest };
}

const event = (key: string, eventName = "ObjectCreated:Put") =>
  JSON.stringify({
    Records: [{ eventName, s3: { bucket: { name: "trajectories" }, object: { key } } }],
  });

export const messages: readonly MessageCase[] = [
  raw(
    "text that is no JSON",
    "grade drops/j/a.jsonl",
    malformed("not JSON: column 1: expected a value, got grade drops/j/a.json…"),
  ),
  raw("an array", "[]", malformed("expected a JSON object")),
  raw("a string", '"drops/j/a.jsonl"', malformed("expected a JSON object")),
  raw("`{}`", "{}", malformed(NOTHING_ASKED)),
  raw(
    "no `job`",
    JSON.stringify({ source: { key: STANDING.key } }),
    malformed("job: expected a string, got nothing"),
  ),
  raw(
    "a job that is no name",
    JSON.stringify({ job: "Run 7", source: { key: STANDING.key } }),
    malformed('job: expected a job name: [a-z0-9][a-z0-9._-]{0,63}, got a string ("Run 7")'),
  ),
  submission("a job and nothing else", {}, malformed(NOTHING_ASKED)),
  submission(
    "an unknown key",
    { source: { key: STANDING.key }, reply: NOT_ALLOWED },
    malformed("reply: unknown key, expected job, trajectories, reply_to, source, eval"),
  ),
  submission(
    "a key that is misspelt",
    { trajectory: [] },
    malformed(
      "trajectories: expected an array, got nothing; trajectory: unknown key, expected job, trajectories, reply_to, source, eval",
    ),
  ),
  submission(
    "a `source` that is text",
    { source: STANDING.key },
    malformed('source: expected an object, got a string ("drops/standing/a.jsonl")'),
  ),
  submission(
    "`trajectories` that are empty",
    { trajectories: [] },
    malformed("trajectories: expected at least 1 item, got 0"),
  ),
  submission(
    "`trajectories` that are lines of text",
    { trajectories: [goodLine("a")] },
    malformed("trajectories[0]: expected an object, got a string …"),
  ),
  raw(
    "an event whose key is not URL-encoded",
    event("drops/j/100%.jsonl"),
    malformed("drops/j/100%.jsonl: not a URL-encoded key"),
  ),
  raw("an event of a deletion", event(STANDING.key, "ObjectRemoved:Delete"), { nothing: true }),
  raw("S3's test event", '{"Service":"Amazon S3","Event":"s3:TestEvent"}', { nothing: true }),
  submission(
    "an object that is not there",
    { source: { key: "drops/standing/b.jsonl" } },
    {
      rejected: "source_gone",
      message: "drops/standing/b.jsonl: no such object in trajectories",
    },
  ),
  submission(
    "a bucket that is not there",
    { source: { bucket: "nowhere", key: "a.jsonl" } },
    { rejected: "source_gone", message: "a.jsonl: no such object in nowhere" },
  ),
  submission(
    "an object of an unknown format",
    { source: { key: "drops/standing/a.csv" } },
    {
      rejected: "format",
      message:
        "drops/standing/a.csv: unknown format, expected .jsonl, .jsonl.gz, .jsonl.zst, .parquet",
    },
  ),
  submission(
    "a `reply_to` that is not allowed",
    { source: { key: STANDING.key }, reply_to: NOT_ALLOWED },
    {
      rejected: "reply_to",
      message: `reply_to: ${NOT_ALLOWED} is not a queue that may be answered`,
    },
  ),
  submission(
    "an `eval`",
    { eval: "nightly" },
    {
      rejected: "unsupported",
      message: "eval: this version runs no evals",
    },
  ),
  submission(
    "an object that another job has",
    { source: { key: STANDING.key } },
    { graded: 3 },
    {
      note: "graded in both",
    },
  ),
  submission(
    "a trajectory that is none, among others",
    { trajectories: [JSON.parse(goodLine("a")), { response: "B" }] },
    {
      graded: 1,
      errors: [
        {
          at: 2,
          message:
            'task: expected an object with "verifier" and "spec", or with a "rubric", got nothing',
        },
      ],
    },
  ),
  submission(
    "numbers in `metadata` that no double holds",
    (job) => `{"job":"${job}","trajectories":[\n${lineEnding(`"metadata":${DIGITS}`)}\n]}`,
    { graded: 1 },
    { shows: `"metadata":${DIGITS}`, note: "records repeat them as they are written" },
  ),
  submission(
    "more than 1 MiB",
    { trajectories: [{ response: "x".repeat(MAX_MESSAGE_BYTES) }] },
    {
      refused:
        "InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
    },
    { note: "SQS refuses it: drop a file" },
  ),
  raw("a character that XML has not", '{"job":"j\u0000"}', {
    refused: "InvalidMessageContents: Invalid characters found. …",
  }),
];
