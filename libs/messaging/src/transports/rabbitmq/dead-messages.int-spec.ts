import { randomUUID } from 'node:crypto';
import { DomainError, TicketUpdated } from '#contracts';
import { UnitOfWork } from '#database';
import { consumerOf, storingEffects } from '#testing';
import type { EventProcess } from '#testing';
import { openBrokerScene } from '../../../../../test/support/broker-scene';
import type { BrokerScene } from '../../../../../test/support/broker-scene';
import { eventually } from '../../../../../test/support/eventually';
import { describeWithBroker } from '../../../../../test/support/test-broker';
import { DeadDeliveries } from '../../dead/dead-deliveries';
import { MESSAGING_SETTINGS } from '../../messaging-settings';
import type { MessagingSettings } from '../../messaging-settings';
import { EventPath } from '../../event-path';
import { Broker } from './broker';
import { StrandedEvents } from './stranded-events';
import { Topology } from './topology';

const QUEUE = 'test.work-on';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const recorder = consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE));
const refuser = consumerOf(QUEUE, [TicketUpdated], () => Promise.reject(new DomainError('forbidden', 'No.')));

let stage: BrokerScene;

describeWithBroker('messages that nobody handles', () => {
  beforeEach(async () => {
    stage = await openBrokerScene();
  });
  afterEach(() => stage.close());

  it('lists what the broker itself gave up, because every delivery ended without an answer, and redrives it', async () => {
    const { scene, broker, live } = stage;
    await (await scene.launch({ consumers: [recorder] })).stop();
    const writer = await scene.launch();
    const aggregate = randomUUID();
    await scene.append(writer, live, aggregate);
    const { queue } = broker.topology.queuesOf(QUEUE);
    await eventually(async () => expect((await broker.channel.checkQueue(queue)).messageCount).toBe(1));
    for (let delivery = 0; delivery <= 20; delivery++) {
      await takeAndDie(queue);
    }
    const dead = writer.app.get(DeadDeliveries);
    const [id] = await scene.eventIds(aggregate);
    await eventually(async () =>
      expect(await dead.list({ limit: 10 })).toMatchObject([
        { consumer: QUEUE, eventId: id, type: 'ticket.updated', reason: expect.stringContaining('too often') },
      ]),
    );
    expect(await dead.redrive(QUEUE, id!)).toBe(true);
    await scene.launch({ consumers: [recorder] });
    await eventually(async () => expect(await effects()).toEqual([id]));
  });

  it('loses nothing of a dead list that is read again and again', async () => {
    const { scene, live } = stage;
    const process = await scene.launch({ consumers: [refuser] });
    for (let n = 0; n < 3; n++) {
      await scene.append(process, live);
    }
    const dead = process.app.get(DeadDeliveries);
    await eventually(async () => expect(await dead.list({ limit: 10 })).toHaveLength(3));
    const before = await dead.list({ limit: 10 });
    for (let reading = 0; reading < 25; reading++) {
      await dead.list({ limit: 2 });
    }
    expect(await dead.list({ limit: 10 })).toEqual(before);
  });

  it('lets two operators take turns: both see everything', async () => {
    const { scene, live } = stage;
    const process = await scene.launch({ consumers: [refuser] });
    for (let n = 0; n < 5; n++) {
      await scene.append(process, live);
    }
    const [dead, other] = [process, await scene.launch()].map(({ app }) => app.get(DeadDeliveries));
    await eventually(async () => expect(await dead!.list({ limit: 10 })).toHaveLength(5));
    const readings = await Promise.all(
      [dead, other, dead, other].map((operator) => operator!.list({ consumer: QUEUE, limit: 10 })),
    );
    expect(readings.map((list) => list.length)).toEqual([5, 5, 5, 5]);
  });

  it('brings an event back whose rung was emptied, and counts that as an attempt', async () => {
    const { scene, live } = stage;
    const attempts: number[] = [];
    const handle = storingEffects(QUEUE, async (_event, { attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) {
        throw new Error('not yet');
      }
    });
    const process = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], handle)] });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate);
    const [id] = await scene.eventIds(aggregate);
    await loseOnRung(2, id!);
    const search = searchOf(process);
    await search.pass();
    expect(attempts).toEqual([1, 2]);
    scene.advance(HOUR_MS);
    await search.pass();
    await eventually(async () => expect(await effects()).toEqual([id]));
    // Two that failed, one whose message was lost.
    expect(attempts).toEqual([1, 2, 4]);
    expect(await holds()).toEqual([]);
  });

  it('gives an event up whose message is lost each time, so that what comes after it goes on', async () => {
    const { scene, live } = stage;
    const handle = storingEffects(QUEUE, async ({ sequence }) => {
      if (sequence === 1) {
        throw new Error('not yet');
      }
    });
    const process = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], handle)] });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate);
    const [first] = await scene.eventIds(aggregate);
    await loseOnRung(1, first!);
    await scene.db.sql('UPDATE event_delivery SET attempts = 5');
    scene.advance(HOUR_MS);
    await searchOf(process).pass();
    await scene.append(process, live, aggregate);
    const [, second] = await scene.eventIds(aggregate);
    await eventually(async () => expect(await effects()).toEqual([second]));
    expect(await process.app.get(DeadDeliveries).list({ limit: 10 })).toMatchObject([
      { eventId: first, attempts: 6, reason: expect.stringContaining('lost') },
    ]);
  });

  it.each([
    ['its queue was deleted', (name: string) => stage.broker.channel.deleteQueue(name)],
    ['its binding was taken away', (name: string) => unbind(name)],
  ])('brings back, in their order, events that were lost when %s', async (_case, strike) => {
    const { scene, live, broker } = stage;
    await (await scene.launch({ consumers: [recorder] })).stop();
    const { queue } = broker.topology.queuesOf(QUEUE);
    const aggregate = randomUUID();
    const writer = await scene.launch();
    if (_case.includes('binding')) {
      await strike(queue);
    }
    for (let n = 0; n < 3; n++) {
      await scene.append(writer, live, aggregate);
    }
    await eventually(async () => expect(await writer.app.get(EventPath).status()).toMatchObject({ unpublished: 0 }));
    if (!_case.includes('binding')) {
      await strike(queue);
    }
    const process = await scene.launch({ consumers: [recorder] });
    await scene.append(process, live, aggregate);
    scene.advance(MINUTE_MS);
    await searchOf(process).pass();
    await eventually(async () => expect(await effects()).toEqual(await scene.eventIds(aggregate)));
    await eventually(async () => expect(await holds()).toEqual([]));
    await searchOf(process).pass();
    expect((await broker.channel.checkQueue(queue)).messageCount).toBe(0);
  });

  it.each([
    ['had failed', 1],
    ['had not been tried', 0],
  ])('takes over events that waited in the database when the transport was changed and %s', async (_case, attempts) => {
    const { scene, live } = stage;
    const postgres = { transport: 'postgres' } as const;
    const failing = consumerOf(QUEUE, [TicketUpdated], () => Promise.reject(new Error('not yet')));
    const before = await scene.launch({ messaging: postgres, consumers: [failing] });
    const aggregate = randomUUID();
    if (attempts === 0) {
      await before.stop();
    }
    const writer = attempts === 0 ? await scene.launch({ messaging: postgres }) : before;
    await scene.append(writer, live, aggregate);
    await scene.append(writer, live, aggregate);
    await eventually(async () => expect(await holds()).toMatchObject([{ attempts }, { attempts: 0 }]));
    await writer.stop();
    const after = await scene.launch({ consumers: [recorder] });
    scene.advance(HOUR_MS);
    await searchOf(after).pass();
    await eventually(async () => expect(await effects()).toEqual(await scene.eventIds(aggregate)));
  });
});

