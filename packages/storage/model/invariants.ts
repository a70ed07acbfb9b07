import { Manifest } from "@assay/schema";
import type { ModelRecord } from "./grader.ts";
import type { Outcome, Scenario } from "./run.ts";

/** What is wrong with how a run ended; undefined where nothing is. */
export function violation(
  scenario: Scenario,
  outcome: Outcome,
  deadTries: number,
): string | undefined {
  const { announcements, overwritten, rewards } = outcome;
  const text = (key: string) => Buffer.from(rewards.objects.get(key)?.body ?? []).toString();
  const keys = [...rewards.objects.keys()].sort();
  const parts = keys.filter((key) => key.startsWith("rewards/"));
  const bySource = new Map<string, ModelRecord[]>();
  for (const key of parts) {
    const sid = key.split("/")[2] ?? "";
    const records = text(key)
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    if (records.length === 0) return `${key} is empty`;
    bySource.set(sid, [...(bySource.get(sid) ?? []), ...records]);
    const isAnnounced = announcements.some(
      ({ part, type }) => type === "part" && (part as { key: string }).key === key,
    );
    if (!isAnnounced && !overwritten) return `${key} was never announced`;
  }
  for (const [sid, records] of bySource) {
    const offsets = records.map(({ offset }) => offset);
    if (new Set(offsets).size !== offsets.length)
      return `${sid}: a line has two records: ${offsets}`;
  }
  const manifests = keys.filter((key) => key.startsWith("manifests/"));
  if (overwritten) {
    const rejected = keys.some((key) => key.startsWith("rejected/"));
    return manifests.length > 0 || rejected ? undefined : "overwritten, and nobody was told";
  }
  if (manifests.length !== 1) return `${manifests.length} manifests`;
  if (!announcements.some(({ type }) => type === "source")) return "the source was never announced";
  const expected = linesOf(scenario.source);
  const records = [...bySource.values()].flat();
  const missing = expected.filter(({ offset }) => !records.some((one) => one.offset === offset));
  if (missing.length > 0)
    return `no record for the lines at ${missing.map(({ offset }) => offset)}`;
  if (records.length !== expected.length)
    return `${records.length} records of ${expected.length} lines`;
  for (const { offset, word } of expected) {
    const record = records.find((one) => one.offset === offset);
    const fine =
      word === "ok"
        ? [undefined]
        : word === "port"
          ? [undefined, "port_failed"]
          : word === "bad"
            ? ["invalid_trajectory"]
            : ["crashed"];
    // So many kills from outside look like a line that kills.
    if (outcome.kills >= deadTries) fine.push("crashed");
    if (!fine.includes(record?.class))
      return `the line at ${offset} (${word}) ended as ${record?.class}`;
  }
  const manifest = Manifest.parse(JSON.parse(text(manifests[0] ?? "")));
  if (manifest.trajectories !== records.length || manifest.lines !== expected.length)
    return `the manifest counts ${manifest.trajectories} of ${records.length}`;
  const listed = manifest.parts.map(({ key }) => key).sort();
  if (listed.join() !== parts.join()) return `the manifest lists ${listed}, there are ${parts}`;
  return undefined;
}

function linesOf(source: string): { offset: number; word: string }[] {
  const lines: { offset: number; word: string }[] = [];
  let offset = 0;
  for (const line of source.split("\n")) {
    if (line.trim() !== "") lines.push({ offset, word: /^[a-z]+/.exec(line)?.[0] ?? "" });
    offset += line.length + 1;
  }
  return lines;
}
