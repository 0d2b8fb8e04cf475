import type { Database } from '#database';
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
