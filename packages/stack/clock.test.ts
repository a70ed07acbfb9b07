import { expect, test } from "vitest";
import { ManualClock } from "./clock.ts";

test("timers fire in order, at their own moment, and those they set fire too", async () => {
  const clock = new ManualClock(0);
  const fired: [string, number][] = [];
  const set = (name: string, ms: number, then?: () => void) =>
    clock.setTimer(() => {
      fired.push([name, clock.now()]);
      then?.();
    }, ms);
  set("late", 30);
  set("early", 10, () => set("nested", 5));
  clock.clearTimer(set("never", 1));
  await clock.advance(20);
  expect(fired).toEqual([
    ["early", 10],
    ["nested", 15],
  ]);
  expect([clock.now(), clock.timers]).toEqual([20, 1]);
});
