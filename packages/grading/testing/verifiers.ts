import { setTimeout as sleep } from "node:timers/promises";
import { defineVerifier, PortError, Registry, TaskFault } from "@assay/verifiers";
import * as z from "zod";

/** Whether the port of `port` is down: it is, until a test in this thread says otherwise. */
export const outage = { on: true };
/** Names, to functions in processes of their own, a server in place of `outage`: the port is up
 * while that server accepts connections. */
export const PORT_URL = "ASSAY_TEST_PORT_URL";

/** Verifiers that misbehave, for tests of whoever runs them: `spec.do` tells how. */
const misbehave = defineVerifier({
  name: "misbehave",
  version: 3,
  spec: z.strictObject({
    do: z.enum([
      "accept",
      "loop",
      "backtrack",
      "wait",
      "burst",
      "throw",
      "exit",
      "kill",
      "linger",
      "nan",
      "undeclared",
      "port",
      "async",
      "siblings",
      "gold",
    ]),
    /** For `accept`: the score; for `async`: milliseconds. */
    value: z.number().optional(),
  }),
  reasons: {
    fine: "it was told to accept",
    siblings_differ: "told by the siblings",
    no_siblings: "a lone trajectory has none",
    gold_unreadable: "the task is at fault",
  },
  range: [-10, 10],
  doc: { summary: "misbehaves", details: "as told", source: "ours" },
  cases: [
    {
      name: "a",
      spec: { do: "accept" },
      response: "",
      expect: { outcome: "scored", reason: "fine" },
    },
    {
      name: "b",
      spec: { do: "gold" },
      response: "",
      expect: { outcome: "abstained", reason: "gold_unreadable" },
    },
  ],
  prepare(spec) {
    if (spec.do === "gold") throw new TaskFault("gold_unreadable", "the gold does not parse");
  },
  async verify({ index, siblings, spec }) {
    const fine = { outcome: "scored", score: spec.value ?? 1, reason: "fine" } as const;
    switch (spec.do) {
      case "loop":
        for (;;);
      case "backtrack":
        /^(a+)+$/.test(`${"a".repeat(60)}b`);
        break;
      case "wait":
        await sleep(3_600_000);
        break;
      case "burst": {
        const hoard: string[] = [];
        for (;;) hoard.push(`${hoard.length}`.repeat(100));
      }
      case "throw":
        throw new Error("a defect of the verifier");
      case "exit":
        process.exit(7);
        break;
      case "kill":
        process.kill(process.pid, "SIGKILL");
        break;
      case "linger":
        // Well when it is asked, and the end of its thread a little later.
        setTimeout(() => process.exit(7), 50);
        return fine;
      case "nan":
        return { ...fine, score: Number.NaN };
      case "undeclared":
        return { ...fine, reason: "made_up" as "fine" };
      case "port":
        if (await isPortUp()) return fine;
        throw new PortError("the sandbox is down", { retryable: true });
      case "async":
        await sleep(spec.value ?? 1);
        return { ...fine, score: 1 };
      case "siblings":
        if (siblings === undefined) return { outcome: "abstained", reason: "no_siblings" };
        return {
          outcome: "scored",
          score: siblings.filter((one) => one.response === siblings[index]?.response).length,
          reason: "siblings_differ",
        };
    }
    return fine;
  },
});

async function isPortUp(): Promise<boolean> {
  const url = process.env[PORT_URL];
  if (url === undefined) return !outage.on;
  return await fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

export const registry = new Registry([misbehave]);

/** This module, as `PoolOptions.verifiers` and ASSAY_VERIFIERS take it. */
export const VERIFIERS = import.meta.url;

/** A line of a source that has the verifier do as told. */
export function lineThat(does: string, more: object = {}, value?: number): string {
  const spec = value === undefined ? { do: does } : { do: does, value };
  return JSON.stringify({ task: { verifier: "misbehave", spec }, response: "r", ...more });
}
