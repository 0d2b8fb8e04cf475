import type { SqlTransaction, Statement } from '#database';

/**
 * Runs a statement that takes the first rows of a queue, by walking the index that has their order. The statistics of a queue
 * were gathered while it was empty as likely as not; the planner, left to itself, would then read and sort a whole backlog for
 * each row taken.
 */
export async function queryInIndexOrder<Row>(tx: SqlTransaction, statement: Statement): Promise<Row[]> {
  const [, rows] = await Promise.all([
    tx.query({ text: 'SET LOCAL enable_sort = off' }),
    tx.query<Row>(statement),
    tx.query({ text: 'SET LOCAL enable_sort TO DEFAULT' }),
  ]);
  return rows;
}