describeWithBroker('a topology', () => {
  beforeEach(async () => {
    stage = await openBrokerScene();
  });
  afterEach(() => stage.close());

  it('that another version has made with other arguments is used as it is', async () => {
    const { scene, broker, live } = stage;
    const { queue } = broker.topology.queuesOf(QUEUE);
    await broker.channel.assertQueue(queue, { arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 7 } });
    const process = await scene.launch({ consumers: [recorder] });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate);
    await eventually(async () => expect(await effects()).toEqual(await scene.eventIds(aggregate)));
  });

  it('of another prefix is another installation', async () => {
    const { broker, scene, live } = stage;
    const elsewhere = new Topology([], `${broker.prefix}elsewhere.`);
    const { queue } = elsewhere.queuesOf(QUEUE);
    await broker.channel.assertQueue(queue, { exclusive: true });
    await broker.channel.assertExchange(elsewhere.exchange, 'topic', { durable: false, autoDelete: true });
    await broker.channel.bindQueue(queue, elsewhere.exchange, '#');
    const process = await scene.launch({ consumers: [recorder] });
    await scene.append(process, live);
    await eventually(async () => expect(await effects()).toHaveLength(1));
    expect((await broker.channel.checkQueue(queue)).messageCount).toBe(0);
  });
});

/** Takes the queue's message and ends without an answer, as a process does that dies. */
async function takeAndDie(queue: string): Promise<void> {
  const channel = await stage.broker.openChannel();
  const taken = new Promise<void>((resolve) => {
    void channel.consume(queue, () => resolve());
  });
  await taken;
  await channel.close();
}

/** Waits until the event is on a rung, and empties that. */
async function loseOnRung(rung: number, eventId: string): Promise<void> {
  const { rungs } = stage.broker.topology.queuesOf(QUEUE);
  await eventually(async () => {
    const message = await stage.broker.channel.get(rungs[rung - 1]!.queue, { noAck: true });
    expect(message && message.properties.messageId).toBe(eventId);
  });
}

/** Nothing that is published from now on reaches the queue. */
async function unbind(queue: string): Promise<void> {
  const { exchange } = stage.broker.topology;
  await stage.broker.channel.unbindQueue(queue, exchange, Topology.routingKey(TicketUpdated.type, '*'));
}

function searchOf({ app }: EventProcess): StrandedEvents {
  const settings = app.get<MessagingSettings>(MESSAGING_SETTINGS);
  const context = { uow: app.get(UnitOfWork), broker: app.get(Broker), settings };
  const subscription = { consumer: QUEUE, events: [TicketUpdated], handle: () => Promise.resolve() };
  return new StrandedEvents([subscription], context, new AbortController().signal);
}

async function holds(): Promise<unknown[]> {
  return stage.scene.db.sql('SELECT attempts, status FROM event_delivery ORDER BY outbox_id');
}

async function effects(): Promise<string[]> {
  return (await stage.scene.effects(QUEUE)).map(({ event_id }) => event_id);
}
