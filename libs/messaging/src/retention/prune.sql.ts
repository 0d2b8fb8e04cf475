import type { WorkerTx } from '#database';

/** One step of a deletion. */
export interface PrunedPage {
  readonly deleted: number;
  /** Where the next page begins; null when this was the last one. */
  readonly goOnAfter: number | null;
}

/** Rows looked at, or deleted, in one transaction. */
const PAGE = 5_000;

/**
 * Ids rise with age closely enough: a page without an old event is the last one. Locks only rows that go, for a row that is
 * locked is passed over by the relay. Readers of the log see the rows go and `pruned_through` rise at the same moment.
 */
const PRUNE_LOG = `
  WITH page AS MATERIALIZED (
    SELECT id, published_at FROM outbox WHERE id > $2 ORDER BY id LIMIT ${PAGE}
  ), gone AS (
    DELETE FROM outbox WHERE id IN (
      SELECT o.id FROM outbox o JOIN page p ON p.id = o.id
      WHERE o.published_at < $1 AND NOT EXISTS (SELECT FROM event_delivery d WHERE d.outbox_id = o.id)
      FOR UPDATE OF o SKIP LOCKED)
    RETURNING project_id, position
  ), raised AS (
    INSERT INTO event_log_head AS h (project_id, last_position, pruned_through)
    SELECT project_id, max(position), max(position) FROM gone GROUP BY project_id ORDER BY project_id
    ON CONFLICT (project_id) DO UPDATE SET pruned_through = greatest(h.pruned_through, excluded.pruned_through)
  )
  SELECT (SELECT count(*) FROM gone)::int AS deleted,
    (SELECT max(id) FROM page HAVING bool_or(published_at < $1)) AS last`;

/** Published events from before `before` that no consumer has yet to handle. */
export async function pruneLog(tx: WorkerTx, before: Date, after: number): Promise<PrunedPage> {
  const [row] = await tx.query<{ deleted: number; last: number | null }>({ text: PRUNE_LOG, values: [before, after] });
  return { deleted: row?.deleted ?? 0, goOnAfter: row?.last ?? null };
}

/** Inbox rows from before `before`: nothing is delivered again after that long. */
export async function pruneInbox(tx: WorkerTx, before: Date): Promise<PrunedPage> {
  return prunePage(tx, { table: 'inbox', at: 'processed_at' }, before);
}

/** Answered idempotency keys from before `before`. */
export async function pruneIdempotencyKeys(tx: WorkerTx, before: Date): Promise<PrunedPage> {
  return prunePage(tx, { table: 'idempotency_key', at: 'created_at', only: 'status IS NOT NULL' }, before);
}

/** The condition stands twice: a row that begins anew meanwhile (a key that is used again) is looked at once more and stays. */
async function prunePage(
  tx: WorkerTx,
  { table, at, only = 'true' }: { readonly table: string; readonly at: string; readonly only?: string },
  before: Date,
): Promise<PrunedPage> {
  const isOld = `${at} < $1 AND ${only}`;
  const [row] = await tx.query<{ deleted: number }>({
    text: `WITH gone AS (
             DELETE FROM ${table}
             WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${isOld} ORDER BY ${at} LIMIT ${PAGE})) AND ${isOld}
             RETURNING 1)
           SELECT count(*)::int AS deleted FROM gone`,
    values: [before],
  });
  const deleted = row?.deleted ?? 0;
  return { deleted, goOnAfter: deleted === PAGE ? 0 : null };
}
