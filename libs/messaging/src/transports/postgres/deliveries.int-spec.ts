import { UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { createTestDatabase, insertProject } from '#testing';
import type { TestDatabase } from '#testing';
import { LARGEST_BATCH } from '../../consumers/batch-size';
import { claimDeliveries, finishDeliveries } from './deliveries';

const QUEUE = 'test.wait-long';
const BACKLOG = 20_000;

/** How many rows ten claims and their ends may look at: the claimed ones, those in front of them, and what has just gone. */
const A_FEW = 200;

/** And how many for each delivery of a batch, when as large batches have just gone. */
const A_FEW_FOR_EACH = 25;

let db: TestDatabase;
let uow: UnitOfWork;

/** A backlog of one event per aggregate, which the statistics know nothing of: to them the queue is empty. */
beforeAll(async () => {
  db = await createTestDatabase();
  uow = new UnitOfWork(db.database);
  const { live } = await insertProject(db);
  const fill = () =>
    db.sql(
      `INSERT INTO event_delivery (outbox_id, consumer, event_id, project_id, aggregate_id, next_at, created_at)
       SELECT n, $1, gen_random_uuid(), $2, gen_random_uuid(), now(), now() FROM generate_series(1, ${BACKLOG}) AS n`,
      [QUEUE, live.projectId],
    );
  await fill();
  await db.sql('DELETE FROM event_delivery');
  await db.sql('ANALYZE event_delivery');
  await fill();
});
afterAll(() => db.drop());

/** Rows of `event_delivery` that this transaction, and at most those just before it on its connection, have read. */
async function rowsRead(tx: WorkerTx): Promise<number> {
  const [row] = await tx.query<{ n: number }>({
    text: `SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS n
           FROM pg_stat_xact_all_tables WHERE relname = 'event_delivery'`,
  });
  return row?.n ?? 0;
}

const claim = (tx: WorkerTx, except: readonly number[] = [], limit = 1) =>
  claimDeliveries(tx, { consumer: QUEUE, now: new Date(Date.now() + 60_000), except, limit });

describe('a claim from a long queue', () => {
  it('reads a few rows, the first and the tenth time, and so does its end', async () => {
    for (let time = 1; time <= 10; time++) {
      await uow.runAsWorker(async (tx) => {
        const [delivery] = await claim(tx);
        expect(delivery?.outboxId).toBe(time);
        expect(await rowsRead(tx)).toBeLessThan(A_FEW);
        await finishDeliveries(tx, QUEUE, [time]);
      });
    }
  });

  it('reads a few more when others have the first ones in hand', async () => {
    await uow.runAsWorker(async (first) => {
      const [held] = await claim(first);
      await uow.runAsWorker(async (second) => {
        const [delivery] = await claim(second, [(held?.outboxId ?? 0) + 1]);
        expect(delivery?.outboxId).toBe((held?.outboxId ?? 0) + 2);
        expect(await rowsRead(second)).toBeLessThan(A_FEW);
      });
    });
  });

  it('reads hardly more for a whole batch, time after time', async () => {
    for (let time = 0; time < 10; time++) {
      await uow.runAsWorker(async (tx) => {
        const before = await rowsRead(tx);
        const deliveries = await claim(tx, [], LARGEST_BATCH);
        expect(deliveries).toHaveLength(LARGEST_BATCH);
        expect((await rowsRead(tx)) - before).toBeLessThan(A_FEW_FOR_EACH * LARGEST_BATCH);
        await finishDeliveries(
          tx,
          QUEUE,
          deliveries.map(({ outboxId }) => outboxId),
        );
      });
    }
  });
});
