import type { ConsumerStatus, EventPath } from '#messaging';
import type { GaugeValue, Metrics } from './metrics';

/**
 * Gauges of the event path: how far the relay and the consumers lag. One look at the database, and over RabbitMQ at the broker, is
 * what they cost, when they are asked for. What cannot be known now is left out.
 */
export function addEventPathMetrics(metrics: Metrics, eventPath: Pick<EventPath, 'status'>): void {
  const status = shared(() => eventPath.status());
  const ofConsumers = (read: (consumer: ConsumerStatus) => readonly GaugeValue[]) => async () =>
    ((await status()).consumers ?? []).flatMap((one) => read(one));
  metrics.addGauge(
    'helpdesk_outbox_oldest_unpublished_seconds',
    'Age of the oldest event that the transport has yet to take.',
    async () => [{ value: (await status()).oldestUnpublishedSeconds }],
  );
  metrics.addGauge('helpdesk_outbox_unpublished', 'Events that the transport has yet to take.', async () => [
    { value: (await status()).unpublished },
  ]);
  metrics.addGauge(
    'helpdesk_consumer_pending',
    'Events that a consumer has yet to handle.',
    ofConsumers(({ consumer, pending }) => [{ labels: { consumer }, value: pending }]),
    ['consumer'],
  );
  metrics.addGauge(
    'helpdesk_consumer_oldest_pending_seconds',
    'For how long the oldest of them has waited.',
    ofConsumers(({ consumer, oldestPendingSeconds }) => [{ labels: { consumer }, value: oldestPendingSeconds }]),
    ['consumer'],
  );
  metrics.addGauge(
    'helpdesk_consumer_waiting',
    'Events that have failed and wait on a rung of the retry ladder.',
    ofConsumers(({ consumer, waiting }) =>
      waiting.map((value, index) => ({ labels: { consumer, rung: String(index + 1) }, value })),
    ),
    ['consumer', 'rung'],
  );
  metrics.addGauge(
    'helpdesk_consumer_dead',
    'Events that a consumer could not handle and that wait for an operator.',
    ofConsumers(({ consumer, dead }) => [{ labels: { consumer }, value: dead }]),
    ['consumer'],
  );
}

/** All who ask while a look is under way get its answer: the gauges of one scrape, and scrapes that come together. */
function shared<T>(look: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () =>
    (running ??= look().finally(() => {
      running = undefined;
    }));
}
