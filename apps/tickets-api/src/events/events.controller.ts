import { Controller, Get, Query } from '@nestjs/common';
import { ApiExtraModels, ApiTags } from '@nestjs/swagger';
import type { ProjectScope } from '#database';
import { EventLog } from '#messaging';
import { DescribeEvents, DescribeRoute } from '#platform';
import { CurrentProject, ProjectApi } from '#projects';
import { EVENT_DATA, EVENT_DATA_PARTS } from './event-data.dto';
import { EventListDto, EventListQuery } from './event.dto';
import { presentEvents } from './event.presenter';

/** The project's event log. */
@ApiTags('Events')
@ApiExtraModels(...EVENT_DATA_PARTS)
@DescribeEvents(EVENT_DATA)
@Controller('v1/helpdesk/events')
export class EventsController {
  constructor(private readonly eventLog: EventLog) {}

  @Get()
  @ProjectApi('tickets:read')
  @DescribeRoute({
    operationId: 'listEvents',
    summary: 'Read the event log',
    description:
      'Returns what happened, every event once and per ticket in order. Store `next_cursor` and go on from it whenever you like: nothing is missed as long as the events are kept (30 days by default).',
    answer: { type: EventListDto, description: 'One page of events.' },
    errors: ['cursor_expired'],
  })
  async list(@CurrentProject() project: ProjectScope, @Query() query: EventListQuery) {
    return presentEvents(await this.eventLog.read(project, query.toRequest(project)), project);
  }
}
