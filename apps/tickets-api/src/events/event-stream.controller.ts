import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ProjectScope } from '#database';
import { FollowEventLog } from '#messaging';
import { DescribeRoute, EventStreamRoute, LastEventId, StreamSignal } from '#platform';
import { CurrentProject, ProjectApi } from '#projects';
import { EVENT_STREAM_ANSWER } from './event-stream.answer';
import { EventStreamQuery } from './event-stream.dto';
import { presentSteps } from './event-stream.presenter';
import { EXAMPLE_CURSOR } from './event.dto';

/** The project's event log as it grows. */
@ApiTags('Events')
@Controller('v1/helpdesk/events')
export class EventStreamController {
  constructor(private readonly eventLog: FollowEventLog) {}

  @Get('stream')
  @ProjectApi('tickets:read')
  @EventStreamRoute({ exampleId: EXAMPLE_CURSOR })
  @DescribeRoute({
    operationId: 'streamEvents',
    summary: 'Follow the event log',
    description: [
      'Tells what happens as it happens, as server-sent events: each event once and per ticket in order, with no more than what it was and which version of which ticket to read.',
      'The `id` of every message is a cursor of `GET /v1/helpdesk/events`. Come again with the last one as `Last-Event-ID`, and nothing is missed or told twice; EventSource does so by itself.',
      'The stream goes on until you leave, the service stops or the key may no longer be used. In silence a comment comes every 15 seconds.',
    ].join('\n\n'),
    answer: EVENT_STREAM_ANSWER,
  })
  stream(
    @CurrentProject() project: ProjectScope,
    @Query() query: EventStreamQuery,
    @StreamSignal() signal: AbortSignal,
    @LastEventId() lastEventId: string | undefined,
  ) {
    const request = { ...query.toRequest(project, lastEventId), signal };
    return presentSteps(this.eventLog.follow(project, request), project);
  }
}
