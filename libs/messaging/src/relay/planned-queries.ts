import type { SqlTransaction, Statement } from '#database';

/**
 * The planner goes by statistics of tables that fill and empty faster than they are gathered, and keeps a plan that it has made while
 * a table was small. So what must go by an index says so.
 */
const BY_INDEX = 'enable_seqscan = off';
const IN_INDEX_ORDER = [BY_INDEX, 'enable_sort = off'];

/**
 * Runs a statement that takes the first rows of a queue, by walking the index that has their order. Left to itself the planner would
 * read and sort a whole backlog for each row taken, or a whole table for the rows that it changes.
 */
export async function queryInIndexOrder<Row>(tx: SqlTransaction, statement: Statement): Promise<Row[]> {
  return queryWith(tx, IN_INDEX_ORDER, statement);
}

/** Like {@link queryInIndexOrder}, with the COMMIT in the same round trip. */
export async function queryInIndexOrderAndCommit<Row>(tx: SqlTransaction, statement: Statement): Promise<Row[]> {
  const [, rows] = await Promise.all([tx.query({ text: setAll(IN_INDEX_ORDER) }), tx.queryAndCommit<Row>(statement)]);
  return rows;
}

/**
 * Runs a statement that looks up single rows by keys, with one plan for all calls. Left to itself the planner makes a new one each
 * time that the statement's lists are short, which takes longer than running it.
 */
export async function queryByKeys<Row>(tx: SqlTransaction, statement: Statement): Promise<Row[]> {
  return queryWith(tx, [BY_INDEX, 'plan_cache_mode = force_generic_plan'], statement);
}

async function queryWith<Row>(tx: SqlTransaction, settings: readonly string[], statement: Statement): Promise<Row[]> {
  const resetAll = settings.map((setting) => `SET LOCAL ${setting.split(' = ')[0]} TO DEFAULT`);
  const [, rows] = await Promise.all([
    tx.query({ text: setAll(settings) }),
    tx.query<Row>(statement),
    tx.query({ text: resetAll.join('; ') }),
  ]);
  return rows;
}

function setAll(settings: readonly string[]): string {
  return settings.map((setting) => `SET LOCAL ${setting}`).join('; ');
}
