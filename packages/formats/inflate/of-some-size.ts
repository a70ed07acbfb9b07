/** Smaller chunks are joined up to this: every batch of lines costs its handling, and writers that
 * flush each line make chunks of a line each. */
const MIN_CHUNK_BYTES = 64 * 1024;

/** The same bytes in chunks of some size; those before an error come before it. */
export async function* ofSomeSize(
  chunks: AsyncIterable<Uint8Array>,
  minBytes = MIN_CHUNK_BYTES,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const take = (): Uint8Array => {
    const whole = held.length === 1 ? (held[0] as Uint8Array) : Buffer.concat(held, heldBytes);
    held = [];
    heldBytes = 0;
    return whole;
  };
  let failed: { readonly error: unknown } | undefined;
  try {
    for await (const chunk of chunks) {
      held.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes >= minBytes) yield take();
    }
  } catch (error) {
    failed = { error };
  }
  if (heldBytes > 0) yield take();
  if (failed !== undefined) throw failed.error;
}
