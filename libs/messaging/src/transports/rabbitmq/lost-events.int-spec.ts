import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Client } from 'pg';
import { TicketUpdated } from '#contracts';
import { UnitOfWork } from '#database';
import { consumerOf, insertProject, storingEffects } from '#testing';
import type { EventProcess } from '#testing';
import { openBrokerScene } from '../../../../../test/support/broker-scene';
import type { BrokerScene } from '../../../../../test/support/broker-scene';
import { eventually } from '../../../../../test/support/eventually';
import { describeWithBroker } from '../../../../../test/support/test-broker';
import { EventPath } from '../../event-path';
import { MESSAGING_SETTINGS } from '../../messaging-settings';
import type { MessagingSettings } from '../../messaging-settings';
import { Broker } from './broker';
import { StrandedEvents } from './stranded-events';
import { PREFETCH, Topology } from './topology';

const QUEUE = 'test.work-on';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** So short that an event comes back from it as often as it likes. */
const RUNG_MS = 20;

let stage: BrokerScene;

describeWithBroker('an event whose message was lost while the queue is never empty', () => {
  beforeEach(async () => {
    stage = await openBrokerScene({ retryDelaysMs: [RUNG_MS] });
  });
  afterEach(() => stage.close());

  it('is not overtaken by a later one of its aggregate, however long that waits, and is brought back for it', async () => {
    const { scene, live } = stage;
    const aggregate = randomUUID();
    await (await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))] })).stop();
    const writer = await scene.launch();
    await stage.broker.channel.unbindQueue(...bindingOf(QUEUE));
    await scene.append(writer, live, aggregate);
    await scene.append(writer, live, aggregate);
    await published(writer);
    await stage.broker.channel.bindQueue(...bindingOf(QUEUE));
    await scene.append(writer, live, aggregate);
    const [first, second, third] = await scene.eventIds(aggregate);
    const other = randomUUID();
    await scene.append(writer, live, other, {
      definitions: Array<typeof TicketUpdated>(PREFETCH.count + 5).fill(TicketUpdated),
    });
    await published(writer);

    const { mayEnd, handle } = holding(other);
    const process = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], handle)] });
    await eventually(async () => expect(await waiting()).toEqual([third]));
    scene.advance(HOUR_MS);
    await searchOf(process).pass();
    expect(await waiting()).toEqual([first, second, third]);
    expect(await effects(aggregate)).toEqual([]);

    mayEnd.abort();
    await eventually(async () => expect(await effects(aggregate)).toEqual([first, second, third]));
    await eventually(async () => expect(await waiting()).toEqual([]));
  });
});

describeWithBroker('an event whose message was lost from an empty queue', () => {
  beforeEach(async () => {
    stage = await openBrokerScene({ searchEveryMs: HOUR_MS });
  });
  afterEach(() => stage.close());

  it('is brought back though another process had begun to do so, and died', async () => {
    const { scene, live } = stage;
    const aggregate = randomUUID();
    const consumer = { consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))] };
    await (await scene.launch(consumer)).stop();
    const writer = await scene.launch();
    await stage.broker.channel.unbindQueue(...bindingOf(QUEUE));
    await scene.append(writer, live, aggregate);
    await published(writer);
    await stage.broker.channel.bindQueue(...bindingOf(QUEUE));
    const process = await scene.launch(consumer);
    scene.advance(HOUR_MS);

    const other = await lockOutbox();
    const searching = searchOf(process).pass();
    await eventually(async () => expect(await waitingForLocks()).toBeGreaterThan(0));
    await other.end();
    await searching;
    await eventually(async () => expect(await effects(aggregate)).toEqual(await scene.eventIds(aggregate)));
  });

  it('is found among thousands that are handled, behind those that are too old', async () => {
    const { scene, live } = stage;
    const aggregate = randomUUID();
    const consumer = { consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))] };
    await (await scene.launch(consumer)).stop();
    await scene.db.sql(`UPDATE event_consumer SET created_at = created_at - interval '2 days'`);
    await insertPublished(1_300, { hoursAgo: 25, isHandled: false });
    await insertPublished(1_300, { hoursAgo: 1, isHandled: true });
    const writer = await scene.launch();
    await stage.broker.channel.unbindQueue(...bindingOf(QUEUE));
    await scene.append(writer, live, aggregate);
    await published(writer);
    await insertPublished(1_300, { hoursAgo: 1, isHandled: true });
    const process = await scene.launch(consumer);
    scene.advance(MINUTE_MS);

    await searchOf(process).pass();
    await eventually(async () => expect(await effects(aggregate)).toEqual(await scene.eventIds(aggregate)));
    expect(await waiting()).toEqual([]);
  });

  it('is brought back with all others in one search, though the queue fills with them', async () => {
    const { scene } = stage;
    const consumer = { consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))] };
    await (await scene.launch(consumer)).stop();
    await scene.db.sql(`UPDATE event_consumer SET created_at = created_at - interval '2 days'`);
    await insertPublished(1_300, { hoursAgo: 1, isHandled: false });

    await searchOf(await scene.launch()).pass();
    expect(await waiting()).toHaveLength(1_300);
  });

  it('is brought back though it appeared when the search had gone by its place', async () => {
    const { scene, live } = stage;
    const [late, other] = [randomUUID(), randomUUID()];
    const consumer = { consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))] };
    const process = await scene.launch(consumer);
    const search = searchOf(process);
    const obstacle = await holdUp(late);
    const appending = scene.append(process, live, late);
    await eventually(async () => expect(await waitingForLocks()).toBeGreaterThan(0));
    await scene.append(process, live, other);
    await eventually(async () => expect(await effects(other)).toHaveLength(1));
    scene.advance(MINUTE_MS);
    await search.pass();

    await stage.broker.channel.unbindQueue(...bindingOf(QUEUE));
    await obstacle.end();
    await appending;
    await published(process);
    scene.advance(HOUR_MS);
    await search.pass();
    await eventually(async () => expect(await effects(late)).toEqual(await scene.eventIds(late)));
  });
});

