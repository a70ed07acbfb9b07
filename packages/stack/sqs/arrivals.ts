import type { Clock, Timer } from "../clock.ts";

/** Who waits for messages, by queue. */
export class Arrivals {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Wakes all who wait at this queue. They look for themselves who gets what. */
  announce(queue: number): void {
    const waiting = this.#waiting.get(queue);
    if (waiting === undefined) return;
    this.#waiting.delete(queue);
    for (const wake of waiting) wake();
  }

  /** Resolves at an announcement, at the given time, or when the signal aborts. */
  wait(queue: number, until: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const waiting = this.#waiting.get(queue) ?? new Set();
      this.#waiting.set(queue, waiting);
      let timer: Timer | undefined;
      const wake = () => {
        if (timer !== undefined) this.#clock.clearTimer(timer);
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener("abort", wake);
      if (Number.isFinite(until)) timer = this.#clock.setTimer(wake, until - this.#clock.now());
    });
  }
}
