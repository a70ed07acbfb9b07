/** The messages that a function says it could not handle; nothing where the answer is malformed,
 * and then the whole batch has failed. No answer, an empty one and an empty list are success. */
export function readFailures(
  result: string | undefined,
  batch: ReadonlySet<string>,
): ReadonlySet<string> | undefined {
  const answer: unknown = result === undefined ? null : JSON.parse(result);
  if (answer === null) return new Set();
  if (typeof answer !== "object" || Array.isArray(answer)) return undefined;
  const list = (answer as Record<string, unknown>)["batchItemFailures"] ?? [];
  if (!Array.isArray(list)) return undefined;
  const failed = new Set<string>();
  for (const item of list as readonly unknown[]) {
    const id =
      typeof item === "object" && item !== null
        ? (item as Record<string, unknown>)["itemIdentifier"]
        : undefined;
    if (typeof id !== "string" || !batch.has(id)) return undefined;
    failed.add(id);
  }
  return failed;
}
