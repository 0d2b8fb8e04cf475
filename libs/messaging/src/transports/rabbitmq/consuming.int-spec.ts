import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Channel, Message } from 'amqplib';
import { TicketUpdated } from '#contracts';
import { DeadDeliveries } from '../../dead/dead-deliveries';
import { consumerOf, storingEffects } from '#testing';
import type { EventProcess } from '#testing';
import { openBrokerScene } from '../../../../../test/support/broker-scene';
import type { BrokerScene } from '../../../../../test/support/broker-scene';
import { eventually } from '../../../../../test/support/eventually';
import { describeWithBroker } from '../../../../../test/support/test-broker';
import { EventPath } from '../../event-path';
import { Broker } from './broker';

const QUEUE = 'test.work-on';
const recorder = consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE));

let stage: BrokerScene;

describeWithBroker('consuming events', () => {
  beforeEach(async () => {
    stage = await openBrokerScene();
  });
  afterEach(() => stage.close());

  describe.each([
    [
      'its channel is closed by the broker',
      // An acknowledgement of a message that nobody has.
      (channel: Channel) => channel.ack({ fields: { deliveryTag: 4_711 } } as Message),
    ],
    [
      'its connection is closed by the broker',
      // An exchange of a kind that does not exist is more than a channel may get wrong.
      (channel: Channel) => void channel.assertExchange('nothing', 'nonsense').catch(() => undefined),
    ],
    ['its queue is deleted', () => void stage.broker.channel.deleteQueue(stage.broker.topology.queuesOf(QUEUE).queue)],
  ])('when %s', (_case, strike) => {
    it('goes on, and has done once what it was doing', async () => {
      const { scene, live } = stage;
      const [started, mayEnd] = [gate(), gate()];
      const handle = storingEffects(QUEUE, async () => {
        started.open();
        await mayEnd.passed;
      });
      const { process, consumerChannel } = await launchWatched(handle);
      const [interrupted, later] = [randomUUID(), randomUUID()];
      await scene.append(process, live, interrupted);
      await started.passed;
      const lost = consumerChannel();
      const closed = new Promise((resolve) => {
        lost.once('close', resolve);
      });
      strike(lost);
      await eventually(() => expect(consumerChannel()).not.toBe(lost));
      await scene.append(process, live, later);
      mayEnd.open();
      await closed;
      const expected = [...(await scene.eventIds(interrupted)), ...(await scene.eventIds(later))];
      await eventually(async () => expect((await effects()).toSorted()).toEqual(expected.toSorted()));
      await eventually(async () => expect(await pending(process)).toBe(0));
      expect(await effects()).toHaveLength(2);
    });
  });

  it('puts aside what is no event, and the others go on', async () => {
    const { scene, broker, live } = stage;
    const process = await scene.launch({ consumers: [recorder] });
    const { queue } = broker.topology.queuesOf(QUEUE);
    for (const content of ['', '{"id":', '[]', '{"id":"1","type":"a","subject":"b","projectid":"c","data":{}}']) {
      broker.channel.sendToQueue(queue, Buffer.from(content), { persistent: true });
    }
    await broker.channel.waitForConfirms();
    await scene.append(process, live);
    await eventually(async () => expect(await effects()).toHaveLength(1));
    const dead = process.app.get(DeadDeliveries);
    const listed = await eventually(async () => {
      const list = await dead.list({ limit: 10 });
      expect(list).toHaveLength(4);
      return list;
    });
    expect(listed.map(({ reason }) => reason).toSorted()).toEqual([
      expect.stringContaining('no JSON'),
      expect.stringContaining('no JSON'),
      expect.stringContaining('lacks'),
      expect.stringContaining('UUID'),
    ]);
    const noJson = listed.find(({ reason }) => reason.includes('no JSON'));
    expect(noJson?.eventId).toMatch(/^unreadable-/);
    expect(await dead.discard(QUEUE, noJson!.eventId)).toBe(true);
    expect(await dead.list({ limit: 10 })).toHaveLength(3);
  });

  it('stops clean: what was in hand is done and acknowledged, what was not is as if never delivered', async () => {
    const { scene, broker, live } = stage;
    const tenAreDone = gate();
    const seen: string[] = [];
    const handle = storingEffects(QUEUE, async (event) => {
      seen.push(event.id);
      if (seen.length === 10) {
        tenAreDone.open();
      }
    });
    await (await scene.launch({ consumers: [recorder] })).stop();
    const writer = await scene.launch();
    for (let n = 0; n < 200; n++) {
      await scene.append(writer, live, randomUUID());
    }
    await eventually(async () => expect((await statusOf(writer)).unpublished).toBe(0));
    const stopping = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], handle)] });
    await tenAreDone.passed;
    await stopping.stop();
    const done = await effects();
    const rest = await drainQueue(broker.topology.queuesOf(QUEUE).queue, 200 - done.length);
    expect(done.length).toBeGreaterThanOrEqual(10);
    expect(rest.map(({ fields }) => fields.redelivered)).toEqual(Array<boolean>(rest.length).fill(false));
    expect(rest.filter(({ properties }) => Number(properties.headers?.['x-delivery-count'] ?? 0) > 0)).toEqual([]);
    const restIds = rest.map(({ properties }) => String(properties.messageId));
    expect(new Set([...done, ...restIds]).size).toBe(200);
    expect(done.toSorted()).toEqual(seen.toSorted());
  });

  it('lets an event wait whose predecessor a process that stops still has in hand', async () => {
    const { scene, live } = stage;
    const [started, mayEnd] = [gate(), gate()];
    const handle = storingEffects(QUEUE, async () => {
      started.open();
      await mayEnd.passed;
    });
    const stopping = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], handle)] });
    const next = await scene.launch({ consumers: [recorder] });
    const aggregate = randomUUID();
    await scene.append(next, live, aggregate);
    await started.passed;
    const stopped = stopping.stop();
    const tickets = [aggregate, randomUUID()];
    await eventually(async () => {
      // The broker makes the other process the active one when it has heard of the stop; until then events still go to the first.
      await scene.append(next, live, tickets[1]);
      expect(await effects()).not.toEqual([]);
    });
    await scene.append(next, live, aggregate);
    const [first, second] = await scene.eventIds(aggregate);
    await eventually(async () =>
      expect(await scene.db.sql('SELECT event_id, attempts FROM event_delivery')).toEqual([
        { event_id: second, attempts: 0 },
      ]),
    );
    mayEnd.open();
    await stopped;
    await eventually(async () =>
      expect((await scene.effects(QUEUE)).filter((effect) => effect.aggregate_id === aggregate)).toMatchObject([
        { event_id: first },
        { event_id: second },
      ]),
    );
  });

  it('makes a rung again that someone has deleted, before a failed event goes there', async () => {
    const { scene, broker, live } = stage;
    const attempts: number[] = [];
    const handle = storingEffects(QUEUE, async (_event, { attempt }) => {
      attempts.push(attempt);
      if (attempt === 1) {
        throw new Error('not yet');
      }
    });
    const process = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], handle)] });
    await scene.append(process, live);
    await eventually(() => expect(attempts).toEqual([1, 2]));
    const { rungs } = broker.topology.queuesOf(QUEUE);
    await broker.channel.deleteQueue(rungs[0]!.queue);
    await scene.append(process, live);
    await eventually(async () => expect(await effects()).toHaveLength(2));
    expect(attempts).toEqual([1, 2, 1, 2]);
  });
});

