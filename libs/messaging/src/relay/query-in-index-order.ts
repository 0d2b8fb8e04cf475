import type { SqlTransaction, Statement } from '#database';

/** The planner's settings for {@link queryInIndexOrder}, for a transaction that ends with that statement anyway. */
export const IN_INDEX_ORDER: Statement = { text: 'SET LOCAL enable_sort = off' };

/**
 * Runs a statement that takes the first rows of a queue, by walking the index that has their order. The statistics of a queue
 * were gathered while it was empty as likely as not; the planner, left to itself, would then read and sort a whole backlog for
 * each row taken.
 */
export async function queryInIndexOrder<Row>(tx: SqlTransaction, statement: Statement): Promise<Row[]> {
  const [, rows] = await Promise.all([
    tx.query(IN_INDEX_ORDER),
    tx.query<Row>(statement),
    tx.query({ text: 'SET LOCAL enable_sort TO DEFAULT' }),
  ]);
  return rows;
}
