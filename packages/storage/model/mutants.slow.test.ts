import { describe, expect, it } from "vitest";
import { SeededChoices } from "./choices.ts";
import { MUTANTS } from "./mutants.ts";
import { loadProtocol } from "./protocol.ts";
import { examine, SCENARIOS } from "./scenarios.ts";

/** Seeds that are tried in each scenario before a mutant counts as one that lives. */
const SEEDS = 3_000;

describe("the model finds a protocol that", () => {
  it.each(Object.entries(MUTANTS))(
    "%s",
    async (_, edits) => {
      const protocol = await loadProtocol(edits);
      for (let seed = 1; seed <= SEEDS; seed++)
        for (const scenario of Object.values(SCENARIOS)) {
          const { wrong } = await examine(protocol, scenario, new SeededChoices(seed)).catch(
            (error: Error) => ({ wrong: error.message }),
          );
          if (wrong !== undefined) return;
        }
      expect.fail(`${SEEDS} seeds in each scenario, and nothing was wrong`);
    },
    120_000,
  );
});
