import { z } from "zod";
import { defineVerifier } from "../define.ts";
export default defineVerifier({
  name: "choice",
  version: 1,
  spec: z.strictObject({ answer: z.string() }),
  reasons: { equal: "the letter is the answer", not_equal: "another letter" },
  doc: { summary: "placeholder", details: "", source: "" },
  cases: [
    {
      name: "a",
      spec: { answer: "B" },
      response: "B",
      expect: { outcome: "scored", score: 1, reason: "equal" },
    },
    {
      name: "b",
      spec: { answer: "B" },
      response: "A",
      expect: { outcome: "scored", score: 0, reason: "not_equal" },
    },
  ],
  verify: ({ spec, trajectory }) =>
    trajectory.response === spec.answer
      ? { outcome: "scored", score: 1, reason: "equal" }
      : { outcome: "scored", score: 0, reason: "not_equal" },
});
