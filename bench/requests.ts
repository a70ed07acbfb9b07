import { out, table } from "./print.ts";
import { type Case, count, type Usage } from "./requests/count.ts";
import {
  dollarsOf,
  IDLE_DOLLARS_PER_QUEUE_AND_MONTH,
  requestDollars,
  s3Requests,
  sqsRequests,
} from "./requests/prices.ts";
import { SPARED, sparedFor } from "./requests/rules.ts";

/**
 * Counts what grading asks of S3, SQS and Lambda, by kind: the real handlers with the SDK on the
 * embedded stack. Then what AWS would take for it, and what the protocol spares.
 */

const CASES: readonly Case[] = [
  { name: "1 x 1 line", sources: 1, linesEach: 1 },
  { name: "1,000 x 1 line", sources: 1_000, linesEach: 1 },
  { name: "1 x 1,000,000 lines", sources: 1, linesEach: 1_000_000 },
];

type Row = readonly [name: string, of: (usage: Usage, job: Case) => number | string];

const invocations = (name: string) => (usage: Usage) => usage.functions.get(name)?.invocations ?? 0;

const COUNTS: readonly Row[] = [
  ["shards", ({ manifests }) => manifests.reduce((sum, { shards }) => sum + shards, 0)],
  ["parts", ({ manifests }) => manifests.reduce((sum, { parts }) => sum + parts.length, 0)],
  ["S3 PUT", ({ put }) => put],
  ["S3 GET", ({ get }) => get],
  ["S3 HEAD", ({ head }) => head],
  ["S3 LIST", ({ list }) => list],
  ["S3 DELETE", (usage) => usage.delete],
  ["SQS SendMessageBatch", ({ send }) => send],
  ["  their units beyond 64 KiB", ({ moreUnits }) => moreUnits],
  ["SQS ChangeMessageVisibility", (usage) => usage.changeVisibility],
  ["SQS messages sent by S3", ({ notifications }) => notifications],
  ["SQS receives of the poller", ({ receives }) => receives],
  ["SQS deletes of the poller", ({ deletes }) => deletes],
  ["Lambda plan", invocations("plan")],
  ["Lambda verify", invocations("verify")],
  [
    "Lambda park",
    (usage) => invocations("park-submissions-dead")(usage) + invocations("park-shards-dead")(usage),
  ],
  ["S3 requests a source", (usage, { sources }) => s3Requests(usage) / sources],
  ["SQS requests a source", (usage, { sources }) => sqsRequests(usage) / sources],
  ["S3 requests per 1,000 lines", (usage, job) => perThousand(s3Requests(usage), job)],
  ["SQS requests per 1,000 lines", (usage, job) => perThousand(sqsRequests(usage), job)],
];

const COSTS: readonly Row[] = [
  ["S3 requests", (usage) => dollars(dollarsOf(usage).s3)],
  ["SQS requests", (usage) => dollars(dollarsOf(usage).sqs)],
  ["Lambda requests", (usage) => dollars(dollarsOf(usage).invocations)],
  ["Lambda GB-s, arm64", (usage) => dollars(dollarsOf(usage).arm64)],
  ["Lambda GB-s, x86_64", (usage) => dollars(dollarsOf(usage).x86_64)],
  ["CloudWatch logs", (usage) => dollars(dollarsOf(usage).logs)],
  ["all, arm64", (usage) => dollars(dollarsOf(usage).allOnArm64)],
  ["all, x86_64", (usage) => dollars(dollarsOf(usage).allOnX86)],
  [
    "all a million lines, arm64",
    (usage, { linesEach, sources }) =>
      dollars((dollarsOf(usage).allOnArm64 * 1_000_000) / (sources * linesEach)),
  ],
];

const SAVED: readonly Row[] = Object.entries(SPARED).map(([name, spared]) => [
  name,
  (usage) => {
    const more = sparedFor(usage.manifests, spared);
    const told = Object.entries(more).filter(([, number]) => number !== 0);
    const { s3, sqs } = dollarsOf(usage);
    const part = Math.round((100 * requestDollars(more)) / (s3 + sqs));
    return told.length === 0
      ? "-"
      : `${told.map(([kind, number]) => `${number} ${kind}`).join(", ")} (+${part} %)`;
  },
]);

function perThousand(requests: number, { linesEach, sources }: Case): number {
  return (requests * 1_000) / (sources * linesEach);
}

function dollars(amount: number): string {
  return `$${amount.toPrecision(3)}`;
}

const usages: Usage[] = [];
for (const job of CASES) usages.push(await count(job));

function report(title: string, rows: readonly Row[]): void {
  out(`\n${title}`);
  out(
    table([
      ["", ...CASES.map(({ name }) => name)],
      ...rows.map(([name, of]) => [name, ...usages.map((usage, i) => of(usage, CASES[i] as Case))]),
    ]),
  );
}

report("what grading asks for, the drop not counted", COUNTS);
report(
  "what AWS would take, without free tier, storage and cold starts; seconds of this machine",
  COSTS,
);
const idle = dollars(IDLE_DOLLARS_PER_QUEUE_AND_MONTH);
out(`and ${idle} a month for each of the four queues with a poller while nothing is graded`);
report(
  "what a plainer protocol would ask for besides, and how much dearer its requests would be",
  SAVED,
);
