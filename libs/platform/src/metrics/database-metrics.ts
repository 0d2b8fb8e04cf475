import type { Database } from '#database';
import type { EventPath } from '#messaging';
import type { Metrics } from './metrics';

interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Gauges of the two connection pools. */
export function addPoolMetrics(metrics: Metrics, database: Database): void {
  const pools = { app: database.app, worker: database.worker };
  metrics.addGauge(
    'helpdesk_database_pool_connections',
    'Connections by pool and state.',
    async () =>
      Object.entries(pools).flatMap(([name, source]) => {
        const pool = (source.driver as unknown as { readonly master: Pool }).master;
        return [
          { labels: { pool: name, state: 'busy' }, value: pool.totalCount - pool.idleCount },
          { labels: { pool: name, state: 'idle' }, value: pool.idleCount },
          { labels: { pool: name, state: 'waiting' }, value: pool.waitingCount },
        ];
      }),
    ['pool', 'state'],
  );
}

/** Gauges of the event path: how far the relay and the consumers lag. */
export function addEventPathMetrics(metrics: Metrics, eventPath: EventPath): void {
  metrics.addGauge(
    'helpdesk_outbox_oldest_age_seconds',
    'Age of the oldest event that was not published yet.',
    async () => [{ value: (await eventPath.status()).oldestUnpublishedSeconds }],
  );
  metrics.addGauge('helpdesk_outbox_unpublished', 'Events that were not published yet.', async () => [
    { value: (await eventPath.status()).unpublished },
  ]);
  metrics.addGauge(
    'helpdesk_event_deliveries',
    'Deliveries by consumer and state.',
    async () =>
      (await eventPath.status()).consumers.flatMap(({ consumer, pending, dead }) => [
        { labels: { consumer, state: 'pending' }, value: pending },
        { labels: { consumer, state: 'dead' }, value: dead },
      ]),
    ['consumer', 'state'],
  );
}
