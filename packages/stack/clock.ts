/** A timer that a clock has set. Only the clock that made it can read it. */
export type Timer = object;

/** All time in the stack comes from one of these, so that tests need not sleep. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimer(run: () => void, ms: number): Timer;
  clearTimer(timer: Timer): void;
}

/** Node fires timers beyond this at once; a longer wait is cut, and whoever waits looks again. */
const LONGEST_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: Date.now,
  setTimer: (run, ms) => setTimeout(run, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS)),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to move. */
export class ManualClock implements Clock {
  #now: number;
  readonly #alarms = new Set<Alarm>();

  constructor(now: number = Date.now()) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  setTimer(run: () => void, ms: number): Timer {
    const alarm = { at: this.#now + Math.max(ms, 0), run };
    this.#alarms.add(alarm);
    return alarm;
  }

  clearTimer(timer: Timer): void {
    this.#alarms.delete(timer as Alarm);
  }

  /** How many timers are set: whoever waits for time to pass has set one. */
  get timers(): number {
    return this.#alarms.size;
  }

  /** Moves on, firing every timer on the way at its own moment, in order. What a timer starts
   * runs before the next one fires. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#alarms.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets promises that are already resolved run their course. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
