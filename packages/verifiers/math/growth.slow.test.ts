import { describe, expect, it } from "vitest";
import { registry } from "../shipped.ts";
import { grade } from "../testing/grade.ts";
import { growth, MOST_GROWTH } from "../testing/hostile.ts";
import { CONSTRUCTS, RESPONSES } from "./testing/constructs.ts";

/** Just under the longest answer that is read. */
const LARGEST_ANSWER = 19_000;
/** A quarter of the longest response. */
const LARGE_RESPONSE = 1_000_000;
/** Processor time of one verdict: several times what the worst takes on an idle machine, and a
 * hundredth of what one takes whose work is not bounded. */
const MOST_MS = 250;
/** Below this at a quarter of the size, growth is not to be told from noise. */
const FLOOR_MS = 10;
const TRIES = 3;

const math = registry.find("math");

function judged(gold: string, response: string): unknown {
  if (math === undefined) throw new Error("math is not shipped");
  return grade(math, { answer: gold }, response);
}

/** The least of a few tries: what else the machine does only adds to it. */
function milliseconds(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES && least > MOST_MS; i++) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

describe.each(CONSTRUCTS)("an answer with $name", (construct) => {
  const size = Math.min(LARGEST_ANSWER, construct.most ?? LARGEST_ANSWER);
  const one = construct.make(size, "1");
  const other = construct.other?.(size, "1") ?? one;

  it("is judged in bounded time, right or wrong, as response and as the task's", () => {
    for (const [gold, response] of [
      ["1", one],
      [one, other],
      [one, construct.make(size, "2")],
    ] as const) {
      expect(milliseconds(() => judged(gold, response))).toBeLessThan(MOST_MS);
      expect(judged(gold, response)).not.toMatchObject({ outcome: "error" });
    }
  });
});

describe.each(RESPONSES)("a response of $name", ({ make }) => {
  it("takes four times as long for four times the length", { timeout: 60_000 }, async () => {
    const grown = await growth((size) => judged("1", make(size, "1")), LARGE_RESPONSE, FLOOR_MS);
    expect(grown).toBeLessThan(MOST_GROWTH);
  });
});
