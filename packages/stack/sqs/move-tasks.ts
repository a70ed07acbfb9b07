import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "../clock.ts";
import { nameInArn, queueArn } from "../identity.ts";
import { invalid, refuse } from "./errors.ts";
import { type Input, optionalInteger, optionalText, text } from "./input.ts";
import type { MessageStore } from "./messages.ts";
import type { Output } from "./operations.ts";
import type { Queue, QueueStore } from "./queues.ts";

/** Messages a second where the caller gives no rate: as many as SQS allows to ask for. */
const MAX_RATE = 500;
const MAX_LISTED = 10;
/** Tasks remembered per queue; older ones are forgotten, as SQS does. */
const MAX_REMEMBERED = 10;

interface Task {
  readonly handle: string;
  readonly source: Queue;
  readonly target: Queue | undefined;
  readonly rate: number;
  readonly total: number;
  readonly started: number;
  moved: number;
  status: "RUNNING" | "COMPLETED" | "CANCELLED";
  timer?: Timer;
}

/** Moves dead letters back, a second's worth at a time. A task ends with the process; what it
 * has not moved yet then simply lies where it lay. */
export class MoveTasks {
  readonly #queues: QueueStore;
  readonly #messages: MessageStore;
  readonly #clock: Clock;
  #tasks: Task[] = [];

  constructor(queues: QueueStore, messages: MessageStore, clock: Clock) {
    this.#queues = queues;
    this.#messages = messages;
    this.#clock = clock;
  }

  start(input: Input): Output {
    const source = this.#source(input);
    const destination = optionalText(input, "DestinationArn");
    const rate = optionalInteger(input, "MaxNumberOfMessagesPerSecond", 1, MAX_RATE) ?? MAX_RATE;
    if (this.#queues.sourcesOf(source.name).length === 0)
      throw invalid("Source queue must be configured as a Dead Letter Queue.");
    if (this.#tasks.some((task) => task.source.id === source.id && task.status === "RUNNING"))
      throw refuse("UnsupportedOperation", "There is already a task running.");
    const { visible, inFlight, delayed } = this.#messages.count(source);
    const task: Task = {
      handle: Buffer.from(randomUUID()).toString("base64"),
      source,
      target: destination === undefined ? undefined : this.#find(destination),
      rate,
      total: visible + inFlight + delayed,
      started: this.#clock.now(),
      moved: 0,
      status: "RUNNING",
    };
    const others = this.#tasks.filter((other) => other.source.id !== source.id);
    const same = this.#tasks.filter((other) => other.source.id === source.id);
    this.#tasks = [task, ...same.slice(0, MAX_REMEMBERED - 1), ...others];
    this.#step(task);
    return { TaskHandle: task.handle };
  }

  list(input: Input): Output {
    const source = this.#source(input);
    const max = optionalInteger(input, "MaxResults", 1, MAX_LISTED) ?? 1;
    const tasks = this.#tasks.filter((task) => task.source.id === source.id).slice(0, max);
    return {
      Results: tasks.map((task) => ({
        ...(task.status === "RUNNING" && { TaskHandle: task.handle }),
        Status: task.status,
        SourceArn: queueArn(task.source.name),
        ...(task.target && { DestinationArn: queueArn(task.target.name) }),
        MaxNumberOfMessagesPerSecond: task.rate,
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.total,
        StartedTimestamp: task.started,
      })),
    };
  }

  cancel(input: Input): Output {
    const handle = text(input, "TaskHandle");
    const task = this.#tasks.find((one) => one.handle === handle && one.status === "RUNNING");
    if (task === undefined)
      throw refuse("ResourceNotFoundException", "The resource that you specified doesn't exist.");
    this.#end(task, "CANCELLED");
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  stop(): void {
    for (const task of this.#tasks) if (task.status === "RUNNING") this.#end(task, "CANCELLED");
  }

  #step(task: Task): void {
    const moved = this.#messages.redrive(task.source, task.target, task.rate);
    task.moved += moved;
    if (moved < task.rate) this.#end(task, "COMPLETED");
    else task.timer = this.#clock.setTimer(() => this.#step(task), 1000);
  }

  #end(task: Task, status: "COMPLETED" | "CANCELLED"): void {
    if (task.timer !== undefined) this.#clock.clearTimer(task.timer);
    task.status = status;
  }

  #source(input: Input): Queue {
    return this.#find(text(input, "SourceArn"));
  }

  #find(arn: string): Queue {
    const queue = this.#queues.find(nameInArn(arn));
    if (queue === undefined)
      throw refuse("ResourceNotFoundException", "The resource that you specified doesn't exist.");
    return queue;
  }
}
