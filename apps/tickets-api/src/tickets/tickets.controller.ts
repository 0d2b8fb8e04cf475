import { Body, Controller, Get, Header, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor, TicketPayload } from '#contracts';
import type { ProjectScope } from '#database';
import { DescribeRoute, Idempotent, JSON_TEXT, NumberPathParam, UuidPathParam } from '#platform';
import type { VersionedText } from '#platform';
import { CurrentActor, CurrentProject, ProjectApi } from '#projects';
import { BulkUpdate, CreateTicket, FindTickets, GetTicket } from '#tickets';
import { BulkAnswerDto, TicketDetailsDto, TicketDto, TicketListDto } from './ticket.answers';
import { BulkDto, CreateTicketDto, TicketListQuery } from './ticket.dto';
import { BULK_EXAMPLES, CREATE_EXAMPLES } from './ticket.examples';
import { presentBulk, presentTicketDetails, presentTicketPage } from './ticket.presenter';
import type { BulkAnswer } from './ticket.presenter';

/** Opening, listing and reading tickets. */
@ApiTags('Tickets')
@Controller('v1/helpdesk/tickets')
export class TicketsController {
  constructor(
    private readonly createTicket: CreateTicket,
    private readonly findTickets: FindTickets,
    private readonly getTicket: GetTicket,
    private readonly bulkUpdate: BulkUpdate,
  ) {}

  @Post()
  @Idempotent()
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'createTicket',
    summary: 'Open a ticket',
    description:
      'Opens a ticket on behalf of a customer; the number is given automatically. A messenger’s customer is found by `chat_id`, or becomes a subscriber. A virtual customer is a subscriber only with an `external_id`.',
    requests: CREATE_EXAMPLES,
    answer: { status: 201, type: TicketDto, description: 'The new ticket.' },
    errors: ['helpdesk_disabled'],
  })
  async create(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @Body() body: CreateTicketDto,
  ): Promise<TicketPayload> {
    return this.createTicket.execute(project, body.toCommand(actor));
  }

  @Get()
  @ProjectApi('tickets:read')
  @Header('Content-Type', JSON_TEXT)
  @DescribeRoute({
    operationId: 'listTickets',
    summary: 'List and search tickets',
    description:
      'Returns the tickets that match every given filter. Pages go on by `cursor`, or by `offset` up to 10,000.',
    answer: { type: TicketListDto, description: 'One page of tickets.' },
  })
  async list(@CurrentProject() project: ProjectScope, @Query() query: TicketListQuery): Promise<string> {
    const request = query.toRequest();
    return presentTicketPage(await this.findTickets.execute(project, request), request);
  }

  @Post('bulk')
  @Idempotent()
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'bulkUpdateTickets',
    summary: 'Do one action to many tickets',
    description:
      'Does one action to up to 100 tickets in one transaction. An unknown ticket fails alone; `affected` counts the tickets that really changed.',
    requests: BULK_EXAMPLES,
    answer: { type: BulkAnswerDto, description: 'What became of each ticket.' },
    errors: ['helpdesk_disabled'],
  })
  async bulk(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @Body() body: BulkDto,
  ): Promise<BulkAnswer> {
    return presentBulk(await this.bulkUpdate.execute(project, body.toCommand(actor)));
  }

  @Get('by-number/:number')
  @ProjectApi('tickets:read')
  @Header('Content-Type', JSON_TEXT)
  @DescribeRoute({
    operationId: 'getTicketByNumber',
    summary: 'Get a ticket by its number',
    description: 'Returns the ticket with this number, and with it its latest 100 messages, oldest first.',
    answer: { type: TicketDetailsDto, description: 'The ticket with its latest messages.' },
  })
  async getByNumber(
    @CurrentProject() project: ProjectScope,
    @Param('number', NumberPathParam('ticket_not_found')) number: number,
  ): Promise<VersionedText> {
    return presentTicketDetails(await this.getTicket.byNumber(project, number));
  }

  @Get(':id')
  @ProjectApi('tickets:read')
  @Header('Content-Type', JSON_TEXT)
  @DescribeRoute({
    operationId: 'getTicket',
    summary: 'Get a ticket',
    description:
      'Returns the ticket with its latest 100 messages, oldest first. `messages_next_cursor` leads to the older ones.',
    answer: { type: TicketDetailsDto, description: 'The ticket with its latest messages.' },
  })
  async get(
    @CurrentProject() project: ProjectScope,
    @Param('id', UuidPathParam('ticket_not_found')) id: string,
  ): Promise<VersionedText> {
    return presentTicketDetails(await this.getTicket.byId(project, id));
  }
}
