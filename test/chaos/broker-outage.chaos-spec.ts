import { ledgerFaults } from '../support/ledger/check-ledger';
import { LEDGER_CONSUMERS } from '../support/ledger/ledger-table';
import { httpCall } from '../support/processes/http-call';
import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import { ProcessScene } from '../support/processes/process-scene';
import type { ServiceProcess } from '../support/processes/service-process';
import { ChaosProxy } from '../support/servers/chaos-proxy';
import { describeWithBroker, testBrokerUrl } from '../support/test-broker';

const CLEAN_EXIT = { code: 0, signal: null };

/** How far the age of the oldest waiting event is watched to grow, in seconds. */
const AGES = [1, 3, 5];

jest.setTimeout(4 * PATIENCE_MS);

let scene: ProcessScene;

describeWithBroker('processes and their broker', () => {
  beforeEach(async () => {
    scene = await ProcessScene.open({ transport: 'rabbitmq' });
  });
  afterEach(() => scene.close());

  test('stay up and ready while the broker is down for long, the lag can be seen, and the backlog drains in order', async () => {
    const way = await ChaosProxy.open(testBrokerUrl());
    const processes = [await scene.start({ brokerUrl: way.url }), await scene.start({ brokerUrl: way.url })];
    const writers = scene.write({ seed: 6 });
    await inTheEnd(() => expect(writers.acknowledged).toBeGreaterThan(20));
    await way.goDown();

    for (const age of AGES) {
      const before = writers.acknowledged;
      await inTheEnd(async () => expect(await oldestAge(processes[0]!)).toBeGreaterThan(age));
      await inTheEnd(() => expect(writers.acknowledged).toBeGreaterThan(before));
      for (const { opsUrl } of processes) {
        expect((await httpCall({ url: opsUrl, method: 'GET', path: '/readyz' })).status).toBe(200);
      }
    }
    await writers.stop();
    const [backlog] = await scene.db.sql<{ events: number }>(
      'SELECT count(*)::int AS events FROM outbox WHERE published_at IS NULL',
    );
    expect(backlog!.events).toBeGreaterThan(20);

    await way.comeBack();
    await scene.drained();
    expect(await ledgerFaults(scene.db, writers.journal)).toEqual([]);
    await inTheEnd(async () => expect(await oldestAge(processes[0]!)).toBe(0));
    expect(processes.map(({ isRunning }) => isRunning)).toEqual([true, true]);
    await way.close();
  });

  test('lose no acknowledgement and have nothing delivered twice when they are told to stop under load', async () => {
    const stopping = await scene.start();
    const writers = scene.write({ seed: 7, writers: 6 });
    await inTheEnd(() => expect(writers.acknowledged).toBeGreaterThan(20));
    const gate = await scene.shutGate();
    // More than a consumer may have in hand.
    await inTheEnd(async () => {
      for (const messages of await Promise.all(LEDGER_CONSUMERS.map(inQueue))) {
        expect(messages).toBeGreaterThan(20);
      }
    });

    stopping.signal('SIGTERM');
    await stopping.waitForLog('the drain has begun', ({ event }) => event === 'service.draining');
    await gate.release();
    expect(await stopping.exited).toEqual(CLEAN_EXIT);
    for (const consumer of LEDGER_CONSUMERS) {
      const left = await lookInto(consumer);
      expect(left.filter(({ isRepeated }) => isRepeated)).toEqual([]);
      const handled = await scene.db.sql<{ event_id: string }>('SELECT event_id FROM inbox WHERE consumer = $1', [
        consumer,
      ]);
      const acknowledged = new Set(left.map(({ eventId }) => eventId));
      expect(handled.filter(({ event_id }) => acknowledged.has(event_id))).toEqual([]);
    }

    const next = await scene.start();
    await writers.stop();
    await scene.drained();
    expect(await ledgerFaults(scene.db, writers.journal)).toEqual([]);
    expect(next.isRunning).toBe(true);
  });
});

/** `helpdesk_outbox_oldest_unpublished_seconds`, as Prometheus reads it. */
async function oldestAge({ opsUrl }: ServiceProcess): Promise<number> {
  const { body } = await httpCall({ url: opsUrl, method: 'GET', path: '/metrics' });
  const [, value] = /^helpdesk_outbox_oldest_unpublished_seconds(?:\{[^}]*\})? (\S+)$/m.exec(String(body)) ?? [];
  return Number(value);
}

async function inQueue(consumer: string): Promise<number> {
  return scene.onBroker(
    async ({ channel, topology }) => (await channel.checkQueue(topology.queuesOf(consumer).queue)).messageCount,
  );
}

/** The messages of a consumer's queue, which stay there. */
async function lookInto(consumer: string): Promise<{ eventId: string; isRepeated: boolean }[]> {
  return scene.onBroker(async ({ channel, topology }) => {
    const { queue } = topology.queuesOf(consumer);
    const { messageCount } = await channel.checkQueue(queue);
    const messages: { eventId: string; isRepeated: boolean }[] = [];
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message) {
        const deliveries = Number(message.properties.headers?.['x-delivery-count'] ?? 0);
        const isRepeated = message.fields.redelivered || deliveries > 0;
        messages.push({ eventId: String(message.properties.messageId), isRepeated });
      }
    });
    await inTheEnd(() => expect(messages).toHaveLength(messageCount));
    await channel.cancel(consumerTag);
    return messages;
  });
}
