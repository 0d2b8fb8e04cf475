import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor, RoutingRulePayload } from '#contracts';
import type { ProjectScope } from '#database';
import { DescribeRoute, Idempotent, UuidPathParam } from '#platform';
import { CurrentActor, CurrentProject, ProjectApi } from '#projects';
import { EditRoutingRules, ListRoutingRules, SimulateRouting } from '#routing';
import { RoutingRuleDto, RoutingRuleListDto, SimulationDto } from './routing-rule.answers';
import {
  CreateRoutingRuleDto,
  RoutingRuleListQuery,
  SimulateRoutingDto,
  UpdateRoutingRuleDto,
} from './routing-rule.dto';
import { presentRoutingRule, presentRoutingRules, presentSimulation } from './routing-rule.presenter';
import type { SimulationPayload } from './routing-rule.presenter';

const RuleId = () => Param('id', UuidPathParam('routing_rule_not_found'));

/** Rules by which new tickets are routed. */
@ApiTags('Routing rules')
@Controller('v1/helpdesk/routing-rules')
export class RoutingRulesController {
  constructor(
    private readonly rules: ListRoutingRules,
    private readonly editRules: EditRoutingRules,
    private readonly simulateRouting: SimulateRouting,
  ) {}

  @Get()
  @ProjectApi('config:read')
  @DescribeRoute({
    operationId: 'listRoutingRules',
    summary: 'List routing rules',
    description: 'Returns all rules in the order in which they are tried, those that are switched off among them.',
    answer: { type: RoutingRuleListDto, description: 'One page of rules.' },
  })
  async list(@CurrentProject() project: ProjectScope, @Query() query: RoutingRuleListQuery) {
    const request = query.toRequest();
    return presentRoutingRules(await this.rules.list(project, request), request);
  }

  @Post()
  @Idempotent()
  @ProjectApi('config:write')
  @DescribeRoute({
    operationId: 'createRoutingRule',
    summary: 'Create a routing rule',
    description:
      'Adds a rule for tickets that are opened from now on. Of the enabled rules the first that matches does all of its actions; `GET /v1/helpdesk/tickets/{id}/routing` explains how a ticket was routed.',
    answer: { status: 201, type: RoutingRuleDto, description: 'The rule.' },
    errors: ['conflict'],
  })
  async create(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @Body() body: CreateRoutingRuleDto,
  ): Promise<RoutingRulePayload> {
    return presentRoutingRule(await this.editRules.create(project, actor, body.toFields()));
  }

  @Put(':id')
  @ProjectApi('config:write')
  @DescribeRoute({
    operationId: 'updateRoutingRule',
    summary: 'Change a routing rule',
    description:
      'Changes the given fields and leaves the others; condition and action are replaced as a whole. Tickets that were routed stay as they are.',
    answer: { type: RoutingRuleDto, description: 'The whole rule after the change.' },
  })
  async update(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @RuleId() id: string,
    @Body() body: UpdateRoutingRuleDto,
  ): Promise<RoutingRulePayload> {
    return presentRoutingRule(await this.editRules.update(project, { actor, id }, body.toChanges()));
  }

  @Delete(':id')
  @ProjectApi('config:write')
  @DescribeRoute({
    operationId: 'deleteRoutingRule',
    summary: 'Delete a routing rule',
    description: 'Takes the rule away. Tickets that it has routed stay as they are, and so do their explanations.',
    answer: { status: 204, description: 'The rule is gone.' },
  })
  async delete(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @RuleId() id: string,
  ): Promise<void> {
    await this.editRules.delete(project, { actor, id });
  }

  // It reads tickets and rules and changes neither, so a test key may: it tries the rules on its own side's tickets.
  @Post('simulate')
  @Idempotent()
  @ProjectApi('config:read')
  @DescribeRoute({
    operationId: 'simulateRouting',
    summary: 'Try rules on the latest tickets',
    description:
      'Says which rule each of the latest tickets would have gone to, by its subject, type and channel as they are and its opening message. Nothing is changed. A `rule` that is given is tried alone; a test key tries its own side’s tickets.',
    answer: { type: SimulationDto, description: 'What would have happened.' },
  })
  async simulate(
    @CurrentProject() project: ProjectScope,
    @Body() body: SimulateRoutingDto,
  ): Promise<SimulationPayload> {
    return presentSimulation(await this.simulateRouting.execute(project, body.toRequest()));
  }
}
