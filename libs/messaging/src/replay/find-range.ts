import { DomainError } from '#contracts';
import type { SqlTransaction } from '#database';

/** A place in the order of events. */
export type ReplayBound =
  | { readonly eventId: string }
  | { readonly time: Date }
  /** Of the log of the replay's project. */
  | { readonly position: number };

/** Events between two places of the outbox, and between two times. */
export interface ReplayRange {
  /** Id in the outbox: events behind it. */
  readonly after: number;
  /** Id in the outbox: events up to it, and no more than there are now. */
  readonly through: number;
  readonly since: Date | null;
  readonly before: Date | null;
}

/** The two ends of a replay, as an operator names them. */
export interface ReplayEnds {
  readonly from: ReplayBound;
  readonly to?: ReplayBound;
  readonly projectId?: string;
}

/** Where a replay begins and ends. @throws {DomainError} `not_found` for an event that is not kept. */
export async function findRange(tx: SqlTransaction, { from, to, projectId }: ReplayEnds): Promise<ReplayRange> {
  const through = to === undefined || 'time' in to ? await lastId(tx) : await idOf(tx, to, projectId);
  return {
    after: 'time' in from ? 0 : (await idOf(tx, from, projectId)) - ('eventId' in from ? 1 : 0),
    through,
    since: 'time' in from ? from.time : null,
    before: to !== undefined && 'time' in to ? to.time : null,
  };
}

async function lastId(tx: SqlTransaction): Promise<number> {
  const [row] = await tx.query<{ id: number }>({ text: 'SELECT coalesce(max(id), 0) AS id FROM outbox' });
  return row?.id ?? 0;
}

async function idOf(
  tx: SqlTransaction,
  bound: Exclude<ReplayBound, { readonly time: Date }>,
  projectId: string | undefined,
): Promise<number> {
  return 'eventId' in bound ? idOfEvent(tx, bound.eventId) : idOfPosition(tx, bound.position, projectId);
}

async function idOfEvent(tx: SqlTransaction, eventId: string): Promise<number> {
  const [row] = await tx.query<{ id: number }>({
    text: 'SELECT id FROM outbox WHERE event_id = $1',
    values: [eventId],
  });
  if (!row) {
    throw new DomainError('not_found', `There is no event "${eventId}", or it is no longer kept.`);
  }
  return row.id;
}

/** In a project's log positions rise with ids, so this is the last event up to the position; 0 when none is kept. */
async function idOfPosition(tx: SqlTransaction, position: number, projectId: string | undefined): Promise<number> {
  if (projectId === undefined) {
    throw new DomainError('bad_request', 'A position belongs to the log of one project: name the project.');
  }
  const [row] = await tx.query<{ id: number }>({
    text: 'SELECT id FROM outbox WHERE project_id = $1 AND position <= $2 ORDER BY position DESC LIMIT 1',
    values: [projectId, position],
  });
  return row?.id ?? 0;
}
