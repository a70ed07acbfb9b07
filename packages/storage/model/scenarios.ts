import type { Choices } from "./choices.ts";
import { violation } from "./invariants.ts";
import type { Protocol } from "./protocol.ts";
import { type Outcome, runModel, type Scenario } from "./run.ts";

const ALL = { crash: 2, lose: 2, fail: 2, duplicate: 2, timeout: 2, hurry: 1 };

/** Sources of a few bytes with shards of 8: lines within, across and over whole shards. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "one shard": { source: "ok\nok\n", workers: 2, faults: ALL },
  "three shards, two planners": {
    source: "ok1\nok2\nok345678\nok\nok",
    workers: 3,
    drops: 2,
    faults: ALL,
  },
  "a line over several shards": {
    source: "ok\nok34567890123456789012345\nok\n",
    workers: 2,
    faults: ALL,
  },
  "blank lines and bad ones": {
    source: "\n\nok\n\n\n\n\n\n\n\nbad\n\n\n\n\n",
    workers: 2,
    faults: ALL,
  },
  "a poisonous line": {
    source: "ok\npoison\nok\nok\n",
    workers: 2,
    faults: { lose: 1, duplicate: 1, timeout: 1 },
  },
  "a poisonous line, and what the dead held comes back at once": {
    source: "ok\npoison\nok\nok\n",
    workers: 2,
    faults: { lose: 1, duplicate: 1, timeout: 1 },
    landing: true,
  },
  "three shards, and what the dead held comes back at once": {
    source: "ok1\nok2\nok345678\nok\nok",
    workers: 3,
    drops: 2,
    faults: ALL,
    landing: true,
  },
  "poison in each shard": {
    source: "poison1\npoison2\npoison3\n",
    workers: 2,
    faults: { duplicate: 1, fail: 1 },
  },
  "a port that is down for longer than messages hide": {
    source: "port\n",
    workers: 1,
    faults: { rest: 8 },
    downFor: 40,
  },
  "many messages for one line whose port fails": {
    source: "port\n",
    workers: 4,
    drops: 3,
    faults: { rest: 2 },
    downFor: 120,
  },
  "ports that fail for a while": {
    source: "ok\nport\nport\nok\n",
    workers: 2,
    faults: { outage: 3, crash: 1, lose: 1, timeout: 3 },
  },
  "a source that is overwritten": {
    source: "ok1\nok2\nok3\nok4\nok5\n",
    workers: 2,
    faults: { overwrite: 1, crash: 1, duplicate: 1, lose: 1 },
  },
};

/** Runs a scenario and gives how it ended and what is wrong with that; throws where it never ends. */
export async function examine(
  protocol: Protocol,
  scenario: Scenario,
  choices: Choices,
): Promise<{ readonly outcome: Outcome; readonly wrong: string | undefined }> {
  const outcome = await runModel(protocol, scenario, choices);
  return { outcome, wrong: violation(scenario, outcome, protocol.policy.DEAD_TRIES) };
}
