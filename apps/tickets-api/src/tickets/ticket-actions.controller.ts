import { Body, Controller, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor, TicketPayload } from '#contracts';
import type { ProjectScope } from '#database';
import { DescribeRoute, Idempotent, IfMatch, UuidPathParam } from '#platform';
import { CurrentActor, CurrentProject, ProjectApi } from '#projects';
import { AssignTicket, ChangeStatus, RateTicket, SetPriority, UpdateTicket } from '#tickets';
import { AssignDto, PriorityDto, RatingDto, StatusDto, UpdateTicketDto } from './ticket-actions.dto';
import { TicketDto } from './ticket.answers';
import { ASSIGN_EXAMPLES, RATING_EXAMPLES, UPDATE_EXAMPLES } from './ticket.examples';

const ANSWER = { type: TicketDto, description: 'The ticket after the change.' };
const ERRORS = [{ code: 'version_mismatch', members: { current: TicketDto } }, 'helpdesk_disabled'] as const;
const TicketId = () => Param('id', UuidPathParam('ticket_not_found'));

/** Changing single fields of a ticket. Each answers with the whole ticket and honours `If-Match`. */
@ApiTags('Tickets')
@Controller('v1/helpdesk/tickets/:id')
export class TicketActionsController {
  constructor(
    private readonly changeStatus: ChangeStatus,
    private readonly assignTicket: AssignTicket,
    private readonly setPriority: SetPriority,
    private readonly updateTicket: UpdateTicket,
    private readonly rateTicket: RateTicket,
  ) {}

  @Patch('status')
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'changeTicketStatus',
    summary: 'Change the status',
    description: 'Sets any status from any other. The same status again changes nothing and fires no event.',
    answer: ANSWER,
    errors: ERRORS,
  })
  async status(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @TicketId() ticketId: string,
    @IfMatch() ifVersion: number | undefined,
    @Body() body: StatusDto,
  ): Promise<TicketPayload> {
    return (await this.changeStatus.execute(project, { ticketId, actor, ifVersion, status: body.status })).ticket;
  }

  @Patch('assign')
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'assignTicket',
    summary: 'Assign an agent',
    description:
      'Assigns the ticket to a member who may answer; null or nothing clears the assignment. `expected_assigned_to` makes it a compare-and-set.',
    requests: ASSIGN_EXAMPLES,
    answer: ANSWER,
    errors: [...ERRORS, { code: 'conflict', members: { current: TicketDto } }],
  })
  async assign(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @TicketId() ticketId: string,
    @IfMatch() ifVersion: number | undefined,
    @Body() body: AssignDto,
  ): Promise<TicketPayload> {
    const command = { ticketId, actor, ifVersion, agentId: body.agentId(), expectedAgentId: body.expected_assigned_to };
    return (await this.assignTicket.execute(project, command)).ticket;
  }

  @Patch('priority')
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'setTicketPriority',
    summary: 'Set the priority',
    description: 'Sets the priority; the status stays as it is.',
    answer: ANSWER,
    errors: ERRORS,
  })
  async priority(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @TicketId() ticketId: string,
    @IfMatch() ifVersion: number | undefined,
    @Body() body: PriorityDto,
  ): Promise<TicketPayload> {
    return (await this.setPriority.execute(project, { ticketId, actor, ifVersion, priority: body.priority })).ticket;
  }

  @Patch()
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'updateTicket',
    summary: 'Change subject, type or tags',
    description:
      'Sets the given fields in one step, at least one. `tags` is the whole list; null clears subject and type.',
    requests: UPDATE_EXAMPLES,
    answer: ANSWER,
    errors: ERRORS,
  })
  async update(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @TicketId() ticketId: string,
    @IfMatch() ifVersion: number | undefined,
    @Body() body: UpdateTicketDto,
  ): Promise<TicketPayload> {
    return (await this.updateTicket.execute(project, { ticketId, actor, ifVersion, ...body.toChanges() })).ticket;
  }

  @Post('csat')
  @Idempotent()
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'rateTicket',
    summary: 'Add a virtual customer’s rating',
    description:
      'Stores the rating of a virtual customer who was asked for it, which `csat: "requested"` in `ticket.closed` and `csat_status` say. Until `csat_expire_days` after the close it can be changed; a comment that is left out stays, null clears it. The same again changes nothing and fires no event. 409 `conflict` when there is no question, it is too late, or the customer is in a messenger.',
    requests: RATING_EXAMPLES,
    answer: { type: TicketDto, description: 'The ticket with its rating.' },
    errors: [...ERRORS, 'conflict'],
  })
  async rate(
    @CurrentProject() project: ProjectScope,
    @TicketId() ticketId: string,
    @IfMatch() ifVersion: number | undefined,
    @Body() body: RatingDto,
  ): Promise<TicketPayload> {
    const { rating, comment } = body;
    return (await this.rateTicket.execute(project, { ticketId, ifVersion, rating, comment })).ticket;
  }
}
