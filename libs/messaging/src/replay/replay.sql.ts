import type { SqlTransaction } from '#database';
import type { OutboxEvent } from '../transports/event-transport';
import type { ReplayRange } from './find-range';

/** What a replay has yet to look through. */
export interface ReplaySearch extends ReplayRange {
  readonly consumer: string;
  readonly types: readonly string[];
  readonly projectId: string | null;
  readonly force: boolean;
  /** Events of one window at most. */
  readonly batch: number;
}

/** A part of the outbox that was looked through. */
export interface ReplayWindow {
  readonly events: readonly OutboxEvent[];
  /** Id of the last row that was looked at. */
  readonly through: number;
}

/** Rows that one statement looks at, however few of them it finds: none may run long. */
const MOST_SCANNED = 5_000;

interface WindowRow {
  readonly window_end: number | null;
  readonly id: number | null;
  readonly event_id: string;
  readonly project_id: string;
  readonly aggregate_id: string;
  readonly type: string;
  readonly body: string;
  readonly created_at: Date;
  readonly traceparent: string | null;
}

/** Published events alone: the others are on their way to every consumer. */
const NEXT_WINDOW = `
  WITH scanned AS MATERIALIZED (
    SELECT id FROM outbox WHERE id > $1 AND id <= $2 ORDER BY id LIMIT ${MOST_SCANNED}
  )
  SELECT (SELECT max(id) FROM scanned) AS window_end, o.*
  FROM (VALUES (1)) AS one LEFT JOIN LATERAL (
    SELECT o.id, o.event_id, o.project_id, o.aggregate_id, o.type, o.body, o.created_at, o.traceparent
    FROM outbox o
    WHERE o.id > $1 AND o.id <= (SELECT max(id) FROM scanned) AND o.published_at IS NOT NULL AND o.type = ANY($3)
      AND ($4::uuid IS NULL OR o.project_id = $4)
      AND ($5::timestamptz IS NULL OR o.created_at >= $5) AND ($6::timestamptz IS NULL OR o.created_at < $6)
      AND NOT EXISTS (SELECT FROM event_delivery d WHERE d.outbox_id = o.id AND d.consumer = $7)
      AND ($8 OR NOT EXISTS (SELECT FROM inbox i WHERE i.consumer = $7 AND i.event_id = o.event_id))
    ORDER BY o.id LIMIT $9) AS o ON true
  ORDER BY o.id`;

/** The next events that the consumer is to get, in order, of those that were not looked through yet. */
export async function nextWindow(tx: SqlTransaction, search: ReplaySearch): Promise<ReplayWindow> {
  const { after, through, types, projectId, since, before, consumer, force, batch } = search;
  const rows = await tx.query<WindowRow>({
    text: NEXT_WINDOW,
    values: [after, through, types, projectId, since, before, consumer, force, batch],
  });
  const events = rows.flatMap((row) => (row.id === null ? [] : [toEvent(row, row.id)]));
  const end = events.length === batch ? events.at(-1)?.id : rows[0]?.window_end;
  return { events, through: end ?? through };
}

/** Takes events out of a consumer's inbox: it will handle them as if it never had. */
export async function forgetHandled(
  tx: SqlTransaction,
  consumer: string,
  events: readonly OutboxEvent[],
): Promise<void> {
  await tx.query({
    text: 'DELETE FROM inbox WHERE consumer = $1 AND event_id = ANY($2::uuid[])',
    values: [consumer, events.map(({ eventId }) => eventId)],
  });
}

function toEvent(row: WindowRow, id: number): OutboxEvent {
  return {
    id,
    eventId: row.event_id,
    projectId: row.project_id,
    aggregateId: row.aggregate_id,
    type: row.type,
    body: row.body,
    createdAt: row.created_at,
    traceparent: row.traceparent,
  };
}
