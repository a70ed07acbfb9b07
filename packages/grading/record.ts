import { hash } from "node:crypto";
import { basename } from "node:path/posix";
import {
  type Component,
  clip,
  type ErrorInfo,
  type JsonObject,
  MAX_ERROR_CHARS,
  type RewardRecord,
  type Task,
} from "@assay/schema";
import type { Ending } from "./rubric.ts";

const NO_METADATA: JsonObject = {};
/** Where a record keeps its metadata as JSON text, as its line has it. */
const WRITTEN = Symbol("metadata as it was written");
/** What a record without metadata has in its text, once and after all else that may look like it. */
const EMPTY_METADATA = '"metadata":{}';

/** Where a batch of lines comes from: what its records repeat. */
export interface Origin {
  readonly job: string;
  readonly sid: string;
  /** The source's key or file name; it names trajectories that have no id. */
  readonly file: string;
  /** How long the lines waited in the queue, in milliseconds. */
  readonly queuedMs: number;
  /** The task of lines that name none. */
  readonly task?: Task;
}

/** Who a record is about. */
export interface Subject {
  readonly offset: number;
  readonly index: number;
  readonly id: string | undefined;
  readonly taskId: string | undefined;
  readonly group: string | undefined;
  readonly policyStep: number | null | undefined;
  readonly metadata: JsonObject | undefined;
  /** The same as its line has it, to the character. */
  readonly metadataText: string | undefined;
  /** The line that this one is graded again of. */
  readonly retryOf: RetryOf | undefined;
}

export interface RetryOf {
  readonly sid: string;
  readonly offset: number;
  /** The base name of its source. */
  readonly file: string;
}

/** Hex SHA-256 of (sid, offset, index): the same line has the same id wherever it is graded. */
export function recordId(sid: string, offset: number, index: number): string {
  return hash("sha256", `${sid}\n${offset}\n${index}`);
}

export function makeRecord(
  origin: Origin,
  subject: Subject,
  ending: Ending,
  components: Component[],
  verifyMs: number,
): RewardRecord {
  const { offset, index } = subject;
  const record: RewardRecord & { [WRITTEN]?: string } = {
    version: 1,
    id: recordId(origin.sid, offset, index),
    job: origin.job,
    trajectory_id: subject.id ?? missingId(origin, subject),
    task_id: subject.taskId ?? null,
    group: subject.group ?? subject.taskId ?? null,
    outcome: ending.outcome,
    reward: ending.reward,
    components,
    source: { sid: origin.sid, offset, index },
    policy_step: subject.policyStep ?? null,
    metadata: subject.metadata ?? NO_METADATA,
    timing: { queued_ms: origin.queuedMs, verify_ms: verifyMs },
    graded_at: now(),
  };
  if (ending.outcome === "error") record.error = bounded(ending.error);
  if (subject.metadataText !== undefined) record[WRITTEN] = subject.metadataText;
  const { retryOf } = subject;
  if (retryOf !== undefined) record.retry_of = { sid: retryOf.sid, offset: retryOf.offset, index };
  return record;
}

/** A record as its line. Its metadata goes out as it came in: a double does not hold every number. */
export function recordText(record: RewardRecord & { [WRITTEN]?: string }): string {
  const { [WRITTEN]: written, metadata } = record;
  if (written === undefined) return JSON.stringify(record);
  record.metadata = NO_METADATA;
  const text = JSON.stringify(record);
  record.metadata = metadata;
  const at = text.lastIndexOf(EMPTY_METADATA) + EMPTY_METADATA.length - 2;
  return text.slice(0, at) + written + text.slice(at + 2);
}

/** An error whose message may stand in a record: a verifier's may quote all that it was given. */
export function bounded(error: ErrorInfo): ErrorInfo {
  const { message } = error;
  return message.length <= MAX_ERROR_CHARS
    ? error
    : { ...error, message: clip(message, MAX_ERROR_CHARS) };
}

let lastMs = 0;
let lastText = "";

/** The time as ISO 8601, made once a millisecond. */
function now(): string {
  const ms = Date.now();
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = new Date(ms).toISOString();
  }
  return lastText;
}

/** The record of something that no verifier spoke of. */
export function errorRecord(origin: Origin, subject: Subject, error: ErrorInfo): RewardRecord {
  return makeRecord(origin, subject, { outcome: "error", reward: null, error }, [], 0);
}

/** A line of which nothing can be read. */
export function unreadSubject(offset: number): Subject {
  return {
    offset,
    index: 0,
    id: undefined,
    taskId: undefined,
    group: undefined,
    policyStep: undefined,
    metadata: undefined,
    metadataText: undefined,
    retryOf: undefined,
  };
}

/** A line that is no trajectory: the source's fault, for good. */
export function invalidTrajectory(message: string): ErrorInfo {
  return { class: "invalid_trajectory", message, retryable: false };
}

function missingId({ file }: Origin, { index, offset, retryOf }: Subject): string {
  const id = `${retryOf?.file ?? basename(file)}@${retryOf?.offset ?? offset}`;
  return index === 0 ? id : `${id}.${index}`;
}
