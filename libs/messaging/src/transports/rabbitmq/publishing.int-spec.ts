import { randomUUID } from 'node:crypto';
import type { GetMessage } from 'amqplib';
import { TicketCreated, TicketUpdated } from '#contracts';
import { UnitOfWork } from '#database';
import { consumerOf, storingEffects } from '#testing';
import type { EventProcess } from '#testing';
import { openBrokerScene } from '../../../../../test/support/broker-scene';
import type { BrokerScene, BrokerSceneOptions } from '../../../../../test/support/broker-scene';
import { eventually } from '../../../../../test/support/eventually';
import { sayBlocked, sayUnblocked } from '../../../../../test/support/servers/blocked-broker';
import { ChaosProxy } from '../../../../../test/support/servers/chaos-proxy';
import { describeWithBroker, testBrokerUrl } from '../../../../../test/support/test-broker';
import { EventPath } from '../../event-path';
import { EventLog } from '../../log/event-log';
import { EVENT_TRANSPORT } from '../event-transport';
import type { EventTransport } from '../event-transport';

const QUEUE = 'test.record-events';
const recorder = consumerOf(QUEUE, [TicketCreated, TicketUpdated], storingEffects(QUEUE));

let stage: BrokerScene;
let proxy: ChaosProxy | undefined;

async function open(options?: BrokerSceneOptions): Promise<BrokerScene> {
  stage = await openBrokerScene(options);
  return stage;
}

async function openBehindProxy(): Promise<ChaosProxy> {
  proxy = await ChaosProxy.open(testBrokerUrl());
  await open({ brokerUrl: proxy.url });
  return proxy;
}

describeWithBroker('publishing events', () => {
  afterEach(async () => {
    await stage.close();
    await proxy?.close();
    proxy = undefined;
  });

  it('gives other services each event as a CloudEvent, found by its type and project', async () => {
    const { scene, broker, live } = await open();
    const process = await scene.launch();
    const foreign = `${broker.prefix}foreign`;
    await broker.channel.assertQueue(foreign, { exclusive: true });
    await broker.channel.bindQueue(foreign, broker.topology.exchange, `ticket.*.${live.projectId}`);
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate, { definitions: [TicketCreated, TicketUpdated] });
    const message = await nextMessage(foreign);
    const [row] = await scene.db.sql<{ event_id: string; body: string }>(
      'SELECT event_id, body FROM outbox ORDER BY id LIMIT 1',
    );
    expect(message.content.toString('utf8')).toBe(row?.body);
    expect(message.fields.routingKey).toBe(`ticket.created.${live.projectId}`);
    expect(message.properties).toMatchObject({
      contentType: 'application/cloudevents+json',
      deliveryMode: 2,
      messageId: row?.event_id,
      type: 'ticket.created',
      headers: { 'x-schema': 1 },
    });
    expect((await nextMessage(foreign)).fields.routingKey).toBe(`ticket.updated.${live.projectId}`);
  });

  it('keeps every event in the stream, from which it can be read again and again', async () => {
    const { scene, broker, live } = await open();
    const process = await scene.launch();
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate, { definitions: [TicketCreated, TicketUpdated] });
    await published(process);
    const ids = await scene.eventIds(aggregate);
    expect(await readStream(broker.topology.log, 2)).toEqual(ids);
    expect(await readStream(broker.topology.log, 2)).toEqual(ids);
  });

  it('leaves an event that no queue takes unpublished, says so, and repairs what was missing', async () => {
    const { scene, broker, live } = await open();
    const process = await scene.launch();
    await scene.append(process, live);
    await published(process);
    await broker.channel.unbindQueue(broker.topology.log, broker.topology.exchange, '#');
    await scene.append(process, live);
    const [refused] = await eventually(async () => {
      const rows = await scene.db.sql('SELECT published_at, last_error FROM outbox WHERE attempts = 1');
      expect(rows).toHaveLength(1);
      return rows;
    });
    expect(refused).toEqual({ published_at: null, last_error: expect.stringContaining('binding') });
    scene.advance(60_000);
    await published(process);
  });

  it('declares the exchange again when someone has deleted it', async () => {
    const { scene, broker, live } = await open();
    const process = await scene.launch({ consumers: [recorder] });
    await broker.channel.deleteExchange(broker.topology.exchange);
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate);
    await effects(1);
  });

  it('stops when a queue refuses, and goes on when it no longer does: whatever was sent twice is done once', async () => {
    const { scene, broker, live } = await open();
    const process = await scene.launch({ consumers: [recorder] });
    const full = `${broker.prefix}full`;
    await broker.channel.assertQueue(full, {
      exclusive: true,
      arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' },
    });
    broker.channel.sendToQueue(full, Buffer.from('first come, first served'));
    await broker.channel.waitForConfirms();
    await broker.channel.bindQueue(full, broker.topology.exchange, '#');
    const aggregate = randomUUID();
    for (let n = 0; n < 3; n++) {
      await scene.append(process, live, aggregate);
    }
    // The other queues have the events, which therefore go to them once more.
    await effects(3);
    expect((await statusOf(process)).unpublished).toBe(3);
    await broker.channel.deleteQueue(full);
    await published(process);
    expect(await effects(3)).toEqual(await scene.eventIds(aggregate));
  });

  it('lets events wait in the database, and no transaction for them, while the broker takes nothing', async () => {
    const way = await openBehindProxy();
    const { scene, live } = stage;
    const process = await scene.launch({ consumers: [recorder] });
    sayBlocked(way);
    await eventually(() => expect(deliverNothing(process)).rejects.toThrow('short of memory'));
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate);
    await scene.append(process, live, aggregate);
    await eventually(async () => expect((await statusOf(process)).oldestUnpublishedSeconds).toBeGreaterThan(1));
    // The relay asks for a moment now and then; what it must not do is wait.
    await eventually(async () => {
      const waiting = await scene.db.sql(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
      );
      expect(waiting).toEqual([]);
    });
    sayUnblocked(way);
    expect(await effects(2)).toEqual(await scene.eventIds(aggregate));
  });

  it('keeps the event log going while the broker does not answer, and says what waits for it', async () => {
    const way = await openBehindProxy();
    const { scene, live } = stage;
    const process = await scene.launch({ consumers: [recorder] });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate);
    await effects(1);
    way.blackhole();
    await scene.append(process, live, aggregate);
    await eventually(async () => {
      const { events } = await process.app.get(EventLog).read(live, { limit: 10 });
      expect(events).toHaveLength(2);
    });
    expect(await statusOf(process)).toMatchObject({ unpublished: 1, consumers: null });
    way.heal();
    expect(await effects(2)).toEqual(await scene.eventIds(aggregate));
  });

  it('starts without a broker, and catches up when there is one', async () => {
    const way = await openBehindProxy();
    const { scene, live } = stage;
    await way.goDown();
    const process = await scene.launch({ consumers: [recorder] });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate);
    await scene.append(process, live, aggregate);
    await eventually(() => expect(deliverNothing(process)).rejects.toThrow('not reachable'));
    expect(await statusOf(process)).toMatchObject({ unpublished: 2, consumers: null });
    await way.comeBack();
    expect(await effects(2)).toEqual(await scene.eventIds(aggregate));
  });

  it('goes on behind a broker that was away', async () => {
    const way = await openBehindProxy();
    const { scene, live } = stage;
    const process = await scene.launch({ consumers: [recorder] });
    const aggregate = randomUUID();
    await scene.append(process, live, aggregate);
    await effects(1);
    await way.goDown();
    await eventually(async () => expect((await statusOf(process)).consumers).toBeNull());
    for (let n = 0; n < 5; n++) {
      await scene.append(process, live, aggregate);
    }
    await way.comeBack();
    expect(await effects(6)).toEqual(await scene.eventIds(aggregate));
  });

  it('refuses to start with a broker that does not let it in', async () => {
    const url = new URL(testBrokerUrl());
    url.password = 'wrong';
    const { scene } = await open({ brokerUrl: url.toString() });
    await expect(scene.launch({ consumers: [recorder] })).rejects.toThrow('RABBITMQ_URL');
  });
});

