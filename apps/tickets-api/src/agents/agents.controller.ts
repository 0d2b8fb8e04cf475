import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ProjectScope } from '#database';
import { DescribeRoute } from '#platform';
import { AgentDirectory, CurrentProject, ProjectApi } from '#projects';
import { OpenTicketCounts } from '#tickets';
import { AgentListDto, AgentListQuery } from './agent.dto';
import { presentAgents } from './agent.presenter';

/** Who can be assigned. */
@ApiTags('Agents')
@Controller('v1/helpdesk/agents')
export class AgentsController {
  constructor(
    private readonly directory: AgentDirectory,
    private readonly openTickets: OpenTicketCounts,
  ) {}

  @Get()
  @ProjectApi('tickets:read')
  @DescribeRoute({
    operationId: 'listAgents',
    summary: 'List agents',
    description: 'Returns the members who may answer and be assigned, by name, with their open tickets of this side.',
    answer: { type: AgentListDto, description: 'One page of agents.' },
  })
  async list(@CurrentProject() project: ProjectScope, @Query() query: AgentListQuery) {
    const after = query.after();
    const [agents, counts] = await Promise.all([this.directory.list(project), this.openTickets.byAgent(project)]);
    return presentAgents(agents, counts, { limit: query.limit, offset: query.offset, after });
  }
}
