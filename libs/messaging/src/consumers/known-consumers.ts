import type { SqlTransaction, WorkerTx } from '#database';
import type { Subscription } from '../transports/subscription';

/**
 * Makes consumers known. Types are only ever added: an older process must not take a newer one's events away. `created_at` says since
 * when a consumer wants all of them.
 */
export async function addConsumers(tx: WorkerTx, subscriptions: readonly Subscription[], now: Date): Promise<void> {
  for (const { consumer, events } of subscriptions) {
    await tx.query({
      text: `INSERT INTO event_consumer AS c (consumer, types, created_at) VALUES ($1, $2, $3)
             ON CONFLICT (consumer) DO UPDATE SET
               types = ARRAY(SELECT DISTINCT type FROM unnest(c.types || excluded.types) AS type ORDER BY type),
               created_at = CASE WHEN excluded.types <@ c.types THEN c.created_at ELSE excluded.created_at END`,
      values: [consumer, events.map(({ type }) => type).toSorted(), now],
    });
  }
}

/** The names of all consumers that have been started at least once, in order. */
export async function knownConsumers(tx: SqlTransaction): Promise<string[]> {
  const rows = await tx.query<{ consumer: string }>({ text: 'SELECT consumer FROM event_consumer ORDER BY consumer' });
  return rows.map(({ consumer }) => consumer);
}
