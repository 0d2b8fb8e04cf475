import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { EVENT_TYPES, EXAMPLE_ACTOR, EXAMPLE_MESSAGE, EXAMPLE_TICKET } from '#contracts';
import type { ProjectScope } from '#database';
import type { EventLogRequest } from '#messaging';
import { CommaListOf, DescribeSchema, MAX_CURSOR_LENGTH, OneLine, WholeNumber } from '#platform';
import { decodeEventCursor } from './event-cursor';
import { EVENT_DATA } from './event-data.dto';

/** A cursor as the documents show it. */
export const EXAMPLE_CURSOR = 'WyJldmVudHMiLDQyXQ';

export class EventListQuery {
  @OneLine({
    max: MAX_CURSOR_LENGTH,
    description:
      'The `next_cursor` of an answer or the `cursor` of an event: reads what follows. Without it the log is read from the oldest kept event; `latest` only answers the cursor of the end.',
    example: EXAMPLE_CURSOR,
  })
  readonly after?: string;

  @CommaListOf(EVENT_TYPES, {
    description: 'Only events of these types, comma-separated.',
    example: 'ticket.created,ticket.replied',
  })
  readonly types?: string[];

  @WholeNumber({ min: 1, max: 100, default: 50, description: 'Most events of a page.', example: 50 })
  readonly limit: number = 50;

  /** @throws {DomainError} `validation_failed` when the cursor is none of this project's. */
  toRequest({ projectId }: ProjectScope): EventLogRequest {
    const { after, types, limit } = this;
    if (after === undefined || after === 'latest') {
      return { after, types, limit };
    }
    return { after: decodeEventCursor(projectId, after), types, limit };
  }
}

@DescribeSchema({ description: 'One event of the log.' })
class LoggedEventDto {
  @ApiProperty({
    type: String,
    format: 'uuid',
    description: 'The event, the same wherever it is told: log, queue or webhook.',
    example: '019ab6c2-7a12-7d13-8f2e-6f708192a3b4',
  })
  readonly id!: string;

  @ApiProperty({ type: String, description: 'Give it as `after` to go on behind this event.', example: EXAMPLE_CURSOR })
  readonly cursor!: string;

  @ApiProperty({ type: String, enum: [...EVENT_TYPES], description: 'What happened.', example: 'ticket.created' })
  readonly event!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Counts the events of the ticket (or subscriber) that this one is about.',
    example: 1,
  })
  readonly sequence!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it happened.',
    example: '2026-11-24T09:30:00.000Z',
  })
  readonly created_at!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The request that caused it; null when none did.',
    example: 'req-12345678',
  })
  readonly request_id!: string | null;

  @ApiProperty({
    anyOf: EVENT_DATA.map(([data]) => ({ $ref: getSchemaPath(data) })),
    description: 'What the event tells; its members depend on `event`.',
    example: { ticket: EXAMPLE_TICKET, message: EXAMPLE_MESSAGE, actor: EXAMPLE_ACTOR },
  })
  readonly data!: object;
}

@DescribeSchema({ description: 'One page of the event log.' })
export class EventListDto {
  @ApiProperty({ type: [LoggedEventDto], description: 'The events, oldest first.' })
  readonly events!: LoggedEventDto[];

  @ApiProperty({ type: String, description: 'Where to go on from, also on the last page.', example: EXAMPLE_CURSOR })
  readonly next_cursor!: string;

  @ApiProperty({ type: Boolean, description: 'Whether there is more to read right now.', example: false })
  readonly has_more!: boolean;
}
