import { goodLine, type LineCase, lineEnding, lineWith } from "./line-case.ts";

const GOOD = lineWith();

function bad(input: string, line: string | Uint8Array, error: string, note?: string): LineCase {
  return { input, line, outcome: { error }, ...(note === undefined ? {} : { note }) };
}

const notJson = (input: string, line: string, error: string) =>
  bad(input, line, `not JSON: ${error}`);

/** Lines that are no JSON object. */
export const linesNoJson: readonly LineCase[] = [
  notJson(
    "`NaN`",
    lineEnding('"metadata":{"loss":NaN}'),
    "column 111: expected a value, got NaN}} (JSON has no such number: write null)",
  ),
  notJson(
    "`-Infinity`",
    lineEnding('"metadata":{"loss":-Infinity}'),
    "column 111: expected a value, got -Infinity}} (JSON has no such number: write null)",
  ),
  notJson(
    "single quotes, as Python's `str` writes them",
    "{'id': 't'}",
    "column 2: expected a key in double quotes or \"}\", got 'id': 't'} (strings have double quotes: write with json.dumps, not str())",
  ),
  notJson(
    "Python's `True`",
    '{"id": True}',
    "column 8: expected a value, got True} (JSON has true, false and null: write with json.dumps, not str())",
  ),
  notJson(
    "a comma before `}`",
    '{"id":"t",}',
    "column 11: expected a key in double quotes, got } (no comma before it)",
  ),
  notJson(
    "a comma after the object",
    `${GOOD},`,
    "column 92: expected the end of the line, got , (one object a line, no comma between)",
  ),
  notJson(
    "a comment after the object",
    `${GOOD} // checked`,
    "column 93: expected the end of the line, got // checked (JSON has no comments)",
  ),
  notJson(
    "a line that is a comment",
    "# rollouts of step 7",
    "column 1: expected a value, got # rollouts of step 7 (JSON has no comments)",
  ),
  notJson(
    "a line cut short",
    GOOD.slice(0, 40),
    'column 41: expected the closing ", got the end (the line ends too early: one whole object a line)',
  ),
  notJson(
    "the first line of pretty-printed JSON",
    "{",
    'column 2: expected a key in double quotes or "}", got the end (one whole object a line, not over several)',
  ),
  notJson(
    "two objects on one line",
    GOOD + goodLine("u"),
    'column 92: expected the end of the line, got {"id":"u","task":{"v… (one object a line)',
  ),
  notJson(
    "an escape that JSON has not",
    '{"id":"\\x41"}',
    'column 8: expected one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000, got \\x41"}',
  ),
  notJson(
    "a tab within a string",
    '{"id":"a\tb"}',
    'column 9: expected a character that may stand in a string, got \\u0009b"} (write it as an escape, such as \\n or \\t)',
  ),
  notJson(
    "a byte order mark that is not at the file's start, as after `cat`",
    `\ufeff${GOOD}`,
    'column 1: expected a value, got \\ufeff{"id":"t","task":{"… (a byte order mark may stand at the start of a file alone)',
  ),
  notJson(
    "100,000 brackets that open",
    "[".repeat(100_000),
    'column 100001: expected a value or "]", got the end (the line ends too early: one whole object a line)',
  ),
  bad(
    "an array of trajectories",
    `[${GOOD},${GOOD}]`,
    "expected a JSON object, got an array (one object a line, not one array of them)",
  ),
  bad("a string", '"The answer is B."', "expected a JSON object, got a string"),
  bad("a number", "42", "expected a JSON object, got a number"),
  bad("`null`", "null", "expected a JSON object, got null"),
  bad(
    "a byte that no UTF-8 has",
    Buffer.from(GOOD.replace("answer is", "answer \xff is"), "latin1"),
    "not UTF-8 near byte 84 of the line",
  ),
  bad(
    "a character cut through",
    Buffer.concat([Buffer.from('{"id":"é').subarray(0, -1), Buffer.from('"}')]),
    "not UTF-8 near byte 7 of the line",
  ),
  bad("Latin-1", Buffer.from('{"id":"é"}', "latin1"), "not UTF-8 near byte 7 of the line"),
  bad(
    "half a surrogate pair as bytes, as Python's `surrogatepass` writes it",
    Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
    "not UTF-8 near byte 7 of the line",
  ),
];
