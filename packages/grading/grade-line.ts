import {
  type Component,
  type ErrorInfo,
  type GroupLine,
  type Line,
  MAX_ID_CHARS,
  memberSpan,
  parse,
  parseJson,
  parseLine,
  RetryLine,
  type RewardRecord,
  type Rollout,
  SchemaError,
  type Trajectory,
} from "@assay/schema";
import {
  type Judgement,
  judge,
  MessagesView,
  type Ports,
  type Registry,
  type View,
  viewOfResponse,
} from "@assay/verifiers";
import { checkIntegers, metadataTexts } from "./as-written.ts";
import {
  bounded,
  errorRecord,
  invalidTrajectory,
  makeRecord,
  type Origin,
  type RetryOf,
  type Subject,
  unreadSubject,
} from "./record.ts";
import { combine } from "./rubric.ts";
import { type ReadyComponent, type ReadyTask, Tasks } from "./tasks.ts";

/** Sources under this prefix hold lines of other sources, to be graded again. */
const RETRIES = "retries/";
const NO_DETAIL = {};

/** Grades lines, one at a time, in the thread that calls it. */
export class LineGrader {
  readonly #tasks: Tasks;
  readonly #ports: Ports;

  constructor(registry: Registry, ports: Ports) {
    this.#tasks = new Tasks(registry);
    this.#ports = ports;
  }

  /** The records of one line: one, or one a rollout of a group line, in order. Never throws for
   * what the line holds. With `blame`, nothing is verified: the line has already shown that it
   * takes its worker down, and all its records say so. */
  grade(
    text: string,
    offset: number,
    origin: Origin,
    blame?: ErrorInfo,
  ): RewardRecord[] | Promise<RewardRecord[]> {
    let value: unknown;
    let retryOf: RetryOf | undefined;
    try {
      value = parseJson(text);
      let written = text;
      if (origin.file.startsWith(RETRIES)) {
        const { file, line, retry_of } = parse(RetryLine, value);
        retryOf = { ...retry_of, file };
        value = line;
        const span = memberSpan(text, 0, "line");
        written = text.slice(span?.start, span?.end);
      }
      const line = parseLine(withTask(value, origin));
      const subjects = subjectsOf(line, offset, retryOf, metadataTexts(written, value, line));
      if (blame !== undefined)
        return subjects.map((subject) => errorRecord(origin, subject, blame));
      checkIntegers(written, line);
      return this.#gradeLine(line, subjects, origin);
    } catch (error) {
      if (error instanceof SchemaError)
        return [invalid(origin, offset, value, error.message, retryOf)];
      throw error;
    }
  }

  #gradeLine(
    line: Line,
    subjects: readonly Subject[],
    origin: Origin,
  ): RewardRecord[] | Promise<RewardRecord[]> {
    if (line.deadline !== undefined && Date.parse(line.deadline) < Date.now()) {
      const message = `the deadline ${line.deadline} has passed`;
      const error = { class: "deadline", message, retryable: false };
      return subjects.map((subject) => errorRecord(origin, subject, error));
    }
    const task = this.#tasks.ready(line.task);
    const isGroup = "rollouts" in line;
    const views = isGroup
      ? line.rollouts.map((rollout) => viewOf(rollout, line.prompt))
      : [viewOf(line, line.prompt)];
    const records = subjects.map((subject, index) =>
      this.#gradeRollout(task, subject, views, isGroup, index, origin),
    );
    return isSettled(records) ? records : Promise.all(records);
  }

  #gradeRollout(
    task: ReadyTask,
    subject: Subject,
    views: readonly View[],
    isGroup: boolean,
    index: number,
    origin: Origin,
  ): RewardRecord | Promise<RewardRecord> {
    const started = performance.now();
    const view = views[index] as View;
    const siblings = isGroup ? views : undefined;
    const finish = (components: Component[]): RewardRecord =>
      makeRecord(origin, subject, combine(components, task), components, elapsed(started));
    const components = task.components.map((component) =>
      this.#speak(component, view, siblings, index),
    );
    return isSettled(components) ? finish(components) : Promise.all(components).then(finish);
  }

  #speak(
    component: ReadyComponent,
    trajectory: View,
    siblings: readonly View[] | undefined,
    index: number,
  ): Component | Promise<Component> {
    const { spec, ready, verifier } = component;
    const started = performance.now();
    if ("judgement" in ready) return asComponent(component, ready.judgement, started);
    const judgement = judge(verifier, {
      spec,
      prepared: ready.prepared,
      trajectory,
      siblings,
      index,
      ports: this.#ports,
    });
    return judgement instanceof Promise
      ? judgement.then((value) => asComponent(component, value, started))
      : asComponent(component, judgement, started);
  }
}

