import type { SqlTransaction } from '#database';

/** Events that are counted back at most: of a longer queue the answer is younger than the truth. */
const MOST_COUNTED = 100_000;

/**
 * When the oldest of so many events in a queue was published; null when there are none. A broker does not say how old a message is,
 * but queues keep the order in which events were published: the oldest of n is the n-th from the end.
 */
export async function publishedBefore(
  tx: SqlTransaction,
  types: readonly string[],
  inQueue: number,
): Promise<Date | null> {
  if (inQueue === 0) {
    return null;
  }
  const [row] = await tx.queryAndCommit<{ published_at: Date | null }>({
    name: 'queue-age',
    text: `SELECT min(published_at) AS published_at FROM (
             SELECT published_at FROM outbox WHERE published_at IS NOT NULL AND type = ANY($1)
             ORDER BY id DESC LIMIT $2) AS newest`,
    values: [types, Math.min(inQueue, MOST_COUNTED)],
  });
  return row?.published_at ?? null;
}
