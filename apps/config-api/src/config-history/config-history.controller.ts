import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ProjectScope } from '#database';
import { DescribeRoute } from '#platform';
import { CurrentProject, ProjectApi } from '#projects';
import { ConfigHistoryQuery } from '#settings';
import { ConfigHistoryListDto, ConfigHistoryListQuery } from './config-history.dto';
import { presentConfigHistory } from './config-history.presenter';

/** What has happened to the project's configuration. */
@ApiTags('Configuration history')
@Controller('v1/helpdesk/config-history')
export class ConfigHistoryController {
  constructor(private readonly history: ConfigHistoryQuery) {}

  @Get()
  @ProjectApi('config:read')
  @DescribeRoute({
    operationId: 'listConfigHistory',
    summary: 'List the configuration’s history',
    description:
      'Returns every change of the settings, ticket types, canned responses and the rest of the configuration, the newest first: by whom, when, what it was and what it is. Nobody can change or delete a line.',
    answer: { type: ConfigHistoryListDto, description: 'One page of history.' },
  })
  async list(@CurrentProject() project: ProjectScope, @Query() query: ConfigHistoryListQuery) {
    const request = query.toRequest();
    return presentConfigHistory(await this.history.list(project, request), request);
  }
}