// Built by assignment: this runs once or more a line, and a spread costs more than all the rest.
function asComponent(of: ReadyComponent, judgement: Judgement, started: number): Component {
  const component: Component = {
    name: of.name,
    verifier: of.label,
    outcome: judgement.outcome,
    score: null,
    weight: of.weight,
    gate: of.gate,
    reason: judgement.reason,
    detail: NO_DETAIL,
    ms: elapsed(started),
  };
  if (judgement.outcome === "error") component.error = bounded(judgement.error);
  else {
    if (judgement.detail !== undefined) component.detail = judgement.detail;
    if (judgement.outcome === "scored") {
      component.score = judgement.score;
      if (judgement.answer !== undefined) component.answer = judgement.answer;
      if (judgement.steps !== undefined) component.steps = [...judgement.steps];
    }
  }
  return component;
}

/** Whether all have their values: mostly nothing is awaited. */
function isSettled<T>(values: readonly (T | Promise<T>)[]): values is T[] {
  for (const value of values) if (value instanceof Promise) return false;
  return true;
}

function withTask(value: unknown, { task }: Origin): unknown {
  if (task === undefined || typeof value !== "object" || value === null) return value;
  return Array.isArray(value) || Object.hasOwn(value, "task") ? value : { ...value, task };
}

function subjectsOf(
  line: Line,
  offset: number,
  retryOf: RetryOf | undefined,
  metadataTexts: readonly (string | undefined)[],
): Subject[] {
  const { group, metadata: shared, task } = line;
  const policyStep = line.policy_step;
  if (!("rollouts" in line))
    return [
      {
        offset,
        index: 0,
        id: line.id,
        taskId: task.id,
        group,
        policyStep,
        metadata: shared,
        metadataText: metadataTexts[0],
        retryOf,
      },
    ];
  return line.rollouts.map(({ id, metadata }, index) => ({
    offset,
    index,
    id,
    taskId: task.id,
    group,
    policyStep,
    metadata: shared === undefined ? metadata : { ...shared, ...metadata },
    metadataText: metadataTexts[index],
    retryOf,
  }));
}

function viewOf(rollout: Rollout | Trajectory, prompt: GroupLine["prompt"]): View {
  return rollout.messages === undefined
    ? viewOfResponse(rollout.response as string, prompt)
    : new MessagesView(rollout.messages, prompt);
}

/** Even of a line that is no trajectory, an id that can be read is kept: it tells people which. */
function invalid(
  origin: Origin,
  offset: number,
  value: unknown,
  message: string,
  retryOf?: RetryOf,
): RewardRecord {
  const id = (value as { id?: unknown } | null)?.id;
  const named = typeof id === "string" && id !== "" && id.length <= MAX_ID_CHARS ? id : undefined;
  return errorRecord(
    origin,
    { ...unreadSubject(offset), id: named, retryOf },
    invalidTrajectory(message),
  );
}

/** Milliseconds since `started`, to the microsecond. */
function elapsed(started: number): number {
  return Math.round((performance.now() - started) * 1_000) / 1_000;
}
