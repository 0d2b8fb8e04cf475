import { EVENT_TYPES } from '#contracts';
import type { ProjectScope } from '#database';
import type { FollowRequest } from '#messaging';
import { CommaListOf, MAX_CURSOR_LENGTH, OneLine } from '#platform';
import { findEventPosition } from './event-cursor';
import { EXAMPLE_CURSOR } from './event.dto';

export class EventStreamQuery {
  @OneLine({
    max: MAX_CURSOR_LENGTH,
    description:
      'A cursor of `GET /v1/helpdesk/events`: the stream begins behind it. Without it, and with `latest`, it begins with what happens from now on. `Last-Event-ID` goes before it.',
    example: EXAMPLE_CURSOR,
  })
  readonly after?: string;

  @CommaListOf(EVENT_TYPES, {
    description: 'Only events of these types, comma-separated.',
    example: 'ticket.created,ticket.replied',
  })
  readonly types?: string[];

  /** What to follow for a reader of the project that was at `lastEventId` before. */
  toRequest({ projectId }: ProjectScope, lastEventId: string | undefined): Omit<FollowRequest, 'signal'> {
    const cursor = lastEventId ?? this.after ?? 'latest';
    const after = cursor === 'latest' ? cursor : (findEventPosition(projectId, cursor) ?? 'unknown');
    return { after, types: this.types };
  }
}
