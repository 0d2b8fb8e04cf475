import type { SqlTransaction } from '#database';
import type { EventEnvelope } from '#contracts';
import { queryByKeys } from '../../relay/planned-queries';
import type { OutboxEvent } from '../event-transport';
import type { Subscription } from '../subscription';

/**
 * A hold is a row of `event_delivery`. It is what keeps the order of an aggregate, for whichever process consumes, while one of its
 * events is away from the queue: the event that failed, whose message waits on a rung of the ladder; the events that came behind it,
 * which wait without a message, for the outbox has them; and what is dead. Events that the outbox no longer has hold nothing back.
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

/** Where an event stands when its message arrives. */
export type EventPlace =
  /** It may be handled; `emptied`: it went with everything else when its test side was emptied. */
  | { readonly kind: 'free' | 'emptied' }
  /** An earlier one of its aggregate waits on the ladder until `dueAt`. */
  | { readonly kind: 'behind'; readonly dueAt: Date }
  /** The one before it has not been handled, and nothing is known of it: another process has it in hand, or its message is lost. */
  | { readonly kind: 'early' }
  /** Another message of it has made more attempts. */
  | { readonly kind: 'outdated'; readonly attempts: number; readonly reason: string }
  /** It was given up, though its message has not gone where the dead are. */
  | { readonly kind: 'dead'; readonly attempts: number; readonly reason: string };

interface PlaceRow {
  readonly behind: Date | null;
  readonly is_early: boolean;
  readonly is_emptied: boolean;
  readonly own_status: 'pending' | 'dead' | null;
  readonly own_attempts: number | null;
  readonly own_reason: string | null;
}

/**
 * Of the event before each only the wanted types count, since the consumer wants its present types, and for a day: whatever is older
 * has been handled, or given up by hand. Every table is asked for one row after the other, so that each look-up goes by an index.
 */
const FIND_PLACES = `
  SELECT
    (SELECT max(next_at) FROM event_delivery WHERE consumer = $1 AND status = 'pending'
       AND project_id = e.project_id AND aggregate_id = e.aggregate_id AND outbox_id < this.id) AS behind,
    before.id IS NOT NULL
      AND EXISTS (SELECT FROM event_consumer WHERE consumer = $1 AND (before.published_at IS NULL
        OR before.published_at > greatest(created_at, $6::timestamptz - interval '1 day')))
      AND (SELECT true FROM inbox WHERE consumer = $1 AND event_id = before.event_id) IS NULL
      AND (SELECT true FROM event_delivery WHERE consumer = $1 AND outbox_id = before.id) IS NULL AS is_early,
    this.id IS NULL AND (SELECT live_project_id FROM project WHERE id = e.project_id) IS NOT NULL AS is_emptied,
    own.status AS own_status, own.attempts AS own_attempts, own.last_error AS own_reason
  FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) WITH ORDINALITY AS e (event_id, project_id, aggregate_id, place)
    LEFT JOIN LATERAL (SELECT id, aggregate_seq FROM outbox WHERE event_id = e.event_id LIMIT 1) AS this ON true
    LEFT JOIN LATERAL (
      SELECT o.id, o.event_id, o.published_at FROM outbox o
      WHERE o.project_id = e.project_id AND o.aggregate_id = e.aggregate_id AND o.type = ANY($5)
        AND o.aggregate_seq < this.aggregate_seq
      ORDER BY o.aggregate_seq DESC LIMIT 1
    ) AS before ON true
    LEFT JOIN LATERAL (
      SELECT * FROM event_delivery WHERE consumer = $1 AND outbox_id = this.id LIMIT 1
    ) AS own ON true
  ORDER BY e.place`;

/** An event that has arrived. */
export interface Arrival {
  readonly event: EventEnvelope;
  /** Attempts that have failed, as its message says. */
  readonly attempts: number;
}

/** Where events stand for a consumer, in the order given. */
export async function findPlaces(
  tx: SqlTransaction,
  { consumer, events: wanted }: Subscription,
  arrivals: readonly Arrival[],
  now: Date,
): Promise<EventPlace[]> {
  const events = arrivals.map(({ event }) => event);
  const rows = await queryByKeys<PlaceRow>(tx, {
    name: 'hold-find',
    text: FIND_PLACES,
    values: [
      consumer,
      events.map(({ id }) => id),
      events.map(({ projectid }) => projectid),
      events.map(({ subject }) => subject),
      wanted.map(({ type }) => type),
      now,
    ],
  });
  return arrivals.map(({ attempts }, index) => placeOf(rows[index], attempts));
}

function placeOf(row: PlaceRow | undefined, attempts: number): EventPlace {
  const own = { attempts: row?.own_attempts ?? 0, reason: row?.own_reason ?? '' };
  if (row?.own_status === 'dead') {
    return { kind: 'dead', ...own };
  }
  if (own.attempts > attempts) {
    return { kind: 'outdated', ...own };
  }
  if (row?.behind) {
    return { kind: 'behind', dueAt: row.behind };
  }
  if (row?.is_early) {
    return { kind: 'early' };
  }
  return { kind: row?.is_emptied ? 'emptied' : 'free' };
}

