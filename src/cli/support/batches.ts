/** Items in groups of `size`, the last one smaller. When `items` throws, what came before is given out first. */
export async function* batchesOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[], void> {
  let batch: T[] = [];
  let failed: { readonly error: unknown } | undefined;
  try {
    for await (const item of items) {
      batch.push(item);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    failed = { error };
  }
  if (batch.length > 0) yield batch;
  if (failed) throw failed.error;
}
