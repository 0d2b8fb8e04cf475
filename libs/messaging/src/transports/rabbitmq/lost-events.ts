import type { SqlTransaction } from '#database';
import type { Subscription } from '../subscription';
import { toHeld } from './holds';
import type { HeldEvent, HeldRow } from './holds';

/** Published so long ago, an event of an empty queue is handled, held or in hand; one that is in hand is no worse for a second message. */
const LOST_MS = 10_000;

/** Longer than any transaction lives: events that were published before it have no neighbours any more that are still to appear. */
const SETTLED_MS = 2 * 60_000;

/** Where to look. */
export interface LostSearch {
  /** Only events with greater ids: the others have been looked at. */
  readonly after: number;
  readonly now: Date;
  readonly limit: number;
}

/**
 * Events of the last day that were published for a consumer and of which nothing is known: neither handled nor held. When its queue
 * is empty, they are lost: somebody has deleted or emptied it, or has taken its binding away. Locked, in their order.
 */
export async function lockLost(
  tx: SqlTransaction,
  { consumer, events }: Pick<Subscription, 'consumer' | 'events'>,
  { after, now, limit }: LostSearch,
): Promise<HeldEvent[]> {
  const rows = await tx.query<HeldRow>({
    text: `SELECT 0 AS attempts, o.id, o.event_id, o.project_id, o.aggregate_id, o.type, o.body, o.created_at, o.traceparent
           FROM outbox o JOIN event_consumer c ON c.consumer = $1
           WHERE o.id > $2 AND o.type = ANY ($3) AND o.published_at < $4
             AND o.published_at > greatest(c.created_at, $5::timestamptz - interval '1 day')
             AND NOT EXISTS (SELECT FROM inbox i WHERE i.consumer = $1 AND i.event_id = o.event_id)
             AND NOT EXISTS (SELECT FROM event_delivery d WHERE d.consumer = $1 AND d.outbox_id = o.id)
           ORDER BY o.id LIMIT $6 FOR UPDATE OF o SKIP LOCKED`,
    values: [consumer, after, events.map(({ type }) => type), new Date(now.getTime() - LOST_MS), now, limit],
  });
  return rows.map(toHeld);
}

/** Up to which id the outbox holds nothing after `after` that has yet to be published, or was just now. */
export async function settledTo(tx: SqlTransaction, after: number, now: Date): Promise<number> {
  const [row] = await tx.query<{ id: number }>({
    text: `SELECT coalesce(
             (SELECT min(id) - 1 FROM outbox WHERE id > $1 AND (published_at IS NULL OR published_at > $2)),
             (SELECT max(id) FROM outbox), $1)::bigint AS id`,
    values: [after, new Date(now.getTime() - SETTLED_MS)],
  });
  return row?.id ?? after;
}
