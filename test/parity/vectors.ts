import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** One labelled pair, as the vector files hold it. */
export interface Row {
  readonly id: string;
  /** Absent where the row is about reading one text, not about comparing two. */
  readonly gold?: string;
  readonly pred: string;
  /** 1, 0; null: a matter of policy; "parse_error": `pred` is no mathematics; else what is read. */
  readonly expected: unknown;
  /** Adjudicated; preferred to `expected`. */
  readonly truth?: 0 | 1 | null;
  readonly note?: string;
  readonly config?: Config;
}

/** How the test that a row comes from had set up its grader. */
interface Config {
  readonly match_types?: readonly string[];
  readonly boxed_match_priority?: number;
  readonly float_rounding?: number;
  readonly strict?: boolean;
  readonly allow_set_relation_comp?: boolean;
}

/** Beside the repository on the machines where it is built, and nowhere else. */
const FOLDER = process.env["ASSAY_VECTORS"] ?? join(import.meta.dirname, "../../../shared/vectors");
const SUFFIX = ".jsonl.gz";

export const noVectors = `no vectors here: they are looked for in ${FOLDER}, or where ASSAY_VECTORS points\n`;

/** The names of the files that hold labelled mathematics; none where there are no vectors. */
export function mathFiles(): string[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((name) => name.startsWith("math-") && name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}

export function readRows(name: string): Row[] {
  return gunzipSync(readFileSync(join(FOLDER, `${name}${SUFFIX}`)))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

/** What a row asks of a grader. */
export type Claim =
  | { readonly kind: "score"; readonly score: 0 | 1 }
  | { readonly kind: "policy" }
  | { readonly kind: "unreadable" };

export function claimOf({ truth, expected }: Row): Claim {
  const label = truth === undefined ? expected : truth;
  if (label === 0 || label === 1) return { kind: "score", score: label };
  return label === "parse_error" ? { kind: "unreadable" } : { kind: "policy" };
}

const MATCH_TYPES = new Set(["latex", "expr"]);
/** The library's default, and what its tests take. */
const BOX_PRIORITIES = new Set([0, 50]);

/** Whether a row's label says nothing of our rules: its grader was set up for others. */
export function isOtherPolicy({ config }: Row): boolean {
  return (
    config?.match_types?.some((type) => !MATCH_TYPES.has(type)) === true ||
    !BOX_PRIORITIES.has(config?.boxed_match_priority ?? 0) ||
    config?.strict === false ||
    config?.allow_set_relation_comp === true
  );
}

/** The task and the response that a row stands for. */
export function caseOf({ gold, pred, config }: Row): { spec: object; response: string } {
  const decimals = config?.float_rounding;
  // A row without a gold asks whether its text can be a gold at all.
  return {
    spec: { answer: gold ?? pred, ...(decimals === undefined ? {} : { decimals }) },
    response: pred,
  };
}
