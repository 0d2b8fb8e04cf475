import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { SubscriberPayload } from '#contracts';
import type { ProjectScope } from '#database';
import { DescribeRoute, UuidPathParam } from '#platform';
import { CurrentProject, ProjectApi } from '#projects';
import { FindSubscribers } from '#subscribers';
import { SubscriberDto, SubscriberListDto, SubscriberListQuery } from './subscriber.dto';
import { presentSubscribers } from './subscriber.presenter';

/** The customers who can be written to. */
@ApiTags('Subscribers')
@Controller('v1/helpdesk/subscribers')
export class SubscribersController {
  constructor(private readonly findSubscribers: FindSubscribers) {}

  @Get()
  @ProjectApi('tickets:read')
  @DescribeRoute({
    operationId: 'listSubscribers',
    summary: 'List subscribers',
    description: 'Returns the customers of messengers, and the virtual ones with an id of yours, newest first.',
    answer: { type: SubscriberListDto, description: 'One page of subscribers.' },
  })
  async list(@CurrentProject() project: ProjectScope, @Query() query: SubscriberListQuery) {
    const filter = query.toFilter();
    return presentSubscribers(await this.findSubscribers.find(project, filter), filter);
  }

  @Get(':id')
  @ProjectApi('tickets:read')
  @DescribeRoute({
    operationId: 'getSubscriber',
    summary: 'Get a subscriber',
    description: 'Returns one customer.',
    answer: { type: SubscriberDto, description: 'The subscriber.' },
  })
  async get(
    @CurrentProject() project: ProjectScope,
    @Param('id', UuidPathParam('subscriber_not_found')) id: string,
  ): Promise<SubscriberPayload> {
    return this.findSubscribers.get(project, id);
  }
}
