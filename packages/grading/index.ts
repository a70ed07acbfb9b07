export { type Batch, batchesOf, concat, cutBatch, endOf, newlinesIn, overlong } from "./batch.ts";
export type { Graded } from "./grade-batch.ts";
export { LineGrader } from "./grade-line.ts";
export { type GradeOptions, GradingPool, type PoolOptions } from "./pool.ts";
export { errorRecord, type Origin, recordId, recordText, unreadSubject } from "./record.ts";
export { combine, type Ending, type Rubric } from "./rubric.ts";
export { addTally, emptyTally, meanReward } from "./tally.ts";
export { textLines } from "./text-lines.ts";
