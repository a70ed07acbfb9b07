import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { expectTable } from "./bad-inputs/check.ts";
import { Deployment, rejectedAs } from "./bad-inputs/deployment.ts";
import { BAD_JOB, ODD_JOB } from "./bad-inputs/drops.ts";
import { GOOD_TEXT, textOf } from "./bad-inputs/file-case.ts";
import { goodLine } from "./bad-inputs/line-case.ts";
import { STANDING } from "./bad-inputs/messages.ts";
import { type Case, EXIT, exitOf, type Outcome } from "./bad-inputs/outcome.ts";
import { GOOD_PARQUET } from "./bad-inputs/parquet.ts";
import { drops, messages, moments } from "./bad-inputs/table.ts";
import { assay, makeFolder } from "./support/assay.ts";

async function deploy(folder: string): Promise<Deployment> {
  const deployment = await Deployment.start(join(folder, ".assay"));
  onTestFinished(() => deployment.stop());
  return deployment;
}

/** What became of each of a job's sources. */
async function gradedIn(deployment: Deployment, job: string): Promise<Outcome[]> {
  const manifests = await deployment.manifests(job);
  return await Promise.all(manifests.map((one) => deployment.outcomeOf(one)));
}

it("each object that is dropped is graded, or is rejected in words, whatever its key", async () => {
  const folder = makeFolder();
  const deployment = await deploy(folder);
  const found = new Map<Case, Outcome>();
  for (const one of drops) {
    const refusal = await deployment.drop(one.key, one.body);
    if (refusal !== undefined) found.set(one, refusal);
  }
  await deployment.settle();
  for (const one of drops)
    if (!found.has(one)) found.set(one, await deployment.outcomeOfKey(one.key, one.job));
  expectTable(drops, (one) => found.get(one));

  const odd = drops.filter(({ job }) => job === ODD_JOB);
  const watched = await assay(folder, ["watch", ODD_JOB, "--json"]);
  expect(JSON.parse(watched.stdout)).toMatchObject({ lines: 3 * odd.length });
  expect(watched.status).toBe(EXIT.done);
  // Their names are no names of files, some of them: each has its records all the same.
  const fetched = await assay(folder, ["fetch", ODD_JOB, "--out", "out"]);
  expect(fetched.status, fetched.stderr).toBe(EXIT.done);
  expect(readdirSync(join(folder, "out"))).toHaveLength(odd.length);
  // The key that is the job's folder and no more keeps nobody waiting.
  const bad = await assay(folder, ["watch", BAD_JOB]);
  expect(bad.stderr.split("\n")).toHaveLength(
    drops.filter((one) => one.job === BAD_JOB && "rejected" in one.outcome).length + 1,
  );
  expect(bad.status).toBe(EXIT.usage);
});

it("each message is graded, or is rejected in words, or is refused by SQS", async () => {
  const folder = makeFolder();
  const deployment = await deploy(folder);
  await deployment.drop(STANDING.key, STANDING.body);
  await deployment.settle();
  const sent = new Map<Case, string | Outcome>();
  for (const one of messages) sent.set(one, await deployment.submit(one.body));
  const twice = `{"job":"twice","trajectories":[${goodLine("a")}]}`;
  for (const _ of [1, 2]) {
    await deployment.submit(twice);
    await deployment.settle();
  }

  const found = new Map<Case, Outcome>();
  for (const one of messages) {
    const id = sent.get(one) as string | Outcome;
    if (typeof id !== "string") found.set(one, id);
    else {
      const [manifest] = one.job === undefined ? [] : await deployment.manifests(one.job);
      if (manifest === undefined)
        found.set(one, rejectedAs(await deployment.rejectionOf(id, one.job)));
      else {
        found.set(one, await deployment.outcomeOf(manifest));
        expect(await deployment.recordsOf(manifest)).toContain(one.shows ?? "");
      }
    }
  }
  expectTable(messages, (one) => found.get(one));
  for (const kind of [EXIT.usage, EXIT.errors]) {
    const one = messages.find(({ job, outcome }) => job !== undefined && exitOf(outcome) === kind);
    expect((await assay(folder, ["watch", one?.job ?? ""])).status, one?.input).toBe(kind);
  }
  expect(await gradedIn(deployment, "twice")).toEqual([moments.submittedTwice.outcome]);
  expect(await deployment.announced("twice")).toBe(2);
});

