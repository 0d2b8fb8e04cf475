import { UnitOfWork } from '#database';
import type { SqlTransaction, Statement } from '#database';
import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { queryByKeys, queryInIndexOrder } from './planned-queries';

/** After so many runs of a statement the server weighs a plan that it keeps against a new one each time. */
const RUNS = 10;

const PUBLISH_NEXT = {
  name: 'test-next',
  text: `WITH next AS MATERIALIZED (SELECT id FROM outbox WHERE position IS NULL ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED)
         UPDATE outbox SET published_at = $1 WHERE id = ANY(ARRAY(SELECT id FROM next)) RETURNING id`,
  values: [new Date()],
};

const FIND = {
  name: 'test-find',
  text: `SELECT o.id FROM unnest($1::uuid[]) AS e (event_id)
           LEFT JOIN LATERAL (SELECT id FROM outbox WHERE event_id = e.event_id LIMIT 1) AS o ON true`,
  values: [['0b2f5c1e-3c0c-4a53-9a5e-0d8b3f0f7a11']],
};

/** How the server runs a statement from now on, whose values are given as SQL. */
const planOf = ({ name }: { readonly name: string }, values: string): Statement => ({
  text: `EXPLAIN EXECUTE "${name}"(${values})`,
});

describe('statements whose plan was made while the outbox was empty', () => {
  let db: TestDatabase;
  let uow: UnitOfWork;

  beforeAll(async () => {
    db = await createTestDatabase();
    uow = new UnitOfWork(db.database);
  });
  afterAll(() => db.drop());

  async function planAfterRuns(
    query: <Row>(tx: SqlTransaction, statement: Statement) => Promise<Row[]>,
    statement: Statement & { readonly name: string },
    values: string,
  ): Promise<string> {
    return uow.runAsWorker(async (tx) => {
      for (let run = 0; run < RUNS; run++) {
        await query(tx, statement);
      }
      const lines = await query<{ 'QUERY PLAN': string }>(tx, planOf(statement, values));
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    });
  }

  it('walks a queue, and changes its rows, by indexes', async () => {
    const plan = await planAfterRuns(queryInIndexOrder, PUBLISH_NEXT, 'now()');
    expect(plan).toContain('Index Scan using ix_outbox_unsequenced on outbox');
    expect(plan).toContain('Index Scan on pk_outbox');
    expect(plan).not.toContain('Seq Scan');
  });

  it('looks rows up by their keys, with one plan for every list', async () => {
    const plan = await planAfterRuns(queryByKeys, FIND, `ARRAY[gen_random_uuid()]`);
    expect(plan).toContain('Index Scan using uq_outbox_event on outbox');
    // Which does not know how long the list is, and takes it for one of ten.
    expect(plan).toMatch(/unnest e .*rows=10 /);
  });

  it('leaves what comes after them in the transaction to the planner', async () => {
    const settings = await uow.runAsWorker(async (tx) => {
      await queryInIndexOrder(tx, PUBLISH_NEXT);
      await queryByKeys(tx, FIND);
      return tx.query({
        text: `SELECT name, setting FROM pg_settings WHERE name IN ('enable_seqscan', 'enable_sort', 'plan_cache_mode') ORDER BY name`,
      });
    });
    expect(settings).toEqual([
      { name: 'enable_seqscan', setting: 'on' },
      { name: 'enable_sort', setting: 'on' },
      { name: 'plan_cache_mode', setting: 'auto' },
    ]);
  });
});