/** Waits until the transport has taken everything. */
async function published(process: EventProcess): Promise<void> {
  await eventually(async () => expect((await statusOf(process)).unpublished).toBe(0));
}

async function statusOf({ app }: EventProcess) {
  return app.get(EventPath).status();
}

/** Asks the transport whether it would take an event. */
async function deliverNothing({ app }: EventProcess): Promise<unknown> {
  const transport = app.get<EventTransport>(EVENT_TRANSPORT);
  return app.get(UnitOfWork).runAsWorker((tx) => transport.deliver(tx, []));
}

/** The ids of the events of which the consumer has stored an effect, when there are as many. */
async function effects(count: number): Promise<string[]> {
  return eventually(async () => {
    const stored = await stage.scene.effects(QUEUE);
    expect(stored).toHaveLength(count);
    return stored.map(({ event_id }) => event_id);
  });
}

async function nextMessage(queue: string): Promise<GetMessage> {
  return eventually(async () => {
    const message = await stage.broker.channel.get(queue, { noAck: true });
    expect(message).toBeTruthy();
    return message as GetMessage;
  });
}

/** The ids of the stream's first messages. */
async function readStream(stream: string, count: number): Promise<string[]> {
  const { channel } = stage.broker;
  await channel.prefetch(100);
  const ids: string[] = [];
  const { consumerTag } = await channel.consume(
    stream,
    (message) => {
      if (message) {
        ids.push(String(message.properties.messageId));
        channel.ack(message);
      }
    },
    { arguments: { 'x-stream-offset': 'first' } },
  );
  await eventually(() => expect(ids).toHaveLength(count));
  await channel.cancel(consumerTag);
  return ids;
}
