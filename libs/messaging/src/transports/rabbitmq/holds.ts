import type { SqlTransaction } from '#database';
import type { EventEnvelope } from '#contracts';
import type { OutboxEvent } from '../event-transport';

/**
 * A hold is a row of `event_delivery`: its event waits on a rung of the ladder, or is dead. The message itself is in the broker; the
 * row keeps the order while it is away from its queue, for whichever process consumes next: later events of an aggregate wait for
 * its pending holds. Events that the outbox no longer has hold nothing back.
 */
export interface Hold {
  readonly consumer: string;
  readonly eventId: string;
  /** Attempts that have failed. */
  readonly attempts: number;
  /** Why the last attempt failed; null for an event that only came behind one. */
  readonly reason: string | null;
  /** When the event is due again; null when it is dead. */
  readonly nextAt: Date | null;
}

/**
 * Where an event stands when it arrives: it may be handled now; an earlier one of its aggregate waits, so it has to; it is dead,
 * though its message has not gone where the dead are; or it went with everything else when its test side was emptied.
 */
export type EventPlace =
  | { readonly kind: 'free' | 'emptied' }
  | { readonly kind: 'behind'; readonly dueAt: Date }
  | { readonly kind: 'dead'; readonly attempts: number; readonly reason: string };

interface PlaceRow {
  readonly behind: Date | null;
  readonly dead_attempts: number | null;
  readonly dead_reason: string | null;
  readonly emptied: boolean;
}

const FIND_PLACE = `
  WITH this AS (SELECT id FROM outbox WHERE event_id = $2)
  SELECT
    (SELECT max(next_at) FROM event_delivery WHERE consumer = $1 AND status = 'pending'
       AND project_id = $3 AND aggregate_id = $4 AND outbox_id < (SELECT id FROM this)) AS behind,
    own.attempts AS dead_attempts, own.last_error AS dead_reason,
    NOT EXISTS (SELECT FROM this)
      AND EXISTS (SELECT FROM project WHERE id = $3 AND live_project_id IS NOT NULL) AS emptied
  FROM (VALUES (1)) AS one LEFT JOIN event_delivery own
    ON own.consumer = $1 AND own.outbox_id = (SELECT id FROM this) AND own.status = 'dead'`;

/** Where an event stands for a consumer. */
export async function findPlace(tx: SqlTransaction, consumer: string, event: EventEnvelope): Promise<EventPlace> {
  const [row] = await tx.query<PlaceRow>({
    name: 'hold-find',
    text: FIND_PLACE,
    values: [consumer, event.id, event.projectid, event.subject],
  });
  if (row && row.dead_attempts !== null) {
    return { kind: 'dead', attempts: row.dead_attempts, reason: row.dead_reason ?? '' };
  }
  return row?.behind ? { kind: 'behind', dueAt: row.behind } : { kind: row?.emptied ? 'emptied' : 'free' };
}

/** Makes or changes the hold of an event. */
export async function placeHold(tx: SqlTransaction, hold: Hold, now: Date): Promise<void> {
  await tx.query({
    name: 'hold-place',
    text: `INSERT INTO event_delivery AS d
             (outbox_id, consumer, event_id, project_id, aggregate_id, status, attempts, last_error, next_at, created_at)
           SELECT id, $2, event_id, project_id, aggregate_id,
             CASE WHEN $5::timestamptz IS NULL THEN 'dead' ELSE 'pending' END, $3, $4, coalesce($5, $6), $6
           FROM outbox WHERE event_id = $1
           ON CONFLICT (outbox_id, consumer) DO UPDATE SET status = excluded.status, attempts = excluded.attempts,
             last_error = coalesce(excluded.last_error, d.last_error), next_at = excluded.next_at`,
    values: [hold.eventId, hold.consumer, hold.attempts, hold.reason, hold.nextAt, now],
  });
}

const REMOVE_HOLD = {
  name: 'hold-remove',
  text: 'DELETE FROM event_delivery WHERE consumer = $1 AND outbox_id = (SELECT id FROM outbox WHERE event_id = $2)',
};

/** Ends the hold of an event, if it has one, and commits. */
export async function removeHold(tx: SqlTransaction, consumer: string, eventId: string): Promise<void> {
  await tx.queryAndCommit({ ...REMOVE_HOLD, values: [consumer, eventId] });
}

/** A consumer that has been started at least once, and its events that wait on the ladder. */
export interface ConsumerHolds {
  readonly consumer: string;
  readonly waiting: number;
}

/** Every known consumer, in the order of names. */
export async function countHolds(tx: SqlTransaction): Promise<ConsumerHolds[]> {
  return tx.queryAndCommit<ConsumerHolds>({
    text: `SELECT consumer, coalesce(d.waiting, 0)::int AS waiting
           FROM event_consumer LEFT JOIN (
             SELECT consumer, count(*) AS waiting FROM event_delivery WHERE status = 'pending' GROUP BY consumer
           ) d USING (consumer)
           ORDER BY consumer`,
  });
}

/** A waiting event that is long overdue. */
export interface OverdueHold {
  readonly outboxId: number;
  readonly attempts: number;
  readonly event: OutboxEvent;
}

interface OverdueRow {
  readonly outbox_id: number;
  readonly attempts: number;
  readonly event_id: string;
  readonly project_id: string;
  readonly aggregate_id: string;
  readonly type: string;
  readonly body: string;
  readonly created_at: Date;
  readonly traceparent: string | null;
}

/** The consumer's waiting events that were due before `before`, locked, in their order, at most so many. */
export async function lockOverdue(
  tx: SqlTransaction,
  { consumer, before, limit }: { readonly consumer: string; readonly before: Date; readonly limit: number },
): Promise<OverdueHold[]> {
  const rows = await tx.query<OverdueRow>({
    text: `SELECT d.outbox_id, d.attempts, o.event_id, o.project_id, o.aggregate_id, o.type, o.body, o.created_at, o.traceparent
           FROM event_delivery d JOIN outbox o ON o.id = d.outbox_id
           WHERE d.consumer = $1 AND d.status = 'pending' AND d.next_at < $2
           ORDER BY d.outbox_id LIMIT $3 FOR UPDATE OF d SKIP LOCKED`,
    values: [consumer, before, limit],
  });
  return rows.map((row) => ({
    outboxId: row.outbox_id,
    attempts: row.attempts,
    event: {
      id: row.outbox_id,
      eventId: row.event_id,
      projectId: row.project_id,
      aggregateId: row.aggregate_id,
      type: row.type,
      body: row.body,
      createdAt: row.created_at,
      traceparent: row.traceparent,
    },
  }));
}
