import { isAscii, isUtf8 } from "node:buffer";
import { parentPort, workerData } from "node:worker_threads";
import type { ErrorInfo, RewardRecord } from "@assay/schema";
import { type Ports, type Registry, registry as shipped } from "@assay/verifiers";
import { LineGrader } from "./grade-line.ts";
import { explainBytes } from "./not-utf8.ts";
import {
  errorRecord,
  invalidTrajectory,
  type Origin,
  recordText,
  unreadSubject,
} from "./record.ts";
import { Counter } from "./tally.ts";
import { type Done, SHARED, type Work, type WorkerStart } from "./worker-protocol.ts";

const NEWLINE = 0x0a;
const BLANK = /^[ \t\r]*$/;
const BYTE_ORDER_MARK = "\uFEFF";

const { shared, verifiers } = workerData as WorkerStart;
const control = new Int32Array(shared);
const given: { registry: Registry; ports?: Ports } =
  verifiers === undefined ? { registry: shipped } : await import(verifiers);
const grader = new LineGrader(given.registry, given.ports ?? {});

parentPort?.on("message", async (work: Work) => {
  const done = await gradeBatch(work);
  parentPort?.postMessage(done, [done.records.buffer]);
});
parentPort?.postMessage("ready");

async function gradeBatch({ blame, bytes, offset, origin, rows, settle }: Work): Promise<Done> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const readable = isAscii(buffer) || isUtf8(buffer);
  const counter = new Counter();
  let output = "";
  let at = 0;
  let place = offset;
  let passing: string | undefined;
  while (at < buffer.length && Atomics.load(control, SHARED.stop) === 0) {
    const newline = buffer.indexOf(NEWLINE, at);
    const end = newline < 0 ? buffer.length : newline;
    Atomics.store(control, SHARED.position, at);
    Atomics.add(control, SHARED.lines, 1);
    const line = buffer.subarray(at, end);
    const result =
      readable || isUtf8(line)
        ? gradeText(line.toString(), place, origin, blame)
        : [unreadable(line, place, origin)];
    // Awaiting only what is a promise keeps the common case on one turn of the event loop.
    const records = result instanceof Promise ? await result : result;
    const trouble = retryable(records);
    passing = trouble ?? passing;
    if (trouble !== undefined && !settle) break;
    if (records.length > 0) counter.countLine(records);
    for (const record of records) output += `${recordText(record)}\n`;
    const next = newline < 0 ? buffer.length : newline + 1;
    place += rows ? 1 : next - at;
    at = next;
  }
  return { records: encode(output), tally: counter.tally(), consumed: at, passing };
}

function gradeText(
  text: string,
  offset: number,
  origin: Origin,
  blame: ErrorInfo | undefined,
): RewardRecord[] | Promise<RewardRecord[]> {
  const line = offset === 0 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  return BLANK.test(line) ? [] : grader.grade(line, offset, origin, blame);
}

function unreadable(line: Buffer, offset: number, origin: Origin): RewardRecord {
  const message = explainBytes(line, offset);
  return errorRecord(origin, unreadSubject(offset), invalidTrajectory(message));
}

function retryable(records: readonly RewardRecord[]): string | undefined {
  return records.find((record) => record.error?.retryable)?.error?.message;
}

/** A buffer of its own (not a slice of Node's pool), so that it can be handed over. */
function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
