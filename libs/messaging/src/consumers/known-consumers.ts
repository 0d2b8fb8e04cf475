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

/** A consumer and what the database knows of its deliveries, see {@link ConsumerStatus}. */
export interface ConsumerDeliveries {
  readonly consumer: string;
  readonly types: readonly string[];
  readonly pending: number;
  readonly dead: number;
  /** When the oldest pending one came to be; null when there is none. */
  readonly oldest: Date | null;
  readonly waiting: readonly number[];
}

interface DeliveriesRow extends Omit<ConsumerDeliveries, 'waiting'> {
  /** Waiting ones by the attempts that have failed: the number of their rung. */
  readonly rungs: Readonly<Record<string, number>>;
}

/** Every known consumer with its rows of `event_delivery`, in the order of names. */
export async function readDeliveries(tx: SqlTransaction, ladderLength: number): Promise<ConsumerDeliveries[]> {
  const rows = await tx.queryAndCommit<DeliveriesRow>({
    name: 'consumer-deliveries',
    text: `WITH counted AS (
             SELECT consumer, status, attempts, count(*)::int AS deliveries, min(created_at) AS oldest
             FROM event_delivery GROUP BY consumer, status, attempts)
           SELECT consumer, types, coalesce(d.pending, 0)::int AS pending, coalesce(d.dead, 0)::int AS dead, d.oldest,
             coalesce(d.rungs, '{}') AS rungs
           FROM event_consumer LEFT JOIN (
             SELECT consumer, sum(deliveries) FILTER (WHERE status = 'pending') AS pending,
               sum(deliveries) FILTER (WHERE status = 'dead') AS dead, min(oldest) FILTER (WHERE status = 'pending') AS oldest,
               jsonb_object_agg(attempts, deliveries) FILTER (WHERE status = 'pending' AND attempts > 0) AS rungs
             FROM counted GROUP BY consumer) d USING (consumer)
           ORDER BY consumer`,
  });
  return rows.map(({ rungs, ...row }) => ({
    ...row,
    waiting: Array.from({ length: ladderLength }, (_, index) => rungs[index + 1] ?? 0),
  }));
}

/** For how long something has waited, in seconds. */
export function secondsSince(time: Date | null, now: Date): number {
  return time === null ? 0 : Math.max(0, (now.getTime() - time.getTime()) / 1000);
}
