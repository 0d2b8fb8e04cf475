import { randomUUID } from 'node:crypto';
import { DomainError, TicketUpdated } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { consumerOf, EventScene, insertProject } from '#testing';
import type { EventProcess } from '#testing';
import { EventLog } from '../log/event-log';
import { EventPath } from '../event-path';
import { Retention } from './retention';

const DAY_MS = 86_400_000;

const going = new AbortController().signal;

let scene: EventScene;
let project: ProjectScope;

beforeEach(async () => {
  scene = await EventScene.open({ retentionDays: 7 });
  project = (await insertProject(scene.db)).live;
});
afterEach(() => scene.close());

async function append(process: EventProcess, count: number, aggregate?: string): Promise<void> {
  for (let n = 0; n < count; n++) {
    await scene.append(process, project, aggregate);
  }
}

/** Waits until every event has been handed over. */
async function relayed({ app }: EventProcess): Promise<void> {
  const deadline = Date.now() + 20_000;
  while ((await app.get(EventPath).status()).unpublished > 0) {
    expect(Date.now()).toBeLessThan(deadline);
  }
}

const countOf = async (table: string) =>
  (await scene.db.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n;

describe('retention', () => {
  it('deletes the events that are older than their days, and the log begins behind them', async () => {
    const process = await scene.launch();
    await append(process, 5);
    await relayed(process);
    scene.advance(6 * DAY_MS);
    await append(process, 3);
    await relayed(process);
    const log = process.app.get(EventLog);
    const before = await log.read(project, { limit: 3 });
    scene.advance(2 * DAY_MS);
    expect(await process.app.get(Retention).run(going)).toMatchObject({ events: 5 });

    const rest = await log.read(project, { limit: 100 });
    expect(rest.events.map(({ position }) => position)).toEqual([6, 7, 8]);
    await expect(log.read(project, { after: before.nextPosition, limit: 3 })).rejects.toMatchObject({
      code: 'cursor_expired',
    });
    expect((await log.read(project, { after: 5, limit: 1 })).events.map(({ position }) => position)).toEqual([6]);
  });

  it('keeps what is not published, what a consumer has yet to handle and what is dead, whatever its age', async () => {
    const [patient, refusing] = ['test.come-later', 'test.refuse'];
    const absent = await scene.launch({ consumers: [consumerOf(patient, [TicketUpdated], async () => {})] });
    await absent.stop();
    const process = await scene.launch({
      consumers: [consumerOf(refusing, [TicketUpdated], () => Promise.reject(new DomainError('forbidden', 'Never.')))],
    });
    const aggregate = randomUUID();
    await append(process, 2, aggregate);
    await relayed(process);
    await process.stop();
    const silent = await scene.launch({ isStarted: false });
    await append(silent, 1, aggregate);
    scene.advance(100 * DAY_MS);
    const retention = silent.app.get(Retention);
    expect(await retention.run(going)).toMatchObject({ events: 0 });

    await scene.db.sql('DELETE FROM event_delivery WHERE outbox_id = (SELECT min(outbox_id) FROM event_delivery)');
    expect(await retention.run(going)).toMatchObject({ events: 1 });
    await scene.db.sql('DELETE FROM event_delivery');
    expect(await retention.run(going)).toMatchObject({ events: 1 });
    expect(await scene.db.sql('SELECT aggregate_seq FROM outbox')).toEqual([{ aggregate_seq: 3 }]);
  });

  it('deletes old inbox rows, and answers of idempotency keys after a day', async () => {
    const process = await scene.launch({ isStarted: false });
    await scene.db.sql(
      `INSERT INTO inbox (consumer, event_id, processed_at)
       SELECT 'test.consumer', gen_random_uuid(), now() - make_interval(days => day) FROM unnest(ARRAY[0, 6, 8, 90]) AS day`,
    );
    await scene.db.sql(
      `INSERT INTO idempotency_key (project_id, method, path, key, fingerprint, status, body, created_at)
       SELECT $1, 'POST', '/', 'key-' || hours, '', CASE WHEN hours < 90 THEN 201 END, '{}', now() - make_interval(hours => hours)
       FROM unnest(ARRAY[0, 23, 25, 80, 99]) AS hours`,
      [project.projectId],
    );
    expect(await process.app.get(Retention).run(going)).toEqual({ events: 0, inbox: 2, idempotencyKeys: 2 });
    const keys = await scene.db.sql<{ key: string }>('SELECT key FROM idempotency_key ORDER BY created_at DESC');
    expect(keys.map(({ key }) => key)).toEqual(['key-0', 'key-23', 'key-99']);
  });

  it('never makes a reader step over events: he gets them, or is told that they are gone', async () => {
    const process = await scene.launch();
    await append(process, 60);
    await relayed(process);
    // Each event is a little younger than the one before, so that every run deletes a few more.
    await scene.db.sql(`UPDATE outbox SET published_at = now() + position * interval '1 minute'`);
    scene.advance(7 * DAY_MS);
    const log = process.app.get(EventLog);
    const retention = process.app.get(Retention);
    const readers = Array.from({ length: 4 }, async (_, reader) => {
      let after = 0;
      while (after < 60) {
        try {
          const page = await log.read(project, { after, limit: reader + 1 });
          expect(page.events[0]?.position).toBe(after + 1);
          after = page.nextPosition;
        } catch (error) {
          expect(error).toMatchObject({ code: 'cursor_expired' });
          after = (await log.read(project, { limit: 1 })).events[0]?.position ?? 60;
        }
      }
    });
    for (let minutes = 0; minutes < 70; minutes += 5) {
      scene.advance(5 * 60_000);
      await retention.run(going);
    }
    await Promise.all(readers);
    expect(await countOf('outbox')).toBe(0);
  });

  it('is at work in one process at a time, and stops between two pages when it is told to', async () => {
    const process = await scene.launch();
    await append(process, 2);
    await relayed(process);
    scene.advance(8 * DAY_MS);
    const retention = process.app.get(Retention);
    await process.app.get(UnitOfWork).runAsWorker(async (tx) => {
      await tx.query({ text: 'SELECT pg_advisory_xact_lock(1346851, 3)' });
      expect(await retention.run(going)).toMatchObject({ events: 0 });
    });
    expect(await retention.run(AbortSignal.abort())).toMatchObject({ events: 0 });
    expect(await retention.run(going)).toMatchObject({ events: 2 });
  });

  it('runs by itself soon after the start', async () => {
    const process = await scene.launch();
    await append(process, 2);
    await relayed(process);
    scene.advance(8 * DAY_MS);
    const deadline = Date.now() + 30_000;
    while ((await countOf('outbox')) !== 0) {
      expect(Date.now()).toBeLessThan(deadline);
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
  });
});
