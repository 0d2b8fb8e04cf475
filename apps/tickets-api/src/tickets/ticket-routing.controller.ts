import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { TicketRoutingPayload } from '#contracts';
import type { ProjectScope } from '#database';
import { DescribeRoute, UuidPathParam } from '#platform';
import { CurrentProject, ProjectApi } from '#projects';
import { ExplainRouting } from '#routing';
import { TicketRoutingDto } from './ticket-routing.answer';
import { presentTicketRouting } from './ticket-routing.presenter';

/** Why a ticket went where it went. */
@ApiTags('Tickets')
@Controller('v1/helpdesk/tickets/:id/routing')
export class TicketRoutingController {
  constructor(private readonly explainRouting: ExplainRouting) {}

  @Get()
  @ProjectApi('tickets:read')
  @DescribeRoute({
    operationId: 'getTicketRouting',
    summary: 'Explain how a ticket was routed',
    description:
      'Returns every rule that was enabled when the ticket was routed, as it was then, in the order in which they were tried: what it asked for, what the ticket had, and what the rule that won has done. Tickets are routed within a second; until then `evaluated_at` is null.',
    answer: { type: TicketRoutingDto, description: 'The explanation.' },
  })
  async explain(
    @CurrentProject() project: ProjectScope,
    @Param('id', UuidPathParam('ticket_not_found')) ticketId: string,
  ): Promise<TicketRoutingPayload> {
    return presentTicketRouting(await this.explainRouting.ofTicket(project, ticketId));
  }
}