/** Starts the consumer in a process that lets us see its channels. */
async function launchWatched(handle: Parameters<typeof consumerOf>[2]) {
  const process = await stage.scene.launch({
    consumers: [consumerOf(QUEUE, [TicketUpdated], handle)],
    isStarted: false,
  });
  const { consuming } = process.app.get(Broker);
  const consumerChannels: Channel[] = [];
  const open = consuming.openChannel.bind(consuming);
  consuming.openChannel = async () => {
    const channel = await open();
    const consume = channel.consume.bind(channel);
    channel.consume = async (...call) => {
      consumerChannels.push(channel);
      return consume(...call);
    };
    return channel;
  };
  await process.app.get(EventPath).start();
  return { process, consumerChannel: () => consumerChannels.at(-1)! };
}

async function statusOf({ app }: EventProcess) {
  return app.get(EventPath).status();
}

async function pending(process: EventProcess): Promise<number | undefined> {
  return (await statusOf(process)).consumers?.find(({ consumer }) => consumer === QUEUE)?.pending;
}

async function effects(): Promise<string[]> {
  return (await stage.scene.effects(QUEUE)).map(({ event_id }) => event_id);
}

/** Takes so many messages out of a queue. */
async function drainQueue(queue: string, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  const { channel } = stage.broker;
  const { consumerTag } = await channel.consume(queue, (message) => {
    if (message) {
      messages.push(message);
      channel.ack(message);
    }
  });
  await eventually(() => expect(messages).toHaveLength(count));
  await channel.cancel(consumerTag);
  return messages;
}

function gate(): { readonly passed: Promise<unknown>; open(): void } {
  const controller = new AbortController();
  return { passed: once(controller.signal, 'abort'), open: () => controller.abort() };
}
