import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { EventEnvelope } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';

/** Which part of a project's event log. */
export interface EventLogRequest {
  /** Position after which to read; undefined reads from the oldest kept event, `latest` only says where the end is. */
  readonly after?: number | 'latest';
  /** Only events of these types. */
  readonly types?: readonly string[];
  readonly limit: number;
}

/** One event of the log, at its place. */
export interface LoggedEvent {
  /** Place in the project's log: 1, 2, 3 … */
  readonly position: number;
  readonly envelope: EventEnvelope;
}

/** A page of the log. */
export interface EventLogPage {
  readonly events: readonly LoggedEvent[];
  /** Where to go on from, whether or not there are more events now. */
  readonly nextPosition: number;
  readonly hasMore: boolean;
}

interface Head {
  readonly last_position: number;
  readonly pruned_through: number;
}

interface LogRow {
  readonly position: number;
  readonly body: string;
}

/** How many events one page looks through at most when a filter skips many. */
const MAX_SCANNED = 5_000;

/**
 * Reads a project's event log: every event once, in the order of its position, which per ticket is the order in which things
 * happened. Positions are given by one relay to committed events, so nothing turns up behind a position that was read.
 */
@Injectable()
export class EventLog {
  constructor(private readonly uow: UnitOfWork) {}

  /** @throws {DomainError} `cursor_expired` when events behind the position were deleted already. */
  async read(scope: ProjectScope, request: EventLogRequest): Promise<EventLogPage> {
    return this.uow.run(scope, async (tx) => {
      const head = await readHead(tx);
      const after = startOf(request.after, head);
      if (request.after === 'latest') {
        return { events: [], nextPosition: after, hasMore: false };
      }
      const end = Math.min(head.last_position, after + (request.types ? MAX_SCANNED : request.limit));
      const rows = await readRows(tx, request, after, end);
      const events = rows.map(({ position, body }) => ({ position, envelope: JSON.parse(body) as EventEnvelope }));
      // A full page goes on behind its last event, any other behind everything that was looked through.
      const nextPosition = events.length === request.limit ? (events.at(-1)?.position ?? end) : Math.max(after, end);
      return { events, nextPosition, hasMore: nextPosition < head.last_position };
    });
  }
}

async function readHead(tx: Tx): Promise<Head> {
  const [head] = await tx.query<Head>({
    name: 'event-log-head',
    text: 'SELECT last_position, pruned_through FROM event_log_head WHERE project_id = $1',
    values: [tx.scope.projectId],
  });
  return head ?? { last_position: 0, pruned_through: 0 };
}

function startOf(after: EventLogRequest['after'], head: Head): number {
  if (after === undefined) {
    return head.pruned_through;
  }
  if (after === 'latest') {
    return head.last_position;
  }
  if (after < head.pruned_through || after > head.last_position) {
    throw new DomainError(
      'cursor_expired',
      'Events behind this cursor are no longer kept. Begin again without `after` (oldest kept event) or with `after=latest`.',
    );
  }
  return after;
}

async function readRows(tx: Tx, { types, limit }: EventLogRequest, after: number, end: number): Promise<LogRow[]> {
  return tx.query<LogRow>({
    name: types ? undefined : 'event-log-page',
    text: `SELECT position, body FROM outbox
           WHERE project_id = $1 AND position > $2 AND position <= $3 ${types ? 'AND type = ANY($5)' : ''}
           ORDER BY position LIMIT $4`,
    values: [tx.scope.projectId, after, end, limit, ...(types ? [[...types]] : [])],
  });
}
