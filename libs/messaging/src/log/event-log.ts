import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { EventEnvelope } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Statement } from '#database';

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

interface LogRow {
  readonly last_position: number;
  readonly pruned_through: number;
  /** Null in the one row of an empty page. */
  readonly position: number | null;
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
    const rows = await this.uow.read<LogRow>(scope, pageStatement(scope, request));
    const head = rows[0] ?? { last_position: 0, pruned_through: 0 };
    const after = startOf(request.after, head);
    if (request.after === 'latest') {
      return { events: [], nextPosition: after, hasMore: false };
    }
    const events = rows.flatMap(({ position, body }) =>
      position === null ? [] : [{ position, envelope: JSON.parse(body) as EventEnvelope }],
    );
    // A full page goes on behind its last event, any other behind everything that was looked through.
    const end = Math.min(head.last_position, after + scannedBy(request));
    const nextPosition = events.length === request.limit ? (events.at(-1)?.position ?? end) : Math.max(after, end);
    return { events, nextPosition, hasMore: nextPosition < head.last_position };
  }
}

function scannedBy({ types, limit }: EventLogRequest): number {
  return types ? MAX_SCANNED : limit;
}

/**
 * The ends of the log and the page in one statement, that is in one snapshot: between two, retention could take away events that
 * the reader has yet to see.
 */
function pageStatement({ projectId }: ProjectScope, request: EventLogRequest): Statement {
  const { after, types, limit } = request;
  return {
    name: types ? 'event-log-filtered' : 'event-log-page',
    text: `WITH head AS (
             SELECT coalesce(max(last_position), 0) AS last_position, coalesce(max(pruned_through), 0) AS pruned_through
             FROM event_log_head WHERE project_id = $1)
           SELECT h.last_position, h.pruned_through, o.position, o.body
           FROM head h LEFT JOIN LATERAL (
             SELECT position, body FROM outbox
             WHERE project_id = $1 AND position > coalesce($2::bigint, h.pruned_through)
               AND position <= coalesce($2::bigint, h.pruned_through) + $3::bigint ${types ? 'AND type = ANY($5::text[])' : ''}
             ORDER BY position LIMIT $4) o ON true
           ORDER BY o.position`,
    values: [
      projectId,
      typeof after === 'number' ? after : null,
      scannedBy(request),
      after === 'latest' ? 0 : limit,
      ...(types ? [[...types]] : []),
    ],
  };
}

function startOf(after: EventLogRequest['after'], head: Pick<LogRow, 'last_position' | 'pruned_through'>): number {
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
