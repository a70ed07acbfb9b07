import type { Case, Verifier, View } from "../define.ts";
import { type Judgement, judge, prepare } from "../judge.ts";
import { MessagesView, viewOfResponse } from "../view.ts";

/** For tests: what a verifier says of one trajectory, by the same boundary as anywhere else. */
export function grade(
  verifier: Verifier,
  spec: unknown,
  trajectory: string | Pick<Case, "messages" | "response">,
): Judgement | Promise<Judgement> {
  const parsed = verifier.spec.parse(spec);
  const ready = prepare(verifier, parsed);
  if ("judgement" in ready) return ready.judgement;
  return judge(verifier, {
    spec: parsed,
    prepared: ready.prepared,
    trajectory: viewOf(typeof trajectory === "string" ? { response: trajectory } : trajectory),
    siblings: undefined,
    index: 0,
    ports: {},
  });
}

/** For tests: one spec of each shape among a verifier's cases, at most two. */
export function specsOf({ cases }: Verifier): unknown[] {
  const shapes = new Map<string, unknown>();
  for (const { spec, expect } of cases) {
    const shape = Object.keys(spec as object)
      .sort()
      .join();
    if (expect.outcome === "scored" && !shapes.has(shape)) shapes.set(shape, spec);
  }
  return [...shapes.values()].slice(0, 2);
}

function viewOf({ messages, response }: Pick<Case, "messages" | "response">): View {
  return messages ? new MessagesView(messages, undefined) : viewOfResponse(response ?? "");
}
