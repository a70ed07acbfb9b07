export { compressedBatches, rowBatches } from "./batches.ts";
export { EXPECTED, type Format, formatOf, isCompressed, withoutExtension } from "./format.ts";
export { inflate } from "./inflate/index.ts";
export { type ParquetShape, type RandomAccess, readShape } from "./parquet/index.ts";
export { Unreadable } from "./unreadable.ts";
