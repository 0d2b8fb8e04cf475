import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#contracts';
import type { ProjectScope } from '#database';
import { DescribeRoute, Idempotent, UuidPathParam } from '#platform';
import { CurrentActor, CurrentProject, ProjectApi } from '#projects';
import { EditTicketTypes, ListTicketTypes } from '#settings';
import { TicketTypeDto, TicketTypeListDto } from './ticket-type.answer';
import { CreateTicketTypeDto, TicketTypeListQuery, UpdateTicketTypeDto } from './ticket-type.dto';
import { presentTicketType, presentTicketTypes } from './ticket-type.presenter';
import type { TicketTypePayload } from './ticket-type.presenter';

const TypeId = () => Param('id', UuidPathParam('ticket_type_not_found'));

/** What tickets can be about. */
@ApiTags('Ticket types')
@Controller('v1/helpdesk/ticket-types')
export class TicketTypesController {
  constructor(
    private readonly types: ListTicketTypes,
    private readonly edit: EditTicketTypes,
  ) {}

  @Get()
  @ProjectApi('tickets:read', 'config:read')
  @DescribeRoute({
    operationId: 'listTicketTypes',
    summary: 'List the ticket types that can be used',
    description: 'Returns the enabled types by `sort_order`, then by name: the ids for `ticket_type_id` of tickets.',
    answer: { type: TicketTypeListDto, description: 'One page of enabled ticket types.' },
  })
  async enabled(@CurrentProject() project: ProjectScope, @Query() query: TicketTypeListQuery) {
    const request = query.toRequest();
    return presentTicketTypes(await this.types.list(project, { ...request, enabledOnly: true }), request);
  }

  @Get('config')
  @ProjectApi('config:read')
  @DescribeRoute({
    operationId: 'listAllTicketTypes',
    summary: 'List all ticket types',
    description: 'Returns all types, the disabled ones among them, by `sort_order`, then by name.',
    answer: { type: TicketTypeListDto, description: 'One page of ticket types.' },
  })
  async all(@CurrentProject() project: ProjectScope, @Query() query: TicketTypeListQuery) {
    const request = query.toRequest();
    return presentTicketTypes(await this.types.list(project, { ...request, enabledOnly: false }), request);
  }

  @Post()
  @Idempotent()
  @ProjectApi('config:write')
  @DescribeRoute({
    operationId: 'createTicketType',
    summary: 'Create a ticket type',
    description:
      'Creates a type, enabled unless told otherwise. A project has at most 200, and each name once, whatever its case.',
    answer: { status: 201, type: TicketTypeDto, description: 'The ticket type.' },
    errors: ['conflict'],
  })
  async create(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @Body() body: CreateTicketTypeDto,
  ): Promise<TicketTypePayload> {
    return presentTicketType(await this.edit.create(project, actor, body.toFields()));
  }

  @Put(':id')
  @ProjectApi('config:write')
  @DescribeRoute({
    operationId: 'updateTicketType',
    summary: 'Change a ticket type',
    description:
      'Changes the given fields and leaves the others. Tickets keep the name that the type had when they were given it, and a disabled type stays on its tickets.',
    answer: { type: TicketTypeDto, description: 'The ticket type after the change.' },
    errors: ['conflict'],
  })
  async update(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @TypeId() id: string,
    @Body() body: UpdateTicketTypeDto,
  ): Promise<TicketTypePayload> {
    return presentTicketType(await this.edit.update(project, { actor, id }, body.toChanges()));
  }

  @Delete(':id')
  @ProjectApi('config:write')
  @DescribeRoute({
    operationId: 'deleteTicketType',
    summary: 'Delete a ticket type',
    description: 'Deletes the type. Its tickets keep `ticket_type_id` and `ticket_type_name`; its name is free again.',
    answer: { status: 204, description: 'It is deleted.' },
  })
  async delete(
    @CurrentProject() project: ProjectScope,
    @CurrentActor() actor: Actor,
    @TypeId() id: string,
  ): Promise<void> {
    await this.edit.delete(project, { actor, id });
  }
}
