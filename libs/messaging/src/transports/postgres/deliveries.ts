import type { SqlTransaction, WorkerTx } from '#database';
import { queryInIndexOrder } from '../../relay/planned-queries';
import type { EventHeader } from '../event-transport';

/** Tells the consumers' processes that there are deliveries; the payload names the consumers. */
export const DELIVERY_CHANNEL = 'helpdesk_delivery';

/** NOTIFY takes less than 8,000 bytes. Consumers whose names are cut off find their deliveries by polling. */
const MAX_PAYLOAD = 7_900;

/** A delivery that this transaction has locked. */
export interface ClaimedDelivery {
  readonly outboxId: number;
  readonly eventId: string;
  readonly projectId: string;
  /** 1 the first time. */
  readonly attempt: number;
  /** Null when the event itself is gone: its project's test side was emptied. */
  readonly event: { readonly type: string; readonly body: string; readonly requestId: string | null } | null;
}

/** Makes a delivery for each event and each consumer that wants it, and wakes those consumers once the transaction is durable. */
export async function addDeliveries(tx: WorkerTx, events: readonly EventHeader[], now: Date): Promise<void> {
  await tx.query({
    name: 'delivery-add',
    text: `WITH added AS (
             INSERT INTO event_delivery (outbox_id, consumer, event_id, project_id, aggregate_id, next_at, created_at)
             SELECT e.id, c.consumer, e.event_id, e.project_id, e.aggregate_id, $6, $6
             FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[])
               AS e (id, event_id, project_id, aggregate_id, type)
             JOIN event_consumer c ON e.type = ANY(c.types)
             ON CONFLICT DO NOTHING RETURNING consumer)
           SELECT pg_notify('${DELIVERY_CHANNEL}', left(string_agg(DISTINCT consumer, ','), ${MAX_PAYLOAD})) FROM added HAVING count(*) > 0`,
    values: [
      events.map(({ id }) => id),
      events.map(({ eventId }) => eventId),
      events.map(({ projectId }) => projectId),
      events.map(({ aggregateId }) => aggregateId),
      events.map(({ type }) => type),
      now,
    ],
  });
}

/** Makes a delivery for each event that has none for this consumer, whatever it wants, and wakes it. */
export async function addDeliveriesOf(
  tx: WorkerTx,
  consumer: string,
  events: readonly EventHeader[],
  now: Date,
): Promise<void> {
  await tx.query({
    text: `INSERT INTO event_delivery (outbox_id, consumer, event_id, project_id, aggregate_id, next_at, created_at)
           SELECT e.id, $1, e.event_id, e.project_id, e.aggregate_id, $6, $6
           FROM unnest($2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[]) AS e (id, event_id, project_id, aggregate_id)
           ON CONFLICT DO NOTHING`,
    values: [
      consumer,
      events.map(({ id }) => id),
      events.map(({ eventId }) => eventId),
      events.map(({ projectId }) => projectId),
      events.map(({ aggregateId }) => aggregateId),
      now,
    ],
  });
  await tx.query({ text: 'SELECT pg_notify($1, $2)', values: [DELIVERY_CHANNEL, consumer] });
}

interface ClaimRow {
  readonly outbox_id: number;
  readonly event_id: string;
  readonly project_id: string;
  readonly attempts: number;
  readonly type: string | null;
  readonly body: string | null;
  readonly request_id: string | null;
}

/** What to claim. */
export interface ClaimRequest {
  readonly consumer: string;
  readonly now: Date;
  /** Deliveries that this process has in hand. */
  readonly except: readonly number[];
  /** At most so many: one of a few numbers, for each of them is a statement of its own, so that the planner knows how few they are. */
  readonly limit: number;
}

/**
 * The next due deliveries of the consumer, each of another aggregate which has no earlier one pending, locked. An earlier one that is
 * being handled still counts: its row goes with that transaction's commit. The aggregate's first delivery is asked for as the first
 * one from a place on in the order of the one index that has this order, so that no other index can be taken for it.
 */
export async function claimDeliveries(
  tx: WorkerTx,
  { consumer, now, except, limit }: ClaimRequest,
): Promise<ClaimedDelivery[]> {
  const rows = await queryInIndexOrder<ClaimRow>(tx, {
    name: `delivery-claim-${limit}`,
    text: `SELECT d.outbox_id, d.event_id, d.project_id, d.attempts, o.type, o.body, o.request_id
           FROM event_delivery d
             JOIN LATERAL (
               SELECT e.outbox_id FROM event_delivery e
               WHERE e.status = 'pending'
                 AND (e.consumer, e.project_id, e.aggregate_id, e.outbox_id) >= (d.consumer, d.project_id, d.aggregate_id, 0)
               ORDER BY e.consumer, e.project_id, e.aggregate_id, e.outbox_id LIMIT 1
             ) AS first ON first.outbox_id = d.outbox_id
             LEFT JOIN outbox o ON o.id = d.outbox_id
           WHERE d.consumer = $1 AND d.status = 'pending' AND d.next_at <= $2 AND d.outbox_id <> ALL($3::bigint[])
           ORDER BY d.next_at, d.outbox_id LIMIT ${limit} FOR UPDATE OF d SKIP LOCKED`,
    values: [consumer, now, except],
  });
  return rows.map(({ type, body, request_id: requestId, ...row }) => ({
    outboxId: row.outbox_id,
    eventId: row.event_id,
    projectId: row.project_id,
    attempt: row.attempts + 1,
    event: type === null || body === null ? null : { type, body, requestId },
  }));
}

/** Ends claimed deliveries and commits. */
export async function finishDeliveries(tx: WorkerTx, consumer: string, outboxIds: readonly number[]): Promise<void> {
  await tx.queryAndCommit({
    name: 'delivery-finish',
    text: 'DELETE FROM event_delivery WHERE outbox_id = ANY($1::bigint[]) AND consumer = $2',
    values: [outboxIds, consumer],
  });
}

/** A failed attempt and what follows from it. */
export interface FailedAttempt {
  readonly consumer: string;
  readonly outboxId: number;
  readonly attempt: number;
  readonly reason: string;
  /** When the next attempt is due; null when there is none. */
  readonly nextAt: Date | null;
}

/**
 * Records a failure, unless another attempt has been made since. The aggregate's later deliveries could not begin before this
 * one anyway; due with it, they do not stand in the way of the claims of others.
 */
export async function recordFailure(tx: SqlTransaction, failed: FailedAttempt): Promise<void> {
  const { consumer, outboxId, attempt, reason, nextAt } = failed;
  await tx.query({
    text: `WITH failed AS (
             UPDATE event_delivery SET attempts = $3, last_error = $4, next_at = coalesce($5, next_at),
               status = CASE WHEN $5::timestamptz IS NULL THEN 'dead' ELSE 'pending' END
             WHERE outbox_id = $1 AND consumer = $2 AND status = 'pending' AND attempts = $3 - 1
             RETURNING project_id, aggregate_id)
           UPDATE event_delivery d SET next_at = $5 FROM failed f
           WHERE d.consumer = $2 AND d.status = 'pending' AND d.project_id = f.project_id
             AND d.aggregate_id = f.aggregate_id AND d.outbox_id > $1 AND d.next_at < $5`,
    values: [outboxId, consumer, attempt, reason, nextAt],
  });
}
