import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BoundedChoices, type Choices, SeededChoices } from "./choices.ts";
import { loadProtocol, type Protocol } from "./protocol.ts";
import type { Scenario } from "./run.ts";
import { examine, SCENARIOS } from "./scenarios.ts";

/** Runs a scenario. More by hand, from any seed: MODEL_RUNS=100000 MODEL_SEED=1 npx vitest run … */
const RUNS = Number(process.env["MODEL_RUNS"] ?? 300);
const FIRST_SEED = Number(process.env["MODEL_SEED"] ?? 1);
/** The search: so many departures from the plain course, within so many first decisions. */
const DEPARTURES = Number(process.env["MODEL_DEPARTURES"] ?? 1);
const DEPTH = Number(process.env["MODEL_DEPTH"] ?? 60);

let protocol: Protocol;
const totals = { runs: 0, steps: 0, faults: {} as Record<string, number> };

beforeAll(async () => {
  protocol = await loadProtocol();
});
afterAll(() => {
  // Figures for whoever asked for a long run.
  if (process.env["MODEL_RUNS"] !== undefined) process.stdout.write(`${JSON.stringify(totals)}\n`);
});

async function check(scenario: Scenario, choices: Choices, name: string): Promise<void> {
  const { outcome, wrong } = await examine(protocol, scenario, choices).catch((error) => {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  });
  totals.runs++;
  totals.steps += outcome.steps;
  for (const [fault, times] of Object.entries(outcome.used))
    totals.faults[fault] = (totals.faults[fault] ?? 0) + times;
  if (wrong !== undefined) expect.fail(`${name}: ${wrong}\n${outcome.log.join("\n")}`);
}

describe.each(Object.entries(SCENARIOS))("%s", (_, scenario) => {
  it("ends whole whatever goes wrong, run after random run", async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++)
      await check(scenario, new SeededChoices(seed), `seed ${seed}`);
  }, 3_600_000);
});

it("a source of two shards ends whole in every run within the bound of the search", async () => {
  const faults = { crash: 1, lose: 1, fail: 1, duplicate: 1, timeout: 1, hurry: 1 };
  const scenario: Scenario = { source: "ok1\nok2\nok3\n", workers: 2, faults };
  const choices = new BoundedChoices(DEPARTURES, DEPTH);
  let runs = 0;
  do {
    await check(scenario, choices, `run ${++runs} (${choices.trail.join(" ")})`);
  } while (choices.advance());
  expect(runs).toBeGreaterThan(100);
}, 3_600_000);
