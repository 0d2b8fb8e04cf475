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

/** Where to look for events that others wait for. */
export interface MissedSearch {
  /** Published, and waited for, since before this time: whoever may have had them in hand then has come to an end. */
  readonly before: Date;
  readonly now: Date;
  readonly limit: number;
}

const LOST = `SELECT 0 AS attempts, o.id, o.event_id, o.project_id, o.aggregate_id, o.type, o.body, o.created_at, o.traceparent
  FROM outbox o JOIN event_consumer c ON c.consumer = $1
  WHERE o.type = ANY ($2) AND o.published_at < $3
    AND o.published_at > greatest(c.created_at, $4::timestamptz - interval '1 day')
    AND NOT EXISTS (SELECT FROM inbox i WHERE i.consumer = $1 AND i.event_id = o.event_id)
    AND NOT EXISTS (SELECT FROM event_delivery d WHERE d.consumer = $1 AND d.outbox_id = o.id)`;

/**
 * Events of the last day that were published for a consumer and of which nothing is known: neither handled nor held. When its queue
 * is empty, they are lost: somebody has deleted or emptied it, or has taken its binding away. Locked, in their order. Those that another
 * process has begun to bring back are waited for: if it dies, they are still lost, and once more does no harm.
 */
export async function lockLost(
  tx: SqlTransaction,
  { consumer, events }: Pick<Subscription, 'consumer' | 'events'>,
  { after, now, limit }: LostSearch,
): Promise<HeldEvent[]> {
  const rows = await tx.query<HeldRow>({
    text: `${LOST} AND o.id > $5 ORDER BY o.id LIMIT $6 FOR UPDATE OF o`,
    values: [consumer, events.map(({ type }) => type), new Date(now.getTime() - LOST_MS), now, after, limit],
  });
  return rows.map(toHeld);
}

/**
 * Those of them that a later one of their aggregate waits for, which has not been tried: its message has come and theirs has not,
 * though a queue keeps the order. So they are lost, however full the queue is. Locked, in their order.
 */
export async function lockMissed(
  tx: SqlTransaction,
  { consumer, events }: Pick<Subscription, 'consumer' | 'events'>,
  { before, now, limit }: MissedSearch,
): Promise<HeldEvent[]> {
  const rows = await tx.query<HeldRow>({
    text: `WITH first AS MATERIALIZED (
             SELECT DISTINCT ON (project_id, aggregate_id) project_id, aggregate_id, outbox_id, attempts, created_at
             FROM event_delivery WHERE consumer = $1 AND status = 'pending'
             ORDER BY project_id, aggregate_id, outbox_id)
           ${LOST} AND o.id IN (
             SELECT e.id FROM first f JOIN outbox e ON e.project_id = f.project_id AND e.aggregate_id = f.aggregate_id
             WHERE f.attempts = 0 AND f.created_at < $3 AND e.id < f.outbox_id)
           ORDER BY o.id LIMIT $5 FOR UPDATE OF o SKIP LOCKED`,
    values: [consumer, events.map(({ type }) => type), before, now, limit],
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
