import { expect, it } from "vitest";
import { crash } from "../bench/stack-crash.ts";

it("what the stack acknowledged outlives SIGKILL, and what it deleted stays away", async () => {
  const { count, kills, violations } = await crash(5, 1);
  expect(violations).toEqual([]);
  expect(kills).toBe(5);
  // The kills found it at work.
  expect(count["puts, large"]).toBeGreaterThan(0);
  expect(count["messages sent"]).toBeGreaterThan(0);
  expect(count["requests cut off by a kill"]).toBeGreaterThan(0);
}, 120_000);
