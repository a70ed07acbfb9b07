import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");
const RUNS = 5;
const out = (text: string) => process.stdout.write(`${text}\n`);

/** The handlers as Lambda gets them, and the grading worker beside them. */
async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: {
      plan: join(ROOT, "functions/plan.ts"),
      verify: join(ROOT, "functions/verify.ts"),
      park: join(ROOT, "functions/park.ts"),
      worker: join(ROOT, "packages/grading/worker.ts"),
    },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node24",
    // What CommonJS parts of the SDK and of Powertools call.
    banner: { js: 'import{createRequire as c}from"node:module";const require=c(import.meta.url);' },
    logLevel: "error",
  });
}

function importMs(folder: string, name: string): number {
  const code = `const t=performance.now();await import("./${name}.mjs");console.log(performance.now()-t);process.exit()`;
  const timer = join(folder, `time-${name}.mjs`);
  writeFileSync(timer, code);
  const names = [
    "TRAJECTORIES_BUCKET",
    "REWARDS_BUCKET",
    "SUBMISSIONS_QUEUE_URL",
    "SHARDS_QUEUE_URL",
    "RESULTS_QUEUE_URL",
  ];
  const env = Object.fromEntries(names.map((name) => [`ASSAY_${name}`, "x"]));
  const times = Array.from({ length: RUNS }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, [timer], {
      env: { ...process.env, ...env, AWS_REGION: "us-east-1", ASSAY_WORKERS: "1" },
      encoding: "utf8",
    });
    if (stdout === "") throw new Error(stderr);
    return Number(stdout);
  });
  return times.sort((a, b) => a - b)[RUNS >> 1] ?? Number.NaN;
}

function linesOf(folder: string) {
  const count = { code: 0, tests: 0 };
  for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })) {
    if (!/\.(ts|mjs)$/.test(name) || /node_modules|(^|\/)\./.test(name)) continue;
    const lines = readFileSync(join(ROOT, folder, name), "utf8").split("\n").length;
    const isTest = /\.test\.ts$|(^|\/)(testing|model)\/|fixture/.test(name) || folder === "test";
    count[isTest ? "tests" : "code"] += lines;
  }
  return count;
}

const folder = mkdtempSync(join(tmpdir(), "assay-size-"));
try {
  await bundle(folder);
  for (const name of ["plan", "verify", "park", "worker"]) {
    const file = join(folder, `${name}.mjs`);
    const { size } = statSync(file);
    const zipped = gzipSync(readFileSync(file)).length;
    const kb = (bytes: number) => `${Math.round(bytes / 1024)} KB`;
    const ms =
      name === "worker"
        ? ""
        : `  import ${importMs(folder, name).toFixed(0)} ms (median of ${RUNS})`;
    out(`${name.padEnd(8)} ${kb(size).padStart(8)}  gzip ${kb(zipped).padStart(7)}${ms}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
out("");
for (const place of [
  ...readdirSync(join(ROOT, "packages")).map((name) => `packages/${name}`),
  "functions",
  "test",
  "bench",
]) {
  const { code, tests } = linesOf(place);
  out(
    `${place.padEnd(20)} ${String(code).padStart(6)} lines of code  ${String(tests).padStart(6)} of tests`,
  );
}
