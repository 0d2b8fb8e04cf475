import { randomUUID } from 'node:crypto';
import { TicketUpdated } from '#contracts';
import { consumerOf, storingEffects } from '#testing';
import { openBrokerScene } from '../../../../../test/support/broker-scene';
import type { BrokerScene } from '../../../../../test/support/broker-scene';
import { eventually } from '../../../../../test/support/eventually';
import { describeWithBroker } from '../../../../../test/support/test-broker';
import { ReplayEvents } from '../../replay/replay-events';
import { EVENT_TRANSPORT } from '../event-transport';
import type { EventTransport } from '../event-transport';

const QUEUE = 'test.replay';
const REQUEST = { consumer: QUEUE, from: { time: new Date(0) }, force: true, dryRun: false };

describeWithBroker('a forced replay over RabbitMQ', () => {
  let stage: BrokerScene;

  beforeEach(async () => {
    stage = await openBrokerScene();
  });
  afterEach(() => stage.close());

  const effects = (count: number) =>
    eventually(async () => expect(await stage.scene.effects(QUEUE)).toHaveLength(count));

  it('has its effect although the message comes before the inbox row is gone for good', async () => {
    const { scene, live } = stage;
    const { app } = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))] });
    await scene.append({ app, stop: async () => {} }, live, randomUUID());
    await effects(1);
    const transport = app.get<EventTransport>(EVENT_TRANSPORT);
    const deliverTo = transport.deliverTo.bind(transport);
    jest.spyOn(transport, 'deliverTo').mockImplementationOnce(async (...batch) => {
      await deliverTo(...batch);
      await eventually(async () => {
        // The consumer has the message and waits at the inbox.
        const waiting = await scene.db.sql(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(waiting.length).toBeGreaterThan(0);
      });
    });
    await app.get(ReplayEvents).execute(REQUEST);
    await effects(2);
  });

  it('gives nothing, and forgets nothing, when the consumer has no queue', async () => {
    const { scene, live, broker } = stage;
    const process = await scene.launch({ consumers: [consumerOf(QUEUE, [TicketUpdated], storingEffects(QUEUE))] });
    await scene.append(process, live, randomUUID());
    await effects(1);
    await process.stop();
    await broker.channel.deleteQueue(broker.topology.queuesOf(QUEUE).queue);
    const { app } = await scene.launch({ isStarted: false });
    await expect(app.get(ReplayEvents).execute(REQUEST)).rejects.toThrow('is missing. Start its consumer');
    expect(await scene.db.sql('SELECT FROM inbox')).toHaveLength(1);
  });
});