/** Makes or changes the hold of an event; of none that goes in this moment, because its test side is emptied. */
export async function placeHold(tx: SqlTransaction, hold: Hold, now: Date): Promise<void> {
  await tx.query({
    name: 'hold-place',
    text: `INSERT INTO event_delivery AS d
             (outbox_id, consumer, event_id, project_id, aggregate_id, status, attempts, last_error, next_at, created_at)
           SELECT id, $2, event_id, project_id, aggregate_id,
             CASE WHEN $5::timestamptz IS NULL THEN 'dead' ELSE 'pending' END, $3, $4, coalesce($5, $6), $6
           FROM outbox WHERE event_id = $1 FOR KEY SHARE
           ON CONFLICT (outbox_id, consumer) DO UPDATE SET status = excluded.status, attempts = excluded.attempts,
             last_error = coalesce(excluded.last_error, d.last_error), next_at = excluded.next_at`,
    values: [hold.eventId, hold.consumer, hold.attempts, hold.reason, hold.nextAt, now],
  });
}

/** Ends the holds of events and commits. @returns the ids of those that had one: others may have waited for them. */
export async function removeHolds(
  tx: SqlTransaction,
  consumer: string,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.queryAndCommit<{ event_id: string }>({
    name: 'hold-remove',
    text: `DELETE FROM event_delivery WHERE consumer = $1
             AND outbox_id = ANY(ARRAY(SELECT id FROM outbox WHERE event_id = ANY($2::uuid[])))
           RETURNING event_id`,
    values: [consumer, eventIds],
  });
  return new Set(rows.map(({ event_id }) => event_id));
}

/** Ends the hold of an event that an operator gives up: as if it were handled, for those that come after it. */
export async function giveUp(
  tx: SqlTransaction,
  { consumer, eventId }: Pick<Hold, 'consumer' | 'eventId'>,
  now: Date,
): Promise<void> {
  await tx.query({
    text: 'INSERT INTO inbox (consumer, event_id, processed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    values: [consumer, eventId, now],
  });
  await removeHolds(tx, consumer, [eventId]);
}

/** An event of the outbox, with the failed attempts of its hold. */
export interface HeldEvent {
  readonly attempts: number;
  readonly event: OutboxEvent;
}

/** A {@link HeldEvent} as the database has it. */
export interface HeldRow {
  readonly attempts: number;
  readonly id: number;
  readonly event_id: string;
  readonly project_id: string;
  readonly aggregate_id: string;
  readonly type: string;
  readonly body: string;
  readonly created_at: Date;
  readonly traceparent: string | null;
}

const HELD = `SELECT d.attempts, o.id, o.event_id, o.project_id, o.aggregate_id, o.type, o.body, o.created_at, o.traceparent
  FROM event_delivery d JOIN outbox o ON o.id = d.outbox_id WHERE d.consumer = $1 AND d.status = 'pending'`;

/** The first event of an aggregate that waits, for whatever reason. */
export async function firstHeld(
  tx: SqlTransaction,
  consumer: string,
  { projectid, subject }: EventEnvelope,
): Promise<HeldEvent | null> {
  const [row] = await tx.queryAndCommit<HeldRow>({
    name: 'hold-first',
    text: `${HELD} AND d.project_id = $2 AND d.aggregate_id = $3 ORDER BY d.outbox_id LIMIT 1`,
    values: [consumer, projectid, subject],
  });
  return row ? toHeld(row) : null;
}

/** Which stranded events. */
export interface StrandedSearch {
  readonly consumer: string;
  /** Due before this time. */
  readonly before: Date;
  readonly limit: number;
}

/** Events that wait behind nothing any more, the first of each aggregate: locked, in their order. */
export async function lockUnblocked(tx: SqlTransaction, search: StrandedSearch): Promise<HeldEvent[]> {
  const rows = await tx.query<HeldRow>({
    text: `WITH first AS (
             SELECT DISTINCT ON (project_id, aggregate_id) outbox_id, attempts, next_at
             FROM event_delivery WHERE consumer = $1 AND status = 'pending'
             ORDER BY project_id, aggregate_id, outbox_id)
           ${HELD} AND d.outbox_id IN (SELECT outbox_id FROM first WHERE attempts = 0 AND next_at < $2)
           ORDER BY d.outbox_id LIMIT $3 FOR UPDATE OF d SKIP LOCKED`,
    values: [search.consumer, search.before, search.limit],
  });
  return rows.map(toHeld);
}

/** Events that have failed and whose next attempt is overdue: locked, in their order. */
export async function lockOverdue(tx: SqlTransaction, search: StrandedSearch): Promise<HeldEvent[]> {
  const rows = await tx.query<HeldRow>({
    text: `${HELD} AND d.attempts > 0 AND d.next_at < $2 ORDER BY d.outbox_id LIMIT $3 FOR UPDATE OF d SKIP LOCKED`,
    values: [search.consumer, search.before, search.limit],
  });
  return rows.map(toHeld);
}

/** Reads a row. */
export function toHeld(row: HeldRow): HeldEvent {
  return {
    attempts: row.attempts,
    event: {
      id: row.id,
      eventId: row.event_id,
      projectId: row.project_id,
      aggregateId: row.aggregate_id,
      type: row.type,
      body: row.body,
      createdAt: row.created_at,
      traceparent: row.traceparent,
    },
  };
}
