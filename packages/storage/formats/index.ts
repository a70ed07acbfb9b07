export { EXPECTED, type Format, formatOf, withoutExtension } from "./format.ts";
export { inflate } from "./inflate/index.ts";
export { Unreadable } from "./unreadable.ts";
