import type { SqlTransaction } from '#database';
import { queryInIndexOrder } from '../../relay/planned-queries';
import type { Subscription } from '../subscription';
import { toHeld } from './holds';
import type { HeldEvent, HeldRow } from './holds';

/** What was published longer ago is not looked for. */
const DAY_MS = 24 * 60 * 60_000;

/** Rows of the outbox that one statement looks at: none may run long beside the consumers. */
const PAGE = 500;

/** Which part of the outbox. */
export interface PageSearch {
  /** Rows with greater ids. */
  readonly after: number;
  /** Only events that were published before this time. */
  readonly before: Date;
  /** Events that were published before this time have no neighbours any more that are still to appear. */
  readonly settledBefore: Date;
  readonly now: Date;
}

/** A part of the outbox that was looked through. */
export interface OutboxPage {
  /** Ids of the events of which nothing is known, in order. */
  readonly lost: readonly number[];
  /** Id of the last row before the first one that is not settled: published later, or yet to be; null when all of them are. */
  readonly settledTo: number | null;
  /** Up to which id it goes. */
  readonly through: number;
  /** Whether there may be another one. */
  readonly isFull: boolean;
}

/** Where to look for events that others wait for. */
export interface MissedSearch {
  /** Published, and waited for, since before this time: whoever may have had them in hand then has come to an end. */
  readonly before: Date;
  readonly now: Date;
  readonly limit: number;
}

interface PageRow {
  readonly rows: number;
  readonly through: number;
  readonly settled_to: number | null;
  /** An array of this type comes as text. */
  readonly lost: readonly string[] | null;
}

/** Whose events. */
type Wanted = Pick<Subscription, 'consumer' | 'events'>;

/** What was published for a consumer and of which nothing is known: neither handled nor held. */
const IS_LOST = `o.type = ANY ($2) AND o.published_at < $3
    AND o.published_at > (SELECT greatest(created_at, $4::timestamptz) FROM event_consumer WHERE consumer = $1)
    AND (SELECT true FROM inbox i WHERE i.consumer = $1 AND i.event_id = o.event_id) IS NULL
    AND (SELECT true FROM event_delivery d WHERE d.consumer = $1 AND d.outbox_id = o.id) IS NULL`;

const LOST = `SELECT 0 AS attempts, o.id, o.event_id, o.project_id, o.aggregate_id, o.type, o.body, o.created_at, o.traceparent
  FROM outbox o WHERE ${IS_LOST}`;

/**
 * Looks through the next rows for events of the last day that were published for a consumer and of which nothing is known. When its
 * queue is empty, they are lost: somebody has deleted or emptied it, or has taken its binding away.
 */
export async function lookThrough(tx: SqlTransaction, wanted: Wanted, search: PageSearch): Promise<OutboxPage> {
  const [row] = await queryInIndexOrder<PageRow>(tx, {
    name: 'lost-page',
    text: `WITH o AS MATERIALIZED (
             SELECT id, event_id, type, published_at FROM outbox WHERE id > $5 ORDER BY id LIMIT ${PAGE}
           ), young AS (
             SELECT min(id) AS first FROM o WHERE published_at IS NULL OR published_at >= $6
           )
           SELECT count(*)::int AS rows, coalesce(max(id), $5) AS through,
             CASE WHEN (SELECT first FROM young) IS NOT NULL
               THEN coalesce(max(id) FILTER (WHERE id < (SELECT first FROM young)), $5) END AS settled_to,
             array_agg(id ORDER BY id) FILTER (WHERE ${IS_LOST}) AS lost
           FROM o`,
    values: [...valuesOf(wanted, search), search.after, search.settledBefore],
  });
  return {
    lost: (row?.lost ?? []).map(Number),
    settledTo: row?.settled_to ?? null,
    through: row?.through ?? search.after,
    isFull: row?.rows === PAGE,
  };
}

/**
 * Of these events those that are still lost. Locked, in their order. Those that another process has begun to bring back are waited
 * for: if it dies, they are still lost, and once more does no harm.
 */
export async function lockLost(
  tx: SqlTransaction,
  wanted: Wanted,
  search: Pick<PageSearch, 'before' | 'now'> & { readonly ids: readonly number[] },
): Promise<HeldEvent[]> {
  const rows = await tx.query<HeldRow>({
    text: `${LOST} AND o.id = ANY($5::bigint[]) ORDER BY o.id FOR UPDATE OF o`,
    values: [...valuesOf(wanted, search), search.ids],
  });
  return rows.map(toHeld);
}

/**
 * Events of which nothing is known, and that a later one of their aggregate waits for, which has not been tried: its message has come
 * and theirs has not, though a queue keeps the order. So they are lost, however full the queue is. Locked, in their order.
 */
export async function lockMissed(
  tx: SqlTransaction,
  wanted: Wanted,
  { limit, ...search }: MissedSearch,
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
    values: [...valuesOf(wanted, search), limit],
  });
  return rows.map(toHeld);
}

/** The id behind which the events of the last day are. Ids rise with the time of publishing closely enough to search by halves. */
export async function beforeLastDay(tx: SqlTransaction, now: Date): Promise<number> {
  const [last] = await tx.query<{ id: number }>({ text: 'SELECT coalesce(max(id), 0) AS id FROM outbox' });
  let [low, high] = [0, last?.id ?? 0];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [next] = await tx.query<{ id: number; is_old: boolean }>({
      text: `SELECT id, published_at IS NOT NULL AND published_at <= $2 AS is_old FROM outbox WHERE id > $1 ORDER BY id LIMIT 1`,
      values: [middle, dayBefore(now)],
    });
    [low, high] = next?.is_old ? [next.id, high] : [low, middle];
  }
  return low;
}

function dayBefore(now: Date): Date {
  return new Date(now.getTime() - DAY_MS);
}

function valuesOf(
  { consumer, events }: Wanted,
  { before, now }: { readonly before: Date; readonly now: Date },
): readonly unknown[] {
  return [consumer, events.map(({ type }) => type), before, dayBefore(now)];
}
