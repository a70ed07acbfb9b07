/**
 * Trajectories in Parquet, read in constant memory however large the row groups: a page of each
 * column at a time, and its dictionary.
 *
 * A row becomes the JSON of a trajectory or a group line, its columns the fields:
 *
 * - A null is an absent field, at any depth: a struct has the keys of all rows, so that in most
 *   rows most of them are null. In lists and as values of maps, nulls are kept. A struct of nulls is
 *   `{}`. Maps are objects.
 * - Where the schema takes no string (`task`, `task.spec`, `messages`, `rollouts`, `metadata` and
 *   so on) and in columns of the type JSON, text is JSON and stands in its place as it is. What is
 *   no JSON stays a string, which the field then refuses by name; JSON's `null` is a null.
 * - Integers and decimals keep all their digits. NaN and the infinities are the strings "NaN",
 *   "Infinity" and "-Infinity": kept in people's own data, refused by name where a number is wanted.
 * - Times with a zone are RFC 3339 in UTC. Those without name no instant and get no zone, so
 *   `deadline` refuses them. UUIDs are hexadecimal.
 * - Bytes are text where they are UTF-8, else `{"base64": "…"}`, which a string's field refuses.
 * - The index that pandas writes along (`__index_level_0__`) is left out.
 */
export type { RandomAccess } from "./access.ts";
export { readRows } from "./rows.ts";
export { type ParquetShape, readShape } from "./shape.ts";
