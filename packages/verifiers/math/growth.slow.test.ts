import { describe, expect, it } from "vitest";
import { registry } from "../shipped.ts";
import { grade } from "../testing/grade.ts";
import { growth, MOST_GROWTH } from "../testing/hostile.ts";
import { MAX_ANSWER_LENGTH } from "./parse/lex.ts";
import { CONSTRUCTS, type Construct, RESPONSES } from "./testing/constructs.ts";

/** No verdict takes so long. Measured: 66 ms at the most, on one core of a small machine. */
const MOST_MS = 250;
/** Other work on the machine only adds to a time: the least of several counts. */
const ROUNDS = 3;
/** Below this the noise is larger than what is measured. */
const FLOOR_MS = 5;
/** Four times the size: quadratic work takes sixteen times as long, and noise half as much again. */
const MOST_ANSWER_GROWTH = 24;
const SMALLEST = 4;
const MIB = 2 ** 20;
/** What any response may cost, a millisecond for some ten thousand characters. */
const MOST_MS_PER_MIB = 400;

const math = registry.find("math");

function judged(gold: string, response: string): string {
  if (math === undefined) throw new Error("math is not shipped");
  const judgement = grade(math, { answer: gold }, response);
  if (judgement instanceof Promise) throw new Error("math answers at once");
  return judgement.outcome;
}

function milliseconds(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** The least of several times; of the first alone where that is short enough. */
function leastMilliseconds(work: () => unknown, enough: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && least > enough; round++)
    least = Math.min(least, milliseconds(work));
  return least;
}

/** What a task may ask where the response is of this construct: a number, the same, and almost it. */
function golds({ make, other }: Construct): readonly ((size: number) => string)[] {
  const own = [() => "1", (size: number) => make(size, "1"), (size: number) => make(size, "2")];
  if (other === undefined) return own;
  return [...own, (size) => other(size, "1"), (size) => other(size, "2")];
}

/** Doubling sizes up to the longest answer that is read. */
function sizesOf({ make, most = MAX_ANSWER_LENGTH }: Construct): number[] {
  const sizes: number[] = [];
  for (let size = SMALLEST; size <= most && make(size, "1").length <= MAX_ANSWER_LENGTH; size *= 2)
    sizes.push(size);
  return sizes;
}

describe("an answer that grows", () => {
  it.each(CONSTRUCTS)("costs little: $name", async (construct) => {
    const sizes = sizesOf(construct);
    for (const gold of golds(construct)) {
      const work = (size: number) => judged(gold(size), `\\boxed{${construct.make(size, "1")}}`);
      for (const size of sizes) {
        let outcome = "";
        const time = leastMilliseconds(() => {
          outcome = work(size);
        }, MOST_MS);
        expect(outcome).not.toBe("error");
        expect(time, `${size}, ${gold(size).slice(0, 80)}`).toBeLessThan(MOST_MS);
      }
      const quarter = sizes.at(-3);
      if (quarter !== undefined)
        expect(await growth(work, quarter, FLOOR_MS)).toBeLessThan(MOST_ANSWER_GROWTH);
    }
  });
});

describe("a response that grows", () => {
  it.each(RESPONSES)("costs in proportion: $name", { timeout: 120_000 }, async ({ make }) => {
    for (const gold of ["1", "\\{1, x\\}", "odd"]) {
      const work = (size: number) => judged(gold, make(size, "1").slice(0, 4 * MIB));
      expect(await growth(work, MIB, 2 * FLOOR_MS)).toBeLessThan(MOST_GROWTH);
      expect(leastMilliseconds(() => work(MIB), MOST_MS_PER_MIB)).toBeLessThan(MOST_MS_PER_MIB);
    }
  });
});
