import { DeadDeliveries } from '#messaging';
import type { EventScene } from '#testing';
import { eventually } from '../../support/eventually';
import { openBrokerScene } from '../../support/broker-scene';
import { describeWithBroker } from '../../support/test-broker';
import type { TestBroker } from '../../support/test-broker';
import { describeTransport } from './transport-contract';
import type { TransportHarness, TransportInstallation } from './transport-harness';

const A_DAY_MS = 86_400_000;

const rabbitmq: TransportHarness = {
  sharesWork: false,
  takesAhead: true,
  async open(messaging = {}): Promise<TransportInstallation> {
    const { scene, broker, close } = await openBrokerScene(messaging);
    const { app } = await scene.launch({ isStarted: false });
    return {
      scene,
      dead: app.get(DeadDeliveries),
      async waiting(consumer, eventId) {
        const [row] = await scene.db.sql<{ attempts: number; next_at: Date }>(
          `SELECT attempts, next_at FROM event_delivery
           WHERE consumer = $1 AND event_id = $2 AND status = 'pending' AND attempts > 0`,
          [consumer, eventId],
        );
        return row ? { attempts: row.attempts, dueInMs: row.next_at.getTime() - scene.now().getTime() } : null;
      },
      async endWaits() {
        scene.advance(A_DAY_MS);
        await endWaits(scene, broker);
      },
      async deliverAgain(eventId) {
        await scene.db.sql('UPDATE outbox SET published_at = NULL WHERE event_id = $1', [eventId]);
      },
      close,
    };
  },
};

interface WaitingRow {
  readonly consumer: string;
  readonly event_id: string;
  readonly attempts: number;
}

/** Does what time does: brings the messages of all rungs back to their queues, earlier events first. */
async function endWaits(scene: EventScene, broker: TestBroker): Promise<void> {
  const waiting = () =>
    scene.db.sql<WaitingRow>(
      `SELECT consumer, event_id, attempts FROM event_delivery WHERE status = 'pending' AND attempts > 0`,
    );
  const toMove = new Set((await waiting()).map(keyOf));
  await eventually(async () => {
    const still = await waiting();
    for (const consumer of new Set(still.map((row) => row.consumer))) {
      for (const moved of await emptyRungs(broker, consumer)) {
        toMove.delete(keyOf({ consumer, ...moved }));
      }
    }
    const left = still.map(keyOf).filter((key) => toMove.has(key));
    expect(left).toEqual([]);
  });
}

function keyOf({ consumer, event_id, attempts }: WaitingRow): string {
  return `${consumer} ${event_id} ${attempts}`;
}

async function emptyRungs({ topology, channel }: TestBroker, consumer: string) {
  const { queue, rungs } = topology.queuesOf(consumer);
  const messages = [];
  for (const rung of rungs) {
    for (let message = await channel.get(rung.queue); message; message = await channel.get(rung.queue)) {
      messages.push(message);
    }
  }
  const bySequence = messages
    .map((message) => ({ message, sequence: sequenceOf(message.content) }))
    .toSorted((a, b) => a.sequence - b.sequence);
  for (const { message } of bySequence) {
    channel.publish('', queue, message.content, { ...message.properties, persistent: true });
  }
  await channel.waitForConfirms();
  for (const { message } of bySequence) {
    channel.ack(message);
  }
  return messages.map(({ properties }) => ({
    event_id: String(properties.messageId),
    attempts: Number(properties.headers?.['x-attempts']),
  }));
}

function sequenceOf(content: Buffer): number {
  return (JSON.parse(content.toString()) as { readonly sequence: number }).sequence;
}

describeWithBroker('with a broker', () => {
  describeTransport('RabbitMQ', rabbitmq);
});
