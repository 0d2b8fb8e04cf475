import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ProjectScope } from '#database';
import { DescribeRoute } from '#platform';
import { CurrentProject, ProjectApi } from '#projects';
import { ReplyMeter } from '#tickets';
import type { ReplyUsage } from '#tickets';
import { UsageDto, UsageQuery } from './usage.dto';

/** What the project has used of what it pays for. */
@ApiTags('Usage')
@Controller('v1/helpdesk/usage')
export class UsageController {
  constructor(private readonly meter: ReplyMeter) {}

  @Get()
  @ProjectApi('config:read')
  @DescribeRoute({
    operationId: 'getUsage',
    summary: 'Get the billed replies of a month',
    description:
      'Counts public answers to messengers. Notes, virtual replies and the test side are free; virtual replies go on when the quota is used up.',
    answer: { type: UsageDto, description: 'The usage of the month.' },
  })
  async usage(@CurrentProject() project: ProjectScope, @Query() query: UsageQuery): Promise<ReplyUsage> {
    return this.meter.usage(project, query.month);
  }
}
