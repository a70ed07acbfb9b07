import { filesCompressed } from "./files-compressed.ts";
import { filesParquet } from "./files-parquet.ts";
import { filesPlain } from "./files-plain.ts";
import { linesNoJson } from "./lines-no-json.ts";
import { linesNoTrajectory } from "./lines-no-trajectory.ts";
import { linesOdd } from "./lines-odd.ts";

/** The whole table: bad and odd inputs, each with what a user sees of it. */
export const lines = [...linesNoJson, ...linesNoTrajectory, ...linesOdd];
export const files = [...filesPlain, ...filesCompressed, ...filesParquet];
export { commands } from "./commands.ts";
export { drops } from "./drops.ts";
export { messages } from "./messages.ts";
export { moments } from "./moments.ts";
