import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ProjectScope } from '#database';
import { DescribeRoute } from '#platform';
import { CurrentProject, ProjectApi } from '#projects';
import { SlaReport } from '#sla';
import { SlaReportDto } from './sla-report.answer';
import { SlaReportQuery } from './sla-report.dto';
import { presentSlaReport } from './sla-report.presenter';
import type { SlaReportPayload } from './sla-report.presenter';

/** How a project does. */
@ApiTags('Reports')
@Controller('v1/helpdesk/sla')
export class SlaReportController {
  constructor(private readonly report: SlaReport) {}

  @Get()
  @ProjectApi('config:read')
  @DescribeRoute({
    operationId: 'getSlaReport',
    summary: 'Get the SLA report of a period',
    description:
      'Tells how service levels were kept, how long customers waited and how they rated it. A clock counts in the period in which it was met, in which it became due when it was broken, or in which it began while it runs. A ticket that is opened again takes its close back. Exact up to the latest change; a test key gets the report of the test side, by its clock.',
    answer: { type: SlaReportDto, description: 'The report.' },
  })
  async get(@CurrentProject() project: ProjectScope, @Query() query: SlaReportQuery): Promise<SlaReportPayload> {
    return presentSlaReport(await this.report.execute(project, query.toRequest()));
  }
}
