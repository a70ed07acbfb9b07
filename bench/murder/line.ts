import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "@assay/schema";
import { keys, policy } from "@assay/storage";
import { lineThat } from "../../packages/grading/testing/verifiers.ts";
import { Simulation } from "../../test/support/simulation.ts";
import { depth, type Expected, examineJob } from "../../test/support/whole.ts";
import type { KeptPromises } from "./functions.ts";

const LINES = 1_000;
/** The lines come to three of the smallest shards. */
const LINE_BYTES = 2_900;
/** In the middle of the second shard. */
const POISON = 500;
const JOB = "j";
const KEY = `${policy.DROPS}${JOB}/poison.jsonl`;
const QUEUES = ["submissions", "shards", "submissions-dead", "shards-dead"];

/** One line among others takes its whole invocation down each time it is graded: it alone may
 * suffer, and the others may wait no longer than they must. */
export async function murderLine(): Promise<KeptPromises> {
  const here = await gradeAll(true);
  const lambda = await gradeAll(false);
  return {
    report: [
      `1 line of ${LINES} kills its invocation each time, 3 shards; virtual seconds from the drop to the record of`,
      ...here.waits.map(
        ({ seconds, who }, i) =>
          `  ${who.padEnd(42)} ${String(seconds).padStart(5)} locally  ${String(lambda.waits[i]?.seconds).padStart(5)} as on Lambda`,
      ),
      `  invocations cut short: ${here.crashed} locally, ${lambda.crashed} as on Lambda`,
    ],
    wrong: [...here.wrong, ...lambda.wrong],
  };
}

interface Wait {
  readonly who: string;
  readonly seconds: number;
}

async function gradeAll(
  landAtOnce: boolean,
): Promise<{ waits: readonly Wait[]; wrong: readonly string[]; crashed: number }> {
  const dir = mkdtempSync(join(tmpdir(), "assay-murder-"));
  const simulation = await Simulation.start({ dir, landAtOnce });
  const { env, functions, world } = simulation.local;
  try {
    const lines = Array.from({ length: LINES }, (_, i) => lineOf(i));
    const sources = new Map([[KEY, lines]]);
    const text = lines.map((line) => `${line.text}\n`).join("");
    await world.trajectories.create(KEY, Buffer.from(text));
    const droppedAt = simulation.clock.now();
    await simulation.until(
      async () =>
        (await world.rewards.list(keys.manifestsPrefix(JOB))).objects.length === 1 &&
        (await depth(env, QUEUES)) === 0,
    );
    const { found, wrong } = await examineJob(simulation.local, JOB, sources);
    const [manifest] = found.manifests;
    if (manifest === undefined) return { waits: [], wrong, crashed: 0 };
    const written = await writtenAt(simulation, manifest, droppedAt);
    const poison = lines.slice(0, POISON).reduce((at, line) => at + bytesOf(line), 0);
    return {
      waits: waitsOf(written, poison, poison + bytesOf(lines[POISON] as Expected)),
      wrong,
      crashed: functions.get("verify")?.stats.crashed ?? 0,
    };
  } finally {
    await simulation.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Written {
  readonly start: number;
  readonly end: number;
  readonly seconds: number;
}

/** When each part was written, in virtual seconds since the drop. */
async function writtenAt(
  { local: { world } }: Simulation,
  { job, parts, sid }: Manifest,
  droppedAt: number,
): Promise<Written[]> {
  const { objects } = await world.rewards.list(keys.partsPrefix(job, sid));
  const times = new Map(objects.map(({ key, modifiedMs }) => [key, modifiedMs]));
  return parts.map(({ end, key, start }) => ({
    start,
    end,
    seconds: Math.round(((times.get(key) ?? Number.NaN) - droppedAt) / 1_000),
  }));
}

function waitsOf(written: readonly Written[], poison: number, behind: number): Wait[] {
  const shard = Math.floor(poison / policy.SMALLEST_SHARD_BYTES);
  const from = shard * policy.SMALLEST_SHARD_BYTES;
  const until = from + policy.SMALLEST_SHARD_BYTES;
  const last = (which: (part: Written) => boolean) =>
    Math.max(...written.filter(which).map(({ seconds }) => seconds));
  return [
    {
      who: "the last line of the other shards",
      seconds: last(({ start }) => start < from || start >= until),
    },
    {
      who: "the last line before it in its own shard",
      seconds: last(({ end, start }) => start >= from && end <= poison),
    },
    { who: "the line itself", seconds: last(({ end, start }) => start <= poison && end > poison) },
    {
      who: "the last line after it in its own shard",
      seconds: last(({ start }) => start >= behind && start < until),
    },
  ];
}

function lineOf(i: number): Expected {
  // No line earns 0: a 0 in the records is somebody else's fault.
  const reward = ((i % 7) + 1) / 8;
  const more = { id: `t${i}`, response: "and so on ".repeat(LINE_BYTES / 10 - 10) };
  return {
    id: `t${i}`,
    text: i === POISON ? lineThat("kill", more) : lineThat("accept", more, reward),
    allows: (record) =>
      i === POISON ? record.error?.class === "crashed" : record.reward === reward,
  };
}

function bytesOf({ text }: Expected): number {
  return Buffer.byteLength(text) + 1;
}