/** Has the events in hand as a search has that is under way; ends without having done anything. */
async function lockOutbox(): Promise<Client> {
  const client = await connect();
  await client.query('BEGIN; SELECT FROM outbox FOR UPDATE');
  return client;
}

/** Lets whoever writes the first event of an aggregate, and has its id, wait until this ends. */
async function holdUp(aggregate: string): Promise<Client> {
  const client = await connect();
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO outbox (event_id, project_id, type, aggregate_id, aggregate_seq, body, created_at)
     VALUES ($1, $2, $3, $4, 1, '', now())`,
    [randomUUID(), stage.live.projectId, TicketUpdated.type, aggregate],
  );
  return client;
}

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: stage.scene.db.url });
  await client.connect();
  return client;
}

/** Published events of a project of their own, which the consumer has handled or not. */
async function insertPublished(
  count: number,
  { hoursAgo, isHandled }: { readonly hoursAgo: number; readonly isHandled: boolean },
): Promise<void> {
  const { db, now } = stage.scene;
  const { live } = await insertProject(db);
  const publishedAt = new Date(now().getTime() - hoursAgo * HOUR_MS);
  await db.sql(
    `WITH o AS (
       INSERT INTO outbox
         (event_id, project_id, type, aggregate_id, aggregate_seq, body, created_at, position, published_at)
       SELECT gen_random_uuid(), $1, $2, gen_random_uuid(), 1, '', $3, position, $3
       FROM generate_series(1, $4) AS position RETURNING event_id)
     INSERT INTO inbox (consumer, event_id, processed_at) SELECT $5, event_id, $3 FROM o WHERE $6`,
    [live.projectId, TicketUpdated.type, publishedAt, count, QUEUE, isHandled],
  );
}

async function waitingForLocks(): Promise<number> {
  const [row] = await stage.scene.db.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE NOT l.granted AND a.datname = current_database()`,
  );
  return row?.count ?? -1;
}

/** A handler that stores its effects; those of this aggregate only when it may: its events wait in hand and in the queue. */
function holding(aggregate: string) {
  const mayEnd = new AbortController();
  const handle = storingEffects(QUEUE, async ({ subject }) => {
    if (subject === aggregate && !mayEnd.signal.aborted) {
      await once(mayEnd.signal, 'abort');
    }
  });
  return { mayEnd, handle };
}

function bindingOf(consumer: string): [queue: string, exchange: string, pattern: string] {
  const { topology } = stage.broker;
  return [topology.queuesOf(consumer).queue, topology.exchange, Topology.routingKey(TicketUpdated.type, '*')];
}

function searchOf({ app }: EventProcess): StrandedEvents {
  const settings = app.get<MessagingSettings>(MESSAGING_SETTINGS);
  const context = { uow: app.get(UnitOfWork), broker: app.get(Broker), settings };
  const subscription = { consumer: QUEUE, events: [TicketUpdated], handle: () => Promise.resolve() };
  return new StrandedEvents([subscription], context, new AbortController().signal);
}

async function published({ app }: EventProcess): Promise<void> {
  await eventually(async () => expect(await app.get(EventPath).status()).toMatchObject({ unpublished: 0 }));
}

/** Events that wait, for whatever reason. */
async function waiting(): Promise<string[]> {
  const rows = await stage.scene.db.sql<{ event_id: string }>(
    `SELECT event_id FROM event_delivery WHERE status = 'pending' ORDER BY outbox_id`,
  );
  return rows.map(({ event_id }) => event_id);
}

async function effects(aggregate: string): Promise<string[]> {
  const stored = await stage.scene.effects(QUEUE);
  return stored.filter((one) => one.aggregate_id === aggregate).map(({ event_id }) => event_id);
}
