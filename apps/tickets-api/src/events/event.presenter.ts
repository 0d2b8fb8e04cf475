import type { ProjectScope } from '#database';
import type { EventLogPage } from '#messaging';
import { encodeEventCursor } from './event-cursor';

/** A page of the event log, each event with the cursor behind it. */
export function presentEvents({ events, nextPosition, hasMore }: EventLogPage, { projectId }: ProjectScope) {
  return {
    events: events.map(({ position, envelope: { id, type, sequence, time, requestid, data } }) => ({
      id,
      cursor: encodeEventCursor(projectId, position),
      event: type,
      sequence,
      created_at: time,
      request_id: requestid ?? null,
      data,
    })),
    next_cursor: encodeEventCursor(projectId, nextPosition),
    has_more: hasMore,
  };
}