it("what is dropped twice is graded once; what is mended is graded anew", async () => {
  const folder = makeFolder();
  const deployment = await deploy(folder);
  await deployment.drop("drops/twice/a.jsonl", GOOD_TEXT);
  await deployment.settle();
  await deployment.drop("drops/twice/a.jsonl", GOOD_TEXT);
  await deployment.drop("drops/mended/a.parquet", GOOD_TEXT);
  await deployment.settle();
  expect(await gradedIn(deployment, "twice")).toEqual([moments.droppedTwice.outcome]);
  expect(await deployment.announced("twice")).toBe(2);

  expect((await assay(folder, ["watch", "mended"])).status).toBe(EXIT.usage);
  // Dates of objects are whole seconds where they are listed.
  await sleep(1_100);
  // So that it takes a while until the new version is planned.
  deployment.local.functions.get("plan")?.killAll();
  await deployment.drop("drops/mended/a.parquet", GOOD_PARQUET);
  const watched = await assay(folder, ["watch", "mended", "--json"]);
  expect(JSON.parse(watched.stdout)).toMatchObject({ counts: { scored: 3 } });
  expect(watched.status).toBe(EXIT.done);
});

it("what changes while it waits is graded as it is now, and the old version is rejected", async () => {
  const folder = makeFolder();
  const first = await deploy(folder);
  await first.local.functions.get("verify")?.stop();
  for (const name of ["a", "b", "changed"]) await first.drop(`drops/w/${name}.jsonl`, GOOD_TEXT);
  const { shards, submissions } = first.local.world;
  await expect.poll(() => shards.depth(), { timeout: 20_000 }).toBe(3);
  // A planner that is stopped before its message is gone plans again, and would reject what is gone.
  await expect.poll(() => submissions.depth(), { timeout: 20_000 }).toBe(0);
  await first.drop("drops/w/a.jsonl", textOf([goodLine("new")]));
  await first.remove("drops/w/b.jsonl");
  await first.stop();

  writeFileSync(join(folder, "changed.jsonl"), textOf(["a", "b"].map(goodLine)));
  const changed = await assay(folder, ["grade", "changed.jsonl", "--job", "w", "--json"]);
  expect(changed.status, changed.stderr).toBe(EXIT.done);
  expect(JSON.parse(changed.stdout).counts.scored).toBe(moments.changed.outcome.graded);

  const second = await deploy(folder);
  await second.settle();
  const rejected = (await second.rejections("w")).map((one) => rejectedAs(one));
  expect(rejected).toHaveLength(3);
  expect(rejected).toEqual(
    expect.arrayContaining([moments.overwritten.outcome, moments.deleted.outcome]),
  );
  expect(await second.outcomeOfKey("drops/w/a.jsonl", "w")).toEqual({ graded: 1 });
  // Only of what was deleted there is nothing newer.
  const watched = await assay(folder, ["watch", "w"]);
  expect(watched.stderr.match(/^rejected: .*$/gm)).toEqual([
    `rejected: ${moments.deleted.outcome.message}`,
  ]);
  expect(watched.status).toBe(EXIT.usage);
});

it("a FILE that is rejected keeps no other from being graded, the second time neither", async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "good.jsonl"), GOOD_TEXT);
  writeFileSync(join(folder, "bad.parquet"), GOOD_TEXT);
  const args = ["grade", "good.jsonl", "bad.parquet", "--json"];
  for (const _ of [1, 2]) {
    const { status, stderr, stdout } = await assay(folder, args);
    expect(stderr).toMatch(/^bad\.parquet: it is no Parquet file.* \(unreadable\)$/m);
    expect(JSON.parse(stdout).counts.scored).toBe(moments.again.outcome.graded);
    expect(status).toBe(EXIT.usage);
  }
  const deployment = await deploy(folder);
  expect(await gradedIn(deployment, "good")).toEqual([moments.again.outcome]);
});
